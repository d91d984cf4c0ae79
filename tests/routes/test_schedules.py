"""The rota: rules that come again, shifts that are told, and refusals in words."""

import asyncio
from typing import Any

import pytest

from tests.routes.places import a_rota, changed, everything, pressed, program
from tests.routes.rotas import NOBODY, RULE, a_swap, an_override, look, public, refused, told


@pytest.fixture
async def ben(world):
    """The backup, who can be on shift as well."""
    return await world.hires("Ben")


async def test_a_rota_is_made_shown_and_changed(world, mia, ben):
    made = await a_rota(mia, mia, ben)
    assert (made["place"], made["version"], made["problem"]) == (0, 1, None)
    assert made["shifts"] == [
        {
            "days": [0, 1, 2, 3, 4, 5, 6], "from": "20:00", "until": "07:00",
            "people": [public(mia), public(ben)], "starts_on": "2026-05-11",
        }
    ]  # fmt: skip
    second = await a_rota(mia, ben, name="Backup")
    assert second["place"] == 1
    path = f"/v1/schedules/{second['id']}"
    headers = {"If-Match": '"1"'}
    answer = await mia.web.patch(path, json={"place": 0, "name": "Deputies"}, headers=headers)
    assert answer.headers["ETag"] == '"2"'
    assert answer.json()["shifts"] == second["shifts"]
    stale = await mia.web.patch(path, json={"name": "Other"}, headers=headers)
    assert stale.status_code == 412
    assert stale.json()["newer"]["shifts"] == second["shifts"]
    listed = (await mia.get("/v1/schedules"))["data"]
    assert [one["name"] for one in listed] == ["Nights", "Deputies"]
    assert listed[1] == answer.json()


async def test_shifts_are_told_with_names_and_gaps_with_their_length(mia):
    made = await a_rota(mia)
    shifts = await look(mia, made, until="2026-05-13T12:00:00Z")
    assert told(shifts) == [
        ("Mia", "01:00", "05:00"),
        ("Mia", "18:00", "2026-05-13T05:00"),
    ]
    assert shifts["gaps"] == [
        {"starts_at": "2026-05-12T05:00:00Z", "ends_at": "2026-05-12T18:00:00Z"},
        {"starts_at": "2026-05-13T05:00:00Z", "ends_at": "2026-05-13T12:00:00Z"},
    ]
    assert shifts["from"] == "2026-05-12T01:00:00Z"
    assert (shifts["zone"], shifts["problem"], shifts["overrides"]) == ("Europe/Vienna", None, [])


async def test_two_take_turns_by_the_week(mia, ben):
    shifts = await look(mia, await a_rota(mia, mia, ben), until="2026-05-25T00:00:00Z")
    assert [one["name"] for one in shifts["data"]] == ["Mia"] * 7 + ["Ben"] * 7


async def test_without_a_span_it_is_the_week_ahead(mia):
    shifts = await look(mia, await a_rota(mia))
    assert shifts["until"] == "2026-05-19T01:00:00Z"


@pytest.mark.parametrize(
    "span",
    [
        {"from": "2026-05-12T00:00:00Z", "until": "2026-07-11T00:00:01Z"},
        {"from": "2026-05-12T00:00:00Z", "until": "2026-05-12T00:00:00Z"},
        {"until": "2026-05-11T00:00:00Z"},
        {"from": "2026-05-12T00:00:00"},
        {"from": "9999-12-31T23:59:59-14:00"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"from": "soon"},
        {"until": "\x00"},
    ],
    ids=str,
)
async def test_a_span_that_is_none_is_refused(boss, span):
    made = await a_rota(boss)
    answer = await boss.web.get(f"/v1/schedules/{made['id']}/shifts", params=span)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


async def test_sixty_days_are_shown_at_once(boss):
    made = await a_rota(boss)
    span = {"from": "2026-05-12T00:00:00Z", "until": "2026-07-11T00:00:00Z"}
    assert len((await look(boss, made, **span))["data"]) == 61


