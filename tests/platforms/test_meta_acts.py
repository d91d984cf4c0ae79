"""Every act on a Facebook Page and on Instagram stands the contract."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.platforms import test_facebook as of_facebook
from tests.platforms import test_instagram as of_instagram
from tests.platforms.act_contract import NOT_THERE, SORRY, Deed, PutsBack
from tests.platforms.graph_state import ACCOUNT, MEDIUM, PAGE, POST
from tests.platforms.graph_vendor import GraphVendor

COMMENT, PERSON = "9010978_1", "7788"
IG_COMMENT = "17919697626119712"


def without(name):
    return lambda vendor: vendor.state.nodes.pop(name)


def without_our_words(vendor):
    said = [name for name, one in vendor.state.nodes.items() if one["kind"].endswith("comment")]
    ours = set(said) - {COMMENT, IG_COMMENT}
    assert ours
    for name in ours:
        del vendor.state.nodes[name]


class TestFacebook(PutsBack):
    kind, place = "facebook", of_facebook.PLACE
    deeds = (
        Deed("reply", COMMENT, "POST", params=SORRY, already=without(COMMENT), then=NOT_THERE),
        Deed("unreply", COMMENT, "DELETE", after="reply", already=without_our_words),
        Deed("hide", COMMENT, "POST", already=without(COMMENT)),
        Deed("unhide", COMMENT, "POST", after="hide", already=without(COMMENT), then=NOT_THERE),
        Deed("delete", COMMENT, "DELETE", already=without(COMMENT)),
        Deed("block", PERSON, "POST",
             already=lambda vendor: vendor.state.blocked.update({PAGE: {PERSON}})),
        Deed("unblock", PERSON, "DELETE", after="block",
             already=lambda vendor: vendor.state.blocked.clear()),
        Deed("publish", PAGE, "POST", params=SORRY),
        Deed("take_down", PAGE, "POST", writes=2, settles=True,
             already=lambda vendor: vendor.state.nodes[PAGE].update(is_published=False)),
        Deed("restore", PAGE, "POST", after="take_down", writes=2, settles=True),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with GraphVendor() as running:
            running.state.comment(COMMENT, POST, "Boycott them!")
            yield running


class TestInstagram(PutsBack):
    kind, place = "instagram", of_instagram.PLACE
    deeds = (
        Deed("reply", IG_COMMENT, "POST", params=SORRY, already=without(IG_COMMENT),
             then=NOT_THERE),
        Deed("unreply", IG_COMMENT, "DELETE", after="reply", already=without_our_words),
        Deed("hide", IG_COMMENT, "POST", already=without(IG_COMMENT)),
        Deed("unhide", IG_COMMENT, "POST", after="hide", already=without(IG_COMMENT),
             then=NOT_THERE),
        Deed("delete", IG_COMMENT, "DELETE", already=without(IG_COMMENT)),
        Deed("close_comments", ACCOUNT, "POST", settles=True,
             already=lambda vendor: vendor.state.nodes[MEDIUM].update(is_comment_enabled=False)),
        Deed("open_comments", ACCOUNT, "POST", after="close_comments", settles=True,
             already=lambda vendor: vendor.state.nodes[MEDIUM].update(is_comment_enabled=True)),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with GraphVendor("ig_comments") as running:
            running.state.said(IG_COMMENT, MEDIUM, "fraud!!!")
            yield running

    async def test_only_the_accounts_own_words_are_taken_back(self, vendor):
        [back] = [one for one in self.deeds if one.verb == "unreply"]
        action = await self.ready(vendor, back)
        assert (await self.acts(vendor, replace(action, params={}))).state == "rejected"
        assert IG_COMMENT in vendor.state.nodes
