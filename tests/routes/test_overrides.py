"""Somebody stands in for once, two swap, and who is on call now is read from it all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from api.database import transaction
from api.models import Event, Override, Schedule
from tests.routes.places import a_rota, changed, everything, pressed
from tests.routes.rotas import (
    NOBODY,
    RULE,
    a_swap,
    an_override,
    look,
    now_on_call,
    public,
    refused,
    told,
)


@pytest.fixture
async def ben(world):
    """The backup, who can be on shift as well."""
    return await world.hires("Ben")


async def test_somebody_covers_until_nine(world, mia, ben):
    made = await a_rota(mia)
    path = f"/v1/schedules/{made['id']}/overrides"
    cover = {"user_id": public(ben), "ends_at": "2026-05-12T09:00:00+02:00"}
    override = await mia.post(path, cover)
    assert override["starts_at"] == "2026-05-12T01:00:00Z"
    assert override["instead_of"] is None
    shifts = await look(mia, made, until="2026-05-12T19:00:00Z")
    assert told(shifts) == [("Ben", "01:00", "07:00"), ("Mia", "18:00", "19:00")]
    assert [one["override"] for one in shifts["data"]] == [True, False]
    assert shifts["overrides"] == [override]
    assert await now_on_call(world) == [ben.user.id]
    gone = await mia.web.delete(f"/v1/overrides/{override['id']}")
    assert gone.status_code == 204
    assert told(await look(mia, made, until="2026-05-12T19:00:00Z"))[0][0] == "Mia"
    assert (await mia.web.delete(f"/v1/overrides/{override['id']}")).status_code == 404


async def test_in_place_of_one_person_only_their_shifts_change_hands(mia, ben):
    made = await a_rota(mia)
    path = f"/v1/schedules/{made['id']}/overrides"
    span = {"starts_at": "2026-05-12T12:00:00Z", "ends_at": "2026-05-13T12:00:00Z"}
    await mia.post(path, {"user_id": public(ben), "instead_of": public(mia), **span})
    shifts = await look(mia, made, until="2026-05-13T12:00:00Z")
    assert told(shifts) == [
        ("Mia", "01:00", "05:00"),
        ("Ben", "18:00", "2026-05-13T05:00"),
    ]
    assert len(shifts["gaps"]) == 2


async def test_the_same_wish_for_cover_twice_is_one_override(world, mia, ben):
    made = await a_rota(mia)
    path = f"/v1/schedules/{made['id']}/overrides"
    cover = {"user_id": public(ben), "ends_at": "2026-05-12T07:00:00Z"}
    first = await mia.post(path, cover, key="k")
    assert await mia.post(path, cover, key="k") == first
    assert len(await world.rows(Override)) == 1


async def test_cover_that_does_not_hold_together_is_refused_in_words(small_world, boss):
    ben = await small_world.hires("Ben")
    path = f"/v1/schedules/{(await a_rota(boss))['id']}/overrides"
    one = public(ben)
    wrong = [
        (an_override(user_id=NOBODY), "/user_id", "not here"),
        (an_override(user_id=one, instead_of=NOBODY), "/instead_of", "not on shift"),
        (an_override(user_id=one, instead_of=one), "/instead_of", "not on shift"),
        (an_override(user_id=one, ends_at="2026-05-13T00:00:00Z"), "/ends_at", "after the start"),
        (an_override(user_id=one, ends_at="2026-05-12T23:00:00Z"), "/ends_at", "after the start"),
        (an_override(user_id=one, ends_at="2027-05-14T00:00:01Z"), "/ends_at", "A year"),
        (an_override(user_id=one, ends_at="2026-05-14T00:00:00"), "/ends_at", "timezone"),
        (an_override(user_id=one, ends_at="9999-12-31T23:59:59-14:00"), "/ends_at", "2200"),
        (an_override(user_id="Ben"), "/user_id", "usr_"),
        ({"user_id": one, "ends_at": "2026-05-12T00:59:59Z"}, "/ends_at", "after the start"),
    ]
    before = await everything()
    for body, pointer, words in wrong:
        assert words in await refused(boss, path, body, pointer), body
    began, ended = "2026-05-11T00:00:00Z", "2026-05-12T01:00:00Z"
    past = an_override(user_id=one, starts_at=began, ends_at=ended)
    assert "over already" in await refused(boss, path, past, "/ends_at")
    assert await changed(before) == []


async def test_an_override_may_last_a_year(boss):
    path = f"/v1/schedules/{(await a_rota(boss))['id']}/overrides"
    body = an_override(user_id=public(boss), ends_at="2027-05-13T00:00:00Z")
    await boss.post(path, body, expect=201)


async def test_two_swap_a_night_both_ways(mia, ben):
    made = await a_rota(mia, mia, ben)
    swapped = (await mia.post(f"/v1/schedules/{made['id']}/swap", a_swap(mia, ben)))["data"]
    assert [one["instead_of"] for one in swapped] == [public(mia), public(ben)]
    shifts = await look(mia, made, until="2026-05-21T12:00:00Z")
    assert [one["name"] for one in shifts["data"]] == [
        "Mia", "Ben", *["Mia"] * 5, "Ben", "Mia", "Ben",
    ]  # fmt: skip


async def test_a_swap_of_which_one_half_is_not_possible_does_neither(world, mia, ben):
    made = await a_rota(mia, mia, ben)
    path = f"/v1/schedules/{made['id']}/swap"
    right = a_swap(mia, ben)
    wrong = [
        (right | {"second": right["first"]}, "/second/user_id"),
        (right | {"second": right["first"] | {"user_id": public(ben)}}, "/second/starts_at"),
        (right | {"second": right["second"] | {"user_id": NOBODY}}, "/user_id"),
        (
            right | {"second": right["second"] | {"ends_at": "2026-05-19T13:00:00Z"}},
            "/instead_of",
        ),
    ]
    before = await everything()
    for body, pointer in wrong:
        await refused(mia, path, body, pointer)
    assert await changed(before) == []


async def test_every_change_of_who_is_on_shift_is_an_event(world, mia, ben):
    made = await a_rota(mia)
    body = an_override(user_id=public(ben))
    override = await mia.post(f"/v1/schedules/{made['id']}/overrides", body)
    await mia.web.delete(f"/v1/overrides/{override['id']}")
    await mia.web.patch(f"/v1/schedules/{made['id']}", json={"name": "N"}, headers=pressed())
    events = [one for one in await world.rows(Event) if not one.type.startswith("device")]
    assert [one.type for one in events] == [
        "schedule.changed", "override.created", "override.removed", "schedule.changed",
    ]  # fmt: skip
    assert events[1].data["object"] == {
        "id": override["id"], "object": "override", "schedule_id": made["id"],
        "user_id": public(ben), "starts_at": "2026-05-13T00:00:00+00:00",
        "ends_at": "2026-05-14T00:00:00+00:00",
    }  # fmt: skip
    assert "Ben" not in str([one.data for one in events])


async def test_who_is_on_call_now_is_read_over_the_rotas_in_order(world, mia, ben):
    assert await now_on_call(world) == []
    await a_rota(mia, mia)
    second = await a_rota(mia, ben, name="Backup")
    assert await now_on_call(world) == [mia.user.id, ben.user.id]
    await mia.web.patch(f"/v1/schedules/{second['id']}", json={"place": 0}, headers=pressed())
    await a_rota(mia, ben, name="Again")
    assert await now_on_call(world) == [mia.user.id, ben.user.id]
    noon = datetime(2026, 5, 12, 12, tzinfo=UTC)
    assert await now_on_call(world, noon) == []
    assert await now_on_call(world, noon + timedelta(hours=6)) == [mia.user.id, ben.user.id]


async def written_by_hand(rota, **columns):
    async with transaction() as session:
        await session.exec(update(Schedule).where(col(Schedule.name) == rota).values(**columns))


BY_HAND: dict[str, Any] = {
    "no list": ({"shifts": {"from": "20:00"}}, "The shifts are not a list."),
    "no people": ({"shifts": [RULE]}, "Shift 1 cannot be read."),
    "no zone": ({"zone": "Mars/Olympus"}, "There is no time zone “Mars/Olympus”."),
    "a stranger": (
        {"shifts": [RULE | {"days": [0, 1], "people": ["0" * 32]}]},
        "It names somebody who is not here.",
    ),
}


@pytest.mark.parametrize("case", BY_HAND)
async def test_a_rota_that_was_broken_by_hand_is_a_gap_and_stops_nobody(world, mia, ben, case):
    columns, problem = BY_HAND[case]
    made = await a_rota(mia, mia)
    await a_rota(mia, ben, name="Backup")
    await written_by_hand("Nights", **columns)
    assert await now_on_call(world) == [ben.user.id]
    shifts = await look(mia, made)
    assert (shifts["problem"], shifts["data"]) == (problem, [])
    assert len(shifts["gaps"]) == 1
    assert len((await mia.get("/v1/schedules"))["data"]) == 2
    cover = {"user_id": public(mia), "ends_at": "2026-05-12T09:00:00Z"}
    await mia.post(f"/v1/schedules/{made['id']}/overrides", cover)
    assert await now_on_call(world) == [mia.user.id, ben.user.id]


async def test_a_rota_that_was_broken_by_hand_can_be_mended(mia):
    made = await a_rota(mia)
    await written_by_hand("Nights", shifts=[RULE])
    shown = (await mia.get("/v1/schedules"))["data"][0]
    assert (shown["shifts"], shown["problem"]) == ([], "Shift 1 cannot be read.")
    mended = await mia.web.patch(
        f"/v1/schedules/{made['id']}", json={"shifts": made["shifts"]}, headers=pressed()
    )
    assert (mended.status_code, mended.json()["problem"]) == (200, None)
