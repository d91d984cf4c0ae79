"""The push bench itself: a real Firefox and phones in memory get real, encrypted web pushes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.browser.firefox import Firefox
from tests.illnesses import drip, hang, redirect, reply, reset
from tests.push_service import PushService
from tests.push_vapid import Sender, bare_post
from workers.practice_phone import Message

WELL_FORMED = {"TTL": "60", "Content-Encoding": "aes128gcm"}
PAGE = "<!doctype html><title>bench</title><p>One page, one worker.</p>"
WORKER = """
const tell = (path, word) => fetch(path, {method: "POST", body: JSON.stringify(word)});
self.addEventListener("push", (event) => event.waitUntil((async () => {
  const {title, ...rest} = event.data.json().notification;
  await self.registration.showNotification(title, rest);
  await tell(rest.data.receipt_url, {receipt: rest.data.receipt});
})()));
self.addEventListener("notificationclick", (event) => event.waitUntil(
  tell("/tapped", {action: event.action})));
"""
SUBSCRIBE = """(async () => {
  await navigator.serviceWorker.register("/worker.js");
  const registration = await navigator.serviceWorker.ready;
  const key = {userVisibleOnly: true, applicationServerKey: "%s"};
  return (await registration.pushManager.subscribe(key)).toJSON();
})()"""
UNSUBSCRIBE = """(async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.pushManager.getSubscription()).unsubscribe();
})()"""


class Site(TestServer):
    """The page under test, and a book of the receipts and taps that came home."""

    def __init__(self) -> None:
        self.receipts: list[str] = []
        self.taps: list[str] = []
        application = web.Application()
        application.router.add_get("/", self._file)
        application.router.add_get("/worker.js", self._file)
        application.router.add_post("/receipts", self._note)
        application.router.add_post("/tapped", self._note)
        super().__init__(application)

    @property
    def url(self) -> str:
        return str(self.make_url("/"))

    async def _file(self, request: web.Request) -> web.Response:
        text, kind = (PAGE, "html") if request.path == "/" else (WORKER, "javascript")
        return web.Response(text=text, content_type=f"text/{kind}")

    async def _note(self, request: web.Request) -> web.Response:
        word = await request.json()
        self.receipts += [word["receipt"]] if "receipt" in word else []
        self.taps += [word["action"]] if "action" in word else []
        return web.Response(status=204)


class Hands:
    """A clock that only moves when a test moves it, so no time passes by chance."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
async def service(clock):
    async with PushService(clock) as running:
        yield running


@pytest.fixture
async def site():
    async with Site() as running:
        yield running


@pytest.fixture
async def firefox(tmp_path, service, site):
    async with Firefox(tmp_path / "profile", service.websocket_url) as running:
        await running.open(site.url)
        yield running


@pytest.fixture
def sender():
    return Sender()


def page_for(tag: str, home: str = "http://127.0.0.1:9/") -> dict[str, Any]:
    data = {"receipt": f"receipt of {tag}", "receipt_url": f"{home}receipts"}
    words = {"title": f"Alarm {tag}", "body": "14 bad reviews", "navigate": f"{home}incidents/1"}
    buttons = {"actions": [{"action": "ack", "title": "I have it"}]}
    return {"web_push": 8030, "notification": {**words, **buttons, "tag": tag, "data": data}}


async def until(condition: Callable[[], bool], limit: float = 60) -> None:
    async with asyncio.timeout(limit):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.mark.browser
async def test_firefox_shows_a_push_and_its_receipt_and_taps_come_home(
    service, site, firefox, sender
):
    subscription = await firefox.evaluate(SUBSCRIBE % sender.public_key)
    answer = await sender.send(subscription, page_for("step-1", site.url))
    await until(lambda: site.receipts == ["receipt of step-1"])
    [browser] = service.browsers.values()
    await until(lambda: browser.codes == [100])
    assert answer.headers["Location"].startswith(service.origin)
    shown = {"title": "Alarm step-1", "body": "14 bad reviews", "actions": ["ack"]}
    assert await firefox.notifications() == [shown]
    await firefox.tap_notification("Alarm step-1", "ack")
    await firefox.tap_notification("Alarm step-1")
    await until(lambda: site.taps == ["ack", ""])


