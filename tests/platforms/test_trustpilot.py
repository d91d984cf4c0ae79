"""Trustpilot: the contract on both its sides, removals, and replies."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.trustpilot_vendor import UNIT, TrustpilotVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import trustpilot
from workers.platforms.connector import Action, Place

PUBLIC = Place(ids={"business_unit_id": UNIT}, now=NOW, secrets={"key": "key"})
SECRETS = {"key": "key", "secret": "secret", "author_id": "boss"}
PRIVATE = replace(PUBLIC, secrets=SECRETS)


@pytest.fixture
async def vendor():
    async with TrustpilotVendor() as running:
        yield running


class TestPublicList(Contract):
    connector = trustpilot
    place = PUBLIC
    unknown = ("status", "a-new-word")
    without = ("consumer", "updatedAt", "companyReply", "title")

    @pytest.fixture
    async def vendor(self):
        async with TrustpilotVendor() as running:
            yield running

    async def test_it_says_that_replies_need_more_keys_until_they_are_there(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        assert set(first.probed or {}) == {"reply"}
        known = self.later(first, probed=first.probed)
        assert (await self.asks(vendor, known)).probed is None
        entered = replace(known, secrets=SECRETS)
        assert (await self.asks(vendor, entered)).probed == {}


class TestPrivateList(TestPublicList):
    place = PRIVATE

    async def test_it_says_that_replies_need_more_keys_until_they_are_there(self, vendor):
        vendor.writes("a1")
        assert (await self.asks(vendor)).probed is None

    async def test_what_it_knows_of_customers_is_not_kept(self, vendor):
        vendor.writes("a1")
        body = (await self.asks(vendor)).body or b""
        assert b"jo@example.test" not in body
        assert b"a1" in body
        assert b"order-17" not in body

    async def test_an_edit_of_last_week_is_seen_in_a_whole_reading(self, vendor):
        vendor.writes("old", at=NOW.replace(day=14))
        vendor.writes("new")
        first = await self.asks(vendor)
        vendor.edits("old", text="Now it is worse.")
        assert (await self.asks(vendor, self.later(first))).body is None
        found = self.items(await self.asks(vendor, self.later(first, mode="reconcile")))
        assert found["old"].text == "Now it is worse."

    async def test_a_hint_reads_as_far_back_as_a_whole_reading(self, vendor):
        vendor.writes("old", at=NOW.replace(day=14))
        vendor.writes("new")
        first = await self.asks(vendor)
        hinted = self.later(first, hints=[{"event": "service-review-updated"}])
        assert set(self.items(await self.asks(vendor, hinted))) == {"old", "new"}


@pytest.mark.parametrize("place", [PUBLIC, PRIVATE])
async def test_a_removal_shows_in_two_readings_that_hold_everything_around_it(vendor, place):
    for number in range(7):
        vendor.writes(f"a{number}")
    async with calls_to(vendor, trustpilot.judge) as calls:
        first = await trustpilot.fetch(calls, place)
        vendor.removes("a5")
        second = await trustpilot.fetch(calls, replace(place, cursor=first.cursor))
        third = await trustpilot.fetch(calls, replace(place, cursor=second.cursor))
        fourth = await trustpilot.fetch(calls, replace(place, cursor=third.cursor))
    for fetched in (second, third):
        read = trustpilot.read(fetched.body or b"", fetched.content_type, NOW)
        assert "a5" not in {item.external_id for item in read.items}
        assert read.covers
        assert read.covers < vendor.written[-1].at
        assert read.counters == {"count": 6, "mean": 1.0}
    assert fourth.body is None


async def test_a_reading_that_ends_early_covers_what_it_has_read(vendor):
    for number in range(10):
        vendor.writes(f"a{number}")
    async with calls_to(vendor, trustpilot.judge) as calls:
        first = await trustpilot.fetch(calls, PUBLIC)
        vendor.writes("b1")
        second = await trustpilot.fetch(calls, replace(PUBLIC, cursor=first.cursor))
    read = trustpilot.read(second.body or b"", second.content_type, NOW)
    oldest = min(item.created_at for item in read.items if item.created_at)
    assert read.covers == oldest
    assert len(read.items) < len(vendor.written)


async def test_a_wrong_secret_is_named(vendor):
    wrong = replace(PRIVATE, secrets=SECRETS | {"secret": "wrong"})
    async with calls_to(vendor, trustpilot.judge) as calls:
        with pytest.raises(SourceTrouble) as told:
            await trustpilot.fetch(calls, wrong)
    assert told.value.health == "auth_expired"


async def test_a_website_is_looked_up_once(vendor):
    linked = replace(PUBLIC, ids={"domain": "crumbco.example"})
    vendor.writes("a1")
    async with calls_to(vendor, trustpilot.judge) as calls:
        first = await trustpilot.fetch(calls, linked)
        await trustpilot.fetch(calls, replace(linked, cursor=first.cursor))
        await trustpilot.check(calls, linked)
        with pytest.raises(SourceTrouble) as told:
            await trustpilot.fetch(calls, replace(linked, ids={"domain": "other.example"}))
    looked_up = [one.query["name"] for one in vendor.log if one.path.endswith("/find")]
    assert looked_up == ["crumbco.example", "crumbco.example", "other.example"]
    assert told.value.health == "gone"


async def test_a_missing_key_is_asked_for_and_nothing_is_sent(vendor):
    async with calls_to(vendor, trustpilot.judge) as calls:
        with pytest.raises(SourceTrouble) as told:
            await trustpilot.fetch(calls, replace(PUBLIC, secrets={}))
    assert told.value.health == "permission"
    assert not vendor.log


@pytest.mark.parametrize("place", [PUBLIC, PRIVATE])
async def test_the_daily_check_reads_one_review_and_changes_nothing(vendor, place):
    async with calls_to(vendor, trustpilot.judge) as calls:
        assert (await trustpilot.check(calls, place)).ready is None
    assert {one.method for one in vendor.log} <= {"GET", "POST"}
    assert not vendor.replies


REPLY = Action("reply", "a1", {"text": "We are sorry."})
TAKE_BACK = Action("unreply", "a1")


async def acts(vendor, action, what=trustpilot.act, place=PRIVATE):
    async with calls_to(vendor, trustpilot.judge) as calls:
        return await what(calls, place, action)


def sent(vendor, method):
    return [one for one in vendor.log if one.method == method and one.path.endswith("/reply")]


async def test_a_reply_is_written_read_back_and_taken_back(vendor):
    vendor.writes("a1")
    assert (await acts(vendor, REPLY, trustpilot.observe)).state == "rejected"
    assert (await acts(vendor, REPLY)).state == "done"
    assert vendor.replies == {"a1": "We are sorry."}
    assert (await acts(vendor, REPLY, trustpilot.observe)).state == "done"
    assert (await acts(vendor, TAKE_BACK, trustpilot.observe)).state == "pending"
    assert (await acts(vendor, TAKE_BACK)).state == "done"
    assert (await acts(vendor, TAKE_BACK, trustpilot.observe)).state == "done"
    assert not vendor.replies


@pytest.mark.parametrize(("action", "method"), [(REPLY, "POST"), (TAKE_BACK, "DELETE")])
async def test_an_act_whose_answer_was_lost_is_read_back(vendor, action, method):
    vendor.writes("a1")
    vendor.replies = {"a1": "An old one."}
    vendor.misbehave(illnesses.reset, method=method, path="/reply", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, action)
    assert told.value.health == "outcome_unknown"
    assert (await acts(vendor, action, trustpilot.observe)).state == "done"
    assert len(sent(vendor, method)) == 1


async def test_a_reply_that_is_already_gone_is_taken_back(vendor):
    vendor.writes("a1")
    assert (await acts(vendor, TAKE_BACK)).state == "done"


async def test_a_reply_that_trustpilot_refuses_is_rejected(vendor):
    vendor.writes("a1")
    stranger = replace(PRIVATE, secrets=SECRETS | {"author_id": "nobody"})
    outcome = await acts(vendor, REPLY, place=stranger)
    assert outcome.state == "rejected"
    assert not vendor.replies


@pytest.mark.parametrize("action", [REPLY, TAKE_BACK, Action("hide", "a1")])
async def test_without_the_private_keys_it_is_for_a_hand_and_nothing_is_sent(vendor, action):
    outcome = await acts(vendor, action, place=PUBLIC)
    assert outcome.state == "by_hand"
    assert not vendor.log
