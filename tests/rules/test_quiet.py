"""A burst is over when low reviews come no faster than is usual."""

from datetime import timedelta

import pytest

from tests.rules.series import NIGHT, burst, habit, seen
from workers.rules.baseline import usual
from workers.rules.quiet import judge_quiet

HOUR = timedelta(hours=1)
BEGAN = NIGHT - 60 * HOUR
PAST = habit(2)
ATTACK = [seen(60 * 60 - 10 * place) for place in range(30)]
LAST = ATTACK[-1].at
USUAL = usual(PAST, NIGHT, until=BEGAN)


def _quiet(*later, now=NIGHT, quiet_for=48 * HOUR):
    reviews = [*PAST, *ATTACK, *later]
    return judge_quiet(reviews, now, USUAL, began=BEGAN, quiet_for=quiet_for)


def test_quiet_begins_with_the_last_review_of_the_burst():
    quiet = _quiet()
    assert quiet.since == LAST
    assert quiet.calm
    assert quiet.ask_at == NIGHT


def test_a_place_is_calm_only_after_it_was_quiet_for_long_enough():
    quiet = _quiet(quiet_for=72 * HOUR)
    assert not quiet.calm
    assert quiet.ask_at == LAST + 72 * HOUR


def test_calm_comes_exactly_when_it_was_announced():
    asked = _quiet(quiet_for=72 * HOUR).ask_at
    assert _quiet(now=asked, quiet_for=72 * HOUR).calm
    assert not _quiet(now=asked - timedelta(seconds=1), quiet_for=72 * HOUR).calm


@pytest.mark.parametrize(
    "later",
    [
        [],
        [seen(5 * 60)],
        [seen(5 * 60, 5), seen(4 * 60, 5), seen(3 * 60, 4)],
    ],
    ids=["nothing", "one low review a day later", "kind reviews"],
)
def test_a_usual_day_does_not_break_the_quiet(later):
    assert _quiet(*later).since == LAST


def test_more_low_reviews_push_the_quiet_forward():
    again = burst(4, 120)
    quiet = _quiet(*again)
    assert quiet.since == again[-1].at
    assert not quiet.calm


def test_a_burst_without_low_reviews_since_it_began_is_quiet_from_its_beginning():
    quiet = judge_quiet(PAST, NIGHT, USUAL, began=BEGAN, quiet_for=HOUR)
    assert quiet.since == BEGAN
    assert quiet.calm


def test_an_earlier_burst_has_no_say_in_this_one():
    earlier = [seen(70 * 60 - place) for place in range(5)]
    quiet = judge_quiet([*PAST, *earlier], NIGHT, USUAL, began=BEGAN, quiet_for=HOUR)
    assert quiet.since == BEGAN
