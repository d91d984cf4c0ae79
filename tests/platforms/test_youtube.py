"""YouTube: the contract, replies and what is held back, and the daily check."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.items.item import SourceTrouble
from tests.platforms.contract import Contract
from tests.platforms.vendor import NOW, calls_to, told
from tests.platforms.youtube_vendor import OWNER, YouTubeVendor, error
from workers.platforms import CONNECTORS, youtube
from workers.platforms.connector import Place

PLACE = Place(ids={"channel": OWNER}, now=NOW, secrets={"access_token": "good"})


@pytest.fixture
async def vendor():
    async with YouTubeVendor() as running:
        yield running


class TestYouTube(Contract):
    connector = youtube
    place = PLACE
    shows_stars = False
    unknown = ("moderationStatus", "thoughtAbout")
    without = ("authorDisplayName", "authorChannelId", "updatedAt", "textOriginal")

    @pytest.fixture
    async def vendor(self):
        async with YouTubeVendor() as running:
            yield running

    async def test_a_comment_says_where_it_stands_and_who_wrote_it(self, vendor):
        vendor.writes("a1", text="scam")
        [item] = self.items(await self.asks(vendor)).values()
        assert (item.kind, item.parent_id, item.author_id) == ("comment", "v1", "UCx")
        assert item.url == "https://www.youtube.com/watch?v=v1&lc=a1"

    async def test_replies_that_do_not_come_with_their_thread_are_fetched(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        for number in range(5):
            vendor.answers("a1", f"Me too {number}.")
        second = await self.asks(vendor, self.later(first))
        found = self.items(second)
        assert set(found) == {"a1", *(f"a1.r{number}" for number in range(5))}
        assert found["a1.r0"].parent_id == "v1"
        third = await self.asks(vendor, self.later(second))
        assert third.body is None

    async def test_more_threads_than_may_be_asked_are_met_next_time(self, vendor, monkeypatch):
        monkeypatch.setattr(youtube, "MOST_THREADS", 1)
        for name in ("a1", "a2"):
            vendor.writes(name)
        first = await self.asks(vendor)
        for name in ("a1", "a2"):
            vendor.answers(name, "One.")
            vendor.answers(name, "Two.")
        second = await self.asks(vendor, self.later(first))
        third = await self.asks(vendor, self.later(second))
        met = set(self.items(second)) | set(self.items(third))
        assert {"a1.r0", "a1.r1", "a2.r0", "a2.r1"} <= met

    async def test_a_late_reply_is_not_kept_waiting_by_long_threads(self, vendor, monkeypatch):
        monkeypatch.setattr(youtube, "MOST_THREADS", 1)
        for name in ("a1", "a2", "a3"):
            vendor.writes(name)
            vendor.answers(name, "One.")
            vendor.answers(name, "Two.")
        first = await self.asks(vendor)
        for text in ("Three.", "Four."):
            vendor.answers("a1", text)
        second = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert {"a1.r2", "a1.r3"} <= set(self.items(second))

    async def test_what_the_channel_wrote_is_its_reply_and_no_item(self, vendor):
        vendor.writes("a1")
        vendor.answers("a1", "We are sorry.", OWNER)
        [item] = self.items(await self.asks(vendor)).values()
        assert item.reply is not None
        assert item.reply["text"] == "We are sorry."

    async def test_likes_are_no_news(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        [one] = vendor.written
        vendor.written[0] = replace(one, more={"likeCount": 7})
        assert (await self.asks(vendor, self.later(first))).body is None

    async def test_what_is_held_back_is_hidden_and_not_gone(self, vendor):
        for name in ("a1", "a2", "a3"):
            vendor.writes(name)
        first = await self.asks(vendor)
        vendor.moderation.status["a1"] = "heldForReview"
        vendor.removes("a3")
        fetched = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert fetched.body is not None
        read = youtube.read(fetched.body, fetched.content_type, NOW)
        assert {item.external_id: item.hidden for item in read.items} == {"a1": True, "a2": False}
        assert read.covers is not None

    async def test_what_was_not_read_whole_is_not_called_gone(self, vendor, monkeypatch):
        monkeypatch.setattr(youtube, "MOST_THREADS", 0)
        vendor.writes("a1")
        for number in range(3):
            vendor.answers("a1", f"Me too {number}.")
        first = await self.asks(vendor)
        fetched = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert fetched.body is not None
        assert youtube.read(fetched.body, fetched.content_type, NOW).covers is None


def test_comments_are_read_by_their_kind():
    assert CONNECTORS["youtube"] is youtube


@pytest.mark.parametrize(
    ("at", "back"),
    [
        (datetime(2026, 11, 21, 20, 0, tzinfo=UTC), datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 7, 59, tzinfo=UTC), datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), datetime(2026, 7, 2, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
    ],
)
async def test_a_used_up_budget_is_back_at_midnight_in_california(vendor, at, back):
    vendor.misbehave(vendor.used_up)
    async with calls_to(vendor, youtube.judge) as calls:
        calls.now = at
        with pytest.raises(SourceTrouble) as trouble:
            await youtube.fetch(calls, PLACE)
    assert (trouble.value.health, trouble.value.retry_at) == ("quota_exhausted", back)
    assert back - at <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("reason", "health"),
    [("commentsDisabled", "unavailable_capability"), ("channelNotFound", "gone")],
)
async def test_youtubes_own_refusals_are_named(vendor, reason, health):
    vendor.misbehave(told(403 if reason == "commentsDisabled" else 404, error(403, reason)))
    async with calls_to(vendor, youtube.judge) as calls:
        with pytest.raises(SourceTrouble) as trouble:
            await youtube.fetch(calls, PLACE)
    assert trouble.value.health == health


@pytest.mark.parametrize("answer", [{"items": {}}, {"items": [1]}, {"items": [{"id": 7}]}])
async def test_a_list_of_another_shape_is_said(vendor, answer):
    vendor.misbehave(told(200, answer))
    async with calls_to(vendor, youtube.judge) as calls:
        with pytest.raises(SourceTrouble) as trouble:
            await youtube.fetch(calls, PLACE)
    assert trouble.value.health == "bad_content"


async def checked(vendor, place=PLACE):
    async with calls_to(vendor, youtube.judge) as calls:
        return await youtube.check(calls, place)


async def test_the_daily_check_asks_as_the_owner_and_changes_nothing(vendor):
    assert (await checked(vendor)).ready is True
    assert {one.method for one in vendor.log} == {"GET"}
    viewer = await checked(vendor, replace(PLACE, secrets={"access_token": "viewer"}))
    assert (viewer.ready, viewer.ready_detail) == (False, "The sign-in may read, but not moderate.")
    vendor.owns = ["UC2"]
    assert (await checked(vendor)).ready is False
