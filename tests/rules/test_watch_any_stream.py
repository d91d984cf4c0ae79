"""Whatever comes, in any order and number: the watch stays sane, and says the same in every run."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from workers.rules import stored
from workers.rules.baseline import DAY, HOUR
from workers.rules.findings import Finding
from workers.rules.reviews import Seen
from workers.rules.watch import STALE, Watch, Wish, fold

OFTEN = settings(max_examples=200, deadline=None)

START = 1.7e9
YEAR = 365 * DAY
SHARP = Wish(50.0, 10.0)
ZONES = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("America/St_Johns"), ZoneInfo("Asia/Tokyo")])
WEIGHTS = st.lists(st.sampled_from([1.0, 1.0, 0.8, 0.5, 0.0, 0.0]), min_size=1, max_size=7)
GAPS = st.one_of(
    st.floats(0, 90), st.floats(0, 5 * HOUR), st.floats(0, 40 * DAY), st.floats(0, 30 * YEAR)
)
STEPS = st.one_of(st.just(0.0), st.floats(0, 20), st.floats(0, HOUR), st.floats(0, 5 * DAY))
LATE = st.one_of(st.just(0.0), st.floats(0, 3 * HOUR), st.floats(-2 * DAY, 60 * DAY))
PIECES = st.tuples(
    GAPS,
    st.one_of(st.integers(1, 6), st.integers(1, 40)),
    STEPS,
    WEIGHTS,
    LATE,
    st.integers(0, 2),
    st.sampled_from([False, False, False, False, True]),
)


def _stream(pieces) -> list[Seen]:
    """Reviews in stretches: a silence, then so many, so far apart, with delays of their own."""
    met = START
    reviews: list[Seen] = []
    for gap, count, step, weights, late, source, history in pieces:
        met += gap
        for place in range(count):
            met += step
            weight = weights[place % len(weights)]
            written = max(1.0, met - late * ((place * 7) % 5) / 4)
            reviews.append(Seen(written, met, weight, source, history, len(reviews)))
    return reviews


STREAMS = st.lists(PIECES, min_size=1, max_size=8).map(_stream)


def _numbers(part) -> Iterator[float]:
    for one in fields(part):
        value = getattr(part, one.name)
        if is_dataclass(value):
            yield from _numbers(value)
        elif isinstance(value, list):
            for number in value:
                yield from number if isinstance(number, tuple) else (number,)
        else:
            yield value


def _minutes(reviews: list[Seen]) -> list[list[Seen]]:
    minutes: dict[float, list[Seen]] = {}
    for review in reviews:
        minutes.setdefault(review.seen_at // 60, []).append(review)
    return [minutes[minute] for minute in sorted(minutes)]


def _run(reviews: list[Seen], zone, between=lambda watch, batch: (watch, [])):
    watch, found = Watch(), []
    for batch in _minutes(reviews):
        watch, more = between(watch, batch)
        found += more + watch.until(batch[0].seen_at // 60 * 60)
        told = watch.take(batch, SHARP, zone)
        assert all(one.at <= max(review.seen_at for review in batch) for one in told)
        found += told
    return watch, found


def _is_sane(found: Finding) -> None:
    numbers = found.numbers
    told = [found.at, *numbers[:9], *(numbers.doubling or ())]
    plain = [number for number in told if number is not None]
    assert all(math.isfinite(number) for number in plain), found
    assert all(number >= 0 for number in plain), found
    assert numbers.since <= numbers.until
    assert numbers.until <= found.at
    assert numbers.low <= numbers.total + 1e-6
    assert 0 <= numbers.usual_share <= 1
    assert found.reason


def _low_within(reviews: list[Seen], found: Finding) -> int:
    return sum(
        one.weight > 0
        and found.numbers.since <= min(one.at, one.seen_at) <= found.numbers.until
        and one.seen_at <= found.at
        for one in reviews
        if not one.history and one.seen_at - one.at <= STALE
    )


@OFTEN
@given(STREAMS, ZONES)
def test_no_stream_leads_to_a_crash_or_to_a_number_that_is_none(reviews, zone):
    watch, found = _run(reviews, zone)
    found += watch.until(math.inf)
    for one in found:
        _is_sane(one)
    assert all(map(math.isfinite, _numbers(watch)))
    assert len(stored.pack(watch)) <= 2048


@OFTEN
@given(STREAMS, ZONES)
def test_who_is_woken_is_shown_three_low_reviews_in_the_time_that_is_named(reviews, zone):
    _, found = _run(reviews, zone)
    for one in found:
        if one.kind == "wake":
            assert _low_within(reviews, one) >= 3, one


@OFTEN
@given(STREAMS, ZONES)
def test_a_restart_in_any_minute_is_as_none(reviews, zone):
    def restart(watch, batch):
        again = stored.unpack(stored.pack(watch))
        assert again == watch
        return again, []

    watch, found = _run(reviews, zone)
    restarted, found_again = _run(reviews, zone, restart)
    assert stored.pack(restarted) == stored.pack(watch)
    assert found_again == found


def _meddle(watch: Watch, at: float, random: Random) -> None:
    """A person or a blind source comes in between, or nobody."""
    act = random.randrange(8)
    if act == 0:
        watch.see(at, random.choice([0.0, 0.5, 1.0]))
    elif act == 1:
        watch.explain(at)
    elif act == 2:
        watch.learn_verdict(at, real=random.random() < 0.5)


@OFTEN
@given(STREAMS, ZONES, st.integers(0, 1000))
def test_people_and_blind_sources_in_between_break_nothing(reviews, zone, seed):
    def lived(*, restarts):
        random = Random(seed)

        def between(watch, batch):
            _meddle(watch, batch[0].seen_at, random)
            return (stored.unpack(stored.pack(watch)) if restarts else watch), []

        return _run(reviews, zone, between)

    watch, found = lived(restarts=False)
    restarted, found_again = lived(restarts=True)
    for one in found:
        _is_sane(one)
    assert all(map(math.isfinite, _numbers(watch)))
    assert stored.pack(restarted) == stored.pack(watch)
    assert found_again == found


@OFTEN
@given(STREAMS, ZONES, st.randoms(use_true_random=False))
def test_the_order_within_a_minute_and_of_the_minutes_themselves_does_not_matter(
    reviews, zone, random: Random
):
    shuffled = random.sample(reviews, len(reviews))
    watch, found = fold(reviews, SHARP, zone)
    rebuilt, found_again = fold(shuffled, SHARP, zone)
    assert stored.pack(rebuilt) == stored.pack(watch)
    assert found_again == found


@OFTEN
@given(STREAMS, ZONES)
def test_what_was_lived_through_and_what_is_rebuilt_are_the_same(reviews, zone):
    watch, found = _run(reviews, zone)
    rebuilt, found_again = fold(reviews, SHARP, zone)
    assert stored.pack(rebuilt) == stored.pack(watch)
    assert found_again == found


@OFTEN
@given(STREAMS, ZONES, st.lists(st.floats(0, 1), max_size=4))
def test_looking_more_often_whether_it_is_over_changes_nothing(reviews, zone, moments):
    last = [reviews[0].seen_at]

    def look(watch, batch):
        start = batch[0].seen_at // 60 * 60
        span = max(0.0, start - last[0])
        found = [one for part in sorted(moments) for one in watch.until(last[0] + part * span)]
        last[0] = max(start, batch[0].seen_at)
        return watch, found

    watch, found = _run(reviews, zone)
    looked, found_again = _run(reviews, zone, look)
    assert stored.pack(looked) == stored.pack(watch)
    assert found_again == found


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([1.0, 0.8, 0.5, 0.0]),
    st.integers(1000, 4000),
    st.sampled_from([0.0, 0.001, 1.0, 30.0]),
    st.floats(0, 60 * YEAR),
)
def test_a_flood_of_thousands_and_decades_of_silence_are_survived(weight, count, step, silence):
    flood = [
        Seen(at, at, weight, 0, history=False, key=place)
        for place in range(count)
        for at in [START + step * place + silence * (place // (count // 2))]
    ]
    watch, found = fold(flood, SHARP)
    found += watch.until(math.inf)
    for one in found:
        _is_sane(one)
    assert all(map(math.isfinite, _numbers(watch)))
    assert len(stored.pack(watch)) <= 2048
    woken = [one for one in found if one.kind == "wake"]
    assert bool(woken) == bool(weight)
