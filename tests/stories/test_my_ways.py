"""Numbers, keys and addresses of a person: checked, sealed, tested, and never shown whole."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from api.models import Device
from tests.channels.provider import Provider
from tests.stories.outside import NUMBERS
from tests.world import Person


async def _again(person: Person, device: dict[str, Any]) -> dict[str, Any]:
    """The same device as it is now."""
    found = (await person.get("/v1/me/devices"))["data"]
    return next(one for one in found if one["id"] == device["id"])


REFUSED = [
    ("voice", "0660 123 4567", "A number needs its country"),
    ("sms", "+43", "A number needs its country"),
    ("pushover", "short", "A Pushover user key has 30"),
    ("ntfy", "mytopic", "A topic has 16 to 64"),
    ("email", "nobody", "This is no e-mail address"),
    ("apprise", "team", "not set up on this server"),
    ("pigeon", "loft", "not set up on this server"),
    ("webpush", "https://push.example/x", "not set up on this server"),
]


@pytest.mark.parametrize(("channel", "address", "why"), REFUSED)
async def test_what_cannot_be_reached_is_refused_in_words(mia, outside, channel, address, why):
    body = {"channel": channel, "address": address}
    answer = await mia.web.post(
        "/v1/me/devices/by-address", json=body, headers={"Idempotency-Key": channel}
    )
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


async def test_without_an_account_of_the_operator_only_push_is_offered(mia):
    found = {one["channel"]: one["set_up"] for one in await mia.get("/v1/channels")}
    assert [channel for channel, set_up in found.items() if set_up] == ["webpush"]


async def test_a_number_is_sealed_and_shown_by_its_end_alone(world, mia, outside):
    device = await outside.reaches(mia, "voice")
    assert device["hint"] == "… 4567"
    assert "660123" not in str(await mia.get("/v1/me/devices"))
    [row] = [one for one in await world.rows(Device) if one.channel == "voice"]
    assert b"660123" not in row.address_sealed


async def test_the_same_number_twice_is_one_device(mia, outside):
    first = await outside.reaches(mia, "sms")
    again = await outside.reaches(mia, "sms", "0043 660/1234567")
    assert again["id"] == first["id"]


async def test_a_number_that_was_taken_off_comes_back(mia, outside):
    device = await outside.reaches(mia, "sms")
    await mia.web.delete(f"/v1/me/devices/{device['id']}", headers={"If-Match": "*"})
    again = await outside.reaches(mia, "sms")
    assert (again["id"], again["state"]) == (device["id"], "live")


async def test_a_test_call_is_heard_when_a_key_is_pressed(world, mia, outside):
    device = await outside.reaches(mia, "voice")
    test = await mia.post(f"/v1/me/devices/{device['id']}/test")
    await world.works()
    assert "Press 1 so we know that you heard it" in outside.twilio.calls[0].twiml
    assert await outside.presses("1") == "Good. You heard it. Good night."
    assert (await mia.get(f"/v1/notifications/{test['id']}"))["state"] == "confirmed"


async def test_a_test_text_is_heard_when_1_comes_back(world, mia, outside):
    device = await outside.reaches(mia, "sms")
    await mia.post(f"/v1/me/devices/{device['id']}/test")
    await world.works()
    number = NUMBERS["Mia"].replace(" ", "")
    assert await outside.texts(number, "1") == "Good. You heard it. Good night."
    [again] = [
        one for one in (await mia.get("/v1/me/devices"))["data"] if one["id"] == device["id"]
    ]
    assert again["last_confirmed_at"]


async def test_a_delivered_text_is_a_receipt_and_a_lost_one_a_failure(world, mia, outside):
    device = await outside.reaches(mia, "sms")
    for status, state in (("delivered", "confirmed"), ("undelivered", "failed")):
        test = await mia.post(f"/v1/me/devices/{device['id']}/test")
        await world.works()
        await outside.twilio.delivers(outside.twilio.messages[-1], status)
        assert (await mia.get(f"/v1/notifications/{test['id']}"))["state"] == state


async def test_an_e_mail_that_was_read_is_confirmed_by_its_person_and_nobody_else(
    world, mia, ben, outside
):
    device = await outside.reaches(mia, "email")
    test = await mia.post(f"/v1/me/devices/{device['id']}/test")
    await world.works()
    path = f"/v1/notifications/{test['id']}/heard"
    stranger = await ben.web.post(path, headers={"Idempotency-Key": "b"})
    assert stranger.status_code == 404
    assert (await mia.post(path))["state"] == "confirmed"


async def test_a_pushover_key_that_is_gone_is_retired(world, mia, outside):
    device = await outside.reaches(mia, "pushover")
    outside.pushover.misbehave(_unknown_user, times=1)
    await mia.post(f"/v1/me/devices/{device['id']}/test")
    await world.works()
    [again] = [
        one for one in (await mia.get("/v1/me/devices"))["data"] if one["id"] == device["id"]
    ]
    assert again["state"] == "retired"


async def _unknown_user(_: Provider, __: web.Request) -> web.StreamResponse:
    return web.json_response({"user": "invalid", "status": 0, "errors": ["user"]}, status=400)


async def test_a_number_is_tested_six_times_an_hour_and_no_more(world, mia, outside):
    device = await outside.reaches(mia, "sms")
    path = f"/v1/me/devices/{device['id']}/test"
    for _ in range(6):
        await mia.post(path)
    refused = await mia.web.post(path, headers={"Idempotency-Key": "seventh"})
    assert refused.status_code == 429
    await world.waits(timedelta(minutes=1))
    assert len(outside.twilio.messages) == 6
    world.at += timedelta(hours=1)
    await mia.post(path)
