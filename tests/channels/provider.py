"""A provider on 127.0.0.1: it keeps every request, and it is ill on request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp import web

from api.clock import now
from tests.illnesses import Fault, Service
from workers.practice_phone import Clock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
WayBack = Callable[[str, str, bytes, Mapping[str, str]], Awaitable[tuple[int, str]]]


@dataclass
class Illness:
    """A fault, for how many requests (None: for good), for which, and whether it takes effect."""

    fault: Fault
    left: int | None
    path: str
    method: str | None
    delivers: bool

    def strikes(self, request: web.Request) -> bool:
        other = self.method not in {None, request.method} or self.path not in request.path
        if self.left == 0 or other:
            return False
        self.left = None if self.left is None else self.left - 1
        return True


class Provider:
    """`async with`: an HTTP service as a provider runs it; `log` holds every request.

    `way_back` is how it reaches us: method, address, body and headers in, status and text out.
    """

    def __init__(self, clock: Clock = now, way_back: WayBack | None = None) -> None:
        self.clock = clock
        self.way_back: WayBack = way_back or self._over_http
        self.origin = ""
        self.log: list[web.Request] = []
        self.closing = asyncio.Event()
        self._illnesses: list[Illness] = []

    async def __aenter__(self) -> Self:
        application = web.Application(middlewares=[self._meet])
        self.build(application.router)
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self.closing.set()
        async with self._client:
            await self._runner.cleanup()

    def build(self, router: web.UrlDispatcher) -> None:
        """Add the routes of this provider."""

    def misbehave(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        path: str = "",
        method: str | None = None,
        delivers: bool = False,
    ) -> None:
        """Commit `fault` for the next `times` requests (None: until `behave`), to all or some.

        With `delivers` the request takes effect although its sender is told otherwise.
        """
        self._illnesses.append(Illness(fault, times, path, method, delivers))

    def behave(self) -> None:
        self._illnesses.clear()

    @web.middleware
    async def _meet(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await request.read()
        self.log.append(request)
        for illness in self._illnesses:
            if illness.strikes(request):
                if illness.delivers:
                    await handler(request)
                return await illness.fault(self, request)
        return await handler(request)

    async def _over_http(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        async with self._client.request(method, url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()


async def login_page(_: Service, __: web.Request) -> web.StreamResponse:
    """A proxy in between answers 200 with a page of its own."""
    return web.Response(text="<!doctype html><title>Log in</title>", content_type="text/html")


async def deep_json(_: Service, __: web.Request) -> web.StreamResponse:
    return web.Response(text="[" * 200_000, content_type="application/json")


async def endless_json(_: Service, __: web.Request) -> web.StreamResponse:
    text = '{"sid": "CA1", "id": "x", "status": 1, "x": "' + "x" * 2_000_000 + '"}'
    return web.Response(text=text, content_type="application/json")
