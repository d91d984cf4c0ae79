"""What one reading of each platform costs, with nothing new and with fifty new items."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
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
    test_play,
    test_tiktok,
    test_trustpilot,
    test_x,
    test_youtube,
)
from tests.platforms.app_store_vendor import AppStoreVendor
from tests.platforms.bluesky_vendor import BlueskyVendor
from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.graph_vendor import GraphVendor
from tests.platforms.mastodon_vendor import MastodonVendor
from tests.platforms.play_vendor import PlayVendor
from tests.platforms.tiktok_vendor import TikTokVendor
from tests.platforms.trustpilot_vendor import TrustpilotVendor
from tests.platforms.vendor import NOW, Vendor, calls_to
from tests.platforms.x_vendor import XVendor
from tests.platforms.youtube_vendor import YouTubeVendor
from workers.platforms import CONNECTORS
from workers.platforms.connector import Fetched, Place

NEW = 50


@dataclass(frozen=True)
class Stall:
    """One platform's stand-in, and the place that is read there."""

    kind: str
    vendor: type[Vendor]
    place: Place


STALLS = (
    Stall("google", GoogleVendor, test_google.PLACE),
    Stall("facebook", GraphVendor, test_facebook.PLACE),
    Stall("instagram", GraphVendor, test_instagram.PLACE),
    Stall("trustpilot", TrustpilotVendor, test_trustpilot.PUBLIC),
    Stall("bluesky", BlueskyVendor, test_bluesky.PLACE),
    Stall("mastodon", MastodonVendor, test_mastodon.PLACE),
    Stall("youtube", YouTubeVendor, test_youtube.PLACE),
    Stall("tiktok", TikTokVendor, test_tiktok.PLACE),
    Stall("play", PlayVendor, test_play.PLACE),
    Stall("app_store", AppStoreVendor, test_app_store.PLACE),
    Stall("x", XVendor, test_x.PLACE),
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


async def _readings(stall: Stall, vendor: Vendor, rounds: int) -> tuple[float, float]:
    idle: list[float] = []
    busy: list[float] = []
    place = stall.place
    for number in range(rounds):
        for item in range(NEW):
            vendor.writes(f"9{number:03}{item:03}")
        for found in (busy, idle):
            with measured() as watch:
                fetched = await _read(stall, vendor, place)
            found.append(watch.seconds)
            place = replace(place, cursor=fetched.cursor)
    return at(50, idle), at(50, busy)


async def _read(stall: Stall, vendor: Vendor, place: Place) -> Fetched:
    connector = CONNECTORS[stall.kind]
    async with calls_to(vendor, connector.judge, seconds=20) as out:
        fetched = await connector.fetch(out, place)
    if fetched.body is not None:
        connector.read(fetched.body, fetched.content_type, NOW)
    return fetched


async def _bare(vendor: Any, times: int) -> float:
    found = []
    async with ClientSession() as session:
        for _ in range(times):
            with measured() as watch:
                async with session.get(f"{vendor.origin}/nothing") as answer:
                    await answer.read()
            found.append(watch.seconds)
    return at(50, found)
