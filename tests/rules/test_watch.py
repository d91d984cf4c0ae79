"""The third bad review wakes, praise and old news never do."""

from dataclasses import replace
from itertools import count

import pytest

from tests.rules.streams import MINUTE, NIGHT, QUIET_PLACE, burst, habit, met_at, seen
from workers.rules.baseline import DAY, HOUR, WEEK
from workers.rules.reviews import READ_LOW, UNREADABLE, Seen
from workers.rules.watch import Wish, fold

EAGER = Wish(1000.0, 1000.0)


def _keyed(reviews) -> list[Seen]:
    """Each with the number that it has among the reviews of the attack, from one on; before, 0."""
    numbers = count(1)
    late = sorted(reviews, key=lambda one: one.seen_at)
    return [replace(one, key=next(numbers) if one.at >= NIGHT else 0) for one in late]


def _wakes(reviews, wish=Wish()) -> list[int]:  # noqa: B008 — a tuple
    return [one.key for one in fold(_keyed(reviews), wish)[1] if one.kind == "wake"]


BUSY_PLACE = habit(140, weeks=12)
OTHER_SOURCE = habit(14, source=1, low_in=12)
OUTAGE = habit(14, until=0.0)

THIRD_OR_FOURTH = {
    "a place with two reviews a week": [*QUIET_PLACE, *burst(6)],
    "a place with no history at all": burst(6),
    "all in one minute": [*QUIET_PLACE, *burst(6, 5.0)],
    "a clock that is half an hour ahead": [
        *QUIET_PLACE,
        *(seen(30 * MINUTE + at, met=at) for at in (0.0, 600.0, 1200.0, 1800.0)),
    ],
    "a place that imported its past": [
        *(replace(one, seen_at=NIGHT - HOUR, history=True) for one in QUIET_PLACE),
        *burst(6),
    ],
    "two sources together": [*QUIET_PLACE, *burst(3), *burst(3, begin=MINUTE, source=1)],
}


@pytest.mark.parametrize("story", THIRD_OR_FOURTH)
def test_the_third_or_fourth_bad_review_wakes_once(story):
    reviews = THIRD_OR_FOURTH[story]
    woken = _wakes(reviews)
    lows = [one.key for one in _keyed(reviews) if one.at >= NIGHT and one.weight]
    assert len(woken) == 1
    assert woken[0] in lows[2:4]


LATER = {
    "an attack on a place with one good review": [seen(-HOUR, 0.0), *burst(6)],
    "an attack with supporters": [
        *QUIET_PLACE,
        *burst(6),
        *burst(3, begin=-5 * MINUTE, weight=0.0),
    ],
    "an attack met after an outage of five hours": [
        *QUIET_PLACE,
        *met_at(burst(6), 5 * HOUR),
    ],
    "an attack in the catch-up after a week": [
        *(one for one in OUTAGE if one.at < NIGHT - WEEK),
        *met_at([one for one in OUTAGE if one.at >= NIGHT - WEEK], 2 * HOUR),
        *met_at(burst(7), 2 * HOUR),
    ],
    "an attack in a catch-up while another source kept running": [
        *QUIET_PLACE,
        *OTHER_SOURCE,
        *burst(8, HOUR, begin=10 * MINUTE, weight=0.0, source=1),
        *met_at(burst(8), 8 * HOUR),
    ],
    "a slow drip at a quiet place": [*QUIET_PLACE, *burst(14, 9 * HOUR)],
    "texts that read badly": [*QUIET_PLACE, *burst(10, weight=READ_LOW)],
    "a busy place": [*BUSY_PLACE, *burst(15, 4 * MINUTE)],
    "an attack on the day of a promotion": [
        *habit(14),
        *burst(60, 10 * MINUTE, begin=-10 * HOUR, weight=0.0),
        *burst(20, 3 * MINUTE),
    ],
    "an attack while a review from next year stands in the way": [
        *QUIET_PLACE,
        seen(365 * DAY, 0.0, met=-HOUR),
        *burst(6),
    ],
}


@pytest.mark.parametrize("story", LATER)
def test_nothing_hides_an_attack(story):
    assert len(_wakes(LATER[story])) == 1


