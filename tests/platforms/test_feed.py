"""Feeds asked politely over real HTTP: once, again only when changed, and never trusted."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from api.addresses import fetch as guarded_fetch
from api.addresses import guarded_client
from api.items.item import SourceTrouble
from tests.feed_server import PracticeReview, feed_server
from workers.platforms import feed
from workers.practice_feed import PracticeFeed, serving

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
AT = datetime(2026, 11, 21, 18, 2, 20, tzinfo=UTC)
SHAPES = ["/rss", "/atom", "/feed.json", "/app-store.xml", "/app-store.json"]


def written(number: int, stars: int | None = 1) -> PracticeReview:
    at = AT + timedelta(minutes=number)
    return PracticeReview(f"r{number}", f"Stale <bread> & {number}", at, stars, "Kim", "Bad")


async def fetched(get, url, cursor):
    found = await feed.ask(get, url, cursor, NOW)
    assert found is not None
    return found


@pytest.fixture
async def server():
    async with feed_server() as running:
        yield running


@pytest.fixture
async def get(server):
    async with guarded_client(allowed=[server.host], total_seconds=1.0) as client:
        yield partial(guarded_fetch, client)


@pytest.mark.parametrize("path", SHAPES)
async def test_a_feed_is_taken_once_and_again_only_after_it_changed(server, get, path):
    server.reviews.append(written(1))
    first = await fetched(get, server.url(path), {})
    (item,) = feed.read(first.body, first.content_type, NOW).items
    assert (item.external_id, item.stars, item.author) == ("r1", 1.0, "Kim")
    assert (item.title, item.text) == ("Bad", "Stale <bread> & 1")
    assert item.created_at == AT + timedelta(minutes=1)

    assert await feed.ask(get, server.url(path), first.cursor, NOW) is None
    assert server.requests[-1].headers["If-None-Match"] == server.feed.etag

    server.reviews.append(written(2))
    second = await fetched(get, server.url(path), first.cursor)
    items = feed.read(second.body, second.content_type, NOW).items
    assert [one.external_id for one in items] == ["r2", "r1"]


async def test_validators_are_not_sent_to_another_address(server, get):
    server.reviews.append(written(1))
    first = await fetched(get, server.url("/rss"), {})
    assert await feed.ask(get, server.url("/atom"), first.cursor, NOW) is not None
    assert "If-None-Match" not in server.requests[-1].headers


async def test_a_server_without_validators_is_compared_by_content(server, get):
    server.reviews.append(written(1))
    first = await fetched(get, server.url(), {})
    bare = {**first.cursor, "etag": None, "last_modified": None}
    assert await feed.ask(get, server.url(), bare, NOW) is None
    assert "If-None-Match" not in server.requests[-1].headers


async def test_a_feed_that_moved_for_good_names_its_new_address(server, get):
    server.reviews.append(written(1))
    server.misbehaves, server.target = "moved", server.url("/rss")
    moved = await fetched(get, server.url("/atom"), {})
    assert moved.moved_to == moved.cursor["url"] == server.url("/rss")
    assert len(feed.read(moved.body, moved.content_type, NOW).items) == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "health", "waits", "permanent"),
    [
        (401, "", "auth_expired", None, True),
        (403, "", "permission", None, False),
        (404, "", "gone", None, False),
        (410, "", "gone", None, True),
        (429, "120", "rate_limited", timedelta(seconds=120), False),
        (429, "0", "rate_limited", timedelta(seconds=1), False),
        (429, "99999999999999999999", "rate_limited", timedelta(days=1), False),
        (429, "Sat, 21 Nov 2026 20:10:00 GMT", "rate_limited", timedelta(minutes=10), False),
        (429, "soon", "rate_limited", None, False),
        (500, "", "transient", None, False),
        (503, "60", "transient", timedelta(seconds=60), False),
        (406, "", "bad_content", None, False),
    ],
)
async def test_every_refusal_has_its_health_and_its_pause(
    server, get, status, retry_after, health, waits, permanent
):
    server.misbehaves, server.headers = status, {"Retry-After": retry_after}
    with pytest.raises(SourceTrouble) as trouble:
        await feed.ask(get, server.url(), {}, NOW)
    found = trouble.value
    assert (found.health, found.permanent) == (health, permanent)
    assert found.retry_at == (waits and NOW + waits)
    assert found.detail.endswith(".")


@pytest.mark.parametrize(
    ("misbehaves", "health"),
    [
        ("drip", "transient"),
        ("silence", "transient"),
        ("gzip_bomb", "bad_content"),
        ("ten_megabytes", "bad_content"),
        ("redirect", "policy_blocked"),
        ("html", "bad_content"),
        ("truncated", "bad_content"),
        ("empty", "bad_content"),
    ],
)
async def test_a_server_that_misbehaves_is_named_and_hurts_nobody(server, get, misbehaves, health):
    server.reviews.append(written(1))
    server.misbehaves, server.target = misbehaves, "http://169.254.169.254/latest/"
    with pytest.raises(SourceTrouble) as trouble:
        await fetch_and_read(get, server.url("/feed.json"))
    assert trouble.value.health == health


async def fetch_and_read(get, url):
    found = await fetched(get, url, {})
    return feed.read(found.body, found.content_type, NOW)


async def test_a_feed_that_cannot_be_reached_passes_with_time(server, get):
    async with guarded_client(allowed=["127.0.0.1:1024"]) as client:
        with pytest.raises(SourceTrouble) as trouble:
            await feed.ask(partial(guarded_fetch, client), "http://127.0.0.1:1024/", {}, NOW)
    assert (trouble.value.health, trouble.value.permanent) == ("transient", False)


async def test_the_practice_feed_can_be_polled_like_any_other():
    practice = PracticeFeed([written(1)])
    async with (
        serving(practice) as origin,
        guarded_client(allowed=[origin.removeprefix("http://")]) as client,
    ):
        result = await fetch_and_read(partial(guarded_fetch, client), f"{origin}/rss")
    assert [item.external_id for item in result.items] == ["r1"]
