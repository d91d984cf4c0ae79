"""A burst is shown from where it stands out most, and two low reviews wake nobody."""

import pytest

from tests.rules.series import NIGHT
from workers.rules.baseline import WEEK
from workers.rules.window import FEWEST, Low, burst, counts_enough

ONE_A_MONTH = 0.25 / WEEK
RATED, READS_BADLY, UNREADABLE = 1.0, 0.8, 0.5


def _lows(*minutes_ago: float, weight: float = RATED) -> list[Low]:
    return [
        Low(NIGHT - 60 * ago, weight, ONE_A_MONTH, float(place), 0.0)
        for place, ago in enumerate(minutes_ago)
    ]


def _weights(*weights: float) -> list[Low]:
    return [Low(NIGHT, weight, ONE_A_MONTH, 0.0, 0.0) for weight in weights]


def test_what_came_weeks_before_is_no_part_of_the_burst():
    lows = _lows(60000, 30000, 50, 40, 30, 20, 0)
    assert burst(lows, ONE_A_MONTH, FEWEST) == lows[2:]


def test_a_slow_attack_is_shown_from_its_beginning():
    lows = _lows(*range(3000, -1, -300))
    assert burst(lows, ONE_A_MONTH, FEWEST) == lows


def test_the_newest_low_review_is_always_in_it():
    lows = _lows(500, 498, 496, 494, 0)
    assert burst(lows, ONE_A_MONTH, FEWEST)[-1] == lows[-1]


@pytest.mark.parametrize("fewest", [2, 3, 5])
def test_fewer_than_asked_for_are_no_burst(fewest):
    assert not burst(_lows(*range(fewest - 1)), ONE_A_MONTH, fewest)
    assert len(burst(_lows(*range(fewest)), ONE_A_MONTH, fewest)) >= fewest


def test_what_is_usual_is_no_burst():
    steady = _lows(*range(6000, -1, -600))
    assert not burst(steady, 1 / 600, FEWEST)


def test_reviews_of_the_same_second_are_a_burst_and_no_division_by_nothing():
    lows = _lows(0, 0, 0)
    assert burst(lows, ONE_A_MONTH, FEWEST) == lows


@pytest.mark.parametrize(
    ("weights", "enough"),
    [
        ([], False),
        ([RATED] * 2, False),
        ([RATED] * 3, True),
        ([RATED, RATED, UNREADABLE], False),
        ([RATED, RATED, READS_BADLY], False),
        ([RATED, RATED, READS_BADLY, UNREADABLE], True),
        ([READS_BADLY] * 3, False),
        ([READS_BADLY] * 4, True),
        ([UNREADABLE] * 6, False),
        ([UNREADABLE] * 7, True),
        ([RATED, UNREADABLE, RATED, UNREADABLE, RATED], True),
    ],
)
def test_three_with_stars_may_wake_and_of_those_without_it_takes_more(weights, enough):
    assert counts_enough(_weights(*weights)) is enough
