"""Whatever a push service answers, no phone is lost by it and somebody is woken."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from api.database import transaction
from api.ids import encode
from api.models import Device, Entry, Source
from tests.illnesses import drip, hang, redirect, reply, reset
from tests.push_service import PushService
from tests.world import Person, World, configure

SECOND = timedelta(seconds=1)
WATCHED = timedelta(seconds=16)

ONCE, PAUSES = [0], [0, 1, 3, 7]
GONE = [404, 410]
OURS = [400, 401, 403, 413]
FOR_NOW = {
    "408": reply(408),
    "429": reply(429),
    "500": reply(500),
    "502": reply(502),
    "503": reply(503),
    "hang": hang,
    "reset": reset,
    "drip": drip,
}


@pytest.fixture
async def night(small_world: World) -> World:
    """Mia is rung first, Ben second; a client with a quiet history."""
    configure(send_timeout=timedelta(seconds=0.3))
    mia = await small_world.hires("Mia", role="owner")
    ben = await small_world.hires("Ben")
    await mia.gets_a_phone()
    await ben.gets_a_phone()
    small_world.has_history()
    await small_world.looks_after("Corner Bistro", by=mia)
    return small_world


async def test_an_accepted_push_is_sent_once_and_wakes_nobody_else(night):
    assert await _tries_of_an_attack(night) == ONCE
    night.people["Mia"].buzzed(1)
    night.people["Ben"].stays_silent()


@pytest.mark.parametrize("status", GONE)
async def test_a_phone_that_is_gone_is_retired_and_the_next_person_is_rung(night, status):
    night.push.misbehave(reply(status), times=None, only=_endpoint(night))
    assert await _tries_of_an_attack(night) == ONCE
    await _ben_is_rung_and_the_timeline_says_why(night)
    assert await _device_state(night.people["Mia"]) == "retired"


@pytest.mark.parametrize("status", OURS)
async def test_a_refused_push_is_not_repeated_and_keeps_the_phone(night, status):
    night.push.misbehave(reply(status), times=None, only=_endpoint(night))
    assert await _tries_of_an_attack(night) == ONCE
    await _ben_is_rung_and_the_timeline_says_why(night)
    assert await _device_state(night.people["Mia"]) == "live"


@pytest.mark.parametrize("fault", FOR_NOW.values(), ids=FOR_NOW)
async def test_a_service_in_trouble_is_tried_again_with_pauses(night, fault):
    night.push.misbehave(fault, times=None, only=_endpoint(night))
    assert await _tries_of_an_attack(night) == PAUSES
    await _ben_is_rung_and_the_timeline_says_why(night)
    assert await _device_state(night.people["Mia"]) == "live"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(night, status):
    async with PushService() as canary:
        elsewhere = f"{canary.origin}/push/inside"
        night.push.misbehave(redirect(elsewhere, status), times=None, only=_endpoint(night))
        assert await _tries_of_an_attack(night) == PAUSES
        assert canary.log == []
    await _ben_is_rung_and_the_timeline_says_why(night)
    assert await _device_state(night.people["Mia"]) == "live"


async def test_a_service_that_cannot_speak_tls_costs_no_phone_and_no_time(night):
    async with transaction() as session:
        [device] = [one for one in await session.exec(select(Device)) if _is_of(night, one, "Mia")]
        device.endpoint = (device.endpoint or "").replace("http://", "https://")
        session.add(device)
    begun = night.at
    assert await _tries_of_an_attack(night) == []
    await _ben_is_rung_and_the_timeline_says_why(night)
    assert night.at - begun <= timedelta(seconds=15)
    assert await _device_state(night.people["Mia"]) == "live"


def _is_of(night: World, device: Device, name: str) -> bool:
    return device.user_id == night.people[name].user.id


async def test_a_busy_service_is_asked_again_when_it_said_so(night):
    night.push.misbehave(reply(429, {"Retry-After": "6"}), times=1, only=_endpoint(night))
    assert await _tries_of_an_attack(night) == [0, 6]
    night.people["Mia"].buzzed(1)
    night.people["Ben"].stays_silent()


@pytest.mark.parametrize("wait", ["16", "3600", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_a_service_that_is_busy_for_long_is_not_waited_for(night, wait):
    async with PushService(lambda: datetime.now(UTC)) as other:
        await _ben_is_reached_by(other, night)
        night.push.misbehave(reply(429, {"Retry-After": wait}), times=None, only=_endpoint(night))
        assert await _tries_of_an_attack(night) == ONCE
        await _ben_is_rung_and_the_timeline_says_why(night)
        assert await _device_state(night.people["Mia"]) == "live"


async def test_a_service_that_is_busy_is_left_alone_for_every_phone_and_asked_when_it_said(night):
    night.push.misbehave(reply(429, {"Retry-After": "16"}), times=1, only=_endpoint(night))
    assert await _tries_of_an_attack(night) == [0, 16]
    night.people["Mia"].buzzed(1)
    night.people["Ben"].buzzed(1)


async def test_a_message_that_came_although_it_was_refused_buzzes_once(night):
    night.push.misbehave(reply(503), times=1, only=_endpoint(night), delivers=True)
    night.people["Mia"].phone.sends_receipts = False
    assert await _tries_of_an_attack(night) == [0, 1]
    assert len(night.people["Mia"].phone.received) == 2
    night.people["Mia"].buzzed(1)


async def _ben_is_reached_by(other: PushService, night: World) -> None:
    """Ben's browser belongs to another push service than Mia's."""
    ben = night.people["Ben"]
    hosts = {service.origin.removeprefix("http://") for service in (other, night.push)}
    configure(push_hosts=frozenset(hosts))
    [old] = (await ben.get("/v1/me/devices"))["data"]
    await ben.web.delete(f"/v1/me/devices/{old['id']}", headers={"If-Match": "*"})
    await ben.gets_a_phone(other)


def _endpoint(night: World) -> str:
    phone = night.people["Mia"].phone
    assert phone is not None
    return phone.endpoint


async def _tries_of_an_attack(night: World) -> list[int]:
    """Seconds after the first try at which Mia's phone was tried, until Ben is rung or 16 s."""
    for _ in range(3):
        night.writes(1)
    await _feeds_are_read(night)
    begun, tries, ben = night.at, ONCE * _posts(night), night.people["Ben"].phone
    while night.at < begun + WATCHED and ben and not ben.shown:
        night.at += SECOND
        await night.works()
        tries += [int((night.at - begun).total_seconds())] * (_posts(night) - len(tries))
    return tries


async def _feeds_are_read(night: World) -> None:
    mia = night.people["Mia"]
    for source in await night.rows(Source):
        await mia.post(f"/v1/sources/{encode('src', source.id)}/poll")
    await night.works()


def _posts(night: World) -> int:
    return sum(post.endpoint == _endpoint(night) for post in night.push.log)


async def _ben_is_rung_and_the_timeline_says_why(night: World) -> None:
    night.people["Mia"].stays_silent()
    night.people["Ben"].shows("Corner Bistro")
    night.people["Ben"].buzzed(1)
    told = [(entry.kind, entry.facts.get("name")) for entry in await night.rows(Entry)]
    assert ("not_delivered", "Mia") in told
    assert told.index(("not_delivered", "Mia")) < told.index(("rang", "Ben"))


async def _device_state(person: Person) -> str:
    [device] = (await person.get("/v1/me/devices"))["data"]
    return str(device["state"])
