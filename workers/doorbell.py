"""Listens for the doorbell, for ever: whatever happens to Redis, the next ring is heard."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

from arq.connections import ArqRedis
from arq.worker import Function, Worker
from redis.exceptions import RedisError

from api import queue
from api.settings import settings

_REST_AFTER_REDIS = 1.0
_ASK_AGAIN = 0.2
# Redis answers within milliseconds; a busy disk may hold it up for a second or two.
_CONNECTS_WITHIN, _ANSWERS_WITHIN = 1.0, 5.0
# A Redis that hangs holds up nobody who is to stop.
_LETS_GO_WITHIN = 1.0
_log = logging.getLogger("nightdesk.workers")


async def listen_on(name: str, functions: Sequence[Function]) -> None:
    """Do the jobs of this queue until cancelled: arq ends at any trouble, here it starts again.

    When arq ends it cancels its own jobs and lets that out, as if we had been cancelled; and when
    we are, trouble on its way out hides it. So it is asked whether we were.
    """
    while settings.redis_url and not _is_asked_to_stop():
        try:
            await _listen(name, functions)
        except (OSError, RedisError, TimeoutError, RuntimeError) as error:
            _log.warning("the doorbell is away: %s", type(error).__name__)
        except Exception:  # noqa: BLE001  a deaf worker helps nobody, whatever made it so
            _log.exception("the doorbell failed")
        except asyncio.CancelledError:
            if _is_asked_to_stop():
                raise
            _log.warning("the doorbell is away: its jobs were cut off")
        await asyncio.sleep(_REST_AFTER_REDIS)


def _is_asked_to_stop() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _listen(name: str, functions: Sequence[Function]) -> None:
    async with _line() as pool:
        worker = Worker(
            functions=functions,
            queue_name=name,
            redis_pool=pool,
            job_serializer=queue.serialize,
            job_deserializer=queue.deserialize,
            handle_signals=False,
            poll_delay=0.05,
            max_tries=1,
            health_check_key=f"nightdesk:{name}",
        )
        try:
            await _to_its_end(worker.async_run())
        finally:
            async with asyncio.timeout(_LETS_GO_WITHIN):
                await worker.close()


def _line() -> ArqRedis:
    """To a Redis that is left if it falls silent: its host may be gone without a word."""
    line: ArqRedis = ArqRedis.from_url(
        settings.redis_url,
        encoding="utf8",
        socket_connect_timeout=_CONNECTS_WITHIN,
        socket_timeout=_ANSWERS_WITHIN,
    )
    line.job_serializer, line.job_deserializer = queue.serialize, queue.deserialize
    return line


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Like awaiting it; but it is cancelled until it ends.

    redis-py loses a cancellation now and then where a line has a time-out (5.3: 153 of 400), and
    arq would poll on for ever.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=_ASK_AGAIN)
        if not task.cancelled():
            task.exception()  # Looked at, lest it is logged as never retrieved.
    task.result()
