"""Tripadvisor: the counter, low ones by a hash alone, and a key that nobody gets to see."""

import logging
import traceback
from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.counters import CounterContract
from tests.platforms.tripadvisor_vendor import KEY, TripadvisorVendor
from tests.platforms.vendor import NOW
from workers.platforms import tripadvisor
from workers.platforms.connector import Place


class TestTripadvisor(CounterContract):
    connector = tripadvisor
    place = Place(ids={"location_id": "93450"}, now=NOW, secrets={"key": KEY})
    without = ("user", "title", "text", "published_date", "url")
    unknown = ("trip_type", "By airship")

    @pytest.fixture
    async def vendor(self):
        async with TripadvisorVendor() as running:
            yield running

    async def test_a_low_one_is_known_by_a_hash_and_nothing_of_it_is_kept(self, vendor):
        _, after = await self.seen(vendor)
        vendor.shows(988001, 1, NOW - timedelta(minutes=9))
        vendor.shows(988002, 5, NOW - timedelta(minutes=8))
        fetched = await self.asks(vendor, after)
        read = tripadvisor.read(fetched.body or b"", fetched.content_type, NOW)
        [item] = read.items
        assert (item.stars, item.text, item.title, item.author) == (1, "", "", "")
        assert item.external_id.startswith("hash:")
        for word in (b"988001", b"Avoid", b"fresh", b"traveler77", b"r988001", KEY.encode()):
            assert word not in (fetched.body or b"") + repr(fetched.cursor).encode()

    async def test_the_same_review_keeps_its_hash(self, vendor):
        _, after = await self.seen(vendor)
        vendor.shows(988001, 1, NOW)
        first, after = await self.seen(vendor, after)
        vendor.shows(988003, 2, NOW)
        second, _ = await self.seen(vendor, after)
        assert len({item.external_id for item in [*first.items, *second.items]}) == 2

    async def test_low_ones_behind_the_five_that_are_shown_are_counted(self, vendor):
        _, after = await self.seen(vendor)
        for number in range(9):
            vendor.shows(988001 + number, 1, NOW)
        read, _ = await self.seen(vendor, after)
        counted = [one for one in read.items if one.external_id.startswith("count:")]
        assert (len(read.items), len(counted)) == (9, 4)
        assert {item.stars for item in read.items} == {1}

    @pytest.mark.parametrize(
        "fault", ["expired", "forbidden", "throttled", "broken", "reset", "drip", "away"]
    )
    async def test_the_key_reaches_no_log_and_no_error(self, vendor, caplog, fault, monkeypatch):
        caplog.set_level(logging.DEBUG)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # as every process of ours does
        if fault == "away":
            monkeypatch.setattr(vendor, "origin", "http://127.0.0.1:1")
        else:
            known = getattr(vendor, fault, None) or getattr(illnesses, fault)
            vendor.misbehave(known, times=None)
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor)
        assert KEY not in "".join(traceback.format_exception(told.value))
        assert KEY not in told.value.detail
        assert KEY not in caplog.text
