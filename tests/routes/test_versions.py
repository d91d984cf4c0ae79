"""A change says from which version it was made, and nobody overwrites what they have not seen."""

import asyncio

import pytest

from api.models import Client
from tests.routes.doors import guarded
from tests.routes.places import a_rota, furnished, pressed

CHANGES = {"PATCH", "PUT", "DELETE"}
# They take something away whole; there is nothing in it that could be overwritten.
WITHOUT_A_VERSION = {"delete_session", "revoke_api_key", "delete_override"}


async def a_client(boss):
    made = await boss.web.post("/v1/clients", json={"name": "Corner"}, headers=pressed())
    return f"/v1/clients/{made.json()['id']}", made.headers["ETag"]


async def patch(boss, path, name, version):
    return await boss.web.patch(path, json={"name": name}, headers={"If-Match": version})


async def test_every_change_asks_for_a_version(small_world, boss):
    ids = await furnished(small_world, boss, "Corner")
    await boss.gets_a_phone()
    ids["device_id"] = (await boss.get("/v1/me/devices"))["data"][0]["id"]
    ids["schedule_id"] = (await a_rota(boss))["id"]
    tried = [d for d in guarded() if d.method in CHANGES and d.name not in WITHOUT_A_VERSION]
    assert len(tried) >= 7
    step = {"who": "first", "channels": ["webpush"], "wait_seconds": 60}
    bodies = {"PUT": {"steps": [step]}, "PATCH": {"name": "Other"}}
    for door in tried:
        body = {"user_ids": []} if door.name == "replace_on_call" else bodies.get(door.method)
        answer = await boss.web.request(door.method, door.at(ids), json=body)
        assert answer.status_code == 428, f"{door}: {answer.text}"
        stale = {"If-Match": '"stale"'}
        answer = await boss.web.request(door.method, door.at(ids), json=body, headers=stale)
        assert answer.status_code == 412, f"{door}: {answer.text}"


async def test_a_stale_version_is_refused_with_the_newer_one(boss):
    path, first = await a_client(boss)
    changed = await patch(boss, path, "Corner Bistro", first)
    assert changed.status_code == 200
    stale = await patch(boss, path, "Corner Shop", first)
    assert (stale.status_code, stale.json()["code"]) == (412, "version-conflict")
    assert stale.json()["newer"]["name"] == "Corner Bistro"
    again = await patch(boss, path, "Corner Shop", changed.headers["ETag"])
    assert again.json()["name"] == "Corner Shop"


async def test_the_tag_of_a_look_and_the_version_in_it_both_let_a_change_through(boss):
    path, _ = await a_client(boss)
    seen = await boss.web.get(path)
    assert (await patch(boss, path, "One", seen.headers["ETag"])).status_code == 200
    assert (await patch(boss, path, "Two", '"2"')).status_code == 200
    assert (await patch(boss, path, "Three", "*")).status_code == 200
    assert (await patch(boss, path, "Four", '"2"')).status_code == 412


async def test_two_who_change_the_same_at_once_do_not_overwrite_each_other(world, mia):
    path, first = await a_client(mia)
    answers = await asyncio.gather(*(patch(mia, path, f"Name {n}", first) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    kept = (await world.rows(Client))[0]
    assert kept.version == 2
    assert [a.json()["name"] for a in answers if a.status_code == 200] == [kept.name]


async def test_two_who_reorder_the_ladder_at_once_do_not_overwrite_each_other(world, mia, ben):
    seen = await mia.web.get("/v1/on-call")
    people = [one["user_id"] for one in seen.json()["ladder"]]
    headers = {"If-Match": seen.headers["ETag"]}
    answers = await asyncio.gather(
        *(
            mia.web.put("/v1/on-call", json={"user_ids": order}, headers=headers)
            for order in (people[::-1], people[:1], people[1:])
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_what_has_not_changed_is_not_sent_again(small_world, boss):
    ids = await furnished(small_world, boss, "Corner")
    for path in (
        "clients/{client_id}", "sources/{source_id}", "reviews/{review_id}",
        "incidents/{incident_id}", "incidents/{incident_id}/series",
        "incidents/{incident_id}/chart.svg",
    ):  # fmt: skip
        first = await boss.web.get(f"/v1/{path.format_map(ids)}")
        tag = first.headers["ETag"]
        again = await boss.web.get(f"/v1/{path.format_map(ids)}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == tag


@pytest.mark.parametrize("thing", ["client", "incident"])
async def test_what_looks_different_has_another_tag(small_world, boss, thing):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    before = await boss.web.get(f"/v1/clients/{client}")
    ids = await furnished(small_world, boss, "Corner")
    if thing == "incident":
        path = f"/v1/incidents/{ids['incident_id']}"
        before = await boss.web.get(path)
        await boss.post(f"/v1/escalations/{ids['escalation_id']}/acknowledge")
    else:
        path = f"/v1/clients/{client}"
        await boss.post(f"{path}/sources", {"kind": "push", "name": "New"})
    headers = {"If-None-Match": before.headers["ETag"]}
    after = await boss.web.get(path, headers=headers)
    assert after.status_code == 200
    assert after.json() != before.json()
