"""Puts the shapes of real attacks onto real ordinary streams, in two halves that share nothing.

Thresholds are set on one half and measured on the other.
"""

import math
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from heapq import merge
from itertools import pairwise
from typing import Final, NamedTuple

from tests.bench.detection import series
from tests.bench.detection.streams import DAY, HOUR, Attack, Benign, Review, Stream, is_low

BEFORE: Final = 200 * DAY
AFTER: Final = 30 * DAY
LONELY: Final = 12 * HOUR

SHARP: Final = 30
SHARP_WITHIN: Final = 2 * DAY

USUAL_SIZE: Final = 60
SPREAD_OF_SIZES: Final = 0.9
LEAST: Final = 10
MOST: Final = 400

CLEAR_BEFORE: Final = 3 * DAY
CLEAR_AFTER: Final = 7 * DAY
TRIES: Final = 10_000
KEYS_FROM: Final = 10**9


class Shape(NamedTuple):
    """When the low reviews of a real attack came, in seconds from the first."""

    name: str
    offsets: list[float]


def quiet(half: int) -> list[Stream]:
    """The ordinary real streams of half 0 or 1, whole; the longest are dealt out in turn."""
    longest = sorted(series.ordinary(), key=lambda stream: (-stream.years, stream.name))
    return longest[half::2]


def shapes(half: int) -> list[Shape]:
    """Documented attacks, labelled review bombs, and the sharpest surge of each mostly bad product.

    The last are no proven attacks, but what a sudden rush of bad reviews looks like.
    """
    found = [*_documented(), *_bombs(), *_surges()]
    return sorted(found)[half::2]


def transplanted(half: int, each: int = 16) -> list[Stream]:
    """So many streams with one attack for each quiet stream of the half, the same in every run."""
    possible = shapes(half)
    return [
        _transplant(stream, possible[(place + number) % len(possible)], number)
        for place, stream in enumerate(quiet(half))
        for number in range(each)
    ]


def _documented() -> Iterator[Shape]:
    for stream in series.documented():
        for number, attack in enumerate(stream.attacks, start=1):
            name = f"{stream.name} attack {number}"
            yield _shape(name, _low_between(stream, attack.start, attack.end))


def _bombs() -> Iterator[Shape]:
    for name, times in series.thinned_bombs().items():
        yield _shape(name, times)


def _surges() -> Iterator[Shape]:
    for stream in series.mostly_negative():
        rushes = [
            _low_between(stream, one.start + DAY, one.end)
            for one in stream.benign
            if not _attacked(stream, one)
        ]
        sharpest = max(rushes, key=_sharpness, default=[])
        if _sharpness(sharpest) >= SHARP:
            yield _shape(f"{stream.name} surge", sharpest)


def _attacked(stream: Stream, one: Benign) -> bool:
    return any(one.start <= attack.end and attack.start <= one.end for attack in stream.attacks)


def _low_between(stream: Stream, start: float, end: float) -> list[float]:
    return [one.at for one in stream.reviews if start <= one.at <= end and is_low(one)]


def _sharpness(times: list[float]) -> int:
    """The most that came within two days."""
    counts = (bisect_left(times, at + SHARP_WITHIN) - place for place, at in enumerate(times))
    return max(counts, default=0)


def _shape(name: str, times: list[float]) -> Shape:
    """From the first review that another one soon follows."""
    first = next(at for at, following in pairwise(times) if following - at <= LONELY)
    return Shape(name, [at - first for at in times if at >= first])


def _transplant(stream: Stream, shape: Shape, number: int) -> Stream:
    drawn = random.Random(f"{stream.name} {shape.name} {number}")
    when = _moment(drawn, stream)
    start, end = max(stream.start, when - BEFORE), min(stream.end, when + AFTER)
    times = [at for at in _thinned(drawn, shape, when) if at < end]
    attacking = [
        Review(at + series.MET_AFTER, at, 1, None, KEYS_FROM + place, attack=True)
        for place, at in enumerate(times)
    ]
    own = [one for one in stream.reviews if start <= one.at < end]
    ebbed = _ebbed(times, _low_a_day(stream))
    return Stream(
        name=f"{stream.name} with {shape.name}, {number}",
        zone_hours=stream.zone_hours,
        reviews=list(merge(own, attacking)),
        attacks=(Attack(shape.name, times[0], ebbed, len(times)),),
        benign=tuple(one for one in stream.benign if one.end > start and one.start < end),
        start=start,
        end=end,
        warm=stream.warm,
    )


def _thinned(drawn: random.Random, shape: Shape, when: float) -> list[float]:
    """Some of its reviews, at their own distances, the first of them at that moment."""
    size = int(drawn.lognormvariate(math.log(USUAL_SIZE), SPREAD_OF_SIZES))
    size = min(len(shape.offsets), max(LEAST, min(MOST, size)))
    kept = sorted(drawn.sample(shape.offsets, size))
    return [when + offset - kept[0] for offset in kept]


def _moment(drawn: random.Random, stream: Stream) -> float:
    """After the warm-up, at a waking hour, clear of surges, and not right before the end."""
    first = stream.measured_from
    last = stream.end - min(AFTER, (stream.end - first) / 3)
    awake = _waking_hours(stream)
    for _ in range(TRIES):
        at = drawn.uniform(first, last)
        if int(at // HOUR) % 24 in awake and _clear(stream, at):
            return at
    raise ValueError(f"{stream.name} has no moment that is clear of surges")


def _waking_hours(stream: Stream) -> set[int]:
    """The hours of the day, UTC, with at least half of the mean traffic."""
    counts = Counter(int(one.at // HOUR) % 24 for one in stream.reviews)
    return {hour for hour, count in counts.items() if count >= len(stream.reviews) / 24 / 2}


def _clear(stream: Stream, at: float) -> bool:
    return not any(one.start - CLEAR_AFTER <= at <= one.end + CLEAR_BEFORE for one in stream.benign)


def _low_a_day(stream: Stream) -> float:
    return sum(map(is_low, stream.reviews)) / ((stream.end - stream.start) / DAY)


def _ebbed(times: list[float], usual: float) -> float:
    """The last review that is one of two in a day at least, or of what is usual a day if more.

    Two a day is one in twelve hours, as in the simulator. One that is never so dense lasts until
    its last review.
    """
    dense = max(2.0, usual)
    counts = (place + 1 - bisect_left(times, at - DAY) for place, at in enumerate(times))
    return max(
        (at for at, count in zip(times, counts, strict=True) if count >= dense), default=times[-1]
    )
