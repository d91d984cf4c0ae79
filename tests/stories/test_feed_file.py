"""A real feed file behind a real web server is taken in once, however often it is read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from api.database import transaction
from api.models import Review, Source
from api.settings import settings
from tests.world import configure

FILE = Path(__file__).parent.parent / "data" / "crumb.rss"


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Files as any web server gives them out, with ETag and Last-Modified."""
    application = web.Application()
    application.router.add_static("/", folder)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _connect(world, mia, host: str, name: str) -> None:
    configure(allowed_addresses=settings.allowed_addresses | {host})
    client = await mia.post("/v1/clients", {"name": "Crumb & Co"})
    body = {"kind": "feed", "name": "Guest book", "url": f"http://{host}/{name}"}
    await mia.post(f"/v1/clients/{client['id']}/sources", body)
    await world.works()


async def _polls_once_more(world) -> None:
    async with transaction() as session:
        for source in await world.rows(Source):
            source.poll_at = world.at
            session.add(source)
    await world.works()


async def test_every_entry_is_taken_in_once_across_ten_polls_and_after_a_restart(world, mia):
    async with served(FILE.parent) as host:
        await _connect(world, mia, host, FILE.name)
        for _ in range(9):
            await world.waits(timedelta(minutes=7))
        assert sorted(r.stars for r in await world.rows(Review)) == [2, 4, 4, 5, 5]
        await world.restarts()
        await _polls_once_more(world)
        reviews = await world.rows(Review)
    assert len(reviews) == 5
    assert all(review.version == 1 for review in reviews)
    assert {review.text for review in reviews} >= {"Warm & kind.", "Fine."}


async def test_the_same_bytes_read_again_without_validators_change_nothing(world, mia):
    async with served(FILE.parent) as host:
        await _connect(world, mia, host, FILE.name)
        async with transaction() as session:
            for source in await world.rows(Source):
                source.cursor = {}
                session.add(source)
        await _polls_once_more(world)
        reviews = await world.rows(Review)
    assert len(reviews) == 5
    assert all(review.version == 1 and not review.earlier for review in reviews)


async def test_a_feed_without_dates_brings_no_alarm_by_being_connected(world, mia, tmp_path):
    items = "".join(
        f"<item><guid>{n}</guid><title>Bad {n}</title><im:rating>1</im:rating></item>"
        for n in range(6)
    )
    head = '<rss version="2.0" xmlns:im="http://itunes.apple.com/rss"><channel><title>x</title>'
    (tmp_path / "undated.rss").write_text(f"{head}{items}</channel></rss>")
    async with served(tmp_path) as host:
        await _connect(world, mia, host, "undated.rss")
        await world.waits(timedelta(minutes=12))
    mia.stays_silent()
    assert [review.history for review in await world.rows(Review)] == [True] * 6
