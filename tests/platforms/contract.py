"""What every connector has to stand, whoever the vendor is: one class for many platforms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from api.items.item import Item, SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.vendor import NOW, Vendor, calls_to, truncated
from workers.platforms.connector import Connector, Fetched, Place

BIG = "9007199254740993"


class Contract:
    """Subclass it as `Test…` and give `connector`, `place` and a `vendor` fixture.

    `shows_stars` says whether there are any; `without` names what may be missing of an item,
    `unknown` a field with a word that nobody knows yet. What this platform does not show is not
    tried: `no_edits`, `no_removals` and `no_unknown` say why, and are empty where it is tried.
    """

    connector: Connector
    place: Place
    shows_stars = True
    unknown: tuple[str, Any] | None = None
    without: Iterable[str] = ()
    no_edits = ""
    no_removals = ""
    no_unknown = "Nothing that is read here is one word of several."

    @pytest.fixture
    async def vendor(self) -> Any:
        raise NotImplementedError

    async def asks(self, vendor: Vendor, place: Place | None = None) -> Fetched:
        async with calls_to(vendor, self.connector.judge) as calls:
            return await self.connector.fetch(calls, place or self.place)

    def items(self, fetched: Fetched) -> dict[str, Item]:
        assert fetched.body is not None
        read = self.connector.read(fetched.body, fetched.content_type, NOW)
        assert not read.problems, read.problems
        return {self.short(item.external_id): item for item in read.items}

    def short(self, external_id: str) -> str:
        """The vendor's own name of an item; external ids may carry a family before it."""
        return external_id.rpartition("/")[2]

    def later(self, fetched: Fetched, **more: Any) -> Place:
        return replace(self.place, cursor=fetched.cursor, **more)

    async def test_what_was_written_is_read_once(self, vendor):
        one = vendor.writes("a1")
        first = await self.asks(vendor)
        [item] = self.items(first).values()
        assert item.text == one.text
        assert item.created_at == one.at
        if self.shows_stars:
            assert item.stars == 1
        again = await self.asks(vendor, self.later(first))
        assert again.body is None

    async def test_every_page_is_read_the_first_time(self, vendor):
        names = [f"a{number}" for number in range(2 * vendor.page_size + 1)]
        for name in names:
            vendor.writes(name)
        assert set(self.items(await self.asks(vendor))) == set(names)

    async def test_a_new_one_is_found_without_reading_everything_again(self, vendor):
        for number in range(5 * vendor.page_size):
            vendor.writes(f"a{number}")
        first = await self.asks(vendor)
        vendor.writes("b1")
        before = len(vendor.log)
        second = await self.asks(vendor, self.later(first))
        assert "b1" in self.items(second)
        assert len(vendor.log) - before <= 4

    async def test_an_edit_is_seen_wherever_it_is_sorted(self, vendor):
        if self.no_edits:
            pytest.skip(self.no_edits)
        for number in range(2):
            vendor.writes(f"a{number}")
        first = await self.asks(vendor)
        vendor.edits("a0", text="Now it is worse.")
        found = self.items(await self.asks(vendor, self.later(first)))
        assert found["a0"].text == "Now it is worse."

    async def test_a_removal_shows_in_a_whole_reading(self, vendor):
        if self.no_removals:
            pytest.skip(self.no_removals)
        first_at = vendor.writes("a1").at
        vendor.writes("a2")
        first = await self.asks(vendor)
        vendor.removes("a1")
        second = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert set(self.items(second)) == {"a2"}
        covers = self.connector.read(second.body or b"", second.content_type, NOW).covers
        assert covers is not None
        assert covers <= first_at

    async def test_nothing_written_is_no_trouble(self, vendor):
        fetched = await self.asks(vendor)
        assert fetched.body is None or not self.items(fetched)

    async def test_one_that_comes_twice_is_one(self, vendor):
        vendor.writes("a1")
        vendor.written.append(vendor.written[0])
        assert list(self.items(await self.asks(vendor))) == ["a1"]

    async def test_one_that_comes_late_is_found_behind_newer_ones(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        early = vendor.written[0].at.replace(hour=7)
        vendor.writes("late", at=early)
        assert "late" in self.items(await self.asks(vendor, self.later(first)))

    async def test_an_id_of_64_bits_keeps_every_digit(self, vendor):
        vendor.writes(BIG)
        assert list(self.items(await self.asks(vendor))) == [BIG]

    async def test_an_id_that_comes_as_a_number_keeps_every_digit_too(self, vendor):
        if vendor.ids_are_text:
            pytest.skip(vendor.ids_are_text)
        vendor.ids_as_numbers = True
        vendor.writes(BIG)
        first = await self.asks(vendor)
        assert list(self.items(first)) == [BIG]
        assert f":{BIG}".encode() in (first.body or b"")
        assert (await self.asks(vendor, self.later(first))).body is None

    async def test_what_is_optional_may_be_missing(self, vendor):
        vendor.writes("a1", more=dict.fromkeys(self.without))
        assert list(self.items(await self.asks(vendor))) == ["a1"]

    async def test_a_word_that_nobody_knows_loses_nothing(self, vendor):
        if self.unknown is None:
            pytest.skip(self.no_unknown)
        vendor.writes("a1", more=dict([self.unknown]))
        assert list(self.items(await self.asks(vendor))) == ["a1"]

    @pytest.mark.parametrize(
        ("fault", "health"),
        [
            ("expired", "auth_expired"),
            ("forbidden", "permission"),
            ("throttled", "rate_limited"),
            ("broken", "transient"),
        ],
    )
    async def test_a_refusal_is_named(self, vendor, fault, health):
        vendor.writes("a1")
        vendor.misbehave(getattr(vendor, fault), times=None)
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor)
        assert told.value.health == health
        assert told.value.detail.endswith(".")
        if health == "rate_limited":
            assert told.value.retry_at is not None
            assert told.value.retry_at > NOW

    @pytest.mark.parametrize("fault", [illnesses.drip, illnesses.reset, truncated, login_page])
    async def test_an_answer_that_is_none_passes(self, vendor, fault):
        vendor.writes("a1")
        vendor.misbehave(fault, times=None)
        async with calls_to(vendor, self.connector.judge, seconds=0.3) as calls:
            with pytest.raises(SourceTrouble) as told:
                await self.connector.fetch(calls, self.place)
        assert told.value.health == "transient"
        vendor.behave()
        assert "a1" in self.items(await self.asks(vendor))
