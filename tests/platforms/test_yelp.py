"""Yelp: the counter, excerpts that are counted once, the plan without words, and the budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.items.item import SourceTrouble
from tests.platforms.counters import CounterContract
from tests.platforms.vendor import NOW
from tests.platforms.yelp_vendor import YelpVendor
from workers.platforms import yelp
from workers.platforms.connector import Place

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


class TestYelp(CounterContract):
    connector = yelp
    place = Place(ids={"business_id": "crumb-and-co-leeds"}, now=NOW, secrets={"key": "good"})
    without = ("user", "url", "text")
    faults = (
        *CounterContract.faults,
        ("spent", "quota_exhausted"),
        ("unknown", "gone"),
    )

    @pytest.fixture
    async def vendor(self):
        async with YelpVendor() as running:
            yield running

    async def test_a_review_that_is_shown_is_not_counted_twice(self, vendor):
        _, after = await self.seen(vendor)
        vendor.shows("y1", 1, NOW - timedelta(minutes=20))
        vendor.shows("y2", 1, NOW - timedelta(minutes=10))
        read, after = await self.seen(vendor, after)
        assert [(item.external_id, item.stars) for item in read.items] == [("y1", 1), ("y2", 1)]
        assert read.items[0].text == "I waited an hour and …"
        assert read.items[0].created_at == NOW - timedelta(minutes=20)
        assert (await self.seen(vendor, after))[0] is None

    async def test_the_ones_that_are_not_shown_are_still_counted(self, vendor):
        _, after = await self.seen(vendor)
        vendor.stars += [1, 1, 1]
        vendor.shows("y1", 1, NOW - timedelta(minutes=20))
        read, _ = await self.seen(vendor, after)
        names = sorted(item.external_id for item in read.items)
        assert names[-1] == "y1"
        assert len(names) == 4
        assert {item.stars for item in read.items} == {1}

    async def test_an_old_review_that_is_shown_at_last_hides_no_new_one(self, vendor):
        _, after = await self.seen(vendor)
        vendor.stars += [1, 1]
        vendor.shows("old", 5, NOW - timedelta(days=300))
        vendor.stars.remove(5)
        read, _ = await self.seen(vendor, after)
        told = [item for item in read.items if item.external_id.startswith("count:")]
        assert [item.stars for item in told] == [1, 1]

    async def test_words_are_asked_for_when_the_counter_has_moved(self, vendor):
        _, after = await self.seen(vendor)
        asked = len(vendor.log)
        await self.seen(vendor, after)
        assert [one.path for one in vendor.log[asked:]] == ["/v3/businesses/crumb-and-co-leeds"]

    async def test_a_plan_without_words_is_asked_for_them_once_a_week(self, vendor):
        vendor.excerpts = None
        fetched = await self.asks(vendor)
        assert set(fetched.probed or {}) == {"excerpts"}
        _, after = await self.seen(vendor)
        vendor.stars += [1]
        asked = len(vendor.log)
        read, _ = await self.seen(vendor, after)
        assert read.counters["count"] == 11
        assert len(vendor.log) - asked == 1

    async def test_the_budget_ends_at_midnight(self, vendor):
        vendor.misbehave(vendor.spent)
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor)
        assert told.value.retry_at == MIDNIGHT

    async def test_what_is_left_of_the_budget_is_spread_over_the_day(self, vendor):
        vendor.left = 9
        fetched = await self.asks(vendor)
        assert fetched.not_before == NOW + (MIDNIGHT - NOW) / 4

    async def test_a_name_is_taken_as_it_stands_in_a_link(self, vendor):
        linked = replace(self.place, ids={"business_id": "crumb%2Dand-co-leeds"})
        await self.asks(vendor, linked)
        assert vendor.log[0].path == "/v3/businesses/crumb-and-co-leeds"

    async def test_a_missing_key_is_asked_for(self, vendor):
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor, Place(ids=self.place.ids, now=NOW))
        assert (told.value.health, vendor.log) == ("permission", [])
