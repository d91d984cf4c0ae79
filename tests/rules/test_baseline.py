"""What is usual for a place is learnt from its past, and no attack teaches it."""

from datetime import timedelta

import pytest

from tests.rules.series import NIGHT, burst, habit, seen
from workers.rules.baseline import usual

WEEK = timedelta(weeks=1)


def test_an_unknown_place_is_taken_for_one_with_two_reviews_a_week():
    unknown = usual([], NIGHT)
    assert unknown.per_week == pytest.approx(2)
    assert unknown.low_in(WEEK) == pytest.approx(0.3)
    assert unknown.weeks == 0


@pytest.mark.parametrize("per_week", [1, 7, 70])
def test_the_usual_rate_follows_a_steady_past(per_week):
    learned = usual(habit(per_week, days_ago=0.01), NIGHT)
    assert learned.per_week == pytest.approx(per_week, rel=0.15)
    assert learned.low_in(WEEK) == pytest.approx(per_week / 8, rel=0.25)
    assert learned.low_share == pytest.approx(1 / 8, abs=0.03)
    assert learned.weeks == pytest.approx(40, abs=1)


def test_the_recent_past_weighs_more_than_the_distant_past():
    then = habit(14, weeks=20, days_ago=200)
    now = habit(2, weeks=28, days_ago=0.01)
    assert usual([*then, *now], NIGHT).per_week < 7


def test_an_old_attack_does_not_poison_what_is_usual():
    past = habit(2, days_ago=0.01)
    attack = [seen(30 * 24 * 60 - minute, history=True) for minute in range(300)]
    poisoned = usual(sorted([*past, *attack], key=lambda review: review.at), NIGHT)
    clean = usual(past, NIGHT)
    assert poisoned.low_per_hour < 3 * clean.low_per_hour
    assert poisoned.per_week < clean.per_week + 1
    assert poisoned.followers < clean.followers + 0.1


def test_a_lasting_change_is_learned_within_weeks():
    past = habit(2, days_ago=60)
    changed = [seen(age * 6 * 60, history=True) for age in reversed(range(1, 60 * 4))]
    learned = usual([*past, *changed], NIGHT)
    assert learned.low_in(timedelta(days=1)) > 2


def test_what_comes_after_the_limit_is_not_learned():
    past = habit(2)
    assert usual([*past, *burst(9, 60)], NIGHT, until=past[-1].at) == usual(
        past, NIGHT, until=past[-1].at
    )


def test_places_whose_low_reviews_come_in_pairs_are_known_to_clump():
    days = range(1, 300, 10)
    alone = [seen(day * 24 * 60, history=True) for day in reversed(days)]
    pairs = [
        seen(day * 24 * 60 - after, history=True) for day in reversed(days) for after in (0, 60)
    ]
    assert usual(pairs, NIGHT).followers > 5 * usual(alone, NIGHT).followers


def test_neighbours_that_chance_explains_are_not_taken_for_clumps():
    hours = [start + second for start in range(0, 5000, 50) for second in (0, 20)]
    steady = [seen((5100 - hour) * 60, history=True) for hour in hours]
    assert usual(steady, NIGHT).followers < 0.5


@pytest.mark.parametrize("low", [3, 4, 8, 30])
def test_more_low_reviews_are_harder_to_explain_by_chance(low):
    place = usual(habit(7), NIGHT)
    hour = timedelta(hours=1)
    assert 0 < place.chance_of_cluster(low + 1, hour) < place.chance_of_cluster(low, hour) <= 1


def test_the_same_cluster_is_easier_to_explain_in_a_longer_time():
    place = usual(habit(7), NIGHT)
    chances = [place.chance_of_cluster(4, timedelta(hours=hours)) for hours in (1, 6, 24, 72)]
    assert chances == sorted(chances)


def test_a_usual_mixture_is_not_one_sided_and_a_pure_one_is():
    place = usual(habit(7), NIGHT)
    assert place.odds_of_one_sidedness(2, 16) < 0.01
    assert place.odds_of_one_sidedness(4, 4) > 100


def test_the_band_of_a_small_place_is_nought_to_one_and_grows_with_the_place():
    ten_minutes = timedelta(minutes=10)
    assert usual(habit(2), NIGHT).band(ten_minutes) == (0, 1)
    fewest, most = usual(habit(7000, weeks=1, days_ago=0.1), NIGHT).band(timedelta(hours=6))
    assert 0 < fewest < most


@pytest.mark.parametrize(
    ("stars", "negative", "low"),
    [
        (1, None, 1),
        (2, None, 1),
        (2.5, None, 0),
        (5, True, 0),
        (None, True, 1),
        (None, False, 0),
        (None, None, 0.5),
    ],
)
def test_a_review_is_low_by_its_stars_and_a_mention_by_its_text(stars, negative, low):
    assert seen(0, stars, negative=negative).low == low
