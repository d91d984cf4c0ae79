"""Pulling from Pub/Sub: what is acknowledged comes no more, and what is not comes again."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from aiohttp import web

from api.items.item import SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.google_vendor import error
from tests.platforms.vendor import Vendor, calls_to, told, truncated
from workers.platforms import google_pull
from workers.platforms.google_pull import Heard

SUBSCRIPTION = "projects/p/subscriptions/gbp-pull"
PLACE = "accounts/1001/locations/2002"


class PubSub(Vendor):
    """One subscription; `waiting` are its messages by id, each leased with a new receipt."""

    hosts: tuple[str, ...] = ("pubsub.googleapis.com",)

    def build(self, router: web.UrlDispatcher) -> None:
        self.waiting: dict[str, Any] = {}
        self.leased: dict[str, str] = {}
        router.add_post(f"/v1/{SUBSCRIPTION}:pull", self._pull)
        router.add_post(f"/v1/{SUBSCRIPTION}:acknowledge", self._acknowledge)

    def tells(self, name: str, data: Any) -> None:
        self.waiting[name] = base64.b64encode(json.dumps(data).encode()).decode()

    async def _pull(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer good":
            return web.json_response(error(401, "UNAUTHENTICATED"), status=401)
        most = json.loads(await request.read())["maxMessages"]
        told = [self._lease(name) for name in list(self.waiting)[:most]]
        return web.json_response({"receivedMessages": told} if told else {})

    def _lease(self, name: str) -> dict[str, Any]:
        receipt = f"receipt-{len(self.leased)}"
        self.leased[receipt] = name
        message = {"data": self.waiting[name], "messageId": name, "publishTime": "2026-11-21"}
        return {"ackId": receipt, "message": message}

    async def _acknowledge(self, request: web.Request) -> web.Response:
        receipts = json.loads(await request.read())["ackIds"]
        if not receipts:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        for receipt in receipts:
            self.waiting.pop(self.leased[receipt], None)
        return web.json_response({})


@pytest.fixture
async def vendor():
    async with PubSub() as running:
        yield running


async def pull(vendor, token="good", seconds=2.0):
    async with calls_to(vendor, google_pull.judge, seconds) as calls:
        return await google_pull.pull(calls, token, SUBSCRIPTION)


async def acknowledge(vendor, heard):
    async with calls_to(vendor, google_pull.judge) as calls:
        await google_pull.acknowledge(calls, "good", SUBSCRIPTION, heard)


@pytest.mark.parametrize("word", ["location", "locationName", "location_name"])
async def test_what_was_told_names_the_place_in_every_spelling(vendor, word):
    vendor.tells("m1", {"type": "NEW_REVIEW", word: PLACE})
    [heard] = await pull(vendor)
    assert heard.id == "m1"
    assert heard.hint is not None
    assert (heard.hint.location, heard.hint.kind) == ("2002", "NEW_REVIEW")


async def test_nothing_told_is_no_trouble(vendor):
    assert await pull(vendor) == []
    await acknowledge(vendor, [])
    assert len(vendor.log) == 1


async def test_what_is_not_acknowledged_comes_again_with_the_same_id(vendor):
    vendor.tells("m1", {"location": PLACE})
    [first] = await pull(vendor)
    [second] = await pull(vendor)
    assert (first.id, first.hint) == (second.id, second.hint)
    await acknowledge(vendor, [second])
    assert await pull(vendor) == []


async def test_what_nobody_can_read_is_acknowledged_too(vendor):
    vendor.tells("m1", "what?")
    vendor.waiting["m2"] = "%%%"
    heard = await pull(vendor)
    assert [(one.id, one.hint) for one in heard] == [("m1", None), ("m2", None)]
    await acknowledge(vendor, heard)
    assert vendor.waiting == {}


async def test_a_message_without_an_id_is_not_lost_on_us(vendor):
    vendor.misbehave(told(200, {"receivedMessages": [{"ackId": "r1"}]}))
    assert await pull(vendor) == [Heard("r1", None, "r1")]


async def test_more_than_a_hundred_come_in_turn(vendor):
    for number in range(101):
        vendor.tells(f"m{number}", {"location": PLACE})
    heard = await pull(vendor)
    assert len(heard) == 100
    await acknowledge(vendor, heard)
    assert [one.id for one in await pull(vendor)] == ["m100"]


async def test_a_token_that_is_over_is_named(vendor):
    with pytest.raises(SourceTrouble) as trouble:
        await pull(vendor, token="old")
    assert trouble.value.health == "auth_expired"


@pytest.mark.parametrize("fault", [illnesses.drip, illnesses.reset, truncated, login_page])
async def test_an_answer_that_is_none_loses_nothing(vendor, fault):
    vendor.tells("m1", {"location": PLACE})
    vendor.misbehave(fault)
    with pytest.raises(SourceTrouble) as trouble:
        await pull(vendor, seconds=0.3)
    assert trouble.value.health == "transient"
    assert [one.id for one in await pull(vendor)] == ["m1"]
