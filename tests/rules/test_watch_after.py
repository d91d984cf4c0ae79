"""What follows a waking: it slows, it is over, a person says something, or a source is blind."""

import math

import pytest

from tests.rules.streams import MINUTE, NIGHT, QUIET_PLACE, burst, seen
from workers.rules.baseline import DAY, HOUR
from workers.rules.watch import CAUTION_FADES, Watch, Wish, fold


def _attacked(times=20, every=5 * MINUTE) -> Watch:
    return fold([*QUIET_PLACE, *burst(times, every)], Wish())[0]


def test_it_slows_and_then_it_is_over_if_nothing_more_comes():
    watch = _attacked()
    last = NIGHT + 19 * 5 * MINUTE
    assert watch.until(last + MINUTE) == []
    slowing, over = watch.until(last + 3 * DAY)
    assert (slowing.kind, over.kind) == ("slowing", "over")
    assert last < slowing.at < over.at < last + DAY
    assert over.numbers.low == 20
    assert (over.numbers.since, over.numbers.until) == (NIGHT, last)
    assert watch.until(math.inf) == []


def test_an_attack_that_goes_on_is_neither_slowing_nor_over():
    found = fold([*QUIET_PLACE, *burst(300, 5 * MINUTE)], Wish())[1]
    assert [one.kind for one in found if one.at >= NIGHT and one.kind != "notice"] == ["wake"]


def test_after_the_end_a_second_wave_wakes_and_is_called_so():
    watch = _attacked()
    over = watch.until(NIGHT + 2 * DAY)[-1]
    begin = over.at - NIGHT + 12 * HOUR
    found = [one for low in burst(12, begin=begin) for one in watch.take([low], Wish())]
    woken = [one for one in found if one.kind == "wake"]
    assert len(woken) == 1
    assert woken[0].numbers.again
    assert woken[0].reason.startswith("Second wave: ")
    assert woken[0].numbers.since >= NIGHT + begin


def test_a_review_from_the_future_does_not_end_an_attack():
    watch = _attacked(6)
    assert watch.take([seen(30 * DAY, 0.0, met=HOUR)], Wish()) == []
    assert watch.episode.opened
    assert watch.take([seen(HOUR + MINUTE)], Wish()) == []


def test_while_a_source_is_blind_nothing_is_over():
    watch = _attacked()
    watch.see(NIGHT + 2 * HOUR, 0.5)
    assert watch.until(NIGHT + 30 * DAY) == []
    watch.see(NIGHT + 2 * DAY, 1.0)
    assert [one.kind for one in watch.until(math.inf)] == ["slowing", "over"]


def _after_silence(sight) -> float:
    watch = fold(QUIET_PLACE, Wish())[0]
    watch.see(NIGHT, sight)
    watch.see(NIGHT + 90 * DAY, 1.0)
    watch.take([seen(90 * DAY, 0.0)], Wish())
    return watch.usual.per_day


def test_a_blind_source_freezes_what_is_usual_and_a_silent_one_lowers_it():
    usual = fold(QUIET_PLACE, Wish())[0].usual.per_day
    assert _after_silence(0.0) == pytest.approx(usual, rel=0.1)
    assert _after_silence(1.0) < 0.8 * usual
    assert _after_silence(1.0) < _after_silence(0.5) < _after_silence(0.0)


def _woken_at(watch, every=20 * MINUTE) -> int:
    """The how-manieth low review wakes."""
    for number, low in enumerate(burst(20, every), 1):
        if any(one.kind == "wake" for one in watch.take([low], Wish())):
            return number
    return 99


def _taught(*verdicts, before=MINUTE) -> Watch:
    watch = fold(QUIET_PLACE, Wish())[0]
    for real in verdicts:
        watch.learn_verdict(NIGHT - before, real=real)
    return watch


def test_dismissals_ask_for_more_and_true_attacks_take_that_back():
    plain, dismissed = _woken_at(_taught()), _woken_at(_taught(*[False] * 3))
    assert plain < dismissed <= plain + 3
    assert _woken_at(_taught(*[False] * 3, *[True] * 3)) == plain
    assert _woken_at(_taught(True, True)) == plain
    assert _woken_at(_taught(*[False] * 30)) == dismissed


def test_what_a_verdict_teaches_is_said_stays_within_an_eighth_and_fades():
    watch = Watch()
    factors = [watch.learn_verdict(NIGHT, real=False) for _ in range(5)]
    assert factors[0] == pytest.approx(1 / 2, abs=0.01)
    assert factors == sorted(factors, reverse=True)
    assert min(factors) == pytest.approx(1 / 8, abs=0.01)
    later = watch.learn_verdict(NIGHT + 10 * CAUTION_FADES, real=True)
    assert later == 1


def test_what_a_person_explained_is_no_news_and_only_a_new_wave_wakes():
    watch = _attacked(6)
    watch.explain(NIGHT + 2 * HOUR)
    few = [one for low in burst(2, begin=3 * HOUR) for one in watch.take([low], Wish())]
    more = [one for low in burst(9, begin=4 * HOUR) for one in watch.take([low], Wish())]
    assert "wake" not in {one.kind for one in few}
    assert [one.numbers.again for one in more if one.kind == "wake"] == [True]
