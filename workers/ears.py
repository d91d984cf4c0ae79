"""What is listened to: Bluesky's stream, Mastodon's streams, mailboxes.

An ear listens until it breaks, and tells of sources that should be looked at; it reads nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import aiohttp

from api.addresses import guarded_client
from api.clock import now
from api.items.item import SourceTrouble
from api.settings import settings
from workers.places import calls
from workers.platforms import jetstream, mastodon, mastodon_stream
from workers.platforms.calls import Calls, status_trouble
from workers.platforms.connector import Place
from workers.platforms.mail_idle import idle
from workers.platforms.mastodon_http import signed

# Mastodon says something every 15 s, Jetstream far more often: silence is a broken line.
SILENCE = timedelta(seconds=60)
LONGEST_LINE = timedelta(days=1)
# After a longer break what was missed has been read already, and hours of it would only cost.
LONGEST_GAP = timedelta(minutes=5)
MOST_BYTES = 1_000_000_000

Hear = Callable[[UUID, str], None]


class Ear(Protocol):
    """Something to listen to. `listen` returns or raises when it has to be begun anew."""

    async def listen(self, hear: Hear) -> None: ...


@dataclass
class Jetstream:
    """One connection for all sources that search Bluesky; `searches` may change meanwhile."""

    searches: Mapping[UUID, jetstream.Search] = field(default_factory=dict)
    last_us: int | None = None

    async def listen(self, hear: Hear) -> None:
        url = jetstream.address(settings.jetstream_url, self._since())
        seconds = SILENCE.total_seconds()
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(url, max_msg_size=jetstream.LONGEST_FRAME) as line,
        ):
            while True:
                message = await line.receive(timeout=seconds)
                if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    return
                self._take(message.data, hear)

    def _since(self) -> int | None:
        """The last event, while it is worth going on from there."""
        gap = now().timestamp() - (self.last_us or 0) / 1_000_000
        return self.last_us if gap < LONGEST_GAP.total_seconds() else None

    def _take(self, raw: str | bytes, hear: Hear) -> None:
        frame = jetstream.frame(raw)
        if frame is None:
            return
        self.last_us = frame.time_us
        for source_id, search in self.searches.items():
            if search.meets(frame):
                hear(source_id, f"jetstream:{frame.name}")


@dataclass(frozen=True)
class Mastodon:
    """One stream of one account, for every source that uses it."""

    place: Place
    path: str
    sources: frozenset[UUID]

    async def listen(self, hear: Hear) -> None:
        async with calls(mastodon.judge) as out:
            url = await mastodon_stream.home(out, self.place)
        async with (
            guarded_client(
                allowed=settings.allowed_addresses,
                instead=settings.vendor_addresses,
                timeout=SILENCE.total_seconds(),
                total_seconds=LONGEST_LINE.total_seconds(),
                max_bytes=MOST_BYTES,
            ) as outside,
            outside.stream("GET", f"{url}/{self.path}", headers=signed(self.place)) as answer,
        ):
            if answer.status_code != 200:
                detail = f"The stream answered {answer.status_code}."
                refused = answer.status_code in (401, 403, 404)
                raise SourceTrouble("permission" if refused else "transient", detail)
            async for name in mastodon_stream.events(answer.aiter_bytes()):
                for source_id in self.sources:
                    hear(source_id, f"stream:{name}")


def _way_out() -> AbstractAsyncContextManager[Calls]:
    return calls(status_trouble)


@dataclass
class Mailbox:
    """One mailbox that waits for mail (IMAP IDLE)."""

    place: Place
    source_id: UUID
    next_uid: int = 0
    way_out: Callable[[], AbstractAsyncContextManager[Calls]] = _way_out

    async def listen(self, hear: Hear) -> None:
        stop = asyncio.Event()
        try:
            while True:
                async with self.way_out() as out:
                    heard = await idle(out, self.place, stop, next_uid=self.next_uid)
                self.next_uid = heard.next_uid
                if heard.came:
                    hear(self.source_id, f"mail:{heard.next_uid}")
        finally:
            stop.set()
