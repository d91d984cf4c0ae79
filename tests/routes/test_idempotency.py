"""The same wish with the same key is done once, and answered the same every time."""

import asyncio

from api.models import Answer, ApiKey, Client, Link
from tests.routes.doors import guarded
from tests.routes.places import everything, pressed

PLACE = {"name": "Corner Bistro"}


async def test_every_post_asks_for_a_key(boss):
    posts = [door for door in guarded() if door.method == "POST"]
    assert len(posts) > 20
    for door in posts:
        answer = await boss.web.post(door.at(dict.fromkeys(door.names, "any")), json={})
        assert answer.status_code == 400, f"{door}: {answer.text}"
        assert answer.json()["code"] == "idempotency-key-missing"


async def test_a_post_without_a_key_is_refused_and_not_done(small_world, boss):
    answer = await boss.web.post("/v1/clients", json=PLACE)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert await small_world.rows(Client) == []


async def test_a_repeat_gets_the_first_answer_and_is_not_done_again(world, mia):
    headers = pressed()
    first = await mia.web.post("/v1/clients", json=PLACE, headers=headers)
    again = await mia.web.post("/v1/clients", json=PLACE, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await world.rows(Client)) == 1


async def test_the_same_key_with_another_body_or_address_is_refused(small_world, boss):
    headers = pressed()
    made = await boss.web.post("/v1/clients", json=PLACE, headers=headers)
    client = made.json()["id"]
    for path, body in (
        ("/v1/clients", {"name": "Other"}),
        (f"/v1/clients/{client}/contacts", PLACE),
    ):
        answer = await boss.web.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await small_world.rows(Client)) == 1


async def test_the_key_of_one_person_is_not_the_key_of_another(small_world, boss):
    headers = pressed()
    other = await small_world.hires("Other")
    first = await boss.web.post("/v1/clients", json=PLACE, headers=headers)
    second = await other.web.post("/v1/clients", json=PLACE, headers=headers)
    assert first.json()["id"] != second.json()["id"]


async def test_a_wish_with_a_mistake_in_it_can_be_mended_under_its_key(small_world, boss):
    headers = pressed()
    wrong = {**PLACE, "zone": "Mars/Olympus"}
    assert (await boss.web.post("/v1/clients", json=wrong, headers=headers)).status_code == 422
    assert await small_world.rows(Answer) == []
    right = await boss.web.post("/v1/clients", json=PLACE, headers=headers)
    assert right.status_code == 201


async def test_a_refused_wish_is_not_remembered(small_world, boss):
    headers = pressed()
    nowhere = f"/v1/clients/cli_{'0' * 26}/contacts"
    assert (await boss.web.post(nowhere, json=PLACE, headers=headers)).status_code == 404
    assert await small_world.rows(Answer) == []


async def test_ten_at_the_same_moment_are_one(world, mia):
    headers = pressed()
    answers = await asyncio.gather(
        *(mia.web.post("/v1/clients", json=PLACE, headers=headers) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert len(await world.rows(Client)) == 1


async def test_ten_different_bodies_under_one_key_are_one_and_nine_refusals(world, mia):
    headers = pressed()
    answers = await asyncio.gather(
        *(mia.web.post("/v1/clients", json={"name": f"N{n}"}, headers=headers) for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 9
    assert len(await world.rows(Client)) == 1


async def test_forty_people_may_wait_to_write_without_blocking_each_other(world, mia):
    answers = await asyncio.gather(
        *(mia.web.post("/v1/clients", json=PLACE, headers=pressed()) for _ in range(40))
    )
    assert {answer.status_code for answer in answers} == {201}


async def test_a_remembered_answer_keeps_a_secret_that_no_backup_shows(small_world, boss):
    client = (await boss.post("/v1/clients", PLACE))["id"]
    for path, body, field in (
        ("/v1/api-keys", {"name": "P", "scopes": ["clients:read"]}, "secret"),
        (f"/v1/clients/{client}/links", {}, "url"),
        (f"/v1/clients/{client}/sources", {"kind": "webhook", "name": "W"}, "secret"),
    ):
        headers = pressed()
        made = await boss.web.post(path, json=body, headers=headers)
        secret = made.json()[field].removeprefix("http://nightdesk.test/p/")
        again = await boss.web.post(path, json=body, headers=headers)
        assert again.json() == made.json()
        kept = str(await everything())
        assert secret not in kept
        assert secret.removeprefix("whsec_") not in kept


async def test_a_key_that_is_too_long_is_refused(small_world, boss):
    answer = await boss.web.post("/v1/clients", json=PLACE, headers={"Idempotency-Key": "k" * 256})
    assert answer.status_code == 422
    assert await small_world.rows(ApiKey) == await small_world.rows(Link) == []
