"""Alarms need no Redis: emptied, dead, frozen or full, it delays none of them, and comes back."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.asyncio import Redis

from api import queue
from tests.faults.alarms import Alarm, Alarms, alarms_at, flowing
from tests.faults.harm import dead, frozen
from tests.faults.instance import Instance, running
from tests.faults.promises import Promise, at, settle
from tests.push_service import PushService
from workers.redis_server import _socket_path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

PATIENCE = 60.0


@dataclass(frozen=True)
class Lengths:
    """How often it is emptied, and for how many seconds each of the others lasts."""

    flushes: int
    dead: float
    frozen: float
    full: float
    every: float
    seen_to_after: float


SHORT = Lengths(flushes=20, dead=10, frozen=8, full=4, every=0.4, seen_to_after=1)
LONG = Lengths(flushes=100, dead=600, frozen=60, full=60, every=0.5, seen_to_after=20)


async def test_a_redis_that_is_emptied_dead_frozen_or_full_costs_no_alarm(tmp_path, capsys):
    await _costs_no_alarm(tmp_path, SHORT, capsys)


@pytest.mark.faults
@pytest.mark.timeout(3600)
async def test_ten_minutes_without_redis_cost_no_alarm_and_no_time(tmp_path, capsys):
    found = await _costs_no_alarm(tmp_path, LONG, capsys)
    slowest = {name: round(at(99, seconds), 2) for name, seconds in found.items()}
    assert max(slowest.values()) <= 5, slowest


@dataclass
class Doorbell:
    """The Redis of a house, and the trouble that it is put into."""

    house: Instance
    url: str

    async def emptied(self, times: int) -> None:
        async with Redis.from_url(self.url) as redis:
            for _ in range(times):
                await redis.flushall()
                await asyncio.sleep(0.15)

    async def full(self, seconds: float) -> None:
        async with Redis.from_url(self.url) as redis:
            await redis.config_set("maxmemory", 1)
            await asyncio.sleep(seconds)
            await redis.config_set("maxmemory", 0)

    async def without(self, trouble: AbstractContextManager[None], seconds: float) -> None:
        with ExitStack() as stack:
            stack.enter_context(trouble)
            await asyncio.sleep(seconds)

    async def is_heard_again(self) -> None:
        """Both workers take up what is rung for now: the sweep knows nothing of these jobs.

        Others may stay: what a worker had in hand when Redis went is kept for it for a minute.
        """
        settings = RedisSettings.from_dsn(self.url)
        settings.conn_retries = 100
        pool = await create_pool(settings, job_serializer=queue.serialize)
        async with asyncio.timeout(PATIENCE), pool:
            for name, job in (("ring", "deliver"), ("read", "poll")):
                await _is_taken_up(pool, name, job)


async def _is_taken_up(pool: ArqRedis, name: str, job: str) -> None:
    """Ring until one of the jobs is done."""
    rung: list[str] = []
    while all([await pool.zscore(name, one) is not None for one in rung]):
        made = await pool.enqueue_job(job, str(uuid4()), _queue_name=name)
        assert made
        rung.append(made.job_id)
        await asyncio.sleep(0.2)


async def _costs_no_alarm(
    folder: Path, lengths: Lengths, capsys: pytest.CaptureFixture[str]
) -> dict[str, list[float]]:
    """Seconds from acknowledged to buzzed, in each trouble."""
    async with PushService() as push:
        hosts = f'["{push.origin.removeprefix("http://")}"]'
        with running(folder, NIGHTDESK_PUSH_HOSTS=hosts) as house:
            async with alarms_at(house.environment, push, lengths.seen_to_after) as alarms:
                found = await _through_all_trouble(house, alarms, lengths)
                promises = [
                    Promise("alarms lost", alarms.lost(), 0),
                    Promise("second buzzes at the phone", alarms.second_buzzes(), 0),
                    Promise("transport repeats", alarms.repeats(), 0),
                ]
    lines = [_told(name, seconds) for name, seconds in found.items()]
    settle(capsys, "\n".join(lines), promises)
    return found


async def _through_all_trouble(
    house: Instance, alarms: Alarms, lengths: Lengths
) -> dict[str, list[float]]:
    bell = Doorbell(house, f"unix://{_socket_path(house.folder / 'redis')}?db=0")
    troubles: dict[str, Callable[[], Awaitable[None]]] = {
        "well": lambda: asyncio.sleep(lengths.full),
        "emptied": lambda: bell.emptied(lengths.flushes),
        "dead": lambda: bell.without(dead(house, "Redis"), lengths.dead),
        "frozen": lambda: bell.without(frozen(house, "Redis"), lengths.frozen),
        "full": lambda: bell.full(lengths.full),
    }
    troubled = lengths.dead + lengths.frozen + 2 * lengths.full + 0.2 * lengths.flushes
    seconds = troubled + len(troubles) * PATIENCE
    await alarms.make_clients(int(seconds / lengths.every))
    met: dict[str, Sequence[Alarm]] = {}
    async with flowing(alarms, lengths.every, PATIENCE):
        for name, trouble in troubles.items():
            before = len(alarms.begun)
            await trouble()
            met[name] = alarms.begun[before:]
            await bell.is_heard_again()
    return {name: [one.seconds for one in begun if one.rang] for name, begun in met.items()}


def _told(name: str, seconds: Sequence[float]) -> str:
    return (
        f"Redis {name}: {len(seconds)} alarms, acknowledged to buzzed "
        f"p50 {at(50, seconds):.2f} s, p99 {at(99, seconds):.2f} s"
    )
