"""Nights of usual work without one false alarm: neither outside nor on a phone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.faults.watching import Watch, watching
from tests.world import Person, World

ROUND = timedelta(seconds=30)
HOUR = timedelta(hours=1)
ATTACK_AT, DISMISSED_AT = HOUR * 0.75, HOUR
KIND_EVERY = 5 * HOUR


async def test_no_false_alarm_in_a_compressed_hour(small_world):
    """It holds an evening with its test, a kind review, an attack and its end."""
    await _no_false_alarm(small_world, hours=1.2)


@pytest.mark.faults
@pytest.mark.timeout(3600)
async def test_no_false_alarm_in_72_compressed_hours(small_world, capsys):
    watch = await _no_false_alarm(small_world, hours=72)
    with capsys.disabled():
        gap = watch.outside.longest_gap()
        print(f"\n{len(watch.outside.pings)} pings in 72 h, none later than {gap:.0f} s, 0 missed")


async def _no_false_alarm(world: World, hours: float) -> Watch:
    world.at = world.at.replace(hour=18, minute=30)
    mia = await world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    async with watching(world) as watch:
        begun = world.at
        while world.at < begun + hours * HOUR:
            await _life(world, mia, world.at - begun)
            assert await watch.passes(ROUND.total_seconds()), watch.dog._said
        assert await watch.helped() == []
    _all_pings_came(watch, hours)
    assert set(_shown(mia)) == {"alarm", "arming"}
    assert _shown(mia).count("alarm") == 1
    return watch


def _shown(person: Person) -> list[str]:
    assert person.phone is not None
    return [one.notification["data"]["kind"] for one in person.phone.shown]


async def _life(world: World, mia: Person, passed: timedelta) -> None:
    """What happens in the round that begins now."""
    if passed % KIND_EVERY < ROUND:
        world.writes(5)
    if ATTACK_AT <= passed < ATTACK_AT + 4 * ROUND:
        world.writes(1)
    if passed < DISMISSED_AT and "alarm" in _shown(mia):
        incident = await _incident(mia)
        if incident["escalation"]["state"] in {"ringing", "exhausted"}:
            await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    if DISMISSED_AT <= passed < DISMISSED_AT + ROUND:
        incident = await _incident(mia)
        await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "good_press"})


async def _incident(mia: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await mia.get("/v1/incidents"))["data"][0]
    return found


def _all_pings_came(watch: Watch, hours: float) -> None:
    rounds = watch.outside.longest_gap() / ROUND.total_seconds()
    assert rounds <= 2, "an outside that allows for one late round would have raised the alarm"
    assert len(watch.outside.pings) >= hours * 3600 / ROUND.total_seconds() - 2
