"""The push service of the tests: strict about senders, open to browsers, and ill on request."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from api.clock import now
from tests.push_phone import PROTOCOL, BrowserPhone
from tests.push_vapid import vapid_refusal
from workers.practice_phone import Clock, Mailbox, Phone, PracticePushService

Fault = Callable[["PushService", web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Post:
    """One POST to an endpoint; `status` stays None while, or because, nobody was answered."""

    at: datetime
    endpoint: str
    headers: Mapping[str, str]
    length: int
    status: int | None = None


@dataclass
class Illness:
    """A fault, for how many requests (None: for good), for whom, and whether it delivers."""

    fault: Fault
    left: int | None
    only: str | None
    delivers: bool

    def strikes(self, endpoint: str) -> bool:
        if self.left == 0 or self.only not in {None, endpoint}:
            return False
        self.left = None if self.left is None else self.left - 1
        return True


class PushService(PracticePushService):
    """`async with PushService() as service`: RFC 8030 with VAPID, phones, browsers and faults."""

    def __init__(self, clock: Clock = now) -> None:
        super().__init__(clock)
        self.log: list[Post] = []
        self.browsers: dict[str, BrowserPhone] = {}
        self.closing = asyncio.Event()
        self._illnesses: list[Illness] = []
        self._browsers_welcome = True

    async def __aexit__(self, *failure: object) -> None:
        self.closing.set()
        await self.send_browsers_away()
        await super().__aexit__(*failure)

    @property
    def websocket_url(self) -> str:
        """What Firefox is given as dom.push.serverURL."""
        return self.origin.replace("http", "ws", 1) + "/"

    def misbehave(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        only: str | None = None,
        delivers: bool = False,
    ) -> None:
        """Commit `fault` for the next `times` posts (None: until `behave`), to one endpoint or all.

        With `delivers` the phone gets the message although its sender is told otherwise.
        """
        self._illnesses.append(Illness(fault, times, only, delivers))

    def behave(self) -> None:
        self._illnesses.clear()

    def forget(self, phone: Phone) -> None:
        """From now on the phone's endpoint answers 404."""
        del self.mailboxes[phone.mailbox.token]

    async def send_browsers_away(self) -> None:
        """Hang up on every browser and let none back in."""
        self._browsers_welcome = False
        for browser in self.browsers.values():
            await browser.hang_up()

    def let_browsers_back(self) -> None:
        self._browsers_welcome = True

    def build(self) -> web.Application:
        application = super().build()
        application.router.add_get("/", self._connect)
        return application

    def refusal(self, request: web.Request, mailbox: Mailbox) -> web.Response | None:
        sender = request.headers.get("Authorization")
        return vapid_refusal(sender, self.origin, mailbox.sender_key, self.clock())

    async def receive(self, request: web.Request) -> web.StreamResponse:
        endpoint = f"{self.origin}{request.path}"
        post = Post(self.clock(), endpoint, request.headers, request.content_length or 0)
        self.log.append(post)
        answer = await self._answer(request, endpoint)
        if request.transport is not None and not request.transport.is_closing():
            post.status = answer.status
        return answer

    async def _answer(self, request: web.Request, endpoint: str) -> web.StreamResponse:
        for illness in self._illnesses:
            if illness.strikes(endpoint):
                if illness.delivers:
                    await super().receive(request)
                return await illness.fault(self, request)
        return await super().receive(request)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if not self._browsers_welcome:
            return web.Response(status=503)
        line = web.WebSocketResponse(protocols=(PROTOCOL,))
        await line.prepare(request)
        hello = await line.receive_json()
        browser = self.browsers.get(hello.get("uaid", "")) or BrowserPhone(self.open_mailbox)
        self.browsers[browser.uaid] = browser
        await browser.converse(line, self.clock())
        return line


def reply(status: int, headers: Mapping[str, str] | None = None, text: str = "") -> Fault:
    """Answer with this status and these headers, Retry-After for one."""

    async def fault(_: PushService, __: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, text=text)

    return fault


def redirect(to: str, status: int = 307) -> Fault:
    """Send the sender elsewhere; a sender that goes there can be led anywhere."""
    return reply(status, {"Location": to})


async def hang(service: PushService, _: web.Request) -> web.StreamResponse:
    """Take the request and say nothing until the service closes."""
    await service.closing.wait()
    return web.Response(status=503)


async def reset(_: PushService, request: web.Request) -> web.StreamResponse:
    """Break the connection so that the sender sees a TCP reset."""
    transport = request.transport
    if transport is not None:
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=503)


async def drip(service: PushService, request: web.Request) -> web.StreamResponse:
    """Begin a 201 at once, then send one octet of body every tenth of a second, without end."""
    answer = web.StreamResponse(status=201)
    await answer.prepare(request)
    while not service.closing.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(service.closing.wait(), 0.1)
        await answer.write(b".")
    return answer