@pytest.mark.browser
async def test_firefox_gets_the_last_of_a_topic_on_its_return_and_nothing_after_farewell(
    service, site, firefox, sender
):
    subscription = await firefox.evaluate(SUBSCRIBE % sender.public_key)
    await service.send_browsers_away()
    for tag in ("first", "second", "third"):
        await sender.send(subscription, page_for(tag, site.url), Topic="incident-1")
    assert site.receipts == []
    service.let_browsers_back()
    await until(lambda: site.receipts == ["receipt of third"])
    assert (await Sender().refused(subscription, page_for("x"))).status == 403
    assert await firefox.evaluate(UNSUBSCRIBE) is True
    assert (await sender.refused(subscription, page_for("x"))).status == 410
    assert [post.status for post in service.log] == [201, 201, 201, 403, 410]


async def test_a_phone_reads_the_message_and_returns_its_receipt(service, site, sender, clock):
    phone = await service.phone()
    payload = page_for("step-1", site.url)
    answer = await sender.send(phone.subscription, payload, Topic="incident-1")
    name = answer.headers["Location"].rsplit("/", 1)[1]
    assert await phone.next_message() == Message(clock.at, "incident-1", "high", 600, payload, name)
    await phone.receipts_settled()
    assert (phone.receipts, site.receipts) == ([204], ["receipt of step-1"])


async def test_a_receipt_kept_back_or_lost_does_not_hurt_the_display(service, site, sender):
    quiet, alone = await service.phone(), await service.phone()
    quiet.sends_receipts = False
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    await sender.send(quiet.subscription, page_for("step-1", site.url))
    await sender.send(alone.subscription, page_for("step-1", nowhere))
    await alone.receipts_settled()
    assert (quiet.receipts, alone.receipts, site.receipts) == ([], [None], [])
    assert len(quiet.shown) == len(alone.shown) == 1


async def test_the_same_tag_does_not_buzz_twice_and_another_tag_does(service, sender):
    phone = await service.phone()
    for tag in ("step-1", "step-1", "step-2"):
        await sender.send(phone.subscription, page_for(tag), ttl=0, Topic="incident-1")
    assert [shown.notification["tag"] for shown in phone.shown] == ["step-1", "step-2"]
    assert len(phone.received) == len(service.log) == 3


async def test_a_phone_back_on_gets_what_is_fresh_and_the_last_of_a_topic(service, sender, clock):
    phone = await service.phone()
    await phone.switch_off()
    await sender.send(phone.subscription, page_for("stale"), ttl=59)
    await sender.send(phone.subscription, page_for("fresh"), ttl=61)
    await sender.send(phone.subscription, page_for("replaced"), Topic="incident-1")
    await sender.send(phone.subscription, page_for("replacing"), Topic="incident-1")
    await sender.send(phone.subscription, page_for("now or never"), ttl=0)
    clock.at += timedelta(seconds=60)
    assert phone.received == []
    await phone.switch_on()
    assert [one.notification["tag"] for one in phone.received] == ["fresh", "replacing"]


async def test_a_message_for_another_phone_is_unreadable(service, sender):
    phone, other = await service.phone(), await service.phone()
    await sender.send(other.subscription | {"endpoint": phone.endpoint}, page_for("x"))
    assert (len(phone.unreadable), phone.received, other.received) == (1, [], [])
    with pytest.raises(TimeoutError):
        await phone.next_message(timeout=0.01)


SENDERS = [  # hours until exp, aud, whether k= is another's key, the answer
    (23, None, False, 201),
    (25, None, False, 403),
    (-1, None, False, 403),
    (23, "https://elsewhere.example", False, 403),
    (23, None, True, 401),
    (None, None, False, 401),
]


