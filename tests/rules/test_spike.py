"""Evidence keeps its arithmetic promises."""

from math import exp, log
from random import Random
from statistics import mean

import pytest

from tests.rules.series import NIGHT, arrivals, settled
from workers.rules.baseline import DAY, HOUR
from workers.rules.spike import (
    HEAD_START,
    MOST_WEIGHT,
    NOTHING,
    ODDS,
    SHARE_MEMORY,
    YEAR_HOURS,
    Climbs,
    Evidence,
    bar_for,
    ceiling,
    chance_per_year,
)
from workers.rules.window import Low

FREELY = exp(60)
NUMBER_ALONE = 1.0
"""Where every review is low the share says nothing: `so_far` is then the evidence of number."""


def _hours_to_false_alarm(chance: Random, per_day: float, bar: float) -> float:
    """Hours until low reviews that come by themselves reach the bar."""
    evidence, at = Evidence(), 0.0
    while True:
        at += chance.expovariate(per_day) * DAY
        evidence.weigh_number(1.0, at, per_day / DAY, FREELY)
        if evidence.so_far(NUMBER_ALONE) >= bar:
            return at / HOUR


@pytest.mark.parametrize("per_day", [0.3, 2, 10])
def test_false_alarms_are_as_rare_as_the_bar_promises(per_day):
    chance, per_year = Random(3), 40.0
    waits = [_hours_to_false_alarm(chance, per_day, bar_for(per_year)) for _ in range(300)]
    assert YEAR_HOURS / per_year <= mean(waits) <= 8 * YEAR_HOURS / per_year


def test_the_bar_is_the_logarithm_of_the_hours_between_false_alarms():
    assert bar_for(1.0) == pytest.approx(log(YEAR_HOURS))
    assert bar_for(0.1) == pytest.approx(log(10 * YEAR_HOURS))
    assert bar_for(0.1) > bar_for(0.3) > bar_for(1.0)


@pytest.mark.parametrize("per_year", [0.01, 0.1, 1.0, 12.0])
def test_a_bar_and_the_chance_to_reach_it_are_two_sides_of_one_number(per_year):
    assert chance_per_year(bar_for(per_year)) == pytest.approx(per_year)


def test_a_busy_place_has_a_higher_bar_and_a_small_one_does_not():
    assert bar_for(0.1, 0.2) == bar_for(0.1, 5) == bar_for(0.1)
    assert bar_for(0.1, 500) > bar_for(0.1, 50) > bar_for(0.1)


def _after_two_low(*, expected: float = 1e-6) -> Evidence:
    evidence = Evidence()
    for minute in (0, 20):
        evidence.weigh_number(1.0, NIGHT + 60 * minute, expected, FREELY)
    return evidence


@pytest.mark.parametrize("hours", [0.1, 3, 100, 10 * YEAR_HOURS])
def test_in_silence_evidence_decays_the_same_in_a_busy_and_in_a_sleepy_season(hours):
    busy, sleepy = _after_two_low(), _after_two_low()
    at = NIGHT + 20 * 60 + hours * HOUR
    busy.weigh_number(0.0, at, 1e-2, FREELY)
    sleepy.weigh_number(0.0, at, 1e-9, FREELY)
    assert busy.extra == sleepy.extra
    assert busy.so_far(NUMBER_ALONE) < _after_two_low().so_far(NUMBER_ALONE)


def test_looking_during_a_silence_changes_nothing():
    looked, waited = _after_two_low(), _after_two_low()
    for hour in range(1, 49):
        looked.weigh_number(0.0, NIGHT + hour * HOUR, 1e-6, FREELY)
    waited.weigh_number(0.0, NIGHT + 48 * HOUR, 1e-6, FREELY)
    assert looked.extra == pytest.approx(waited.extra, rel=1e-12)


def test_the_rarer_low_reviews_are_the_more_each_says():
    said = [_after_two_low(expected=rate).so_far(NUMBER_ALONE) for rate in (1e-4, 1e-5, 1e-6)]
    assert said == sorted(said)
    assert said[0] < said[-1]


def test_half_a_low_review_says_less_than_a_whole_one():
    whole, half = Evidence(), Evidence()
    for minute in (0, 10, 20):
        whole.weigh_number(1.0, NIGHT + 60 * minute, 1e-6, FREELY)
        half.weigh_number(0.5, NIGHT + 60 * minute, 1e-6, FREELY)
    assert half.so_far(NUMBER_ALONE) < whole.so_far(NUMBER_ALONE)


def test_weighing_anew_in_order_is_as_if_nothing_had_come_late():
    lows = [_low(minute) for minute in (0, 10, 25, 70)]
    in_time, late = Evidence(at=NIGHT), Evidence(at=NIGHT)
    for low in lows:
        in_time.weigh_number(low.weight, low.at, low.expected, FREELY)
    late.number_anew(lows, FREELY)
    assert late.extra == pytest.approx(in_time.extra, rel=1e-12)
    assert late.at == in_time.at


def _low(minute: float) -> Low:
    return Low(NIGHT + 60 * minute, 1.0, 1e-6, 0.0, 0.0)


def _tilt_after(chance: Random, *, usual_share: float, share: float, days: float) -> list[float]:
    usual, evidence = settled(6, usual_share), Evidence(mixed_at=NIGHT)
    for after in arrivals(chance, 6, days):
        usual.pass_time(NIGHT + after)
        weight = float(chance.random() < share)
        evidence.weigh_mixture(weight, usual, FREELY)
        usual.count(weight)
    return evidence.tilt


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_the_evidence_of_the_share_grows_no_faster_by_chance_than_the_hours_do(share):
    chance, days, start = Random(11), 20, Evidence().tilt
    ends = [_tilt_after(chance, usual_share=share, share=share, days=days) for _ in range(300)]
    for place in range(len(ends[0])):
        assert 0 < mean(end[place] for end in ends) <= days * 24 + start[place]


