"""X: the contract, the money of a day, and hiding replies as a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.vendor import NOW, calls_to, told
from tests.platforms.x_vendor import XVendor, problem
from workers.platforms import x, x_http
from workers.platforms.connector import Action, Place

PLACE = Place(ids={"username": "crumbco"}, now=NOW, secrets={"bearer": "good"})
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
async def vendor():
    async with XVendor() as running:
        yield running


class TestX(Contract):
    connector = x
    place = PLACE
    no_edits = "An edit makes a post of its own at X."
    no_removals = "X tells nobody which posts are gone: their words are kept for a day alone."
    shows_stars = False
    unknown = ("referenced_tweets", [{"type": "sang_about", "id": "1"}])
    without = ("author_id", "conversation_id", "lang")

    @pytest.fixture
    async def vendor(self):
        async with XVendor() as running:
            yield running

    async def test_nothing_new_costs_one_count_and_no_post(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        before = len(vendor.log)
        assert (await self.asks(vendor, self.later(first))).body is None
        assert [one.path for one in vendor.log[before:]] == ["/2/tweets/counts/recent"]

    async def test_a_reply_and_a_long_post_are_read_whole(self, vendor):
        long = {"note_tweet": {"text": "Long &amp; angry."}, "text": "Long…"}
        vendor.writes("a1", more=long | {"referenced_tweets": [{"type": "replied_to", "id": "9"}]})
        [item] = self.items(await self.asks(vendor)).values()
        assert item.text == "Long & angry."
        assert (item.kind, item.parent_id) == ("comment", "9")


async def reads(vendor, place=PLACE):
    async with calls_to(vendor, x.judge) as calls:
        return await x.fetch(calls, place)


def capped(cursor=None, now=NOW, posts=20):
    return replace(PLACE, ids={**PLACE.ids, "daily_posts": posts}, cursor=cursor or {}, now=now)


def write_many(vendor, start, count):
    for number in range(start, start + count):
        vendor.writes(f"a{number}")


async def test_the_history_leaves_half_of_the_days_money(vendor):
    write_many(vendor, 0, 60)
    first = await reads(vendor, capped())
    assert first.cursor["posts"] == 5
    assert len(vendor.log) == 2
    assert not first.cursor["unread"]


async def test_a_cap_below_what_x_answers_with_is_said_and_not_silent(vendor):
    vendor.writes("a1")
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor, capped(posts=9))
    assert told.value.health == "quota_exhausted"
    assert (await reads(vendor, capped(posts=10))).body is not None


async def test_when_the_days_money_is_spent_it_is_said_until_midnight(vendor):
    write_many(vendor, 0, 1)
    first = await reads(vendor, capped())
    write_many(vendor, 1, 100)
    second = await reads(vendor, capped(first.cursor))
    assert second.cursor["posts"] <= 20
    assert second.cursor["unread"]
    asked = len(vendor.log)
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor, capped(second.cursor))
    assert (told.value.health, told.value.retry_at) == ("quota_exhausted", MIDNIGHT)
    assert len(vendor.log) == asked
    write_many(vendor, 200, 1)
    third = await reads(vendor, capped(second.cursor, now=NOW + timedelta(days=1)))
    assert third.body is not None
    assert third.cursor["posts"] == 1


async def test_how_many_are_unread_is_said_where_it_is_known(vendor):
    write_many(vendor, 0, 1)
    first = await reads(vendor, capped(posts=11))
    spent = first.cursor | {"posts": 8}
    write_many(vendor, 1, 7)
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor, capped(spent, posts=11))
    assert "7 more" in told.value.detail
    assert (await reads(vendor, capped(spent | {"since": "a7"}, posts=11))).body is None


async def test_a_post_older_than_the_search_goes_is_not_begun_with(vendor):
    at = NOW - timedelta(days=8)
    old = str((int(at.timestamp() * 1000) - 1_288_834_974_657) << 22)
    vendor.writes("a1")
    assert (await reads(vendor, replace(PLACE, cursor={"since": old}))).body is not None
    assert all("since_id" not in one.query for one in vendor.log)


@pytest.mark.parametrize(
    ("word", "status", "health"),
    [
        ("usage-capped", 429, "quota_exhausted"),
        ("credits-depleted", 402, "quota_exhausted"),
        ("invalid-request", 400, "bad_content"),
    ],
)
async def test_a_problem_is_named_by_its_type(vendor, word, status, health):
    vendor.misbehave(told(status, problem(word, status)))
    with pytest.raises(SourceTrouble) as raised:
        await reads(vendor)
    assert raised.value.health == health


@pytest.mark.parametrize(
    ("ids", "asked"),
    [
        ({"query": '"crumb co" OR #crumb'}, '("crumb co" OR #crumb) -is:retweet'),
        ({"query": "crumb -is:retweet"}, "crumb -is:retweet"),
    ],
)
def test_a_search_leaves_out_reposts(ids, asked):
    assert x.query(replace(PLACE, ids=ids)) == asked


@pytest.mark.parametrize("ids", [{}, {"query": "x" * 512}])
def test_a_search_that_x_would_refuse_is_said_at_once(ids):
    with pytest.raises(SourceTrouble) as raised:
        x.query(replace(PLACE, ids=ids))
    assert raised.value.permanent


PERSON = replace(PLACE, secrets={"bearer": "good", **dict.fromkeys(x_http.KEYS, "k")})
HIDE, UNHIDE = Action("hide", "a1"), Action("unhide", "a1")


async def acts(vendor, action, what=x.act, place=PERSON):
    async with calls_to(vendor, x.judge) as calls:
        return await what(calls, place, action)


async def test_a_reply_is_hidden_and_shown_as_a_person(vendor):
    vendor.writes("a1")
    assert (await acts(vendor, HIDE)).state == "done"
    assert vendor.hidden == {"a1"}
    assert (await acts(vendor, UNHIDE)).state == "done"
    assert not vendor.hidden
    assert (await acts(vendor, HIDE, x.observe)).state == "unknown"
    vendor.removes("a1")
    assert (await acts(vendor, HIDE)).state == "done"


async def test_a_hiding_whose_answer_was_lost_is_sent_once(vendor):
    vendor.writes("a1")
    vendor.misbehave(illnesses.reset, method="PUT", delivers=True)
    with pytest.raises(SourceTrouble) as raised:
        await acts(vendor, HIDE)
    assert raised.value.health == "outcome_unknown"
    assert len(vendor.log) == 1


async def test_without_the_keys_of_a_person_and_for_all_else_a_hand_is_needed(vendor):
    assert (await acts(vendor, HIDE, place=PLACE)).state == "by_hand"
    assert (await acts(vendor, Action("reply", "a1", {"text": "x"}))).state == "by_hand"
    assert (await acts(vendor, Action("block", "a1"), x.observe)).state == "by_hand"
    assert not vendor.log


async def test_without_the_keys_of_a_person_hiding_is_said_not_to_be_there(vendor):
    vendor.writes("a1")
    first = await reads(vendor)
    assert set(first.probed) == {"hide"}
    told = replace(PLACE, cursor=first.cursor, probed=first.probed)
    assert (await reads(vendor, told)).probed is None
    assert (await reads(vendor, replace(told, secrets=PERSON.secrets))).probed == {}
    async with calls_to(vendor, x.judge) as calls:
        assert (await x.check(calls, PLACE)).probed == first.probed
        assert not (await x.check(calls, PERSON)).probed


async def test_a_refusal_is_named(vendor):
    vendor.writes("a1")
    vendor.misbehave(vendor.forbidden)
    with pytest.raises(SourceTrouble) as raised:
        await acts(vendor, HIDE)
    assert raised.value.health == "permission"


def test_a_signature_is_that_of_the_published_example():
    told = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": "1191242096",
        "oauth_nonce": "kllo9940pd9333jh", "oauth_version": "1.0",
        "file": "vacation.jpg", "size": "original",
    }  # fmt: skip
    url = "http://photos.example.net/photos"
    signed = x_http.signature("get", url, told, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00")
    assert signed == "tR3+Ty81lMeYAr/Fid0kMTYa/WM="


async def test_the_daily_check_reads_no_post(vendor):
    async with calls_to(vendor, x.judge) as calls:
        await x.check(calls, PLACE)
    assert [one.path for one in vendor.log] == ["/2/tweets/counts/recent"]


@pytest.mark.parametrize("target", ["1/../../users/1", "..", "", "1?x=2", "1#", "1%2f2", "١"])
async def test_a_target_that_is_no_id_is_refused_and_nothing_is_sent(vendor, target):
    assert (await acts(vendor, Action("hide", target))).state == "rejected"
    assert not vendor.log
