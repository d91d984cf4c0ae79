"""Jobs by name, sent once the ledger is written: a doorbell, never the truth.

Every duty is a row that a sweep would find a second later. So sending is best effort: it may take
200 ms, and a Redis that is away is left alone for a second.
"""

import asyncio
import json
import logging
from functools import cache
from typing import Any
from uuid import UUID

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from api.settings import settings

PROCESS_OF = {
    "poll": "read",
    "take_in": "read",
    "detect": "read",
    "connect": "read",
    "escalate": "ring",
    "deliver": "ring",
    "carry_out": "ring",
    "tell_owner": "ring",
}
_PATIENCE = 0.2
_REST_SECONDS = 1.0
_log = logging.getLogger(__name__)

Job = tuple[str, str]


def after_commit(session: Any, job: str, row_id: UUID) -> None:
    """Ring for a job once this session's transaction is written; forgotten on rollback."""
    session.info.setdefault("jobs", []).append((job, str(row_id)))


def buffered(info: dict[Any, Any]) -> list[Job]:
    """Take the jobs out of a session's notes, each once."""
    return list(dict.fromkeys(info.pop("jobs", [])))


def serialize(value: dict[str, Any]) -> bytes:
    """JSON, because unpickling a job would run whatever somebody wrote into Redis."""
    return json.dumps(value, default=str).encode()


def deserialize(value: bytes) -> dict[str, Any]:
    """The other way."""
    found: dict[str, Any] = json.loads(value)
    return found


def redis_settings() -> RedisSettings:
    """How to reach Redis, with short patience."""
    found = RedisSettings.from_dsn(settings.redis_url)
    found.conn_timeout = 1
    found.conn_retries = 0
    return found


class _Bell:
    def __init__(self) -> None:
        self._pool: ArqRedis | None = None
        self._rests_until = 0.0

    async def ring(self, jobs: list[Job]) -> None:
        if self._pool is None:
            self._pool = await create_pool(
                redis_settings(), job_serializer=serialize, job_deserializer=deserialize
            )
        for name, row_id in jobs:
            await self._pool.enqueue_job(name, row_id, _queue_name=PROCESS_OF[name])

    async def try_to_ring(self, jobs: list[Job]) -> None:
        loop = asyncio.get_running_loop()
        if not settings.redis_url or loop.time() < self._rests_until:
            return
        try:
            await asyncio.wait_for(self.ring(jobs), _PATIENCE)
        except (TimeoutError, OSError, RedisError) as error:
            self._rests_until = loop.time() + _REST_SECONDS
            _log.warning("doorbell unreachable, the sweep will find it: %s", type(error).__name__)

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None


@cache
def bell() -> _Bell:
    """The doorbell of this process."""
    return _Bell()


async def send(jobs: list[Job]) -> None:
    """Ring now, best effort."""
    if jobs:
        await bell().try_to_ring(jobs)


async def reachable() -> bool:
    """Whether Redis answers; asked by the readiness check."""
    try:
        pool = await asyncio.wait_for(create_pool(redis_settings()), 1)
        await pool.aclose()
    except (TimeoutError, OSError, RedisError):
        return False
    return True