def test_the_evidence_of_the_share_grows_far_beyond_the_hours_where_the_share_is_raised():
    chance, days = Random(12), 20
    ends = [_tilt_after(chance, usual_share=0.1, share=0.6, days=days) for _ in range(30)]
    assert all(sum(end) > 100 * days * 24 for end in ends)


@pytest.mark.parametrize("weight", [0.5, 0.8])
def test_a_low_review_raises_the_evidence_of_the_share_and_a_weak_one_raises_it_less(weight):
    weak, strong = _share_evidence(weight), _share_evidence(1.0)
    assert _share_evidence(0.0) < weak < strong


def _share_evidence(weight: float) -> float:
    evidence = Evidence(mixed_at=NIGHT - HOUR)
    evidence.weigh_mixture(weight, settled(1, 0.13), FREELY)
    return sum(evidence.tilt)


@pytest.mark.parametrize("hours", [1, 240, 50 * YEAR_HOURS])
def test_a_silence_adds_to_the_evidence_of_the_share_by_its_hours_and_never_beyond_its_memory(
    hours,
):
    usual, evidence = settled(1, 0.13), Evidence(mixed_at=NIGHT)
    before = list(evidence.tilt)
    usual.pass_time(NIGHT + hours * HOUR)
    evidence.weigh_mixture(0.0, usual, FREELY)
    most = min(hours, SHARE_MEMORY / HOUR)
    assert all(after < start + most for start, after in zip(before, evidence.tilt, strict=True))
    assert max(evidence.tilt) > 0.1 * most


def test_time_that_passed_is_weighed_once_whoever_let_it_pass():
    usual, evidence = settled(1, 0.13), Evidence(mixed_at=NIGHT)
    once = Evidence(mixed_at=NIGHT)
    for hour in range(1, 11):
        usual.pass_time(NIGHT + hour * HOUR)
    for one in (evidence, once):
        one.weigh_mixture(0.0, usual, FREELY)
    before = list(evidence.tilt)
    evidence.weigh_mixture(0.0, usual, FREELY)
    assert evidence.mixed_at == usual.last
    assert evidence.tilt < before == once.tilt


def test_a_new_client_is_trusted_to_have_been_quiet_for_days():
    assert Evidence().tilt == [HEAD_START] * len(ODDS)


def test_praise_lowers_the_evidence():
    usual, evidence = settled(1, 0.13), Evidence(at=NIGHT)
    for minute in (1, 10, 20):
        usual.pass_time(NIGHT + 60 * minute)
        expected = usual.expected_low(NIGHT)
        evidence.weigh_number(1.0, NIGHT + 60 * minute, expected, FREELY)
        evidence.weigh_mixture(1.0, usual, FREELY)
        usual.count(1.0)
    said = [evidence.so_far(0.13)]
    for _ in range(20):
        evidence.weigh_mixture(0.0, usual, FREELY)
        usual.count(0.0)
        said.append(evidence.so_far(0.13))
    assert said == sorted(said, reverse=True)
    assert said[-1] < said[0] - 3


def test_the_share_says_up_to_eight_times_as_much_where_reviews_are_many():
    evidence = Evidence(tilt=[1e6] * 4)
    said = [evidence.so_far(0.13, per_day) for per_day in (0.0, 5.0, 10.0, 20.0, 1e4)]
    assert said[0] == said[1] < said[2] < said[3] == said[4]
    assert said[4] - said[0] == pytest.approx(log(MOST_WEIGHT))


def test_number_alone_is_not_believed_where_the_share_is_known_and_says_nothing():
    many = Evidence(extra=[1e9] * 5, tilt=[1e-3] * 4)
    both = Evidence(extra=[1e9] * 5, tilt=[1e6] * 4)
    assert many.so_far(0.13) < bar_for(100)
    assert both.so_far(0.13) > bar_for(0.1)
    assert many.so_far(0.9) == pytest.approx(log(1e9))


def test_right_after_a_wave_number_alone_is_believed():
    many = Evidence(extra=[1e9] * 5, tilt=[1e-3] * 4)
    assert many.so_far(0.13) < bar_for(100)
    assert many.so_far(0.13, believing=True) == pytest.approx(log(1e9))


@pytest.mark.parametrize("low_share", [0.0, 0.13, 0.5, 0.9, 1.0])
def test_evidence_without_anything_is_a_number_that_not_even_a_notice_is_told_for(low_share):
    assert NOTHING <= Evidence().so_far(low_share) < bar_for(12.0)


def test_what_is_explained_is_forgotten():
    evidence = _after_two_low()
    evidence.reset()
    assert evidence.so_far(NUMBER_ALONE) == NOTHING
    assert evidence.so_far(0.13) <= Evidence().so_far(0.13)


def test_a_flood_grows_to_the_ceiling_and_falls_again_in_silence():
    evidence, climbs = Evidence(), Climbs()
    for second in range(2000):
        evidence.weigh_number(1.0, NIGHT + second, 1e-6, ceiling(climbs))
    assert evidence.so_far(NUMBER_ALONE) == pytest.approx(log(ceiling(climbs)))
    assert evidence.so_far(NUMBER_ALONE) > bar_for(0.1)
    evidence.weigh_number(0.0, NIGHT + 90 * DAY, 1e-6, ceiling(climbs))
    assert evidence.so_far(NUMBER_ALONE) < bar_for(1.0)
