"""Every rival calls a burst a burst, and all of them get the same clean intake."""

import importlib
import importlib.util
import math
import random

import pytest

from tests.bench.detection import rivals
from tests.bench.detection.rivals import RIVALS, river_rivals
from tests.bench.detection.rivals.changepoint import _gamma_sides
from tests.bench.detection.rivals.detector import DAY, HOUR, NOTHING
from tests.bench.detection.rivals.ingest import clean, score
from tests.bench.detection.rivals.scan import log_tail
from tests.bench.detection.streams import Review, Stream

START = 1_704_067_200.0
QUIET = 365 * DAY
WARM = 60 * DAY


def review(at, *, seen=None, stars=5, negative=None, key=None):
    return Review(
        at + 60 if seen is None else seen,
        at,
        stars,
        negative,
        hash((at, stars)) if key is None else key,
        False,
    )


def quiet_year():
    """A review a day, one in eight low, no two low ones within two days."""
    dice = random.Random(7)
    return [
        (START + day * DAY + dice.uniform(0, 0.9) * DAY, day % 8 == 3)
        for day in range(int(QUIET / DAY))
    ]


def burst():
    """Ten low reviews in an hour."""
    return [(START + QUIET + minute * 60, True) for minute in range(0, 60, 6)]


def straggler():
    """One more when the hour is over: there are rivals who look at whole hours only."""
    return START + QUIET + 62 * 60, True


@pytest.mark.parametrize("name", RIVALS)
def test_a_burst_scores_above_the_whole_quiet_year(name):
    detector = RIVALS[name]()
    quiet = [(at, detector.update(at, low)) for at, low in quiet_year()]
    loud = [detector.update(at, low) for at, low in [*burst(), straggler()]]
    calmest = max(mark for at, mark in quiet if at > START + WARM)
    assert max(loud) > calmest
    assert loud[-1] > loud[0] or loud[0] == NOTHING


@pytest.mark.parametrize("name", sorted(set(RIVALS) - {"commercial rule, all reviews"}))
def test_praise_says_nothing(name):
    detector = RIVALS[name]()
    praise = [detector.update(START + minute * 60, False) for minute in range(100)]
    assert set(praise) == {NOTHING}


@pytest.mark.parametrize("name", RIVALS)
def test_every_score_is_a_number_at_any_pace(name):
    detector = RIVALS[name]()
    paces = [0.0] * 300 + [1.0] * 300 + [900 * DAY, 0.0, HOUR, 400 * DAY]
    at = START
    for pace in paces:
        at += pace
        assert not math.isnan(detector.update(at, True))


def test_praise_among_the_low_reviews_weakens_the_share_but_not_the_scan():
    def last(name, praise):
        detector = RIVALS[name]()
        for at, low in quiet_year():
            detector.update(at, low)
        for at, low in burst()[:-1]:
            for _ in range(praise):
                detector.update(at, False)
            detector.update(at, low)
        return detector.update(*burst()[-1])

    shared, alone = "negative-binomial scan and share", "negative-binomial scan"
    assert last(shared, praise=8) < last(shared, praise=0)
    assert last(alone, praise=8) == last(alone, praise=0)


def test_without_river_its_rivals_are_left_out(monkeypatch):
    there = set(RIVALS)
    with monkeypatch.context() as patch:
        patch.setattr(river_rivals, "INSTALLED", False)
        left = set(importlib.reload(rivals).RIVALS)
    importlib.reload(rivals)
    assert len(left) == 12
    assert there - left == {name for name in there if name.startswith("river")}


def test_with_river_there_are_its_three_rivals():
    river = [name for name in RIVALS if name.startswith("river")]
    assert len(river) == (3 if importlib.util.find_spec("river") else 0)


@pytest.mark.parametrize(("shape", "mean"), [(0.5, 0.02), (3.0, 4.0), (40.0, 2.0)])
def test_the_negative_binomial_tail_is_what_its_parts_add_up_to(shape, mean):
    chance = mean / (shape + mean)
    below, part = 0.0, (1 - chance) ** shape
    for count in range(10):
        expected = math.log1p(-below) if count > mean else 0.0
        assert log_tail(count, shape, mean) == pytest.approx(expected, rel=1e-3, abs=1e-9)
        below += part
        part *= (shape + count) / (count + 1) * chance


@pytest.mark.parametrize("value", [1e-6, 0.7, 3.0, 3.5, 40.0])
def test_the_gamma_sides_are_those_of_the_closed_form(value):
    above = math.exp(-value) * (1 + value + value**2 / 2)
    below, over = _gamma_sides(3, value)
    assert over == pytest.approx(above)
    assert below == pytest.approx(1 - above, abs=1e-12)
    assert below > 0
    assert over > 0


def test_repeats_are_dropped():
    twice = [review(START, key=1), review(START, seen=START + HOUR, key=1)]
    assert clean(twice) == [(0, START, False)]


def test_what_is_seen_late_or_lies_behind_is_dropped():
    late = review(START, seen=START + 36 * HOUR + 1)
    in_time = review(START, seen=START + 36 * HOUR, stars=1)
    assert clean([late]) == []
    assert clean([in_time]) == [(0, START, True)]
    newest, behind = review(START + 3 * HOUR), review(START + HOUR - 1, seen=START + 4 * HOUR)
    assert [index for index, _, _ in clean([newest, behind])] == [0]


def test_one_poll_is_sorted_and_time_never_goes_backwards():
    poll = START - START % 45
    reviews = [
        review(START - 10, seen=poll + 1, key=1),
        review(START - 500, seen=poll + 2, key=2),
        review(START - 900, seen=poll + 50, key=3),
    ]
    assert clean(reviews) == [
        (1, START - 500, False),
        (0, START - 10, False),
        (2, START - 10, False),
    ]


def test_low_is_two_stars_likely_negative_or_unreadable():
    kinds = [(2, None), (3, None), (None, 0.5), (None, 0.4), (None, None)]
    reviews = [
        review(START + place * HOUR, stars=stars, negative=negative, key=place)
        for place, (stars, negative) in enumerate(kinds)
    ]
    assert [low for _, _, low in clean(reviews)] == [True, False, True, False, True]


def test_scores_lie_beside_their_reviews():
    class Echo:
        def update(self, at, low):
            return at

    poll = START - START % 45
    reviews = [
        review(poll - 10, seen=poll + 1, key=1),
        review(poll - 20, seen=poll + 2, key=2),
        review(poll - 10, seen=poll + 3, key=1),
    ]
    stream = Stream("made", 0, reviews, (), (), START, START + DAY, 0.0)
    assert score(Echo(), stream) == [poll - 10, poll - 20, NOTHING]
