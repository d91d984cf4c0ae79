"""Whatever receipts and people do, the right person is woken in time and nobody after an answer."""

import os
from datetime import timedelta

import pytest

from tests.faults.nights import LASTS, STEP, House, Night, clock_change, scripts
from tests.routes.places import a_rota
from tests.stories.outside import Outside, outside_of
from tests.world import World, configure

SHORT = 12
NEXT_CHANNEL, CALL, BACKUP = (timedelta(seconds=one) for one in (45, 150, 330))
SHOWN_IN_TIME = timedelta(seconds=30)


@pytest.fixture
async def outside(small_world: World):
    async with outside_of(small_world) as found:
        yield found


@pytest.fixture
async def house(small_world: World, outside: Outside) -> House:
    configure(signed_in_for=timedelta(days=366 * 600))
    mia = await small_world.hires("Mia", role="owner")
    ben = await small_world.hires("Ben")
    for person in (mia, ben):
        await person.gets_a_phone()
    for channel in ("sms", "voice"):
        await outside.reaches(mia, channel)
    await a_rota(mia, mia)
    return House(small_world, outside, mia, ben)


async def test_a_few_nights(house):
    await _live_through(house, seed=5, count=SHORT)


@pytest.mark.faults
@pytest.mark.timeout(7200)
async def test_a_thousand_nights(house, capsys):
    count, seed = int(os.environ.get("NIGHTS", "1000")), int(os.environ.get("SEED", "1"))
    nights = await _live_through(house, seed=seed, count=count)
    with capsys.disabled():
        print(f"\n{count} nights, seed {seed}, every second one a night in which clocks change")
        for way, found in (("text", 45), ("call", 150), ("backup", 330)):
            rung = [one.first(way) for one in nights]
            latest = max((one.total_seconds() for one in rung if one), default=0.0)
            print(f"{way}: in {sum(one is not None for one in rung)} nights, "
                  f"latest after {latest:.0f} s of {found}")  # fmt: skip


async def _live_through(house: House, *, seed: int, count: int) -> list[Night]:
    found = []
    for number, script in enumerate(scripts(seed, count)):
        night = await house.live_through(script, clock_change(number))
        promise = _broken(night)
        assert promise is None, f"night {number} of seed {seed}: {promise}: {night}"
        found.append(night)
    return found


def _broken(night: Night) -> str | None:
    """The promise that this night broke; None when it kept all of them."""
    until = night.answered_at if night.answered_at is not None else LASTS
    if night.first("push") != timedelta() and until > timedelta():
        return "the first push left at once"
    unseen = night.shown_at is None or night.shown_at > SHOWN_IN_TIME
    if unseen and _late(night, "text", NEXT_CHANNEL, until):
        return "another channel within 45 s of a missing receipt"
    if _late(night, "call", CALL, until):
        return "a call within 150 s"
    if _late(night, "backup", BACKUP, until):
        return "the second person within 330 s"
    if night.answered_at is not None and any(at > night.answered_at for at, _ in night.rung):
        return "nobody is rung after an answer"
    return None


def _late(night: Night, way: str, bound: timedelta, until: timedelta) -> bool:
    rung = night.first(way)
    return until > bound + STEP and (rung is None or rung > bound)
