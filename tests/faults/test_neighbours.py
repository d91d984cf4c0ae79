"""A source that hangs, drips or floods hurts only itself."""

import asyncio
import gzip
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlmodel import col, select

from api.clock import now
from api.database import reading, transaction
from api.lifecycle import setup
from api.models import Client, Source
from tests.conftest import migrate
from tests.faults.instance import inside
from workers.children import Child
from workers.drill_instance import own_environment
from workers.practice_feed import PracticeFeed, PracticeReview, as_atom

GOOD, BAD = 45, ("hang", "drip", "endless", "bomb", "page")
INTERVAL, LONGEST = 4.0, 4.0 * 1.2
ALONE, TOGETHER = 10.0, 16.0
BOMB = gzip.compress(b"<" * 200_000_000, 1)
MEGABYTE = b"<" * 1_000_000


@dataclass
class Sites:
    """Good and bad websites on one address, and when each of them was asked."""

    origin: str = ""
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        kind = request.match_info["kind"]
        self.asked[request.path].append(time.monotonic())
        if kind == "good":
            return web.Response(text=FEED, content_type="application/atom+xml")
        if kind == "page":
            return web.Response(text="<!DOCTYPE html><p>Hello</p>", content_type="text/html")
        if kind == "bomb":
            return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})
        return await _without_end(request, kind)

    def gaps(self, since: float, until: float) -> list[float]:
        """Seconds between two questions to the same good site that end in this time."""
        return [
            later - earlier
            for path, times in self.asked.items()
            if "/good/" in path
            for earlier, later in pairwise(times)
            if since < later < until
        ]


async def _without_end(request: web.Request, kind: str) -> web.StreamResponse:
    answer = web.StreamResponse()
    if kind == "hang":
        await asyncio.Event().wait()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(MEGABYTE if kind == "endless" else b" ")
            await asyncio.sleep(0 if kind == "endless" else 0.1)
    except ConnectionError:
        return answer


FEED = as_atom(
    PracticeFeed([PracticeReview("one", "Nice.", datetime(2026, 5, 1, tzinfo=UTC), 5, "A guest")])
)


@asynccontextmanager
async def sites_open() -> AsyncIterator[Sites]:
    sites, app = Sites(), web.Application()
    app.router.add_get("/{kind}/{number}", sites.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sites.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield sites
    finally:
        await runner.cleanup()


@pytest.fixture
async def sites():
    async with sites_open() as sites:
        yield sites


@pytest.fixture
def environment(tmp_path: Path, sites: Sites) -> dict[str, str]:
    host = sites.origin.removeprefix("http://")
    own = {
        "NIGHTDESK_ALLOWED_ADDRESSES": f'["{host}"]',
        "NIGHTDESK_POLL_EVERY": f"PT{INTERVAL}S",
        "NIGHTDESK_SWEEP_EVERY": "PT0.2S",
        "NIGHTDESK_READ_TIMEOUT": "PT6S",
        "NIGHTDESK_READ_LEASE": "PT9S",
    }
    environment = {**own_environment(tmp_path), **own}
    migrate(**{name: value for name, value in environment.items() if "NIGHTDESK" in name})
    return environment


@asynccontextmanager
async def a_reader(environment: dict[str, str]) -> AsyncIterator[None]:
    child = Child("reader", [sys.executable, "-m", "workers.main", "read"], environment)
    child.start(time.monotonic())
    try:
        yield
    finally:
        child.ask_to_stop()
        await asyncio.to_thread(child.make_stop, 5)


async def test_five_bad_sources_of_fifty_do_not_delay_the_others(sites, environment):
    async with inside(environment):
        await setup.prepare()
        await _watch(sites, ["good"] * GOOD)
        async with a_reader(environment):
            await _until_all_were_asked(sites, GOOD)
            begun = time.monotonic()
            await asyncio.sleep(ALONE)
            await _watch(sites, BAD)
            joined = time.monotonic()
            await asyncio.sleep(TOGETHER)
        health = await _health()
    alone = _p99(sites.gaps(begun, joined))
    together = _p99(sites.gaps(joined, joined + TOGETHER))
    assert together <= 1.3 * max(alone, LONGEST)
    assert all(sites.asked[f"/{kind}/{number}"] for number, kind in enumerate(BAD))
    assert health["good"] == {"ok"}
    assert not any("ok" in health[kind] for kind in BAD)


async def _watch(sites: Sites, kinds: Any) -> None:
    async with transaction() as session:
        client = Client(name="Corner Bistro", zone="UTC")
        session.add(client)
        await session.flush()
        for number, kind in enumerate(kinds):
            url = f"{sites.origin}/{kind}/{number}"
            session.add(Source(client_id=client.id, kind="feed", name=kind, url=url, poll_at=now()))


async def _until_all_were_asked(sites: Sites, count: int) -> None:
    async with asyncio.timeout(30):
        while len(sites.asked) < count:
            await asyncio.sleep(0.05)


async def _health() -> dict[str, set[str]]:
    found = defaultdict(set)
    async with reading() as session:
        for source in await session.exec(select(Source).order_by(col(Source.id))):
            found[source.name].add(source.health)
    return found


def _p99(gaps: list[float]) -> float:
    assert len(gaps) > GOOD, "too few readings to tell"
    return sorted(gaps)[int(len(gaps) * 0.99)]
