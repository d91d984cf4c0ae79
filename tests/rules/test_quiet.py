"""Slowing and over are measured, seldom wrong, and never told before they are true."""

from collections.abc import Iterator
from math import inf, log
from random import Random
from statistics import median

import pytest

from tests.rules.series import NIGHT
from workers.rules.baseline import DAY, HOUR, WEEK
from workers.rules.quiet import QUIET_AT_LEAST, SAME_MATTER, Episode, Verdict
from workers.rules.reviews import Seen
from workers.rules.watch import Watch, Wish

USUAL = 0.25 / WEEK
HISTORIES = 200


def _steady(chance: Random, per_hour: float, hours: float, start: float = 0.0) -> Iterator[float]:
    """Hours of low reviews that keep coming at one rate."""
    at = start + chance.expovariate(per_hour)
    while at < start + hours:
        yield at
        at += chance.expovariate(per_hour)


def _doubling(chance: Random, hours: float, doublings: float) -> Iterator[float]:
    """Hours of low reviews, two an hour at first, whose rate doubles every `hours`."""
    growth, passed = log(2) / hours, 0.0
    while (at := log(1 + passed * growth / 2) / growth) < doublings * hours:
        if passed:
            yield at
        passed += chance.expovariate(1.0)


def _told(moments: list[float], until: float = inf) -> dict[str, float]:
    """When each verdict was told, in hours, of a burst noticed at its third low review."""
    times = [NIGHT + HOUR * moment for moment in moments]
    episode, told = Episode(), {}
    episode.open(times[2], times[0], times[:3], USUAL)
    for at in [*times[3:], NIGHT + HOUR * until]:
        while verdict := episode.verdict(at):
            told[verdict.kind] = (verdict.at - NIGHT) / HOUR
        if not episode.opened:
            break
        episode.add(at, 1.0)
    return told


@pytest.mark.parametrize("seed", range(20))
def test_a_burst_at_a_busy_place_is_over_within_days_although_its_usual_reviews_go_on(seed):
    usual = 0.4 / HOUR
    times = [NIGHT + HOUR * hour for hour in (0.0, 0.3, 0.6)]
    episode = Episode()
    episode.open(times[-1], times[0], times, usual)
    for hours in _steady(Random(seed), 0.4, 40 * 24, 0.6):
        while episode.verdict(NIGHT + HOUR * hours):
            pass
        if not episode.opened:
            break
        episode.add(NIGHT + HOUR * hours, 1.0)
    assert 0 < episode.closed < NIGHT + 5 * DAY


def _bursts(per_hour: float, hours: float) -> list[list[float]]:
    bursts = [list(_steady(Random(seed), per_hour, hours)) for seed in range(HISTORIES)]
    return [moments for moments in bursts if len(moments) >= 3]


@pytest.mark.parametrize(("per_hour", "hours"), [(2, 12), (6, 4), (20, 3), (6, 48)])
def test_a_burst_that_stops_is_over_within_a_day_or_so_and_never_before(per_hour, hours):
    over = [_told(moments)["over"] for moments in _bursts(per_hour, hours)]
    early = sum(at < hours for at in over)
    assert early <= 0.02 * len(over)
    assert median(over) - hours < 30


def test_the_harder_a_burst_was_the_sooner_it_is_known_to_be_over():
    waits = [
        median(_told(moments)["over"] - moments[-1] for moments in _bursts(per_hour, 4))
        for per_hour in (3, 12, 48)
    ]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] < waits[0] / 2


def _with_tail(seed: int) -> list[float]:
    """Four hours at six an hour, then three days at a tenth of that."""
    chance = Random(seed)
    return [*_steady(chance, 6, 4), *_steady(chance, 0.6, 72, start=4)]


def test_a_burst_that_goes_on_at_a_tenth_is_hardly_ever_called_over():
    tails = [_with_tail(seed) for seed in range(HISTORIES)]
    wrong = sum("over" in _told(moments, until=moments[-1]) for moments in tails)
    assert wrong <= 0.05 * HISTORIES


def test_a_burst_that_falls_silent_slows_before_it_is_over():
    for moments in _bursts(6, 4):
        told = _told(moments)
        assert told["slowing"] < told["over"]


