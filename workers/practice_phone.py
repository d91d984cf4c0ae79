"""A phone that exists only in memory, and the push service through which it is reached."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, Self
from urllib.parse import urljoin

import aiohttp
import http_ece
from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Clock = Callable[[], datetime]
Headers = Mapping[str, str]
ReceiptSender = Callable[[str, dict[str, Any]], Awaitable[int]]

LARGEST_BODY = 4096  # octets every push service takes (RFC 8030 section 7.2)
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class Envelope:
    """One encrypted message as the service keeps it: `at` in UTC, `ttl` in seconds."""

    id: str
    at: datetime
    topic: str | None
    urgency: str
    ttl: int
    body: bytes

    def expired(self, now: datetime) -> bool:
        return now >= self.at + timedelta(seconds=self.ttl)


@dataclass(frozen=True)
class Message:
    """One message as the phone read it: `at` in UTC, `ttl` in seconds."""

    at: datetime
    topic: str | None
    urgency: str
    ttl: int
    payload: dict[str, Any]
    id: str

    @property
    def notification(self) -> dict[str, Any]:
        return mapping(self.payload.get("notification"))


class Device(Protocol):
    """Whatever the push service can hand an envelope to; it calls `mailbox.settle` when it did."""

    @property
    def online(self) -> bool: ...

    async def take(self, mailbox: Mailbox, envelope: Envelope) -> None: ...


@dataclass
class Mailbox:
    """One subscription and the envelopes that have not reached its device."""

    device: Device
    sender_key: bytes | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    subscribed: bool = True
    waiting: dict[str, Envelope] = field(default_factory=dict)

    async def put(self, envelope: Envelope) -> None:
        """Keep the envelope in place of an undelivered one of its topic (RFC 8030 section 5.4)."""
        if envelope.topic is not None:
            for twin in [old for old in self.waiting.values() if old.topic == envelope.topic]:
                self.settle(twin.id)
        self.waiting[envelope.id] = envelope
        if self.device.online:
            await self.device.take(self, envelope)

    async def hand_over(self, now: datetime) -> None:
        """Give a device that came back what is still fresh; drop the rest (section 5.2)."""
        for envelope in list(self.waiting.values()):
            if envelope.expired(now):
                self.settle(envelope.id)
            else:
                await self.device.take(self, envelope)

    def settle(self, envelope_id: str) -> None:
        self.waiting.pop(envelope_id, None)


class Phone:
    """Reads what it is sent, shows it as a screen would, and returns receipts if told to.

    `received` holds every readable message, `shown` those that buzzed, `unreadable` the rest.
    `receipts` holds the HTTP status of every receipt returned, None where nobody answered.
    """

    def __init__(self, clock: Clock, send_receipt: ReceiptSender, home: str = "") -> None:
        self.endpoint = ""
        self.online = True
        self.sends_receipts = True
        self.send_receipt = send_receipt
        self.received: list[Message] = []
        self.shown: list[Message] = []
        self.unreadable: list[Envelope] = []
        self.receipts: list[int | None] = []
        self.mailbox = Mailbox(self)
        self._clock = clock
        self._home = home
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = secrets.token_bytes(16)
        self._unread: asyncio.Queue[Message] = asyncio.Queue()
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def p256dh(self) -> str:
        public = self._key.public_key()
        return unpadded(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        return unpadded(self._secret)

    @property
    def subscription(self) -> dict[str, Any]:
        """The same object a browser's PushSubscription.toJSON() gives."""
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    async def next_message(self, timeout: float = 5.0) -> Message:
        """The oldest message not asked for yet; TimeoutError after `timeout` seconds."""
        return await asyncio.wait_for(self._unread.get(), timeout)

    async def switch_off(self) -> None:
        self.online = False

    async def switch_on(self) -> None:
        self.online = True
        await self.mailbox.hand_over(self._clock())

    async def unsubscribe(self) -> None:
        """From now on the endpoint answers 410."""
        self.mailbox.subscribed = False
        self.mailbox.waiting.clear()

    async def take(self, mailbox: Mailbox, envelope: Envelope) -> None:
        mailbox.settle(envelope.id)
        payload = self._read(envelope.body)
        if payload is None:
            self.unreadable.append(envelope)
            return
        fresh = Message(
            self._clock(), envelope.topic, envelope.urgency, envelope.ttl, payload, envelope.id
        )
        self._show(fresh)
        self.received.append(fresh)
        self._unread.put_nowait(fresh)
        self._start_receipt(fresh)

    async def receipts_settled(self) -> None:
        """Return when every receipt begun so far was answered or given up."""
        await asyncio.gather(*self._errands)

    def _read(self, body: bytes) -> dict[str, Any] | None:
        try:
            text = http_ece.decrypt(body, private_key=self._key, auth_secret=self._secret)
            payload = json.loads(text)
        except (http_ece.ECEException, InvalidTag, ValueError):
            return None
        return payload if isinstance(payload, dict) else None

    def _show(self, fresh: Message) -> None:
        notification = fresh.notification
        tag = notification.get("tag")
        on_screen = tag and any(old.notification.get("tag") == tag for old in self.shown)
        if not on_screen or notification.get("renotify"):
            self.shown.append(fresh)

    def _start_receipt(self, fresh: Message) -> None:
        data = mapping(fresh.notification.get("data"))
        if self.sends_receipts and "receipt_url" in data:
            url = urljoin(self._home, data["receipt_url"])
            errand = asyncio.create_task(self._return_receipt(url, data.get("receipt")))
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)

    async def _return_receipt(self, url: str, receipt: object) -> None:
        try:
            self.receipts.append(await self.send_receipt(url, {"receipt": receipt}))
        except (OSError, TimeoutError, aiohttp.ClientError):
            self.receipts.append(None)


