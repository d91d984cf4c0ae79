"""The watchdog does what is late, leaves alone what is not, and pings only while all is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from api import clock
from api.database import transaction
from api.lifecycle import notification
from api.lifecycle.device import live_of
from api.models import Notification
from tests.faults.watching import Watch, attacked, watching
from tests.illnesses import hang
from tests.world import World, configure

LONG = timedelta(seconds=1000)
QUARTER = timedelta(seconds=16)


@pytest.fixture
async def calm(small_world):
    async with _calm(small_world) as watch:
        yield watch


@pytest.fixture
async def calm_on_each(world):
    async with _calm(world) as watch:
        yield watch


@pytest.fixture
def mia(calm):
    return calm.world.people["Mia"]


@asynccontextmanager
async def _calm(world: World) -> AsyncIterator[Watch]:
    """A house with somebody to ring; the watchdog has found nothing, as on most days."""
    await (await world.hires("Mia", role="owner")).gets_a_phone()
    async with watching(world) as watch:
        assert await watch.passes(0)
        assert await watch.passes(31)
        yield watch


def test_a_shifted_clock_differs_in_its_block_alone(small_world):
    before = clock.now()
    with clock.shifted(-timedelta(seconds=30)), clock.shifted(timedelta(seconds=10)):
        assert clock.now() == before - timedelta(seconds=20)
    assert clock.now() == before


async def test_what_is_done_in_time_is_left_alone(calm, mia):
    await attacked(mia)
    for _ in range(20):
        assert await calm.passes(2)
    mia.buzzed(1)
    assert await calm.helped() == []


async def test_somebody_new_is_no_trouble(calm):
    """Their evening test is due from the beginning of time on."""
    await calm.world.hires("Ben")
    assert await calm.passes(2)
    assert await calm.helped() == []


@pytest.mark.parametrize("asleep", [["ring"], ["read"], ["read", "ring"]], ids=" and ".join)
async def test_an_alarm_rings_within_a_minute_although_workers_hang(calm_on_each, asleep):
    mia, begun = calm_on_each.world.people["Mia"], calm_on_each.world.at
    await attacked(mia)
    while not mia.phone.shown:
        assert not await calm_on_each.passes(2, *asleep) or calm_on_each.world.at - begun < QUARTER
        assert calm_on_each.world.at - begun < 4 * QUARTER
    mia.shows("Corner Bistro")
    mia.buzzed(1)
    helped = {name.split(":")[0] for name in await calm_on_each.helped()}
    assert helped == set(asleep)


async def test_what_nobody_can_do_is_told_once_and_delays_nothing_else(calm, mia):
    async with transaction() as session:
        [phone] = await live_of(session, mia.user.id)
        about = {"user_id": mia.user.id, "device_id": phone.id, "kind": "test"}
        pigeon = Notification(channel="pigeon", step_key="pigeon", **about)
        await notification.queue(session, pigeon)
    well = [await calm.passes(2) for _ in range(30)]
    assert not all(well)
    assert await calm.helped() == ["ring:deliver"]
    await attacked(mia)
    for _ in range(3):
        await calm.passes(2)
    mia.shows("Corner Bistro")


async def test_a_ping_comes_every_half_minute_while_all_is_well(calm):
    begun = calm.world.at.timestamp()
    for _ in range(60):
        assert await calm.passes(2)
    pings = [at for at in calm.outside.pings if at > begun]
    assert len(pings) == 4
    assert calm.outside.longest_gap() <= 32


@pytest.mark.parametrize("asleep", ["read", "ring"])
async def test_no_ping_comes_when_a_process_has_hung_for_a_quarter_minute(calm, asleep):
    begun = calm.world.at.timestamp()
    for _ in range(20):
        await calm.passes(2, asleep)
    assert calm.outside.pings[-1] <= begun + 16
    assert await calm.passes(2)
    assert calm.outside.silent_for() == 0


async def test_no_ping_comes_while_one_duty_hangs_and_the_others_go_on(calm, mia):
    configure(late_after=timedelta(seconds=0.5), send_timeout=LONG, send_lease=2 * LONG)
    calm.world.push.misbehave(hang, times=None)
    await attacked(mia)
    ringer = calm.processes[1]
    await calm.works("ring")
    async with asyncio.timeout(20):
        while not calm.world.push.log:
            await ringer.sweep()
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.7)
    calm.world.at += timedelta(seconds=16)
    await ringer.sweep()
    assert not await calm.dog.look()
    assert calm.dog._said.startswith("silent: ")
    assert "ring:deliver" in calm.dog._said
    assert "ring:escalate" not in calm.dog._said
    calm.world.push.closing.set()
    await ringer.finish()


async def test_a_ping_that_is_not_heard_is_said_once_and_tried_again_soon(calm, caplog):
    calm.outside.answer = 503
    begun = calm.world.at.timestamp()
    for _ in range(30):
        assert await calm.passes(2)
    tries = [at for at in calm.outside.pings if at > begun]
    assert len(tries) >= 5
    assert caplog.text.count("not reached") == 1
    assert calm.outside.url not in caplog.text
    calm.outside.answer = 200
    await calm.passes(6)
    assert "reached again" in caplog.text


async def test_a_ping_follows_no_redirect(calm):
    calm.outside.answer = 302
    for _ in range(20):
        await calm.passes(2)
    assert calm.outside.elsewhere == 0


async def test_an_address_that_nobody_can_read_is_no_reason_to_stop_working(calm, mia):
    configure(dead_man_url="http://[")
    assert await calm.passes(31)
    await attacked(mia)
    for _ in range(3):
        assert await calm.passes(2)
    mia.buzzed(1)


async def test_without_an_address_nobody_is_pinged(calm):
    configure(dead_man_url="")
    before = len(calm.outside.pings)
    for _ in range(20):
        assert await calm.passes(2)
    assert len(calm.outside.pings) == before
