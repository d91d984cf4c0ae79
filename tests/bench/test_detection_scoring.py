"""What the bench says about detectors is right on streams whose answer is known by hand."""

import math

import pytest

from tests.bench.detection import scoring
from tests.bench.detection.judging import Detection
from tests.bench.detection.scoring import Endings, Woken
from tests.bench.detection.streams import (
    DAY,
    HOUR,
    YEAR,
    Attack,
    Benign,
    Review,
    Stream,
    is_low,
)

MONDAY = 1_704_067_200.0
WARM = 30 * DAY


def review(hours, *, stars=1, key=None, attack=False, negative=None, late=0.0):
    """Written so many hours after the warm-up."""
    at = MONDAY + WARM + hours * HOUR
    return Review(at + late * HOUR, at, stars, negative, key or round(hours * 60), attack)


def stream(reviews, *, attacks=(), benign=(), years=1.0, zone_hours=0):
    return Stream(
        "by hand",
        zone_hours,
        sorted(reviews),
        tuple(Attack("wave", moment(a), moment(b), 3) for a, b in attacks),
        tuple(Benign(kind, moment(a), moment(b)) for kind, a, b in benign),
        MONDAY,
        MONDAY + WARM + years * YEAR,
        WARM,
    )


def moment(hours):
    return MONDAY + WARM + hours * HOUR


def scored(*pairs, **told):
    """A stream with one review at each hour, and their scores."""
    return [stream([review(hours) for hours, _ in pairs], **told)], [[score for _, score in pairs]]


def false_wakes(told, threshold=9):
    streams, scores = told
    return scoring.false_wakes(streams, scores, threshold)


def detections(told):
    streams, scores = told
    return scoring.detections(streams, scores, 9)


def woken_benign(told):
    streams, scores = told
    return scoring.woken_benign(streams, scores, 9)


def alarms(*told):
    return [[(moment(hours), kind) for hours, kind in told]]


@pytest.mark.parametrize(
    ("stars", "negative", "low"),
    [
        (1, None, True),
        (2, None, True),
        (3, None, False),
        (5, 0.9, False),
        (None, 0.5, True),
        (None, 0.49, False),
        (None, None, True),
    ],
)
def test_one_and_two_stars_the_likely_negative_and_the_unreadable_are_low(stars, negative, low):
    assert is_low(review(0, stars=stars, negative=negative)) is low


def test_a_year_is_measured_without_its_warm_up():
    assert scoring.years([stream([], years=2), stream([], years=0.5)]) == pytest.approx(2.5)


def test_high_scores_within_a_day_are_one_false_wake():
    assert false_wakes(scored((1, 9), (20, 9), (43, 9), (44, 2))) == 1
    assert false_wakes(scored((1, 9), (26, 9))) == 2
    assert false_wakes(scored((1, 9), (26, -math.inf))) == 1


def test_a_detector_that_stays_on_is_charged_each_72_hours():
    always = [(hour, 9) for hour in range(0, 241, 12)]
    assert false_wakes(scored(*always)) == 4


def test_a_wake_in_the_warm_up_or_around_an_attack_is_not_false():
    told = scored((-1, 9), (97, 9), (150, 9), attacks=[(99, 102)])
    assert false_wakes(told) == 0
    late = scored((95, 9), (152, 9), attacks=[(99, 102)])
    assert false_wakes(late) == 2


def test_a_wake_in_a_surge_is_neither_right_nor_wrong():
    told = scored((5, 9), (100, 9), benign=[("surge", 0, 10), ("promo", 90, 110)])
    assert false_wakes(told) == 1
    assert scoring.surge_wakes(told[0], told[1], 9) == 1


def test_the_threshold_is_the_lowest_that_is_seldom_enough():
    told = scored(*((100 * place, place) for place in range(10)), years=2)
    found = {each: scoring.threshold_for(told[0], told[1], each) for each in (0.1, 1, 2.4, 100)}
    assert (found[1], found[2.4], found[100]) == (8, 6, 1)
    assert false_wakes(told, found[0.1]) == 0
    assert false_wakes(told, found[1]) == 2


