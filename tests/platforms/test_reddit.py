"""Reddit: which feed belongs to a link, one request at a time, and pauses that hold for all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.contract import Contract
from tests.platforms.reddit_vendor import RedditVendor
from tests.platforms.vendor import NOW, calls_to, truncated
from workers.platforms import reddit
from workers.platforms.connector import Place

PLACE = Place(ids={"subreddit": "graz"}, now=NOW, url="https://www.reddit.com/r/graz/")


@pytest.fixture
async def vendor():
    reddit.forget()
    async with RedditVendor() as running:
        yield running
    reddit.forget()


class TestReddit(Contract):
    connector = reddit
    place = PLACE
    shows_stars = False
    without = ("author", "published", "link")
    no_removals = "A feed shows the newest alone: what is missing may only be older."

    @pytest.fixture
    async def vendor(self):
        reddit.forget()
        async with RedditVendor() as running:
            yield running
        reddit.forget()

    async def hears_out(self, vendor):
        """A feed is looked at when it is read, not when it is fetched."""
        async with calls_to(vendor, reddit.judge, seconds=0.3) as calls:
            return self.items(await reddit.fetch(calls, PLACE))

    @pytest.mark.parametrize(
        ("fault", "health"),
        [
            (illnesses.drip, "transient"),
            (illnesses.reset, "transient"),
            (truncated, "bad_content"),
            (login_page, "bad_content"),
        ],
    )
    async def test_an_answer_that_is_none_passes(self, vendor, fault, health):
        vendor.writes("a1")
        vendor.misbehave(fault, times=None)
        with pytest.raises(SourceTrouble) as told:
            await self.hears_out(vendor)
        assert told.value.health == health
        vendor.behave()
        assert "a1" in self.items(await self.asks(vendor))


async def reads(vendor, place=PLACE):
    async with calls_to(vendor, reddit.judge) as calls:
        return await reddit.fetch(calls, place)


@pytest.mark.parametrize(
    ("url", "ids", "feed"),
    [
        ("https://www.reddit.com/r/graz/", {"subreddit": "graz"}, "/r/graz/new.rss"),
        ("https://old.reddit.com/r/graz", {}, "/r/graz/new.rss"),
        ("https://www.reddit.com/r/graz/comments/1a/x/", {}, "/r/graz/comments/1a/x.rss"),
        ("https://www.reddit.com/r/graz/new.rss", {"subreddit": "graz"}, "/r/graz/new.rss"),
        ("https://www.reddit.com/user/kim/", {}, "/user/kim.rss"),
        ("https://www.reddit.com/search?q=crumb+co", {}, "/search.rss?q=crumb+co&sort=new"),
        ("", {"query": '"crumb co"'}, "/search.rss?q=%22crumb+co%22&sort=new"),
        ("", {"query": "crumb", "subreddit": "graz"},
         "/r/graz/search.rss?q=crumb&sort=new&restrict_sr=1"),
    ],
)  # fmt: skip
def test_each_link_has_its_feed(url, ids, feed):
    assert reddit.address(Place(ids=ids, now=NOW, url=url)) == f"https://www.reddit.com{feed}"


def test_a_link_to_nothing_is_said():
    with pytest.raises(SourceTrouble) as told:
        reddit.address(Place(ids={}, now=NOW, url="https://www.reddit.com/"))
    assert told.value.permanent


async def test_what_was_posted_is_a_mention_and_read_once(vendor):
    vendor.writes("t3_a1")
    first = await reads(vendor)
    [item] = reddit.read(first.body, first.content_type, NOW).items
    assert (item.external_id, item.kind, item.text) == ("t3_a1", "mention", "Never again.")
    assert item.created_at == vendor.written[0].at
    assert (await reads(vendor, replace(PLACE, cursor=first.cursor))).body is None


async def test_a_pause_that_one_source_is_told_holds_for_all(vendor):
    vendor.misbehave(vendor.throttled)
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor)
    assert (told.value.health, told.value.retry_at) == ("rate_limited", NOW + timedelta(minutes=2))
    with pytest.raises(SourceTrouble) as again:
        await reads(vendor, replace(PLACE, ids={"query": "crumb"}))
    assert again.value.retry_at == told.value.retry_at
    assert len(vendor.log) == 1
    await reads(vendor, replace(PLACE, now=NOW + timedelta(minutes=3)))
    assert len(vendor.log) == 2


async def test_a_pause_without_a_moment_is_a_quarter_of_an_hour(vendor):
    vendor.misbehave(vendor.angry)
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor)
    assert told.value.retry_at == NOW + timedelta(minutes=15)


async def test_one_request_is_under_way_at_a_time(vendor):
    await asyncio.gather(*(reads(vendor, replace(PLACE, ids={"query": f"{n}"})) for n in range(6)))
    assert (len(vendor.log), vendor.most_at_once) == (6, 1)


async def test_a_server_that_is_not_let_in_is_said(vendor):
    vendor.misbehave(vendor.forbidden)
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor)
    assert told.value.health == "permission"


async def test_there_is_nothing_to_check(vendor):
    async with calls_to(vendor, reddit.judge) as calls:
        assert (await reddit.check(calls, PLACE)).ready is None
    assert not vendor.log
