"""Listens where platforms tell of their own accord, and asks for a reading of what was told of.

A process of its own: what hangs here delays no reading, and what is missed here is read a few
minutes later all the same.
"""

import asyncio
import logging
import random
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import httpx
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from api import database, queue
from api.clock import now
from api.database import Reader, reading, transaction
from api.items.item import SourceTrouble
from api.lifecycle import account as accounts
from api.lifecycle import hint
from api.lifecycle.source import LOOKED_AFTER
from api.models import Account, Source
from api.settings import settings
from workers import beats
from workers.ears import Ear, Jetstream, Mailbox, Mastodon
from workers.platforms import jetstream, mastodon_stream
from workers.platforms.connector import Place
from workers.platforms.given import given

NAME = "listen"
# A new source is listened to within this; a word is passed on at once, and again only after a
# rest, so that a flood of posts asks for six readings a minute and not for six hundred.
LOOK_EVERY = timedelta(seconds=5)
REST = timedelta(seconds=10)
FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER = 1.0, 300.0, 60.0
# Every mailbox takes a thread while it waits.
MOST_THREADS = 200
NO_USE_TO_HURRY = ("auth_expired", "permission", "gone", "policy_blocked", "unavailable_capability")
KINDS = ("bluesky", "mastodon", "mail")
TROUBLE = (SourceTrouble, aiohttp.ClientError, httpx.HTTPError, OSError, TimeoutError, ValueError)

_log = logging.getLogger("nightdesk.listen")


@dataclass
class Listener:
    """Holds every line that is wanted, begins broken ones anew, and passes on what is heard."""

    _lines: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _jetstream: Jetstream = field(default_factory=Jetstream)
    _heard: dict[UUID, str] = field(default_factory=dict)
    _passed_on: dict[UUID, float] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until SIGTERM."""
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(MOST_THREADS, "listen"))
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stop.set)
        parts = [asyncio.create_task(one) for one in (self.look_on(), self.pass_on(), stop.wait())]
        # A part that ends by itself ends the process, which is then started again.
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        await _end(parts)
        await self.finish()
        await queue.bell().close()
        await database.close()

    async def finish(self) -> None:
        """Hang up everywhere."""
        await _end(list(self._lines.values()))
        self._lines.clear()

    async def look_on(self) -> None:
        """Look again and again which lines are wanted; the beat is left by work done."""
        while True:
            try:
                await self.look()
                await beats.leave(NAME)
            except (SQLAlchemyError, OSError):
                _log.exception("nobody knows what to listen to")
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def look(self) -> None:
        """Begin what is wanted, end what is not any more."""
        async with reading() as session:
            wanted = await self._wanted(session)
        unwanted = [self._lines.pop(name) for name in [*self._lines] if name not in wanted]
        await _end(unwanted)
        for name, ear in wanted.items():
            if name not in self._lines or self._lines[name].done():
                self._lines[name] = asyncio.create_task(self._hold(name, ear))

    async def _wanted(self, session: Reader) -> dict[str, Ear]:
        """The lines by name; a name changes with the account and with the sources that use it."""
        found = await session.exec(
            select(Source, Account)
            .join(Account, col(Source.account_id) == col(Account.id))
            .where(
                col(Source.kind).in_(KINDS),
                col(Source.removed_at).is_(None),
                col(Source.client_id).in_(LOOKED_AFTER),
                col(Account.removed_at).is_(None),
            )
            .order_by(col(Source.id))
        )
        rows = [(source, account, _place(source, account)) for source, account in found]
        ears: dict[str, Ear] = {}
        self._jetstream.searches = _searches(rows)
        if settings.jetstream_url and self._jetstream.searches:
            ears["jetstream"] = self._jetstream
        for source, account, place in rows:
            if source.kind == "mail":
                name = f"mail:{source.id}:{source.version}:{account.version}"
                ears[name] = Mailbox(place, source.id)
        return ears | _streams(rows)

    async def _hold(self, name: str, ear: Ear) -> None:
        """Listen for ever; ever more patiently while it breaks at once."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            began = loop.time()
            try:
                await ear.listen(self.hear)
            except TROUBLE as trouble:
                _log.warning("%s broke: %s", name.partition(":")[0], type(trouble).__name__)
                if isinstance(trouble, SourceTrouble) and trouble.health in NO_USE_TO_HURRY:
                    pause = LONGEST_PAUSE
            if loop.time() - began > STEADY_AFTER:
                pause = FIRST_PAUSE
            jitter = random.uniform(0.5, 1.5)  # noqa: S311  spreading load, not hiding anything
            await asyncio.sleep(pause * jitter)
            pause = min(pause * 2, LONGEST_PAUSE)

    def hear(self, source_id: UUID, delivery: str) -> None:
        """Something was told of a source; of several the last is remembered."""
        self._heard[source_id] = delivery
        self._news.set()

    async def pass_on(self) -> None:
        """Ask for readings; a word that came during a rest is passed on after it."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._until_rested()):
                    await self._news.wait()
            self._news.clear()
            for source_id in [one for one in self._heard if not self._rest_of(one)]:
                self._passed_on[source_id] = asyncio.get_running_loop().time()
                await self._pass_on(source_id, self._heard.pop(source_id))

    def _until_rested(self) -> float | None:
        """Seconds until a word that waits may be passed on; None when none waits."""
        return min((self._rest_of(one) for one in self._heard), default=None)

    def _rest_of(self, source_id: UUID) -> float:
        """Seconds that a source still rests."""
        if source_id not in self._passed_on:
            return 0.0
        since = asyncio.get_running_loop().time() - self._passed_on[source_id]
        return max(0.0, REST.total_seconds() - since)

    async def _pass_on(self, source_id: UUID, delivery: str) -> None:
        try:
            async with transaction() as session:
                await hint.heard(session, source_id, delivery)
        except (SQLAlchemyError, OSError):
            _log.exception("a word could not be passed on; the source is read in its turn")


Row = tuple[Source, Account, Place]


def _place(source: Source, account: Account) -> Place:
    return Place(
        ids=source.place, now=now(), url=source.url or "",
        secrets=accounts.secrets_of(account), cursor=source.cursor,
    )  # fmt: skip


def _searches(rows: list[Row]) -> Mapping[UUID, jetstream.Search]:
    queries = {
        source.id: given(place, "query") for source, _, place in rows if source.kind == "bluesky"
    }
    return {source_id: jetstream.search(query) for source_id, query in queries.items() if query}


def _streams(rows: list[Row]) -> dict[str, Ear]:
    """One stream for the mentions of an account, one for each of its tags."""
    ears: dict[str, Ear] = {}
    used: dict[tuple[UUID, str], tuple[int, Place, set[UUID]]] = {}
    for source, account, place in rows:
        if source.kind != "mastodon":
            continue
        tag = given(place, "tag")
        for path in (mastodon_stream.MENTIONS, *([mastodon_stream.tagged(tag)] if tag else [])):
            _, _, sources = used.setdefault((account.id, path), (account.version, place, set()))
            sources.add(source.id)
    for (account_id, path), (version, place, sources) in used.items():
        name = f"mastodon:{account_id}:{version}:{path}:{sorted(sources)}"
        ears[name] = Mastodon(place, path, frozenset(sources))
    return ears


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main() -> None:
    """`python -m workers.listen`."""
    level = settings.log_level.upper()
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(Listener().run())


if __name__ == "__main__":
    main()
