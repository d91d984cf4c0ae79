"""Signed deliveries: kept once, taken in once, refused when anything about them is wrong."""

import json
from datetime import timedelta

from api import clock
from api.models import Intake, Review
from api.signatures import sign
from tests.routes.places import changed, everything, pressed, push_source, review

DELIVERY = {"type": "review.created", "data": review(1)}


async def a_webhook(boss):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    made = await push_source(boss, client, "webhook")
    address = made["webhook_url"].removeprefix("http://nightdesk.test")
    assert made["secret"].startswith("whsec_")
    assert address == f"/in/{made['id']}"
    return made, address


def signed(secret, body, *, name="msg_1", ago=0):
    at = clock.now() - timedelta(seconds=ago)
    headers = sign(secret, message_id=name, sent_at=at, body=body)
    return {"Content-Type": "application/json", **headers}


async def deliver(world, address, body, headers):
    async with world.web() as web:
        return await web.post(address, content=body, headers=headers)


async def test_a_signed_review_is_taken_in_and_the_same_again_is_known(world, mia):
    made, address = await a_webhook(mia)
    body = json.dumps(DELIVERY).encode()
    headers = signed(made["secret"], body)
    first = await deliver(world, address, body, headers)
    assert (first.status_code, first.json()) == (202, {"state": "received"})
    await world.works()
    assert [row.external_id for row in await world.rows(Review)] == ["r1"]
    before = await everything()
    again = await deliver(world, address, body, headers)
    assert (again.status_code, again.json()) == (202, {"state": "known"})
    await world.works()
    assert await changed(before) == []


WRONG = {
    "a byte of the body": lambda h, b: (h, b[:-1] + b" "),
    "a byte of the signature": lambda h, b: ({**h, "webhook-signature": _off_by_one(h)}, b),
    "another name": lambda h, b: ({**h, "webhook-id": "msg_2"}, b),
    "another time": lambda h, b: ({**h, "webhook-timestamp": str(_time(h) + 1)}, b),
    "no signature": lambda h, b: ({**h, "webhook-signature": ""}, b),
    "another version": lambda h, b: ({**h, "webhook-signature": h["webhook-signature"][3:]}, b),
    "no headers": lambda h, b: ({}, b),
    "a dot in the name": lambda h, b: ({**h, "webhook-id": "msg.1"}, b),
}


def _off_by_one(headers):
    signature = headers["webhook-signature"]
    return signature[:-5] + ("A" if signature[-5] != "A" else "B") + signature[-4:]


def _time(headers):
    return int(headers["webhook-timestamp"])


async def test_a_delivery_that_was_touched_is_refused(small_world, boss):
    made, address = await a_webhook(boss)
    body = json.dumps(DELIVERY).encode()
    before = await everything()
    for what, touch in WRONG.items():
        headers, sent = touch(signed(made["secret"], body), body)
        answer = await deliver(small_world, address, sent, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-signature"), what
    assert await changed(before) == []


async def test_a_delivery_is_good_for_five_minutes(small_world, boss):
    made, address = await a_webhook(boss)
    body = json.dumps(DELIVERY).encode()
    for ago, status in ((299, 202), (301, 401), (-299, 202), (-302, 401)):
        headers = signed(made["secret"], body, ago=ago, name=f"msg_{ago}")
        assert (await deliver(small_world, address, body, headers)).status_code == status


async def test_a_secret_of_one_source_opens_no_other(small_world, boss):
    one, _ = await a_webhook(boss)
    _, other = await a_webhook(boss)
    body = json.dumps(DELIVERY).encode()
    answer = await deliver(small_world, other, body, signed(one["secret"], body))
    assert answer.status_code == 401
    assert await small_world.rows(Intake) == []


async def test_an_address_that_takes_nothing_asks_the_sender_to_stop(small_world, boss):
    removed, of_removed = await a_webhook(boss)
    archived, of_archived = await a_webhook(boss)
    await boss.web.delete(f"/v1/sources/{removed['id']}", headers=pressed())
    other_kind = f"/in/{(await push_source(boss, removed['client_id']))['id']}"
    await boss.web.delete(f"/v1/clients/{archived['client_id']}", headers=pressed())
    body = json.dumps(DELIVERY).encode()
    for address in (of_removed, of_archived, other_kind, f"/in/src_{'0' * 26}"):
        answer = await deliver(small_world, address, body, signed(removed["secret"], body))
        assert (answer.status_code, answer.json()["code"]) == (410, "link-replaced")


async def test_what_cannot_be_read_blinds_the_source_and_says_so(small_world, boss):
    made, address = await a_webhook(boss)
    body = b"no json at all"
    headers = signed(made["secret"], body)
    assert (await deliver(small_world, address, body, headers)).status_code == 202
    await small_world.works()
    source = await boss.get(f"/v1/sources/{made['id']}")
    assert (source["health"], source["blind"]) == ("bad_content", True)
    assert source["health_detail"]


async def test_the_secret_is_shown_once(boss):
    made, _ = await a_webhook(boss)
    told = [
        await boss.get(f"/v1/sources/{made['id']}"),
        await boss.get(f"/v1/clients/{made['client_id']}/sources"),
    ]
    assert made["secret"] not in str(told)
    assert "secret" not in told[0]