async def test_a_rota_that_does_not_hold_together_is_refused_where_it_is_wrong(boss):
    me = {"people": [public(boss)]}
    wrong: list[Any] = [
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"name": " "}, "/name"),
        ({"shifts": [RULE | {"people": []}]}, "/shifts/0/people"),
        ({"shifts": [RULE | {"people": [NOBODY]}]}, "/shifts/0/people"),
        ({"shifts": [RULE | me, RULE | {"people": ["Mia"]}]}, "/shifts/1/people/0"),
        ({"shifts": [RULE | me | {"days": []}]}, "/shifts/0/days"),
        ({"shifts": [RULE | me | {"days": [7]}]}, "/shifts/0/days/0"),
        ({"shifts": [RULE | me | {"from": "24:00"}]}, "/shifts/0/from"),
        ({"shifts": [RULE | me | {"from": "٢٠:٠٠"}]}, "/shifts/0/from"),
        ({"shifts": [RULE | me | {"until": "7:00"}]}, "/shifts/0/until"),
        ({"shifts": [RULE | me | {"starts_on": "soon"}]}, "/shifts/0/starts_on"),
        ({"shifts": [RULE | me] * 51}, "/shifts"),
    ]
    before = await everything()
    for facts, pointer in wrong:
        body = {"name": "Nights", "zone": "UTC", **facts}
        await refused(boss, "/v1/schedules", body, pointer)
    assert await changed(before) == []


async def test_a_change_to_people_who_are_not_here_is_refused(world, mia):
    made = await a_rota(mia)
    answer = await mia.web.patch(
        f"/v1/schedules/{made['id']}", json={"shifts": [RULE | {"people": [NOBODY]}]},
        headers=pressed(),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "Somebody in this shift is not here.",
    )
    assert (await mia.get("/v1/schedules"))["data"] == [made]


async def test_nothing_that_is_left_out_or_null_changes(mia):
    made = await a_rota(mia)
    answer = await mia.web.patch(
        f"/v1/schedules/{made['id']}", json={"name": None, "zone": None}, headers=pressed()
    )
    assert (answer.json()["name"], answer.json()["zone"]) == ("Nights", "Europe/Vienna")


async def test_two_who_change_a_rota_at_once_do_not_overwrite_each_other(world, mia):
    path = f"/v1/schedules/{(await a_rota(mia))['id']}"
    answers = await asyncio.gather(
        *(
            mia.web.patch(path, json={"name": f"Name {n}"}, headers={"If-Match": '"1"'})
            for n in range(5)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 4


async def test_a_key_for_some_clients_is_kept_out_of_the_rota(small_world, boss):
    made = await a_rota(boss)
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    override = await boss.post(
        f"/v1/schedules/{made['id']}/overrides", an_override(user_id=public(boss))
    )
    doors = [
        ("GET", "schedules"),
        ("POST", "schedules"),
        ("PATCH", f"schedules/{made['id']}"),
        ("GET", f"schedules/{made['id']}/shifts"),
        ("POST", f"schedules/{made['id']}/overrides"),
        ("POST", f"schedules/{made['id']}/swap"),
        ("POST", f"schedules/{made['id']}/calendar-feed"),
        ("DELETE", f"overrides/{override['id']}"),
    ]
    body = {"name": "N", **an_override(user_id=public(boss)), **a_swap(boss, boss)}
    limits = {"client_ids": [client]}
    scopes = ("oncall:read", "oncall:write")
    async with await program(small_world, boss, *scopes, **limits) as web:
        before = await everything()
        for method, path in doors:
            answer = await web.request(method, f"/v1/{path}", json=body, headers=pressed())
            assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing"), path
        assert await changed(before) == []
    async with await program(small_world, boss, "oncall:read") as web:
        assert (await web.get("/v1/schedules")).status_code == 200


async def test_a_rota_that_is_not_there_is_not_found(boss):
    nothing = f"/v1/schedules/sch_{'0' * 26}"
    assert (await boss.web.get(f"{nothing}/shifts")).status_code == 404
    assert (await boss.web.get(f"/v1/schedules/{NOBODY}/shifts")).status_code == 422
    posted = await boss.web.post(f"{nothing}/calendar-feed", json={}, headers=pressed())
    assert posted.status_code == 404
