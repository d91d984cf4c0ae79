"""Without a doorbell the sweep alone carries an alarm through, and does not turn in circles."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.database import Reader
from api.models import Escalation, Heartbeat
from tests.faults.watching import attacked
from tests.world import Person, World, configure
from workers import beats
from workers.main import TIMETABLE, Duty, Process


@pytest.fixture
async def mia(small_world: World) -> Person:
    mia = await small_world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    configure(sweep_every=timedelta(hours=1))
    return mia


async def test_an_alarm_rings_within_one_sweep_of_the_reader_and_one_of_the_ringer(mia):
    await attacked(mia)
    async with _sweeping("read"), asyncio.timeout(20):
        while not await mia.world.rows(Escalation):
            await asyncio.sleep(0.02)
    async with _sweeping("ring"):
        await mia.phone.next_message(20)
    mia.shows("Corner Bistro")


async def test_what_stays_due_although_it_was_done_waits_for_the_next_sweep(mia):
    row, done = uuid4(), []

    async def due(_: Reader) -> list[UUID]:
        return [row]

    async def act(row_id: UUID) -> None:
        done.append(row_id)

    async with _sweeping("ring", Duty("again", due, act)):
        await asyncio.sleep(0.5)
    assert done == [row, row]


async def test_every_duty_leaves_a_beat_of_its_own(mia):
    for name in TIMETABLE:
        await Process(name).sweep()
    found = {beat.name for beat in await mia.world.rows(Heartbeat)}
    duties = {
        beats.of_duty(name, duty.name) for name, duties in TIMETABLE.items() for duty in duties
    }
    assert found >= {*TIMETABLE, *duties}


@asynccontextmanager
async def _sweeping(name: str, *duties: Duty) -> AsyncIterator[Process]:
    process = Process(name)
    process._duties = duties or process._duties
    sweeping = asyncio.create_task(process._sweep_on())
    try:
        yield process
    finally:
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        await process.finish()
