"""A client's own climbs raise the bar, and never lower it."""

from math import exp
from random import Random

import pytest

from workers.rules.baseline import DAY, HOUR
from workers.rules.spike import NOTHING, WAITING_DAYS, Climbs, bar_for, ceiling


def _lived(heights: list[float]) -> Climbs:
    """A client whose evidence reached these heights, one a day, and then slept for three weeks."""
    climbs = Climbs()
    for day, height in enumerate([*heights, *[NOTHING] * (WAITING_DAYS + 1)]):
        climbs.note(day * DAY, height)
    return climbs


def test_the_climbs_of_a_client_raise_what_is_asked_of_it_and_never_lower_it():
    chance = Random(8)
    for _ in range(50):
        heights = [chance.uniform(-5, 25) if chance.random() < 0.4 else NOTHING for _ in range(90)]
        climbs = _lived(heights)
        for evidence in (-50.0, 0.0, 4.9, 5.1, 9.0, 12.0, 40.0):
            assert climbs.judged(evidence, 0.13) <= evidence


def test_a_client_that_never_climbs_is_judged_by_the_arithmetic_alone():
    assert _lived([0.0] * 400).judged(12.0, 0.13) == 12.0


def test_a_client_that_climbs_often_has_to_climb_higher():
    rarely, often = _lived([NOTHING, 8.0] * 2), _lived([NOTHING, 8.0] * 60)
    assert often.judged(12.0, 0.13) < rarely.judged(12.0, 0.13) <= 12.0


def test_higher_evidence_is_still_judged_higher():
    climbs = _lived([9.0] * 100)
    judged = [climbs.judged(evidence, 0.13) for evidence in (6.0, 9.0, 12.0, 20.0)]
    assert judged == sorted(set(judged))


def test_a_day_teaches_only_after_three_weeks():
    climbs = Climbs()
    climbs.note(0.0, 30.0)
    for day in range(1, WAITING_DAYS + 1):
        climbs.note(day * DAY, NOTHING)
        assert climbs.judged(12.0, 0.13) == 12.0
    before = climbs.climbs
    climbs.note((WAITING_DAYS + 1) * DAY, NOTHING)
    assert climbs.climbs > before


def test_the_days_of_a_confirmed_attack_do_not_teach():
    confirmed, left = Climbs(), Climbs()
    for climbs in (confirmed, left):
        for day in range(5):
            climbs.note(day * DAY, 20.0)
    confirmed.forget_waiting()
    for climbs in (confirmed, left):
        for day in range(5, 30):
            climbs.note(day * DAY, NOTHING)
    assert confirmed.judged(12.0, 0.13) == 12.0
    assert left.climbs > confirmed.climbs


def test_a_day_counts_once_and_by_its_highest():
    once, often = Climbs(), Climbs()
    once.note(0.0, 9.0)
    for hour, height in enumerate((3.0, 9.0, 7.0, 5.5)):
        often.note(hour * HOUR, height)
    for climbs in (once, often):
        climbs.note((WAITING_DAYS + 1) * DAY, NOTHING)
    assert often == once


def test_what_was_learned_of_climbs_fades_over_the_years():
    climbs = _lived([9.0] * 60)
    assert climbs.judged(12.0, 0.13) < 12.0
    climbs.note(5000 * DAY, NOTHING)
    assert climbs.judged(12.0, 0.13) == 12.0
    assert climbs.steepness == pytest.approx(Climbs().steepness, rel=1e-3)


def test_decades_of_silence_are_passed_in_one_step_as_day_by_day():
    at_once, daily = _lived([9.0] * 30), _lived([9.0] * 30)
    at_once.note(2000 * DAY, NOTHING)
    for day in range(40, 2001):
        daily.note(day * DAY, NOTHING)
    assert daily.days == pytest.approx(at_once.days, rel=1e-9)
    assert daily.climbs == pytest.approx(at_once.climbs, rel=1e-9)
    assert daily.steepness == pytest.approx(at_once.steepness, rel=1e-2)


def test_the_ceiling_rises_with_the_climbs_of_the_client():
    assert ceiling(_lived([14.0] * 100)) > ceiling(Climbs()) > exp(bar_for(0.1))


def test_where_most_reviews_are_low_the_climbs_ask_for_less():
    climbs = _lived([15.0] * 200)
    assert climbs.judged(16.0, 0.13) < climbs.judged(16.0, 0.7) <= 16.0
