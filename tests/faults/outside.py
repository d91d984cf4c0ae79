"""Whoever waits outside for the pings of a Nightdesk, and keeps when each of them came."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from aiohttp import web


@dataclass
class Outside:
    """A dead-man's switch at `url`; `answer` is what it says to a ping."""

    clock: Callable[[], float] = time.monotonic
    url: str = ""
    answer: int = 200
    pings: list[float] = field(default_factory=list)
    elsewhere: int = 0

    async def receive(self, _: web.Request) -> web.Response:
        self.pings.append(self.clock())
        return web.Response(status=self.answer, headers={"Location": "/elsewhere"})

    async def receive_elsewhere(self, _: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()

    def silent_for(self) -> float:
        """Seconds since the last ping."""
        return self.clock() - self.pings[-1]

    def longest_gap(self) -> float:
        return max(later - earlier for earlier, later in pairwise(self.pings))


@asynccontextmanager
async def outside_open(clock: Callable[[], float] = time.monotonic) -> AsyncIterator[Outside]:
    outside, application = Outside(clock), web.Application()
    application.router.add_get("/ping", outside.receive)
    application.router.add_get("/elsewhere", outside.receive_elsewhere)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        outside.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping"
        yield outside
    finally:
        await runner.cleanup()
