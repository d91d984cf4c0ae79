"""A feed server for tests: honest like the practice feed, and able to misbehave."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from workers.practice_feed import SHAPES, PracticeFeed, PracticeReview, application

__all__ = ["FeedServer", "PracticeReview", "feed_server"]

Misbehaviour = Callable[["FeedServer", web.Request], Awaitable[web.StreamResponse]]
WEB_PAGE = "<!DOCTYPE html><html><head><title>Crumb & Co</title></head><body>Hi</body></html>"


class FeedServer:
    """Append to `reviews`, read `requests`, and set `misbehaves` to a word or a status.

    Words: drip, silence, html, truncated, gzip_bomb, ten_megabytes, redirect, moved, empty.
    `redirect` and `moved` lead to `target`.
    """

    def __init__(self) -> None:
        self.feed = PracticeFeed()
        self.requests: list[web.Request] = []
        self.misbehaves: str | int | None = None
        self.headers: dict[str, str] = {}
        self.target = ""
        self.origin = ""

    @property
    def reviews(self) -> list[PracticeReview]:
        return self.feed.reviews

    @property
    def host(self) -> str:
        """As the operator writes it into the list of allowed hosts."""
        return self.origin.removeprefix("http://")

    def url(self, path: str = "/atom") -> str:
        return self.origin + path

    @web.middleware
    async def meet(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        self.requests.append(request)
        if isinstance(self.misbehaves, int):
            return web.Response(status=self.misbehaves, headers=self.headers)
        if self.misbehaves:
            return await MISBEHAVIOURS[self.misbehaves](self, request)
        return await handler(request)


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    server = FeedServer()
    app = application(server.feed)
    app.middlewares.append(server.meet)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()


async def _drip(_server: FeedServer, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)
    except ConnectionError:
        return response


async def _silence(_server: FeedServer, _request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def _html(_server: FeedServer, _request: web.Request) -> web.StreamResponse:
    return web.Response(text=WEB_PAGE, content_type="text/html")


async def _truncated(server: FeedServer, request: web.Request) -> web.StreamResponse:
    shape, content_type = SHAPES[request.path]
    whole = shape(server.feed).encode()
    return web.Response(body=whole[: len(whole) * 2 // 3], content_type=content_type)


async def _gzip_bomb(_server: FeedServer, _request: web.Request) -> web.StreamResponse:
    bomb = gzip.compress(b"<" * 50_000_000)
    return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})


async def _ten_megabytes(_server: FeedServer, _request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"x" * 10_000_000, content_type="application/xml")


async def _redirect(server: FeedServer, _request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": server.target})


async def _moved(server: FeedServer, request: web.Request) -> web.StreamResponse:
    if server.url(request.path) == server.target:
        shape, content_type = SHAPES[request.path]
        return web.Response(body=shape(server.feed).encode(), content_type=content_type)
    return web.Response(status=301, headers={"Location": server.target})


async def _empty(_server: FeedServer, _request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"")


MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "drip": _drip,
    "silence": _silence,
    "html": _html,
    "truncated": _truncated,
    "gzip_bomb": _gzip_bomb,
    "ten_megabytes": _ten_megabytes,
    "redirect": _redirect,
    "moved": _moved,
    "empty": _empty,
}