SLEEPS = {
    "nothing": [],
    "two bad reviews in one minute": burst(2, 20.0),
    "three in ten days": [*QUIET_PLACE, *burst(3, 5 * DAY)],
    "the usual share of bad ones, twice as many as usual": [
        *habit(14),
        *habit(28, weeks=2, until=14 * DAY),
    ],
    "a busy season that came gradually": [
        *habit(14, until=-8 * WEEK),
        *habit(21, weeks=4, until=-4 * WEEK),
        *habit(35, weeks=4, until=0.0),
        *habit(50, weeks=4, until=4 * WEEK),
    ],
    "a promotion: two hundred in a day, their usual share low": [
        *habit(14),
        *(
            seen(place * 7 * MINUTE, float(place % 12 == 7), source=place % 2)
            for place in range(200)
        ),
    ],
    "a past that is imported with an old attack in it": [
        *QUIET_PLACE,
        *(seen(-30 * DAY + place * MINUTE, met=0.0, history=True) for place in range(40)),
    ],
    "reviews that a platform delivers days late": [
        *QUIET_PLACE,
        *(seen(-2 * DAY + place * MINUTE, met=place * MINUTE) for place in range(40)),
    ],
    "the catch-up of three weeks": [
        *(one for one in OUTAGE if one.at < NIGHT - 3 * WEEK),
        *met_at([one for one in OUTAGE if one.at >= NIGHT - 3 * WEEK], 0.0),
    ],
    "the catch-up of a day at a busy place": [
        *BUSY_PLACE,
        *met_at(habit(140, weeks=1, until=0.0)[-20:], 0.0),
    ],
    "the catch-up of one source while another kept running": [
        *OTHER_SOURCE,
        *habit(7, weeks=3, source=1, low_in=12, until=0.0),
        *(one for one in OUTAGE if one.at < NIGHT - 3 * WEEK),
        *met_at([one for one in OUTAGE if one.at >= NIGHT - 3 * WEEK], 0.0),
    ],
}


@pytest.mark.parametrize("story", SLEEPS)
def test_nobody_is_woken_for(story):
    assert _wakes(SLEEPS[story]) == []


@pytest.mark.parametrize("times", [3, 300, 3000])
@pytest.mark.parametrize("past", [[], QUIET_PLACE], ids=["a new place", "a quiet place"])
def test_praise_alone_is_not_even_noticed(times, past):
    praise = burst(times, 4.0, weight=0.0)
    found = fold([*past, *praise], EAGER)[1]
    assert [one for one in found if one.at >= NIGHT] == []


@pytest.mark.parametrize(
    ("weight", "times"),
    [(UNREADABLE, 6), (READ_LOW, 3)],
    ids=["six that nobody can read", "three that read badly"],
)
def test_below_the_floor_mentions_never_wake_however_sharp_the_wish(weight, times):
    mentions = burst(times, 10.0, weight=weight)
    assert _wakes(mentions, EAGER) == []
    more = burst(2, 10.0, begin=times * 10.0, weight=weight)
    assert len(_wakes([*mentions, *more], EAGER)) == 1


def test_two_ratings_and_two_mentions_are_below_the_floor_and_three_ratings_are_not():
    mentions = burst(2, 10.0, weight=UNREADABLE)
    ratings = burst(3, 10.0, begin=30.0)
    assert _wakes([*mentions, *ratings[:2]], EAGER) == []
    assert len(_wakes([*mentions, *ratings], EAGER)) == 1


def test_what_is_told_carries_its_reasons():
    found = fold([*QUIET_PLACE, *burst(6)], Wish())[1]
    woken = next(one for one in found if one.kind == "wake")
    numbers = woken.numbers
    assert (numbers.since, numbers.sources, numbers.again) == (NIGHT, 1, False)
    assert numbers.low == numbers.total in (3, 4)
    assert numbers.until == woken.at == NIGHT + (numbers.total - 1) * 12 * MINUTE
    assert numbers.usual_per_week == pytest.approx(2, rel=0.2)
    assert numbers.usual_share == pytest.approx(1 / 8, abs=0.06)
    assert 0 < (numbers.chance_per_year or 0) <= Wish().wake
    assert numbers.doubling is None
    assert f"{numbers.total} of {numbers.total} reviews low" in woken.reason


def test_a_notice_comes_before_the_waking_if_less_is_asked_for():
    found = fold(_keyed([*QUIET_PLACE, *burst(8, 2 * HOUR)]), Wish(20.0, 0.01))[1]
    kinds = {one.kind: one.key for one in found if one.kind in ("notice", "wake")}
    assert kinds["notice"] < kinds["wake"]
