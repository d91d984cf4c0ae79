"""The push service of the tests: strict about senders, open to browsers, and ill on request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from api.clock import now
from tests.illnesses import Fault
from tests.push_phone import PROTOCOL, BrowserPhone
from tests.push_vapid import vapid_refusal
from workers.practice_phone import Clock, Mailbox, Phone, PracticePushService


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
