"""What every connector of a public counter has to stand: one class for many platforms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.vendor import NOW, Vendor, calls_to, truncated
from workers.platforms.connector import Connector, Fetched, Place


class CounterVendor(Vendor):
    """A vendor that shows how many stars it counts: `stars` has one entry for each review.

    Of some it shows more: those are in `shown`, as they are told.
    """

    stars: list[int]

    @property
    def shown(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def shows_one(self, stars: int, at: datetime) -> None:
        """One more review is counted, and shown."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.stars = [5] * 10

    def mean(self) -> float:
        return round(sum(self.stars) / (len(self.stars) or 1), 1)


class CounterContract:
    """Subclass it as `Test…` and give `connector`, `place` and a `vendor` fixture.

    `faults` are the refusals that this vendor knows. `without` names what may be missing of a
    review that is shown, `unknown` a field with a word that nobody knows yet; where there is none,
    `no_unknown` says why.
    """

    connector: Connector
    place: Place
    without: Iterable[str] = ()
    unknown: tuple[str, Any] | None = None
    no_unknown = "Nothing that is read here is one word of several."
    faults: tuple[tuple[str, str], ...] = (
        ("expired", "auth_expired"),
        ("forbidden", "permission"),
        ("throttled", "rate_limited"),
        ("broken", "transient"),
    )

    @pytest.fixture
    async def vendor(self) -> Any:
        raise NotImplementedError

    async def asks(self, vendor: CounterVendor, place: Place | None = None) -> Fetched:
        async with calls_to(vendor, self.connector.judge) as calls:
            return await self.connector.fetch(calls, place or self.place)

    async def seen(self, vendor: CounterVendor, place: Place | None = None) -> Any:
        """One reading: what was read, and the place as the next reading meets it."""
        fetched = await self.asks(vendor, place)
        after = replace(place or self.place, cursor=fetched.cursor)
        if fetched.body is None:
            return None, after
        read = self.connector.read(fetched.body, fetched.content_type, NOW)
        assert not read.problems, read.problems
        return read, after

    async def test_the_first_reading_is_the_base_and_wakes_nobody(self, vendor):
        vendor.stars = [1] * 10
        read, after = await self.seen(vendor)
        assert not [item for item in read.items if item.created_at and item.created_at >= NOW]
        assert read.counters == {"count": 10, "mean": 1.0}
        assert (await self.seen(vendor, after))[0] is None

    async def test_low_ones_that_nobody_may_read_show_in_the_counter(self, vendor):
        _, after = await self.seen(vendor)
        vendor.stars += [1, 1, 1]
        read, after = await self.seen(vendor, after)
        assert [item.stars for item in read.items if not item.text] == [1.0] * 3
        assert read.counters["count"] == 13
        assert (await self.seen(vendor, after))[0] is None

    async def test_good_ones_only_move_the_counter(self, vendor):
        _, after = await self.seen(vendor)
        vendor.stars += [5] * 3
        read, _ = await self.seen(vendor, after)
        assert list(read.items) == []
        assert read.counters["count"] == 13

    async def test_one_that_is_shown_twice_is_one(self, vendor):
        _, after = await self.seen(vendor)
        vendor.shows_one(1, NOW)
        vendor.shown.append(vendor.shown[0])
        read, after = await self.seen(vendor, after)
        assert [item.stars for item in read.items] == [1]
        assert (await self.seen(vendor, after))[0] is None

    async def test_what_is_optional_may_be_missing(self, vendor):
        _, after = await self.seen(vendor)
        vendor.shows_one(1, NOW)
        for name in self.without:
            del vendor.shown[0][name]
        read, _ = await self.seen(vendor, after)
        assert [item.stars for item in read.items] == [1]

    async def test_a_word_that_nobody_knows_loses_nothing(self, vendor):
        if self.unknown is None:
            pytest.skip(self.no_unknown)
        _, after = await self.seen(vendor)
        vendor.shows_one(1, NOW)
        vendor.shown[0].update([self.unknown])
        read, _ = await self.seen(vendor, after)
        assert [item.stars for item in read.items] == [1]

    async def test_a_counter_that_falls_to_nothing_is_not_believed(self, vendor):
        _, after = await self.seen(vendor)
        full, vendor.stars = vendor.stars, []
        read, after = await self.seen(vendor, after)
        assert read is None
        vendor.stars = full
        assert (await self.seen(vendor, after))[0] is None

    async def test_a_refusal_is_named(self, vendor):
        for fault, health in self.faults:
            vendor.misbehave(getattr(vendor, fault), times=None)
            with pytest.raises(SourceTrouble) as told:
                await self.asks(vendor)
            vendor.behave()
            assert told.value.health == health, fault
            assert told.value.detail.endswith(".")
            if health in ("rate_limited", "quota_exhausted"):
                assert told.value.retry_at is not None
                assert told.value.retry_at > NOW

    @pytest.mark.parametrize("fault", [illnesses.drip, illnesses.reset, truncated, login_page])
    async def test_an_answer_that_is_none_passes(self, vendor, fault):
        vendor.misbehave(fault, times=None)
        async with calls_to(vendor, self.connector.judge, seconds=0.3) as calls:
            with pytest.raises(SourceTrouble) as told:
                await self.connector.fetch(calls, self.place)
        assert told.value.health == self.health_of(fault)
        vendor.behave()
        assert (await self.seen(vendor))[0] is not None

    def health_of(self, fault: Any) -> str:
        return "transient"

    async def test_the_check_changes_nothing(self, vendor):
        async with calls_to(vendor, self.connector.judge) as calls:
            checked = await self.connector.check(calls, self.place)
        assert checked.ready is None
        assert all(one.method == "GET" for one in vendor.log)
