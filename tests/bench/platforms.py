"""What one reading of each platform costs, with nothing new and with fifty new items."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from aiohttp import ClientSession

from tests.bench.figures import Figure, Limit, Size, at, measured
from tests.platforms import (
    test_app_store,
    test_bluesky,
    test_facebook,
    test_google,
    test_instagram,
    test_mastodon,
    test_page,
    test_places,
    test_play,
    test_reddit,
    test_tiktok,
    test_tripadvisor,
    test_trustpilot,
    test_x,
    test_yelp,
    test_youtube,
)
from tests.platforms.app_store_vendor import AppStoreVendor
from tests.platforms.bluesky_vendor import BlueskyVendor
from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.graph_vendor import GraphVendor
from tests.platforms.mastodon_vendor import MastodonVendor
from tests.platforms.places_vendor import PlacesVendor
from tests.platforms.play_vendor import PlayVendor
from tests.platforms.reddit_vendor import RedditVendor
from tests.platforms.tiktok_vendor import TikTokVendor
from tests.platforms.tripadvisor_vendor import TripadvisorVendor
from tests.platforms.trustpilot_vendor import TrustpilotVendor
from tests.platforms.vendor import NOW, Vendor, calls_to
from tests.platforms.x_vendor import XVendor
from tests.platforms.yelp_vendor import YelpVendor
from tests.platforms.youtube_vendor import YouTubeVendor
from workers.platforms import CONNECTORS
from workers.platforms.connector import Fetched, Place

NEW = 50


@dataclass(frozen=True)
class Stall:
    """One platform's stand-in, and the place that is read there."""

    kind: str
    vendor: Callable[[], Vendor]
    place: Place


STALLS = (
    Stall("google", GoogleVendor, test_google.PLACE),
    Stall("facebook", GraphVendor, test_facebook.PLACE),
    Stall("instagram", partial(GraphVendor, "ig_comments"), test_instagram.PLACE),
    Stall("trustpilot", TrustpilotVendor, test_trustpilot.PUBLIC),
    Stall("bluesky", BlueskyVendor, test_bluesky.PLACE),
    Stall("mastodon", MastodonVendor, test_mastodon.PLACE),
    Stall("youtube", YouTubeVendor, test_youtube.PLACE),
    Stall("tiktok", TikTokVendor, test_tiktok.PLACE),
    Stall("play", PlayVendor, test_play.PLACE),
    Stall("app_store", partial(AppStoreVendor, test_app_store.KEY), test_app_store.PLACE),
    Stall("reddit", RedditVendor, test_reddit.PLACE),
    Stall("x", XVendor, replace(test_x.PLACE, ids={"username": "crumbco", "daily_posts": 10**6})),
)


COUNTERS = (
    Stall("places", PlacesVendor, test_places.PLACE),
    Stall("yelp", YelpVendor, test_yelp.TestYelp.place),
    Stall("tripadvisor", TripadvisorVendor, test_tripadvisor.TestTripadvisor.place),
    Stall("page", test_page.Website, test_page.TestPage.place),
)


async def figures(size: Size) -> AsyncIterator[Figure]:
    """Milliseconds of one reading, beside one bare request to the same stand-in."""
    for stall in STALLS:
        async with stall.vendor() as vendor:
            vendor.page_size = NEW
            bare = Limit("a bare request to it, p50", await _bare(vendor, size.pages), "ms")
            idle, busy = await _readings(stall, vendor, max(2, size.polls // 20))
        yield Figure(f"{stall.kind}, a reading with nothing new, p50", idle, "ms", bare)
        yield Figure(f"{stall.kind}, a reading with {NEW} new, p50", busy, "ms", bare)
    for stall in COUNTERS:
        async with stall.vendor() as vendor:
            bare = Limit("a bare request to it, p50", await _bare(vendor, size.pages), "ms")
            idle, busy = await _counts(stall, vendor, max(2, size.polls // 20))
        yield Figure(f"{stall.kind}, a count with nothing new, p50", idle, "ms", bare)
        yield Figure(f"{stall.kind}, a count that rose by {NEW}, p50", busy, "ms", bare)


async def _counts(stall: Stall, vendor: Any, rounds: int) -> tuple[float, float]:
    """The same for a counter: it shows how many there are, and what the new ones must have been."""
    idle: list[float] = []
    busy: list[float] = []
    vendor.stars = [5] * 10
    fetched, _ = await _read(stall, vendor, stall.place)
    for _ in range(rounds):
        vendor.stars += [1] * NEW
        for found, least in ((busy, 1), (idle, 0)):
            place = replace(stall.place, cursor=fetched.cursor)
            with measured() as watch:
                fetched, count = await _read(stall, vendor, place)
            assert count >= least, f"{stall.kind} gave {count} of {least}"
            found.append(watch.seconds)
    return at(50, idle), at(50, busy)


async def _readings(stall: Stall, vendor: Vendor, rounds: int) -> tuple[float, float]:
    idle: list[float] = []
    busy: list[float] = []
    place = stall.place
    for number in range(rounds):
        for item in range(NEW):
            vendor.writes(f"9{number:03}{item:03}")
        for found, least in ((busy, NEW), (idle, 0)):
            with measured() as watch:
                fetched, count = await _read(stall, vendor, place)
            assert count >= least, f"{stall.kind} gave {count} of {least}"
            found.append(watch.seconds)
            place = replace(place, cursor=fetched.cursor)
    return at(50, idle), at(50, busy)


async def _read(stall: Stall, vendor: Vendor, place: Place) -> tuple[Fetched, int]:
    connector = CONNECTORS[stall.kind]
    async with calls_to(vendor, connector.judge, seconds=20) as out:
        fetched = await connector.fetch(out, place)
    if fetched.body is None:
        return fetched, 0
    return fetched, len(connector.read(fetched.body, fetched.content_type, NOW).items)


async def _bare(vendor: Any, times: int) -> float:
    found = []
    async with ClientSession() as session:
        for _ in range(times):
            with measured() as watch:
                async with session.get(f"{vendor.origin}/nothing") as answer:
                    await answer.read()
            found.append(watch.seconds)
    return at(50, found)