class PracticePushService:
    """A push service on 127.0.0.1 (RFC 8030) for as long as the `async with` lasts."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.origin = ""
        self.mailboxes: dict[str, Mailbox] = {}
        self.phones: list[Phone] = []

    async def __aenter__(self) -> Self:
        await self.open(self.build())
        return self

    async def open(self, application: web.Application, port: int = 0) -> None:
        """Serve an application that holds our routes; port 0 takes any free one."""
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *failure: object) -> None:
        async with self._client:
            await self._runner.cleanup()
            await asyncio.gather(*(phone.receipts_settled() for phone in self.phones))

    def build(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/push/{token}", self.receive)
        return application

    async def phone(self, home: str = "") -> Phone:
        """A new subscribed phone; `home` is where its relative receipt addresses start."""
        fresh = Phone(self.clock, self._post_receipt, home)
        fresh.endpoint = self.open_mailbox(fresh.mailbox)
        self.phones.append(fresh)
        return fresh

    def open_mailbox(self, mailbox: Mailbox) -> str:
        """Make the mailbox reachable and return its endpoint."""
        self.mailboxes[mailbox.token] = mailbox
        return f"{self.origin}/push/{mailbox.token}"

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Answer one POST to an endpoint as RFC 8030 section 5 says."""
        body = await request.read()
        mailbox = self.mailboxes.get(request.match_info["token"])
        if mailbox is None:
            return web.Response(status=404, text="no such subscription")
        if not mailbox.subscribed:
            return web.Response(status=410, text="unsubscribed")
        no = self.refusal(request, mailbox) or mistake_in(request.headers, body)
        return no or await self._accept(request.headers, mailbox, body)

    def refusal(self, request: web.Request, mailbox: Mailbox) -> web.Response | None:
        """Why this sender may not write to this mailbox; a practice asks nobody for a name."""
        del request, mailbox
        return None

    async def _accept(self, sent: Headers, mailbox: Mailbox, body: bytes) -> web.Response:
        topic, urgency = sent.get("Topic"), sent.get("Urgency", "normal")
        name, ttl = secrets.token_urlsafe(12), int(sent["TTL"])
        envelope = Envelope(name, self.clock(), topic, urgency, ttl, body)
        await mailbox.put(envelope)
        place = f"{self.origin}/message/{envelope.id}"
        return web.Response(status=201, headers={"Location": place, "TTL": str(envelope.ttl)})

    async def _post_receipt(self, url: str, receipt: dict[str, Any]) -> int:
        async with self._client.post(url, json=receipt) as answer:
            return answer.status


def mistake_in(headers: Headers, body: bytes) -> web.Response | None:
    """The refusal a message earns by its form alone (RFC 8030 section 5, RFC 8291 section 4)."""
    if not re.fullmatch(r"[0-9]{1,10}", headers.get("TTL", "")):
        return web.Response(status=400, text="TTL missing or not a number of seconds")
    if headers.get("Urgency", "normal") not in URGENCIES:
        return web.Response(status=400, text="Urgency unknown")
    if not TOPIC.fullmatch(headers.get("Topic", "none")):
        return web.Response(status=400, text="Topic not 1 to 32 base64url characters")
    if headers.get("Content-Encoding") != "aes128gcm":
        return web.Response(status=400, text="Content-Encoding not aes128gcm")
    if len(body) > LARGEST_BODY:
        return web.Response(status=413, text="over 4096 octets")
    return None


def mapping(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def unpadded(octets: bytes) -> str:
    """Base64url without padding, the form keys have in a subscription (RFC 8291 section 4)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
