"""The dead-man's switch: somebody outside expects a ping and raises the alarm when none comes."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from api.settings import settings

_log = logging.getLogger("nightdesk.watchdog")

_PATIENCE = 5.0
_TRIES_PER_PING = 6


@dataclass
class DeadMan:
    """Sends a ping every `dead_man_every` to `dead_man_url`, for as long as it is told to go on.

    `steady` counts seconds and never jumps, whatever happens to the wall clock.
    """

    steady: Callable[[], float] = time.monotonic
    _next_at: float = 0.0
    _heard: bool = True
    _ping: asyncio.Task[None] | None = field(default=None, init=False)

    def go_on(self) -> None:
        """All is well: ping if it is time. It goes beside: a slow outside delays no duty."""
        under_way = self._ping is not None and not self._ping.done()
        if settings.dead_man_url and self.steady() >= self._next_at and not under_way:
            self._ping = asyncio.create_task(self._send())

    async def finish(self) -> None:
        """Wait for a ping that is under way."""
        if self._ping is not None:
            await self._ping

    async def _send(self) -> None:
        """A ping that was not heard is said once, and tried again soon."""
        every = settings.dead_man_every.total_seconds()
        self._next_at = self.steady() + every
        heard = await _is_heard(settings.dead_man_url)
        if not heard:
            self._next_at = self.steady() + every / _TRIES_PER_PING
        if heard != self._heard:
            _log.warning("the dead-man's switch is %s", "reached again" if heard else "not reached")
        self._heard = heard


async def _is_heard(url: str) -> bool:
    """GET it within five seconds; only 2xx counts, and a redirect is not followed.

    The address is a secret of its own and stays out of the log.
    """
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as outside:
            return (await outside.get(url)).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
