"""Many places of one host in the same minute look like a fault there, until shown otherwise."""

from datetime import timedelta

import pytest

from tests.stories.attacks import the_incident

PLACES = ("Adler", "Bär", "Hirsch", "Ochs")


@pytest.fixture
async def places(world, mia):
    world.has_history()
    clients = [await world.looks_after(name, by=mia) for name in PLACES]
    await world.waits(timedelta(minutes=1))
    return clients


async def _burst_everywhere(world, mia):
    for _ in range(4):
        world.writes(1)
    await world.waits(timedelta(minutes=7))


def _rung(mia):
    titles = [shown.notification["title"] for shown in mia.phone.shown]
    return {name for name in PLACES if any(title.startswith(name) for title in titles)}


async def _said(mia, client):
    incident = await the_incident(mia, client)
    timeline = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    return " ".join(entry["sentence"] for entry in timeline)


async def test_the_first_two_ring_and_the_others_wait_and_say_why(world, mia, places):
    await _burst_everywhere(world, mia)
    states = [(await the_incident(mia, one))["escalation"]["state"] for one in places]
    assert states.count("deferred") == 2
    assert len(_rung(mia)) == 2
    doubted = [await _said(mia, one) for one, state in zip(places, states, strict=True)
               if state == "deferred"]  # fmt: skip
    assert all("may be a fault of" in said for said in doubted)


async def test_whoever_is_in_doubt_rings_when_nobody_said_what_it_is(world, mia, places):
    await _burst_everywhere(world, mia)
    await world.waits(timedelta(minutes=11))
    assert _rung(mia) == set(PLACES)


async def test_more_reviews_end_the_doubt_at_once(world, mia, places):
    await _burst_everywhere(world, mia)
    for _ in range(3):
        world.writes(1)
    await world.waits(timedelta(minutes=3))
    assert _rung(mia) == set(PLACES)


async def test_a_tap_on_one_in_doubt_is_taken(world, mia, places):
    await _burst_everywhere(world, mia)
    incidents = [await the_incident(mia, one) for one in places]
    waiting = next(one for one in incidents if one["escalation"]["state"] == "deferred")
    await mia.post(f"/v1/escalations/{waiting['escalation']['id']}/acknowledge")
    await world.waits(timedelta(minutes=2))
    assert (await mia.get(f"/v1/incidents/{waiting['id']}"))["escalation"]["by_name"] == "Mia"