@pytest.mark.parametrize(("hours", "aud", "foreign_key", "status"), SENDERS)
async def test_a_sender_has_to_sign_for_this_service_and_for_a_day_at_most(
    service, sender, clock, hours, aud, foreign_key, status
):
    phone = await service.phone()
    headers = dict(WELL_FORMED)
    if hours is not None:
        expires = int(clock.at.timestamp()) + hours * 3600
        signed = sender.authorization(aud or service.origin, exp=expires)
        key = Sender().public_key if foreign_key else sender.public_key
        headers["Authorization"] = f"{signed.split('k=')[0]}k={key}"
    assert await bare_post(phone.endpoint, headers, length=9) == status
    assert len(phone.unreadable) == (status == 201)


SHAPES = [  # headers changed, length of the body, the answer
    ({}, 4096, 201),
    ({}, 4097, 413),
    ({"TTL": ""}, 9, 400),
    ({"TTL": "soon"}, 9, 400),
    ({"Urgency": "higher"}, 9, 400),
    ({"Topic": "a" * 33}, 9, 400),
    ({"Content-Encoding": "aesgcm"}, 9, 400),
]


@pytest.mark.parametrize(("changed", "length", "status"), SHAPES)
async def test_a_misshapen_message_is_refused(service, sender, changed, length, status):
    phone = await service.phone()
    headers = {"Authorization": sender.authorization(service.origin), **WELL_FORMED, **changed}
    assert await bare_post(phone.endpoint, headers, length) == status
    assert [(post.status, post.length) for post in service.log] == [(status, length)]


async def test_an_endpoint_is_gone_after_farewell_and_unknown_when_forgotten(service, sender):
    leaving, lost = await service.phone(), await service.phone()
    await leaving.unsubscribe()
    service.forget(lost)
    assert (await sender.refused(leaving.subscription, page_for("x"))).status == 410
    assert (await sender.refused(lost.subscription, page_for("x"))).status == 404


async def test_the_service_misbehaves_as_often_and_for_whom_it_is_told(service, sender):
    ill, well = await service.phone(), await service.phone()
    service.misbehave(reply(429, {"Retry-After": "7"}), times=2, only=ill.endpoint)
    await sender.send(well.subscription, page_for("x"))
    for _ in range(2):
        answer = await sender.refused(ill.subscription, page_for("x"))
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    await sender.send(ill.subscription, page_for("x"))
    service.misbehave(reply(500), times=None)
    for phone in (ill, well, ill):
        assert (await sender.refused(phone.subscription, page_for("x"))).status == 500
    service.behave()
    await sender.send(ill.subscription, page_for("x"))
    assert (len(ill.received), len(well.received), len(service.log)) == (2, 1, 8)


async def test_a_hang_a_reset_and_a_dripping_answer_are_felt_by_the_sender(service):
    phone = await service.phone()
    for fault, felt in ((hang, TimeoutError), (reset, aiohttp.ClientOSError), (drip, TimeoutError)):
        service.misbehave(fault)
        with pytest.raises(felt):
            await bare_post(phone.endpoint, {}, length=9, limit=0.5)
    assert [post.status for post in service.log[:2]] == [None, None]


async def test_a_redirect_leads_on_and_a_lost_answer_leaves_the_message_delivered(service, sender):
    phone, bait = await service.phone(), await service.phone()
    service.misbehave(redirect(bait.endpoint), delivers=True)
    await sender.send(phone.subscription, page_for("step-1"))
    await sender.send(phone.subscription, page_for("step-1"))
    asked = [post.endpoint for post in service.log]
    assert asked == [phone.endpoint, bait.endpoint, phone.endpoint]
    assert (len(phone.received), len(phone.shown), len(bait.unreadable)) == (2, 1, 1)
