"""Whoever listens for the doorbell hears the next ring, however Redis went away."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from arq.connections import ArqRedis, create_pool
from arq.worker import Function, func
from redis.exceptions import RedisError

from api import queue
from api.settings import settings
from tests.world import configure
from workers import doorbell, redis_server

DEATHS = 10
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _own_redis():
    before = settings.redis_url
    yield
    configure(redis_url=before)


@pytest.fixture
def start(tmp_path):
    started = []

    def start_in(folder: str) -> redis_server.RedisServer:
        (tmp_path / folder).mkdir(exist_ok=True)
        started.append(redis_server.start(tmp_path / folder, patience=20))
        return started[-1]

    yield start_in
    for server in started:
        if server.process:
            server.process.send_signal(signal.SIGCONT)
        server.stop()


def _adding_to(heard: set[str]) -> Function:
    async def hear(*words: Any, **_: Any) -> None:
        heard.add(words[1])

    return func(hear, name="deliver")


def _path_of(server: redis_server.RedisServer) -> Path:
    return Path(urlsplit(server.url).path)


@asynccontextmanager
async def listening() -> AsyncIterator[set[str]]:
    """Somebody listens; what they have heard."""
    heard: set[str] = set()
    task = asyncio.create_task(doorbell.listen_on("ring", [_adding_to(heard)]))
    try:
        yield heard
        assert not task.done(), "nobody listens any more"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _line() -> ArqRedis:
    return await create_pool(queue.redis_settings(), job_serializer=queue.serialize)


async def is_heard(heard: set[str]) -> None:
    """Ring until one is heard."""
    rung: set[str] = set()
    async with asyncio.timeout(PATIENCE), await _line() as pool:
        while not heard & rung:
            word = str(uuid4())
            rung.add(word)
            await pool.enqueue_job("deliver", word, _queue_name="ring")
            await asyncio.sleep(0.1)


@asynccontextmanager
async def ringing_on() -> AsyncIterator[None]:
    """So much that jobs are always under way; the block ends with the death of Redis."""

    async def ring_on(pool: ArqRedis) -> None:
        with suppress(RedisError, OSError):
            while True:
                await pool.enqueue_job("deliver", str(uuid4()), _queue_name="ring")

    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(await _line()) for _ in range(3)]
        tasks = [asyncio.create_task(ring_on(pool)) for pool in pools]
        yield
        await asyncio.gather(*tasks)


async def test_a_redis_that_dies_with_jobs_in_hand_leaves_nobody_deaf(start):
    server = start("redis")
    configure(redis_url=server.url)
    async with listening() as heard:
        for _ in range(DEATHS):
            await is_heard(heard)
            async with ringing_on():
                await asyncio.sleep(0.3)
                server.process.kill()
                server.process.wait()
            server.stop()
            server = start("redis")
        await is_heard(heard)


async def test_a_redis_that_falls_silent_for_ever_is_left(start):
    """Its line stays open and says nothing, as when its host has lost power."""
    old = start("old")
    configure(redis_url=old.url)
    async with listening() as heard:
        await is_heard(heard)
        old.process.send_signal(signal.SIGSTOP)
        _path_of(old).unlink()
        _path_of(old).symlink_to(_path_of(start("new")))
        await is_heard(heard)


@pytest.mark.parametrize("sign", [signal.SIGCONT, signal.SIGSTOP, signal.SIGKILL])
async def test_whoever_listens_ends_when_asked_to(start, sign):
    """Well, frozen or dead: no Redis holds back a stop."""
    server = start("redis")
    configure(redis_url=server.url)
    heard: set[str] = set()
    task = asyncio.create_task(doorbell.listen_on("ring", [_adding_to(heard)]))
    await is_heard(heard)
    server.process.send_signal(sign)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    assert done
