"""Every act at Google, YouTube, the app stores and Trustpilot stands the contract."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp import web

from tests.illnesses import reply
from tests.platforms import test_app_store as of_app_store
from tests.platforms import test_google as of_google
from tests.platforms import test_play as of_play
from tests.platforms import test_trustpilot as of_trustpilot
from tests.platforms import test_youtube_acts as of_youtube
from tests.platforms.act_contract import NOT_THERE, SORRY, ActContract, Deed, PutsBack, lacks
from tests.platforms.app_store_vendor import AppStoreVendor
from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.play_vendor import PlayVendor
from tests.platforms.trustpilot_vendor import TrustpilotVendor
from tests.platforms.youtube_vendor import OWNER, YouTubeVendor


class TestGoogle(PutsBack):
    kind, place = "google", of_google.PLACE
    deeds = (
        Deed("reply", "locations/2002/reviews/a1", "PUT", params=SORRY,
             already=lacks("a1", answer="PUT"), then=NOT_THERE),
        Deed("unreply", "locations/2002/reviews/a1", "DELETE", after="reply",
             already=lacks("a1", answer="DELETE")),
        Deed("take_down", "2002", "PATCH",
             already=lambda vendor: setattr(vendor, "open_status", "CLOSED_TEMPORARILY"),
             then=("pending", "done")),
        Deed("restore", "2002", "PATCH", after="take_down",
             already=lambda vendor: vendor.misbehave(reply(404), times=None),
             then=("rejected", "unknown")),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with GoogleVendor() as running:
            running.writes("a1")
            yield running


class RepliesOfYouTube(YouTubeVendor):
    """Replies are found and deleted by their id, as comments are."""

    async def _comments(self, request: web.Request) -> web.Response:
        found = [one for said in self.replies.values() for one in said
                 if one.id == request.query.get("id")]  # fmt: skip
        if not found:
            return await super()._comments(request)
        return web.json_response({"items": [self._reply_told(found[0])]})

    async def _delete(self, request: web.Request) -> web.Response:
        for said in self.replies.values():
            for one in said:
                if one.id == request.query["id"]:
                    said.remove(one)
                    return web.Response(status=204)
        return await super()._delete(request)


class TestYouTube(PutsBack):
    kind, place = "youtube", of_youtube.PLACE
    deeds = (
        Deed("reply", "a1", "POST", params=SORRY, already=lacks("a1"), then=NOT_THERE),
        Deed("unreply", "a1", "DELETE", after="reply",
             already=lambda vendor: vendor.replies.clear()),
        Deed("hide", "a1", "POST", already=lacks("a1")),
        Deed("unhide", "a1", "POST", after="hide", already=lacks("a1"), then=NOT_THERE),
        Deed("delete", "a1", "DELETE", already=lacks("a1")),
        Deed("block", "a1", "POST", already=lacks("a1"), then=("rejected", "done")),
        Deed("take_down", "v1", "PUT", already=lambda vendor: vendor.videos.clear()),
        Deed("restore", "v1", "PUT", after="take_down",
             already=lambda vendor: vendor.videos.clear(), then=NOT_THERE),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with RepliesOfYouTube() as running:
            running.writes("a1")
            yield running

    async def test_only_the_channels_own_words_are_taken_back(self, vendor):
        others = vendor.answers("a1", "Me too.")
        assert vendor.answers("a1", "So sorry.", OWNER) != others
        [back] = [one for one in self.deeds if one.verb == "unreply"]
        for target in ("a1", others):
            action = replace(await self.ready(vendor, back), target=target, params={})
            assert (await self.acts(vendor, action)).state == "rejected"
        assert others in [one.id for one in vendor.replies["a1"]]


class TestAppStore(ActContract):
    kind, place = "app_store", of_app_store.PLACE
    deeds = (
        Deed("reply", "a1", "POST", params=SORRY, already=lacks("a1"), then=NOT_THERE),
        Deed("unreply", "a1", "DELETE", after="reply",
             already=lambda vendor: vendor.responses.clear()),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with AppStoreVendor(of_app_store.KEY) as running:
            running.writes("a1")
            yield running


class TestPlay(ActContract):
    kind, place = "play", of_play.PLACE
    deeds = (
        Deed("reply", "a1", "POST", ":reply", SORRY, already=lacks("a1"), then=NOT_THERE),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with PlayVendor() as running:
            running.writes("a1")
            yield running


class TestTrustpilot(ActContract):
    kind, place = "trustpilot", of_trustpilot.PRIVATE
    deeds = (
        Deed("reply", "a1", "POST", "/reply", SORRY),
        Deed("unreply", "a1", "DELETE", after="reply",
             already=lambda vendor: vendor.replies.clear()),
    )  # fmt: skip

    @pytest.fixture
    async def vendor(self):
        async with TrustpilotVendor() as running:
            running.writes("a1")
            yield running