@pytest.mark.parametrize("hours", [0.25, 0.5, 1])
def test_a_burst_that_doubles_is_hardly_ever_called_slowing(hours):
    bursts = [list(_doubling(Random(seed), hours, 6)) for seed in range(HISTORIES)]
    told = [_told(moments, until=moments[-1]) for moments in bursts if len(moments) >= 4]
    assert sum("slowing" in one for one in told) <= 0.1 * len(told)


def _verdicts(episode: Episode, until: float) -> list[Verdict]:
    found = []
    while verdict := episode.verdict(until):
        found.append(verdict)
    return found


def test_nothing_is_told_before_a_burst_was_opened_and_nothing_after_it_is_over():
    episode = Episode()
    assert episode.verdict(NIGHT) is None
    episode.open(NIGHT, NIGHT - 600, [NIGHT - 600, NIGHT - 300, NIGHT], USUAL)
    kinds = [verdict.kind for verdict in _verdicts(episode, NIGHT + 30 * DAY)]
    assert kinds == ["slowing", "over"]
    assert episode.verdict(NIGHT + 60 * DAY) is None


def _opened() -> Episode:
    episode = Episode()
    episode.open(NIGHT, NIGHT - 600, [NIGHT - 600, NIGHT - 300, NIGHT], USUAL)
    return episode


def test_over_comes_exactly_when_it_was_announced():
    at = _opened().over_at()
    early, sharp = _opened(), _opened()
    assert [verdict.kind for verdict in _verdicts(early, at - 1)] == ["slowing"]
    assert [verdict.at for verdict in _verdicts(sharp, at)][-1] == at


def test_it_is_never_over_at_once():
    episode = _opened()
    for second in range(200):
        episode.add(NIGHT + second, 1.0)
    assert episode.over_at() >= NIGHT + QUIET_AT_LEAST


def test_a_low_review_pushes_the_end_away_by_as_long_as_it_took_at_first():
    episode = _opened()
    wait = episode.over_at() - NIGHT
    later = NIGHT + 0.9 * wait
    episode.add(later, 1.0)
    assert episode.over_at() == pytest.approx(later + wait)


def test_a_low_review_from_before_that_came_in_late_does_not_turn_back_the_time():
    episode = _opened()
    episode.add(NIGHT - 400, 1.0)
    assert episode.newest == NIGHT
    assert episode.over_at() >= _opened().over_at()


def test_a_drill_waits_in_a_hurry():
    at = _opened().over_at(hurry=1000.0)
    assert NIGHT < at < NIGHT + HOUR / 10
    assert (at - NIGHT) * 1000 == pytest.approx(_opened().over_at() - NIGHT)


def _wave(watch: Watch, start: float) -> list[bool]:
    """Six low reviews ten minutes apart: for each wake-up whether it is called a second wave."""
    found = []
    for place in range(6):
        at = start + 600 * place
        found += watch.until(at)
        found += watch.take([Seen(at, at, 1.0)], Wish())
    return [one.numbers.again for one in found if one.kind == "wake"]


def _over(watch: Watch) -> float:
    return next(one.at for one in watch.until(NIGHT + 30 * DAY) if one.kind == "over")


@pytest.mark.parametrize(
    ("after", "again"), [(HOUR, True), (0.9 * SAME_MATTER, True), (1.5 * SAME_MATTER, False)]
)
def test_a_burst_soon_after_the_last_one_is_its_second_wave(after, again):
    watch = Watch()
    assert _wave(watch, NIGHT) == [False]
    assert _wave(watch, _over(watch) + after) == [again]


def test_praise_does_not_keep_a_burst_going():
    praised, left = Watch(), Watch()
    for watch in (praised, left):
        assert _wave(watch, NIGHT) == [False]
    for minute in range(60):
        at = NIGHT + 2 * HOUR + 60 * minute
        praised.take([Seen(at, at, 0.0)], Wish())
    assert _over(praised) == _over(left)


def test_while_nobody_can_read_nothing_is_called_over():
    watch = Watch()
    _wave(watch, NIGHT)
    watch.see(NIGHT + 2 * HOUR, 0.0)
    assert watch.until(NIGHT + 30 * DAY) == []
