"""A burst of low reviews is found at the third, and praise or old news never is."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.rules.series import NIGHT, burst, habit, seen
from workers.rules.baseline import Seen
from workers.rules.spike import judge

TOWNS = Path(__file__).parent.parent / "data" / "steam_towns.csv.gz"
SALES_YEAR = datetime(2013, 5, 7, tzinfo=UTC)
ABANDONED = datetime(2014, 5, 6, 20, tzinfo=UTC)
FORGOTTEN = datetime(2014, 5, 10, tzinfo=UTC)
DAY = 24 * 60

QUIET_PLACE = habit(2)
WAKES = {
    "three one-star reviews within an hour": [*QUIET_PLACE, *burst(3, 55)],
    "three two-star reviews within an hour": [*QUIET_PLACE, *burst(3, 55, stars=2)],
    "three at a place without history": burst(3, 55),
    "four within fifty minutes": [*QUIET_PLACE, *burst(4, 50)],
    "five within a day": [*QUIET_PLACE, *burst(5, 20 * 60)],
    "all within seconds": burst(4, 0.1),
    "an attack with a few supporters": [*QUIET_PLACE, *burst(8, 60), seen(3, 5), seen(2, 5)],
    "an attack met after an outage of five hours": [
        *QUIET_PLACE,
        *(seen(300 + 10 * place, late=timedelta(minutes=300)) for place in reversed(range(4))),
    ],
    "an attack met with a later straggler": [
        *QUIET_PLACE,
        *(seen(300 + 5 * place, late=timedelta(minutes=300)) for place in reversed(range(3))),
        seen(1),
    ],
    "an attack at a new place met with a straggler half a day later": [
        *(seen(660 + 5 * place, late=timedelta(minutes=660)) for place in reversed(range(3))),
        seen(1),
    ],
    "negative mentions": [seen(place, None, negative=True) for place in (40, 30, 20, 10)],
    "three low reviews among mentions nobody could read": [
        *QUIET_PLACE,
        seen(50, None),
        *burst(3, 45),
        seen(5, None),
    ],
    "a burst at a busy place": [*habit(70, every_low=8), *burst(9, 60)],
    "a clock five minutes ahead": [*QUIET_PLACE, seen(-4), seen(-3), seen(-2)],
}
SLEEPS = {
    "nothing at all": [],
    "forty five-star reviews in an hour": [*QUIET_PLACE, *burst(40, 60, stars=5)],
    "forty four-star reviews at a new place": burst(40, 60, stars=4),
    "two one-star reviews": [*QUIET_PLACE, *burst(2, 5)],
    "three three-star reviews": [*QUIET_PLACE, *burst(3, 55, stars=3)],
    "three over ten days": [*QUIET_PLACE, seen(10 * DAY), seen(5 * DAY), seen(0)],
    "the usual share of low ones in a wave of good ones": [
        *QUIET_PLACE,
        *(seen(2 * place, 1 if place % 8 == 0 else 5) for place in reversed(range(80))),
    ],
    "old reviews met today": [
        seen(place * 10 + 3 * DAY, late=timedelta(days=3)) for place in reversed(range(50))
    ],
    "old reviews met yesterday and one of today": [
        *(seen(place + 2 * DAY, late=timedelta(hours=40)) for place in reversed(range(50))),
        seen(0),
    ],
    "history that looks like a burst": [
        seen(place * 5, history=True) for place in reversed(range(20))
    ],
    "a burst of yesterday": [
        seen(place * 5 + 20 * 60, late=timedelta(hours=20)) for place in reversed(range(20))
    ],
    "reviews from the future": [seen(-place) for place in (30, 25, 20, 15)],
    "a usual day at a busy place": [
        *habit(70, every_low=4, days_ago=1),
        *(seen(place * 144, 1 if place % 4 == 0 else 5) for place in reversed(range(10))),
    ],
    "very many mentions nobody could read": [*QUIET_PLACE, *burst(60, 30, stars=None)],
    "two low reviews and a mention nobody could read": [
        *QUIET_PLACE,
        *burst(2, 30),
        seen(9, None),
    ],
}


@pytest.mark.parametrize("reviews", WAKES.values(), ids=WAKES)
def test_these_wake_somebody(reviews):
    assert judge(reviews, NIGHT) is not None


@pytest.mark.parametrize("reviews", SLEEPS.values(), ids=SLEEPS)
def test_these_let_everybody_sleep(reviews):
    assert judge(reviews, NIGHT) is None


def test_two_low_reviews_never_wake_however_many_false_wakes_are_allowed():
    assert judge(burst(2, 1), NIGHT, false_wakes_per_year=1000) is None


def test_a_spike_says_what_convinced_it():
    spike = judge([*QUIET_PLACE, *burst(3, 50), seen(20, 2)], NIGHT)
    assert spike is not None
    assert (spike.low_count, spike.total_count) == (4, 4)
    assert spike.stars == {1: 3, 2: 1}
    assert spike.since == NIGHT - timedelta(minutes=50)
    assert spike.usual_per_week == pytest.approx(2, rel=0.15)
    assert spike.usual_low < 0.01 * spike.low_count
    assert spike.probability < 0.001
    assert spike.sensitivity == 0.1
    assert (spike.expected_low, spike.expected_high) == (0, 1)
    assert spike.sentence == (
        "4 reviews in 50 minutes; this place usually gets 2 a week; 4 of 4 are one or two stars."
    )


def test_reviews_from_before_the_burst_are_not_counted_in_it():
    spike = judge([*QUIET_PLACE, seen(2 * DAY), seen(90, 5), *burst(4, 40), seen(5, 5)], NIGHT)
    assert spike is not None
    assert (spike.low_count, spike.total_count) == (4, 5)


def test_the_order_in_which_reviews_are_handed_over_does_not_matter():
    reviews = [*QUIET_PLACE, *burst(5, 50), seen(20, 5)]
    assert judge(list(reversed(reviews)), NIGHT) == judge(reviews, NIGHT)


def test_fewer_false_wakes_cost_more_bad_reviews():
    needed = [_needed(allowed) for allowed in (10.0, 0.1, 0.001)]
    assert all(fewer <= more for fewer, more in pairwise(needed))
    assert needed[0] < needed[-1]


def test_a_burst_that_goes_on_keeps_being_one():
    reviews = [*QUIET_PLACE, *burst(60, 10 * 60)]
    for shown in range(len(QUIET_PLACE) + 5, len(reviews) + 1):
        assert judge(reviews[:shown], reviews[shown - 1].at) is not None


def test_a_documented_attack_wakes_and_the_sales_of_the_year_before_do_not():
    wakes = _wakes(0.1)
    assert not [at for at in wakes if at < ABANDONED]
    assert [at for at in wakes if at >= ABANDONED]


@pytest.mark.parametrize("allowed", [0.05, 0.2])
def test_the_documented_attack_does_not_hang_on_one_threshold(allowed):
    wakes = _wakes(allowed)
    assert wakes
    assert min(wakes) >= ABANDONED


def _needed(allowed: float) -> int:
    past = habit(5, every_low=5)
    counts = range(1, 60)
    return next(
        count
        for count in counts
        if judge([*past, *burst(count, 5 * 60)], NIGHT, false_wakes_per_year=allowed)
    )


def _wakes(allowed: float) -> list[datetime]:
    reviews = [review for review in _towns() if review.at < FORGOTTEN]
    wakes = []
    for count, review in enumerate(reviews, start=1):
        if not review.history:
            found = judge(reviews[:count], review.at, false_wakes_per_year=allowed)
            wakes += [review.at] if found else []
    return wakes


def _towns() -> list[Seen]:
    with gzip.open(TOWNS, "rt", encoding="utf-8") as file:
        rows = [
            (datetime.fromtimestamp(int(row["ts"]), UTC), float(row["rating"]))
            for row in csv.DictReader(file)
        ]
    return [Seen(at, stars, at, history=at < SALES_YEAR) for at, stars in sorted(rows)]
