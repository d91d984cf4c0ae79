"""Every act at Bluesky, Mastodon, TikTok and X stands the contract."""

from __future__ import annotations

import pytest

from tests.platforms import test_bluesky_acts as of_bluesky
from tests.platforms import test_mastodon as of_mastodon
from tests.platforms import test_tiktok as of_tiktok
from tests.platforms import test_x as of_x
from tests.platforms.act_contract import (
    NOT_THERE,
    SHOWN_TO_NOBODY,
    SORRY,
    ActContract,
    Deed,
    PutsBack,
    lacks,
)
from tests.platforms.bluesky_vendor import GATE, OWN, POST, BlueskyVendor
from tests.platforms.mastodon_vendor import AUTHOR, MastodonVendor
from tests.platforms.tiktok_vendor import VIDEO, TikTokVendor
from tests.platforms.x_vendor import XVendor
from workers.platforms import bluesky_server

BLOCK = "app.bsky.graph.block"


def blocked(vendor):
    vendor.says("b1", {"subject": "did:plc:kim"}, BLOCK)


def closed(vendor):
    vendor.says("p1", {"allow": []}, GATE)


def only_the_first_post(vendor):
    vendor.records = {name: one for name, one in vendor.records.items() if name == (POST, "p1")}


class TestBluesky(PutsBack):
    kind, place = "bluesky", of_bluesky.PLACE
    _HERS = f"at://did:plc:kim/{POST}/a1"
    deeds = (
        Deed("reply", _HERS, "POST", "createRecord", SORRY, already=lacks("a1"), then=NOT_THERE),
        Deed("unreply", _HERS, "POST", "deleteRecord", after="reply", already=only_the_first_post),
        Deed("publish", "", "POST", "createRecord", SORRY),
        Deed("block", _HERS, "POST", "createRecord", already=blocked),
        Deed("unblock", _HERS, "POST", "deleteRecord", after="block", already=only_the_first_post),
        Deed("report", _HERS, "POST", "createReport", shown="unknown", already=lacks("a1"),
             then=SHOWN_TO_NOBODY),
        Deed("hide", _HERS, "POST", "putRecord", already=lacks("a1")),
        Deed("unhide", _HERS, "POST", "putRecord", after="hide", already=lacks("a1"),
             then=NOT_THERE),
        Deed("close_comments", "", "POST", "applyWrites", already=closed),
        Deed("open_comments", "", "POST", "applyWrites", after="close_comments",
             already=only_the_first_post),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        bluesky_server.forget()
        async with BlueskyVendor() as running:
            assert running.says("p1") == f"at://{OWN}/{POST}/p1"
            running.reasons["a1"] = "reply"
            running.writes("a1")
            yield running


class TestMastodon(ActContract):
    kind, place = "mastodon", of_mastodon.PLACE
    deeds = (
        Deed("reply", "a1", "POST", "statuses", SORRY, already=lacks("a1"), then=NOT_THERE),
        Deed("unreply", "a1", "DELETE", after="reply", already=lambda vendor: vendor.posts.clear()),
        Deed("publish", "", "POST", "statuses", SORRY),
        Deed("block", "a1", "POST", already=lambda vendor: vendor.blocked.add(AUTHOR)),
        Deed("unblock", "a1", "POST", after="block",
             already=lambda vendor: vendor.blocked.clear()),
        Deed("report", "a1", "POST", shown="unknown", already=lacks("a1"), then=SHOWN_TO_NOBODY),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with MastodonVendor() as running:
            running.writes("a1")
            yield running


class TestTikTok(ActContract):
    kind, place = "tiktok", of_tiktok.PLACE
    _HERS = f"{VIDEO}/a1"
    deeds = (
        Deed("reply", _HERS, "POST", params=SORRY, already=lacks("a1"), then=NOT_THERE),
        Deed("unreply", _HERS, "POST", after="reply",
             already=lambda vendor: vendor.answers.clear()),
        Deed("hide", _HERS, "POST", already=lacks("a1")),
        Deed("unhide", _HERS, "POST", after="hide", already=lacks("a1"), then=NOT_THERE),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with TikTokVendor() as running:
            running.writes("a1")
            yield running


class TestX(ActContract):
    kind, place = "x", of_x.PERSON
    deeds = (
        Deed("hide", "a1", "PUT", shown="unknown", already=lacks("a1"), then=SHOWN_TO_NOBODY),
        Deed("unhide", "a1", "PUT", after="hide", shown="unknown", already=lacks("a1"),
             then=("rejected", "unknown")),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with XVendor() as running:
            running.writes("a1")
            yield running
