"""A doubling time is told with an honest range, or not at all."""

from itertools import pairwise
from math import log
from random import Random

import pytest

from tests.rules.series import NIGHT
from workers.rules.baseline import HOUR
from workers.rules.growth import WIDEST, Doubling, doubling, spelled_range

TOO_EARLY = "too early to say how fast it grows"


def _attack(chance: Random, hours: float, count: int) -> list[float]:
    """Hours of `count` reviews, one an hour at first, whose rate doubles every `hours`."""
    growth, passed, moments = log(2) / hours, 0.0, []
    for _ in range(count):
        passed += chance.expovariate(1.0)
        moments.append(log(1 + passed * growth) / growth)
    return moments


def _measured(moments: list[float]) -> Doubling | None:
    ages = [(moment - moments[0]) * HOUR for moment in moments]
    return doubling(len(ages), sum(ages) / len(ages), ages[-1])


@pytest.mark.parametrize("hours", [0.5, 1, 3, 6])
def test_the_range_holds_the_truth_about_as_often_as_it_says(hours):
    chance = Random(5)
    found = [_measured(_attack(chance, hours, 100)) for _ in range(400)]
    told = [one for one in found if one]
    held = sum(one.shortest <= hours <= one.longest for one in told)
    assert len(told) > 0.9 * len(found)
    assert 0.9 <= held / len(told) <= 0.99


def _first_told(moments: list[float]) -> tuple[int, Doubling]:
    for count in range(3, len(moments)):
        if found := _measured(moments[:count]):
            return count, found
    pytest.fail("an attack that goes on doubling has to be measured at some time")


@pytest.mark.parametrize("hours", [0.5, 1, 3])
def test_the_first_range_that_is_told_is_honest_too_and_comes_at_about_thirty(hours):
    chance = Random(6)
    first = [_first_told(_attack(chance, hours, 150)) for _ in range(200)]
    held = sum(found.shortest <= hours <= found.longest for _, found in first)
    assert held >= 0.9 * len(first)
    counts = sorted(count for count, _ in first)
    assert counts[len(counts) // 10] >= 15
    assert 20 <= counts[len(counts) // 2] <= 50


def test_few_reviews_never_have_a_doubling_time():
    chance = Random(7)
    assert not any(_measured(_attack(chance, 0.5, count)) for count in range(1, 11))


def test_a_burst_that_does_not_grow_has_no_doubling_time():
    chance = Random(8)
    steady = [sorted(chance.random() for _ in range(60)) for _ in range(400)]
    assert sum(_measured(moments) is not None for moments in steady) <= 4


def test_a_burst_that_fades_has_no_doubling_time():
    fading = [-moment for moment in reversed(_attack(Random(9), 1, 100))]
    assert _measured(fading) is None


def test_a_range_that_is_told_grows_and_is_not_too_wide():
    chance = Random(10)
    told = [_measured(_attack(chance, 1, count)) for count in range(20, 200)]
    for found in filter(None, told):
        assert 0 < found.shortest < found.hours < found.longest <= WIDEST * found.shortest * 1.001


def test_more_reviews_make_the_range_narrower():
    chance = Random(11)
    ranges = [_measured(_attack(chance, 1, count)) for count in (60, 240, 960)]
    widths = [found.longest / found.shortest for found in ranges if found]
    assert len(widths) == len(ranges)
    assert all(later < earlier for earlier, later in pairwise(widths))


@pytest.mark.parametrize(
    ("count", "mean_age", "span"),
    [(0, 0, 0), (2, 1, 2), (50, 0, 0), (50, 5, -1), (50, 100, 100), (50, 0, 100)],
    ids=["nothing", "two", "all at once", "backwards", "all at the end", "all at the start"],
)
def test_strange_moments_are_no_error(count, mean_age, span):
    found = doubling(count, mean_age, span)
    assert found is None or 0 < found.shortest < found.hours < found.longest


def test_the_scale_is_time_and_nothing_else():
    moments = _attack(Random(12), 1, 100)
    hours, days = _measured(moments), _measured([24 * moment + NIGHT for moment in moments])
    assert hours
    assert days
    assert days == pytest.approx([24 * one for one in hours], rel=1e-6)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, TOO_EARLY),
        (Doubling(2 / 3, 0.5, 55 / 60), "doubles every 40 minutes (30 to 55)"),
        (Doubling(5.2, 3.1, 8.4), "doubles every 5 hours (3 to 8)"),
    ],
)
def test_a_doubling_time_is_said_with_its_range(found, said):
    assert spelled_range(found) == said
