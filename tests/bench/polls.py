"""How many sources one worker reads per second."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
from sqlmodel import select, update

from api.clock import now
from api.database import reading, transaction
from api.models import Intake, Source
from tests.bench.figures import Figure, Limit, Size, measured, per_second
from tests.bench.ledger import a_ledger, a_source
from tests.feed_server import FeedServer, PracticeReview, feed_server
from tests.world import configure
from workers.poll import poll
from workers.take_in import take_in

SOURCES, NEW = 20, 50
FIVE_MINUTES = 300
AIM = Limit("the aim", 10_000, "sources")


async def figures(size: Size) -> AsyncIterator[Figure]:
    async with a_ledger(), feed_server() as site:
        configure(allowed_addresses=frozenset({site.host}))
        _write(site)
        sources = [await a_source("feed", site.url()) for _ in range(SOURCES)]
        await _rate(sources, 1)
        rounds = max(1, size.polls // SOURCES)
        idle = await _rate(sources, rounds)
        limit = Limit("bare requests with nothing new", await _bare(site, rounds, new=0), "per s")
        yield Figure("polls with nothing new, one worker", idle, "per s", limit)
        keeps = FIVE_MINUTES * idle
        yield Figure("sources that one worker keeps at five minutes", keeps, "sources", AIM)
        busy = await _rate(sources, rounds, site)
        limit = Limit("bare requests", await _bare(site, rounds, new=NEW), "per s")
        yield Figure(f"polls with {NEW} new reviews taken in, one worker", busy, "per s", limit)


async def _rate(sources: list[Source], rounds: int, news: FeedServer | None = None) -> float:
    seconds = 0.0
    for _ in range(rounds):
        if news:
            _write(news)
        async with transaction() as session:
            await session.exec(update(Source).values(poll_at=now() - timedelta(seconds=1)))
        with measured() as watch:
            await asyncio.gather(*(_read(source) for source in sources))
        seconds += watch.seconds
    return per_second(rounds * len(sources), seconds)


async def _read(source: Source) -> None:
    """What the sweep does for one source: ask it, then take in what it sent."""
    await poll(source.id)
    async with reading() as session:
        waiting = await session.exec(
            select(Intake.id).where(Intake.source_id == source.id, Intake.state == "waiting")
        )
    for delivery in waiting:
        await take_in(delivery)


async def _bare(site: FeedServer, rounds: int, *, new: int) -> float:
    headers = {} if new else {"If-None-Match": site.feed.etag}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as outside:
        with measured() as watch:
            for _ in range(rounds):
                await asyncio.gather(*(outside.get(site.url()) for _ in range(SOURCES)))
    return per_second(rounds * SOURCES, watch.seconds)


def _write(site: FeedServer) -> None:
    """Fifty reviews in place of those before, so that every round reads as many."""
    site.feed.reviews[:] = [
        PracticeReview(str(uuid4()), "As always.", now(), 5, "A guest") for _ in range(NEW)
    ]
