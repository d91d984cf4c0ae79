"""A counter never claims more than it proves, and never tells one thing twice."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.vendor import NOW
from workers.platforms import counted
from workers.platforms.connector import Place
from workers.platforms.counted import Counter, implied, told

STARS = st.lists(st.integers(1, 5), max_size=60)
PLACE = Place(ids={}, now=NOW)


def rounded(stars, step):
    if not stars:
        return None
    steps = Fraction(sum(stars), len(stars)) / Fraction(str(step))
    return float(round(steps) * Fraction(str(step)))


def counter(stars, step=0.1):
    return Counter(len(stars), rounded(stars, step))


def after(place, count, mean, step=0.1):
    """One reading, what it tells, and the place as the next reading meets it."""
    fetched = counted.fetched(place, count, mean, step)
    read = fetched.body and counted.read(fetched.body, fetched.content_type, place.now)
    assert not read or not read.problems
    return (read.items if read else None), replace(place, cursor=fetched.cursor)


@given(STARS, STARS.filter(bool), st.sampled_from([0.01, 0.1, 0.5]))
def test_the_truth_always_lies_in_the_range(before, new, step):
    between = implied(counter(before, step), counter(before + new, step), step)
    assert between is not None
    assert between[0] <= Fraction(sum(new), len(new)) <= between[1]


@given(STARS, STARS.filter(bool))
def test_a_low_one_is_only_told_when_the_new_ones_are_low_on_average(before, new):
    items = list(told(counter(before), counter(before + new), 0.1, NOW))
    if any("stars" in item for item in items):
        assert len(items) == len(new)
        assert sum(new) <= 2.5 * len(new)


@pytest.mark.parametrize(
    ("before", "now", "stars"),
    [
        (Counter(10, 5.0), Counter(13, 4.1), [1, 1, 1]),
        (Counter(0, None), Counter(2, 1.0), [1, 1]),
        (Counter(4, 4.0), Counter(5, 3.4), [1]),
        (Counter(4, 4.0), Counter(6, 3.3), [2, 2]),
        (Counter(10, 2.0), Counter(510, 1.0), [1] * 500),
    ],
)
def test_new_ones_that_must_be_low_get_their_stars(before, now, stars):
    items = list(told(before, now, 0.1, NOW))
    assert [item["stars"] for item in items] == stars
    assert len({item["external_id"] for item in items}) == len(stars)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ((318, 4.6), (321, 4.5), "3 new reviews; the rating went from 4.6 to 4.5."),
        ((318, 4.6), (319, 4.5), "1 new review; the rating went from 4.6 to 4.5."),
        ((318, 4.6), (318, 4.5), "No new reviews; the rating went from 4.6 to 4.5."),
        ((318, 4.6), (310, 4.5), "No new reviews; the rating went from 4.6 to 4.5."),
        ((10, 5.0), (511, 1.0), "501 new reviews; the rating went from 5.0 to 1.0."),
    ],
)
def test_what_cannot_be_told_is_one_mention_when_the_mean_fell(before, now, words):
    [item] = told(Counter(*before), Counter(*now), 0.1, NOW)
    assert (item["kind"], item["text"]) == ("mention", words)
    assert "stars" not in item


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (Counter(318, 4.6), Counter(321, 4.6)),
        (Counter(318, 4.6), Counter(321, 4.7)),
        (Counter(318, None), Counter(321, 1.0)),
        (Counter(318, 4.6), Counter(321, None)),
        (Counter(0, None), Counter(2, 5.0)),
    ],
)
def test_a_mean_that_did_not_fall_tells_nothing(before, now):
    assert list(told(before, now, 0.1, NOW)) == []


def test_a_range_that_no_stars_fit_proves_nothing():
    assert implied(Counter(10, 5.0), Counter(11, 3.0), 0.1) is None
    [item] = told(Counter(10, 5.0), Counter(11, 3.0), 0.1, NOW)
    assert item["kind"] == "mention"


def test_the_first_reading_is_the_base_and_the_same_again_is_no_news():
    items, place = after(PLACE, 10, 5.0)
    assert items == []
    items, place = after(place, 10, 5.0)
    assert items is None
    items, place = after(place, 13, 4.1)
    assert [(item.stars, item.created_at) for item in items] == [(1.0, NOW)] * 3


def test_reading_a_body_later_finds_the_same_items():
    _, place = after(PLACE, 10, 5.0)
    fetched = counted.fetched(place, 13, 4.1, 0.1)
    assert fetched.body is not None
    first = counted.read(fetched.body, fetched.content_type, NOW)
    later = counted.read(fetched.body, fetched.content_type, NOW.replace(year=2027))
    assert first.items == later.items
    assert first.counters == {"count": 13, "mean": 4.1}


def test_reviews_that_come_after_a_removal_are_new_ones():
    _, place = after(PLACE, 10, 5.0)
    first, place = after(place, 13, 4.1)
    for _ in range(3):
        _, place = after(later(place), 10, 5.0)
    second, place = after(place, 13, 4.1)
    names = [item.external_id for item in [*first, *second]]
    assert len(set(names)) == 6


def test_a_counter_that_falls_to_nothing_is_not_believed():
    _, place = after(PLACE, 318, 2.0)
    items, place = after(place, 0, None)
    assert items is None
    items, place = after(place, 318, 2.0)
    assert items is None


def later(place, minutes=30):
    return replace(place, now=place.now + timedelta(minutes=minutes))


def test_a_counter_that_flaps_proves_each_new_one_once():
    _, place = after(PLACE, 8, 4.6)
    low: list[float] = []
    for _ in range(6):
        for count, mean in ((10, 3.9), (8, 4.6)):
            items, place = after(later(place), count, mean)
            low += [item.stars for item in items or []]
    assert low == [1.0, 1.0]


@pytest.mark.parametrize(("minutes", "readings"), [(15, 5), (30, 3), (240, 3)])
def test_a_fall_is_the_new_base_after_three_readings_and_an_hour(minutes, readings):
    _, place = after(PLACE, 10, 4.6)
    for _ in range(readings - 1):
        items, place = after(later(place, minutes), 8, 4.5)
        assert not items
    items, place = after(later(place, minutes), 8, 4.5)
    assert [item.text for item in items] == ["No new reviews; the rating went from 4.6 to 4.5."]
    items, place = after(place, 10, 3.8)
    assert [item.stars for item in items] == [1.0, 1.0]


def test_lower_readings_that_a_higher_one_interrupts_are_no_fall():
    _, place = after(PLACE, 10, 4.6)
    for _ in range(4):
        for count in (8, 8, 10):
            items, place = after(later(place), count, 4.6)
            assert not items


def test_the_highest_of_the_lower_ones_is_the_new_base():
    _, place = after(PLACE, 100, 4.6)
    for count, mean in ((90, 4.7), (92, 4.6), (80, 4.9)):
        _, place = after(later(place), count, mean)
    items, place = after(place, 92, 4.6)
    assert not items
    items, place = after(place, 94, 4.5)
    assert [item.text for item in items] == ["2 new reviews; the rating went from 4.6 to 4.5."]


def test_what_a_place_shows_is_shown_although_it_is_not_believed_yet():
    _, place = after(PLACE, 10, 4.6)
    fetched = counted.fetched(later(place), 8, 4.5, 0.1)
    assert fetched.body is not None
    read = counted.read(fetched.body, fetched.content_type, place.now)
    assert (read.items, read.counters) == ([], {"count": 8, "mean": 4.5})
    place = replace(place, cursor=fetched.cursor)
    assert counted.fetched(later(place), 8, 4.5, 0.1).body is None
    assert counted.fetched(later(place), 10, 4.6, 0.1).body is not None


def test_what_is_above_the_base_counts_while_a_fall_waits_to_be_believed():
    _, place = after(PLACE, 10, 5.0)
    _, place = after(place, 9, 5.0)
    items, place = after(place, 13, 4.1)
    assert [item.stars for item in items] == [1.0] * 3


def test_a_mean_that_wavers_is_told_once():
    _, place = after(PLACE, 318, 4.6)
    first, place = after(place, 318, 4.5)
    _, place = after(place, 318, 4.6)
    second, place = after(place, 318, 4.5)
    assert first[0].external_id == second[0].external_id


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (12, 12), ("12", 12), (" 12 ", 12), (0, 0), ("1,2", None), (-1, None),
        (True, None), (None, None), ("9" * 12, None), (1.5, None), ("²", None),
    ],
)  # fmt: skip
def test_a_count_is_read_as_vendors_write_it(written, count):
    assert counted.whole(written) == count


@pytest.mark.parametrize(
    ("written", "mean"),
    [(4.6, 4.6), ("4.6", 4.6), (5, 5.0), (0, None), (5.1, None), ("nan", None), (None, None)],
)
def test_a_mean_is_read_as_vendors_write_it(written, mean):
    assert counted.average(written) == mean
