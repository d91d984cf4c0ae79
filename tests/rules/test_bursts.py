"""A burst of low reviews wakes at the third or fourth, and praise or old news never does."""

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.rules.series import NIGHT, burst, habit, seen, wakes
from workers.rules.reviews import Seen
from workers.rules.watch import Wish, fold

TOWNS = Path(__file__).parent.parent / "data" / "steam_towns.csv.gz"
SALES_YEAR = datetime(2013, 5, 7, tzinfo=UTC).timestamp()
ABANDONED = datetime(2014, 5, 6, 20, tzinfo=UTC).timestamp()
FORGOTTEN = datetime(2014, 5, 10, tzinfo=UTC).timestamp()
A_DAY = 24 * 60
TWO_DAYS = 2 * A_DAY

QUIET_PLACE = habit(2)
WAKES = {
    "three one-star reviews within an hour": [*QUIET_PLACE, *burst(3, 55)],
    "three two-star reviews within an hour": [*QUIET_PLACE, *burst(3, 55, stars=2)],
    "four at a place without history": burst(4, 55),
    "four within fifty minutes": [*QUIET_PLACE, *burst(4, 50)],
    "five within a day": [*QUIET_PLACE, *burst(5, 20 * 60)],
    "an attack with a few supporters": [*QUIET_PLACE, *burst(8, 60), seen(3, 5), seen(2, 5)],
    "an attack met after an outage of five hours": [
        *QUIET_PLACE,
        *(seen(300 + 10 * place, late=300 + 10 * place) for place in range(4)),
    ],
    "an attack of yesterday met today": [
        *QUIET_PLACE,
        *(seen(20 * 60 + 5 * place, late=20 * 60 + 5 * place) for place in range(20)),
    ],
    "five mentions that read badly": [
        *QUIET_PLACE,
        *(seen(ago, None, negative=0.9) for ago in (40, 30, 20, 10, 0)),
    ],
    "three low reviews among mentions nobody could read": [
        *QUIET_PLACE,
        seen(50, None),
        *burst(3, 45),
        seen(5, None),
    ],
    "a burst at a busy place": [*habit(70), *burst(9, 60)],
    "a clock five minutes ahead": [*QUIET_PLACE, *(seen(-ago, late=-ago) for ago in (2, 3, 4))],
}
SLEEPS = {
    "nothing at all": [],
    "forty five-star reviews in an hour": [*QUIET_PLACE, *burst(40, 60, stars=5)],
    "forty four-star reviews at a new place": burst(40, 60, stars=4),
    "two one-star reviews": [*QUIET_PLACE, *burst(2, 5)],
    "three three-star reviews": [*QUIET_PLACE, *burst(3, 55, stars=3)],
    "three over ten days": [*QUIET_PLACE, seen(10 * A_DAY), seen(5 * A_DAY), seen(0)],
    "the usual share of low ones in a wave of good ones": [
        *QUIET_PLACE,
        *(seen(2 * place, 1 if place % 8 == 0 else 5) for place in reversed(range(80))),
    ],
    "old reviews met today": [
        seen(3 * A_DAY + 10 * place, late=3 * A_DAY) for place in reversed(range(50))
    ],
    "old reviews met yesterday and one of today": [
        *(seen(TWO_DAYS + place, late=40 * 60) for place in reversed(range(50))),
        seen(0),
    ],
    "history that looks like a burst": [
        seen(place * 5, history=True) for place in reversed(range(20))
    ],
    "a usual day at a busy place": [
        *habit(70, every_low=4, days_ago=1),
        *(seen(place * 144, 1 if place % 4 == 0 else 5) for place in reversed(range(10))),
    ],
    "six mentions nobody could read": [*QUIET_PLACE, *burst(6, 6, stars=None)],
    "two low reviews and a mention nobody could read": [
        *QUIET_PLACE,
        *burst(2, 30),
        seen(9, None),
    ],
}


@pytest.mark.parametrize("reviews", WAKES.values(), ids=WAKES)
def test_these_wake_somebody_once(reviews):
    assert len(wakes(reviews)) == 1


@pytest.mark.parametrize("reviews", SLEEPS.values(), ids=SLEEPS)
def test_these_let_everybody_sleep(reviews):
    assert wakes(reviews) == []


def test_two_low_reviews_never_wake_however_many_false_wakes_are_allowed():
    assert wakes(burst(2, 1), per_year=1000) == []


def test_a_wake_says_what_convinced_it():
    [woken] = wakes([*QUIET_PLACE, *burst(3, 50)])
    numbers = woken.numbers
    assert (numbers.low, numbers.total) == (3, 3)
    assert (numbers.since, numbers.until) == (NIGHT - 50 * 60, NIGHT)
    assert numbers.usual_per_week == pytest.approx(2, rel=0.2)
    assert numbers.usual_low < 0.01 * numbers.low
    assert numbers.chance_per_year is not None
    assert 0 < numbers.chance_per_year < 0.1
    assert numbers.doubling is None
    assert woken.reason.startswith(
        "3 of 3 reviews low in 50 minutes; this place usually gets 2 a week; by chance once in"
    )


def test_reviews_from_before_the_burst_are_not_counted_in_it():
    reviews = [*QUIET_PLACE, seen(TWO_DAYS), seen(90, 5), seen(40), seen(30, 5), *burst(4, 20)]
    [woken] = wakes(reviews)
    assert woken.numbers.since == NIGHT - 40 * 60
    assert woken.numbers.total == woken.numbers.low + 1


def test_the_order_in_which_reviews_are_handed_over_does_not_matter():
    reviews = [*QUIET_PLACE, *burst(5, 50), seen(20, 5)]
    assert fold(reversed(reviews), Wish()) == fold(reviews, Wish())


def test_fewer_false_wakes_cost_more_bad_reviews():
    needed = [_needed(allowed) for allowed in (10.0, 1.0, 0.1, 0.01)]
    assert needed == sorted(needed)
    assert needed[0] < needed[-1]


def test_a_burst_that_goes_on_wakes_once():
    assert len(wakes([*QUIET_PLACE, *burst(60, 10 * 60)])) == 1


@pytest.mark.parametrize("allowed", [0.05, 0.1, 0.2])
def test_a_documented_attack_wakes_and_of_the_sales_year_before_at_most_one_rush_does(allowed):
    woken = [wake.at for wake in wakes(_towns(), per_year=allowed)]
    assert len([at for at in woken if at >= ABANDONED]) == 1
    assert len([at for at in woken if at < ABANDONED]) <= 1


def _needed(allowed: float) -> int:
    past = habit(5, every_low=5)
    counts = range(1, 60)
    return next(count for count in counts if wakes([*past, *burst(count, 300)], per_year=allowed))


def _towns() -> list[Seen]:
    with gzip.open(TOWNS, "rt", encoding="utf-8") as file:
        rows = [(float(row["ts"]), float(row["rating"])) for row in csv.DictReader(file)]
    return [
        Seen(at, at, float(stars <= 2), history=at < SALES_YEAR)
        for at, stars in sorted(rows)
        if at < FORGOTTEN
    ]
