"""What is usual for a place is learnt from its past, and no attack teaches it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.rules.series import NIGHT, arrivals, burst, habit, learned, seen, settled
from workers.rules.baseline import (
    DAY,
    DRIFTS_WITHIN,
    FOLLOW_WITHIN,
    HOUR,
    SHORT,
    WAVES,
    WEEK,
    Baseline,
    Prior,
)
from workers.rules.reviews import Seen
from workers.rules.watch import Watch, Wish

BERLIN = ZoneInfo("Europe/Berlin")
A_DAY_IN_MINUTES = 24 * 60


def test_an_unknown_place_is_taken_for_what_is_usual_anywhere():
    unknown = learned([])
    assert unknown.per_day == pytest.approx(Prior().per_day)
    assert unknown.low_share == pytest.approx(Prior().low_share)


@pytest.mark.parametrize("per_week", [1, 7, 70])
def test_the_usual_rate_follows_a_steady_past(per_week):
    usual = learned(habit(per_week, days_ago=0.01))
    assert usual.per_day * 7 == pytest.approx(per_week, rel=0.15)
    assert usual.low_share == pytest.approx(1 / 8, abs=0.03)
    assert usual.low_per_second * WEEK == pytest.approx(per_week / 8, rel=0.25)


def test_the_recent_past_weighs_more_than_the_distant_past():
    then = habit(14, weeks=20, days_ago=200)
    now = habit(2, weeks=28, days_ago=0.01)
    assert learned([*then, *now]).per_day * 7 < 7


def test_an_old_attack_does_not_poison_what_is_usual():
    past = habit(2, days_ago=0.01)
    attack = [seen(30 * A_DAY_IN_MINUTES - minute, history=True) for minute in range(300)]
    poisoned = learned(sorted([*past, *attack]))
    clean = learned(past)
    assert poisoned.low_per_second < 3 * clean.low_per_second
    assert poisoned.per_day * 7 < clean.per_day * 7 + 1


def test_of_a_burst_only_a_ration_is_learned():
    usual = settled(0.3, 0.13)
    before = usual.low
    for minute in range(200):
        usual.pass_time(NIGHT + 60 * minute)
        usual.learn(1.0, NIGHT, rationed=True)
    assert 1 <= usual.low - before <= 4


def test_a_lasting_change_is_learned_within_weeks():
    usual = settled(0.3, 0.13)
    for turn in range(4 * 60):
        usual.pass_time(NIGHT + turn * 6 * HOUR)
        usual.learn(1.0, NIGHT, rationed=True)
    assert usual.low_per_second * DAY > 0.5


def test_busy_evenings_under_a_long_suspicion_do_not_make_the_share_look_lower_than_it_is():
    usual = settled(36, 1 / 3)
    for day in range(120):
        for place in range(36):
            usual.pass_time(NIGHT + day * DAY + place * 200)
            usual.learn(float(place % 3 == 0), NIGHT, rationed=True)
    assert usual.low_share == pytest.approx(1 / 3, rel=0.05)


def test_ordinary_reviews_are_learned_in_full_even_within_a_burst():
    usual = settled(0.3, 0.13)
    before = usual.reviews
    for _ in range(50):
        usual.learn(0.0, NIGHT, rationed=True)
    assert usual.reviews == pytest.approx(before + 50)


def _lessons(*, every_low: int) -> list[tuple[float, float]]:
    moments = arrivals(Random(5), 0.8, 290)
    return [
        (NIGHT - 300 * DAY + at, float(bool(every_low) and place % every_low == 0))
        for place, at in enumerate(moments)
    ]


def test_late_praise_can_be_learned_in_any_order():
    lessons = _lessons(every_low=0)
    forth, back, mixed = (_late(lessons, order) for order in (sorted, _reversed, _shuffled))
    for other in (back, mixed):
        assert other.per_day == pytest.approx(forth.per_day, rel=1e-9)
        assert other.low_share == pytest.approx(forth.low_share, rel=1e-9)
        assert other.hours == pytest.approx(forth.hours)


def test_pages_of_the_past_can_come_newest_first():
    lessons = _lessons(every_low=7)
    forth, pages = _late(lessons, sorted), _late(lessons, _newest_page_first)
    assert pages.per_day == pytest.approx(forth.per_day, rel=0.03)
    assert pages.low_share == pytest.approx(forth.low_share, rel=0.1)
    assert forth.low_share == pytest.approx(1 / 7, rel=0.15)


def test_late_lessons_neither_use_up_the_ration_of_today_nor_fill_it():
    lately = settled(0.3, 0.13)
    ration, asked = lately.ration, lately.rationed_at
    for minute in range(60):
        lately.learn_late(NIGHT - 30 * DAY + 60 * minute, 1.0, NIGHT)
    assert (lately.ration, lately.rationed_at) == (ration, asked)
    assert lately.late_ration < 1


def test_late_lessons_teach_nearly_what_they_would_have_taught_in_time():
    past = habit(7, days_ago=0.01)
    in_time = learned(past)
    late = learned([replace(review, seen_at=NIGHT) for review in past])
    assert late.per_day == pytest.approx(in_time.per_day, rel=0.02)
    assert late.low_share == pytest.approx(in_time.low_share, rel=0.05)


def test_a_place_that_nobody_could_read_is_not_taken_for_a_quiet_one():
    read, blind = settled(5, 0.13), settled(5, 0.13)
    blind.sight = 0.0
    read.pass_time(NIGHT + 90 * DAY)
    blind.pass_time(NIGHT + 90 * DAY)
    assert blind.per_day == pytest.approx(5, rel=0.05)
    assert read.per_day < 4


def test_blind_time_counts_by_the_share_that_was_seen_whenever_it_is_asked_about():
    rates = {}
    for sight in (0.0, 0.5, 1.0):
        usual = settled(5, 0.13)
        usual.see(NIGHT + DAY, sight)
        usual.see(NIGHT + 90 * DAY, 1.0)
        rates[sight] = usual.per_day
        usual.pass_time(NIGHT + 90 * DAY)
        assert rates[sight] == pytest.approx(usual.per_day, rel=0.02)
    assert rates[0.0] == pytest.approx(5, rel=0.05)
    assert rates[1.0] < rates[0.5] < rates[0.0]


def test_a_burst_is_left_out_of_what_a_place_is_said_to_get_in_a_week():
    usual = settled(0.3, 0.13)
    assert usual.per_week_without(0) == pytest.approx(7 * usual.per_day)
    before = usual.per_week_without(0)
    for _ in range(20):
        usual.learn(1.0, NIGHT, rationed=False)
    assert usual.per_week_without(20) == pytest.approx(before)
    assert usual.per_week_without(1e9) >= 0


def test_the_share_is_taken_for_higher_where_little_is_known():
    known, unknown = settled(100, 0.13), Baseline()
    assert known.low_share == pytest.approx(unknown.low_share)
    assert known.low_share < known.cautious_share < unknown.cautious_share


def test_what_was_lately_fades_each_with_its_own_time():
    usual, passed = settled(1, 0.13), 5000.0
    usual.lately, usual.waves = [1.0] * 3, [1.0] * 3
    usual.low_lately = usual.drifting = usual.low_drifting = usual.followers = 1.0
    usual.pass_time(usual.last + passed)
    assert usual.lately == pytest.approx([exp(-passed / span) for span in SHORT], rel=1e-12)
    assert usual.waves == pytest.approx([exp(-passed / span) for span in WAVES], rel=1e-12)
    assert usual.low_lately == usual.lately[2]
    assert usual.drifting == pytest.approx(exp(-passed / DRIFTS_WITHIN), rel=1e-12)
    assert usual.low_drifting == usual.drifting
    assert usual.followers == pytest.approx(exp(-passed / FOLLOW_WITHIN), rel=1e-12)


def test_where_many_reviews_come_the_share_is_followed_over_six_hours_else_over_two():
    few, many = settled(10, 0.13), settled(1000, 0.13)
    for usual, count in ((few, 5), (many, 100)):
        for _ in range(count):
            usual.count(1.0)
    few.pass_time(few.last + 6 * HOUR)
    many.pass_time(many.last + 3 * HOUR)
    assert few.drift()[1:] == pytest.approx((5 * exp(-3), 5 * exp(-3)), rel=0.01)
    assert many.drift()[1:] == pytest.approx((100 * exp(-0.5), 100 * exp(-0.5)), rel=0.01)
    assert many.drift()[0] < few.drift()[0]


def test_a_wave_of_ordinary_reviews_explains_its_usual_share_of_low_ones():
    usual = settled(0.3, 0.13)
    before = usual.expected_low(NIGHT)
    for minute in range(40):
        usual.pass_time(NIGHT + 60 * minute)
        usual.count(0.0)
    an_hour = usual.expected_low(NIGHT) * HOUR
    assert before * HOUR < 0.01
    assert 0.13 * 40 / 2 < an_hour < 0.13 * 40 * 4


def test_a_low_review_draws_followers_for_hours_and_not_for_days():
    usual = settled(0.3, 0.13)
    calm = usual.expected_low(NIGHT)
    usual.count(1.0)
    after = [usual.expected_low(NIGHT)]
    for hours in (4, 8, 16, 100):
        usual.pass_time(NIGHT + hours * HOUR)
        after.append(usual.expected_low(NIGHT))
    assert after[0] - calm > 0.05 / FOLLOW_WITHIN
    assert all(later < earlier for earlier, later in pairwise(after))
    assert after[-1] < 1.5 * calm


def test_a_low_share_that_drifts_upwards_is_followed():
    steady, drifted = settled(200, 0.13), settled(200, 0.13)
    for place in range(40):
        steady.count(float(place % 8 == 0))
        drifted.count(float(place % 2 == 0))
    assert drifted.expected_low(NIGHT) > 1.3 * steady.expected_low(NIGHT)


def test_the_busy_hour_is_expected_in_the_zone_of_the_client_before_and_after_the_clock_changes():
    watch = Watch()
    first = datetime(2026, 3, 1, 20, 30, tzinfo=BERLIN)
    for day in range(60):
        at = (first + timedelta(days=day)).timestamp()
        watch.take([Seen(at, at, 0.0)], Wish(), BERLIN)
    hours = watch.usual.hours
    assert hours[20] == pytest.approx(min(hours) + 60)
    assert sorted(hours)[-2] == min(hours)


def test_the_season_tells_the_busy_hour_from_the_night():
    watch = Watch()
    for day in range(100):
        evening = NIGHT // DAY * DAY - day * DAY + 20 * HOUR
        watch.take([Seen(evening, NIGHT, 0.0, history=True)], Wish(), UTC)
    midnight = NIGHT // DAY * DAY
    by_hour = [watch.usual.expected_low(midnight + hour * HOUR) for hour in range(24)]
    assert by_hour.index(max(by_hour)) == 20
    assert max(by_hour) > 4 * min(by_hour) > 0


def test_what_is_usual_does_not_hang_on_when_it_was_asked():
    asked, never = settled(3, 0.2), settled(3, 0.2)
    for hour in range(100):
        asked.pass_time(NIGHT + hour * HOUR)
    never.pass_time(NIGHT + 99 * HOUR)
    assert asked.per_day == pytest.approx(never.per_day, rel=1e-9)
    assert asked.expected_low(NIGHT) == pytest.approx(never.expected_low(NIGHT), rel=1e-9)


def test_a_burst_of_today_does_not_change_what_is_usual_over_months():
    past = habit(7)
    clean, after = learned(past), learned([*past, *burst(40, 120)])
    assert after.low_per_second < 2 * clean.low_per_second


def _late(lessons, order) -> Baseline:
    usual = Baseline()
    usual.pass_time(NIGHT)
    for at, weight in order(lessons):
        usual.learn_late(at, weight, at)
    return usual


def _reversed(lessons):
    return sorted(lessons, reverse=True)


def _shuffled(lessons):
    return Random(6).sample(lessons, len(lessons))


def _newest_page_first(lessons):
    pages = [sorted(lessons)[start : start + 30] for start in range(0, len(lessons), 30)]
    return [lesson for page in reversed(pages) for lesson in page]
