"""Deliveries that come three times, shuffled and late leave the same reviews and no more alarms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.ids import decode
from api.models import Incident, Review
from api.signatures import sign
from tests.world import Person, World

Version = dict[str, Any]
Delivery = tuple[str, Version]

MINUTE = timedelta(minutes=1)
PASSED = settings(
    max_examples=10,
    phases=[Phase.generate],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def mia(small_world: World) -> Person:
    mia = await small_world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    return mia


def said(number: int, stars: int, text: str, *, edited: int | None = None) -> Version:
    """A review written `number` minutes into the night, or its edit at minute `edited`."""
    return {"external_id": f"r{number}", "stars": stars, "text": text} | {
        "created_at": number,
        "updated_at": edited,
    }


CALM = [
    said(0, 5, "Lovely."),
    said(1, 4, "Good."),
    said(1, 3, "Good, but slow.", edited=6),
    said(2, 1, "Cold soup."),
    said(2, 5, "They made it good.", edited=5),
    said(2, 5, "They made it very good.", edited=8),
]
ATTACK = [*(said(number, 1, f"Rude {number}.") for number in range(3, 7)), *CALM[1:3]]


def once_each(story: Sequence[Version]) -> list[Delivery]:
    return [(f"m{number}", version) for number, version in enumerate(story)]


def thrice_shuffled(story: Sequence[Version]) -> st.SearchStrategy[list[Delivery]]:
    again = [(f"{name}-again", version) for name, version in once_each(story)]
    return st.permutations(once_each(story) * 2 + again)


WAITS = st.lists(st.sampled_from([0, 0, 0, 1, 30, 300, 1440]), min_size=30, max_size=30)


@PASSED
@given(deliveries=thrice_shuffled(CALM), minutes=WAITS)
async def test_any_order_of_deliveries_ends_in_the_same_reviews(
    small_world, mia, deliveries, minutes
):
    in_order = await _reviews_after(small_world, mia, once_each(CALM), [])
    assert await _reviews_after(small_world, mia, deliveries, minutes) == in_order
    assert {message.notification["data"]["kind"] for message in mia.phone.shown} <= {"arming"}
    assert await small_world.rows(Incident) == []


@PASSED
@given(deliveries=thrice_shuffled(ATTACK))
async def test_an_attack_that_is_delivered_thrice_and_shuffled_rings_once(
    small_world, mia, deliveries
):
    place = await _a_place(small_world, mia)
    await _deliver(small_world, mia, place, deliveries, [])
    [incident] = (await mia.get("/v1/incidents", client_id=place.client))["data"]
    shown = [message.notification["data"]["incident_id"] for message in mia.phone.shown]
    assert shown.count(incident["id"]) == 1


@dataclass
class Place:
    client: str
    source: str
    secret: str
    night: datetime


async def _reviews_after(
    world: World, mia: Person, deliveries: Sequence[Delivery], minutes: Sequence[int]
) -> dict[str, tuple[float, str, timedelta, timedelta | None]]:
    place = await _a_place(world, mia)
    await _deliver(world, mia, place, deliveries, minutes)
    found = await world.rows(Review, source_id=decode("src", place.source))
    return {
        one.external_id: (
            one.stars,
            one.text,
            one.created_at - place.night,
            one.updated_at and one.updated_at - place.night,
        )
        for one in found
    }


async def _a_place(world: World, mia: Person) -> Place:
    """A client with half a year of kind reviews, and a webhook that is sent to from now on."""
    body = {"name": "Corner Bistro", "zone": "Europe/Vienna", "owner": {"name": "Rosa"}}
    client = (await mia.post("/v1/clients", body))["id"]
    past = await mia.post(f"/v1/clients/{client}/sources", {"kind": "push", "name": "Past"})
    await mia.post(f"/v1/sources/{past['id']}/reviews", [_kind(world, n) for n in range(52)])
    hook = await mia.post(f"/v1/clients/{client}/sources", {"kind": "webhook", "name": "Hook"})
    return Place(client, hook["id"], hook["secret"], world.at)


def _kind(world: World, number: int) -> dict[str, Any]:
    at = world.at - timedelta(days=3 + 3.5 * number)
    return {"external_id": f"past-{number}", "stars": 5, "created_at": at.isoformat()}


async def _deliver(
    world: World, mia: Person, place: Place, deliveries: Sequence[Delivery], minutes: Sequence[int]
) -> None:
    """Each delivery when it comes, signed anew as senders do, and taken in before the next."""
    world.at = place.night + 10 * MINUTE
    for (name, version), wait in zip(deliveries, minutes or repeat(0), strict=False):
        world.at += wait * MINUTE
        event = {"type": "review.created", "data": _dated(version, place.night)}
        body = json.dumps(event).encode()
        headers = sign(place.secret, message_id=name, sent_at=world.at, body=body)
        answer = await mia.web.post(f"/in/{place.source}", content=body, headers=headers)
        assert answer.status_code == 202, answer.text
        await world.works()


def _dated(version: Version, night: datetime) -> Version:
    dates = {
        name: (night + version[name] * MINUTE).isoformat()
        for name in ("created_at", "updated_at")
        if version[name] is not None
    }
    return version | dates