def test_an_attack_costs_the_distinct_low_reviews_of_it_that_had_been_met():
    reviews = [
        review(10, attack=True),
        review(10.5, key=77),
        review(11, attack=True),
        review(11, attack=True, late=0.2),
        review(11.1, attack=True, late=3),
        review(11.5, stars=4, attack=True),
        review(12, attack=True),
        review(13, attack=True),
    ]
    of = stream(reviews, attacks=[(10, 13)])
    met = [9.0 if one.at == moment(12) else 0.0 for one in of.reviews]
    assert scoring.detections([of], [met], 9) == [Detection("wave", 3, 120)]


def test_whoever_cried_in_the_day_before_or_only_long_after_missed_the_attack():
    missed = [Detection("wave", math.inf, math.inf)]
    crying = scored((90, 9), (100, 9), attacks=[(99, 102)])
    assert detections(crying) == missed
    assert detections(scored((109, 9), attacks=[(99, 102)])) == missed
    found = scored((74, 9), (107, 9), attacks=[(99, 102)])
    assert detections(found) == [Detection("wave", 1, 480)]


def test_the_missed_ones_are_infinite_in_a_percentile():
    found = [Detection("wave", place, 10.0 * place) for place in range(1, 9)]
    found += [Detection("drip", math.inf, math.inf)] * 2
    told = scoring.summary(found)
    assert told == (10, 0.8, 5, math.inf, 50)
    assert scoring.by_kind(found)["wave"] == (8, 1.0, 4, 8, 40)


def test_a_harmless_episode_woke_somebody_until_two_hours_after_it():
    promos = [("promo", 10, 20), ("promo", 30, 40), ("promo", 50, 60)]
    told = scored((21.9, 9), (62.1, 9), benign=promos)
    assert woken_benign(told)["promo"] == Woken(1, 3)


def test_what_an_attack_overlaps_is_not_looked_at():
    virals = [("viral", -20, -10), ("viral", 200, 210), ("viral", 240, 250), ("viral", 350, 360)]
    told = scored((206, 9), (245, 9), attacks=[(228, 260)], benign=virals)
    assert woken_benign(told)["viral"] == Woken(1, 2)


@pytest.mark.parametrize(("zone_hours", "woken"), [(0, 0), (3, 1), (-3, 0)])
def test_a_weekend_is_one_of_the_place(zone_hours, woken):
    friday_23 = 4 * 24 + 23 - 30 * 24 % 168
    told = scored((friday_23, 9), years=3 / 52, zone_hours=zone_hours)
    assert woken_benign(told)["weekend"].woken == woken


def test_a_finished_detector_is_charged_until_it_says_over():
    quiet = [stream([])]
    told = alarms((0, "notice"), (1, "wake"), (30, "over"), (40, "reopened"), (60, "over"))
    assert scoring.false_alarms(quiet, told) == 1
    stuck = alarms((1, "wake"), (1 + 72 * 3 + 1, "over"))
    assert scoring.false_alarms(quiet, stuck) == 4
    surge = [stream([], benign=[("surge", 0, 10)])]
    assert (scoring.false_alarms(surge, told), scoring.surge_alarms(surge, told)) == (0, 1)


def test_only_a_wake_of_a_finished_detector_finds_an_attack():
    of = [stream([review(10, attack=True), review(10.5, attack=True)], attacks=[(10, 13)])]
    missed = [Detection("wave", math.inf, math.inf)]
    assert scoring.detections_of(of, alarms((11, "wake"))) == [Detection("wave", 2, 60)]
    assert scoring.detections_of(of, alarms((11, "notice"), (12, "reopened"))) == missed
    assert scoring.detections_of(of, alarms((9, "wake"), (11, "wake"))) == missed


def test_over_is_late_or_early_by_the_hours_from_the_true_end():
    three = [stream([], attacks=[(100, 120)]) for _ in range(3)]
    told = [
        *alarms((101, "wake"), (126, "over")),
        *alarms((101, "wake"), (110, "over"), (111, "reopened"), (130, "over")),
        *alarms((90, "notice")),
    ]
    assert scoring.over_lag(three, told) == Endings(2, -10, -10, 6, 0.5)
    never = scoring.over_lag(three[:1], alarms((101, "wake")))
    assert never.hours == math.inf
