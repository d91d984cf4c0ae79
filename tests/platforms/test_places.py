"""The counter of Google Maps: what it proves becomes items, and every refusal has its name."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.places_vendor import PlacesVendor
from tests.platforms.vendor import NOW, calls_to, told, truncated
from workers.platforms import CONNECTORS, places
from workers.platforms.connector import Place

PLACE = Place(ids={"place_id": "ChIJ1"}, now=NOW, secrets={"key": "good"})


@pytest.fixture
async def vendor():
    async with PlacesVendor() as running:
        running.stars = [5] * 10
        yield running


async def asks(vendor, place=PLACE, seconds=2.0):
    async with calls_to(vendor, places.judge, seconds) as calls:
        return await places.fetch(calls, place)


async def seen(vendor, place=PLACE):
    """One reading: its items, its counters, and the place as the next reading meets it."""
    fetched = await asks(vendor, place)
    after = replace(place, cursor=fetched.cursor)
    if fetched.body is None:
        return None, None, after
    read = places.read(fetched.body, fetched.content_type, NOW)
    assert not read.problems
    return read.items, read.counters, after


def test_the_counter_is_read_by_its_kind():
    assert CONNECTORS["places"] is places


async def test_three_low_ones_show_in_the_counter(vendor):
    items, counters, place = await seen(vendor)
    assert (items, counters) == ([], {"count": 10, "mean": 5.0})
    vendor.stars += [1, 1, 1]
    items, counters, place = await seen(vendor, place)
    assert [(item.stars, item.text, item.created_at) for item in items] == [(1.0, "", NOW)] * 3
    assert counters == {"count": 13, "mean": 4.1}
    items, _, _ = await seen(vendor, place)
    assert items is None


async def test_where_many_are_counted_a_fall_is_one_mention(vendor):
    vendor.stars = [5] * 200 + [4] * 118
    _, _, place = await seen(vendor)
    vendor.stars += [1] * 10
    [item], _, _ = await seen(vendor, place)
    assert (item.kind, item.stars) == ("mention", None)
    assert item.text == "10 new reviews; the rating went from 4.6 to 4.5."


async def test_good_ones_move_the_counter_alone(vendor):
    _, _, place = await seen(vendor)
    vendor.stars += [5, 5]
    items, counters, _ = await seen(vendor, place)
    assert (items, counters) == ([], {"count": 12, "mean": 5.0})


async def test_a_removal_moves_the_counter_alone(vendor):
    vendor.stars += [1]
    _, _, place = await seen(vendor)
    vendor.stars.pop()
    items, counters, _ = await seen(vendor, place)
    assert (items, counters) == ([], {"count": 10, "mean": 5.0})


async def test_the_first_reviews_of_a_new_place_are_told(vendor):
    vendor.stars = []
    items, counters, place = await seen(vendor)
    assert (items, counters) == ([], {"count": 0})
    vendor.stars = [1, 1]
    items, _, _ = await seen(vendor, place)
    assert [item.stars for item in items] == [1.0, 1.0]


async def test_only_what_is_used_is_asked_and_the_key_is_in_no_address(vendor):
    await asks(vendor)
    async with calls_to(vendor, places.judge) as calls:
        assert (await places.check(calls, PLACE)).ready is None
    assert [one.headers["X-Goog-FieldMask"] for one in vendor.log] == [places.FIELDS, "id"]
    assert not any(one.query_string for one in vendor.log)


@pytest.mark.parametrize(
    ("fault", "health"),
    [
        ("expired", "auth_expired"),
        ("forbidden", "permission"),
        ("throttled", "rate_limited"),
        ("broken", "transient"),
    ],
)
async def test_a_refusal_is_named(vendor, fault, health):
    vendor.misbehave(getattr(vendor, fault), times=None)
    for what in (places.fetch, places.check):
        async with calls_to(vendor, places.judge) as calls:
            with pytest.raises(SourceTrouble) as trouble:
                await what(calls, PLACE)
        assert trouble.value.health == health


async def test_a_wrong_key_and_a_wrong_place_are_told_apart(vendor):
    for place, health in (
        (replace(PLACE, secrets={"key": "bad"}), "auth_expired"),
        (replace(PLACE, secrets={}), "auth_expired"),
        (replace(PLACE, ids={"place_id": "ChIJ2"}), "gone"),
    ):
        with pytest.raises(SourceTrouble) as trouble:
            await asks(vendor, place)
        assert trouble.value.health == health


@pytest.mark.parametrize("fault", [illnesses.drip, illnesses.reset, truncated, login_page])
async def test_an_answer_that_is_none_passes(vendor, fault):
    vendor.misbehave(fault, times=None)
    with pytest.raises(SourceTrouble) as trouble:
        await asks(vendor, seconds=0.3)
    assert trouble.value.health == "transient"


@pytest.mark.parametrize(
    "answer",
    [
        {}, [], {"id": "ChIJ1", "userRatingCount": "many"},
        {"id": "ChIJ1", "userRatingCount": 3}, {"id": "ChIJ1", "userRatingCount": 3, "rating": 9},
    ],
)  # fmt: skip
async def test_a_counter_of_another_shape_moves_nothing(vendor, answer):
    vendor.misbehave(told(200, answer))
    with pytest.raises(SourceTrouble) as trouble:
        await asks(vendor)
    assert trouble.value.health == "bad_content"
