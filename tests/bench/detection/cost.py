"""Measures what a review costs us and each rival, how much state we keep, how long a replay takes.

Costs are processor time, the least of three rounds; the replay is what a clock says. The intake is
left out for all of them: repeats are dropped and reviews are in order before the clock starts.
"""

import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Final, NamedTuple

from tests.bench.detection import material, ours
from tests.bench.detection.groups import Size
from tests.bench.detection.rivals import RIVALS
from tests.bench.detection.rivals.ingest import clean
from tests.bench.detection.streams import Stream
from workers.rules.stored import pack

MICROSECONDS: Final = 1e6
MID_AMONG: Final = 10
"""One busier client comes with so many tiny ones."""

TIMES: Final = 3


class Cost(NamedTuple):
    """`per_review` are microseconds; `state` is the largest packed state, in bytes."""

    per_review: dict[str, float]
    reviews: int
    state: int
    replayed: int
    seconds: float


def measured(size: Size) -> Cost:
    streams = _streams(size)
    reviews = sum(len(stream.reviews) for stream in streams)
    per_review = {ours.OURS: _ours_per_review(streams)}
    for name in size.rivals:
        per_review[name] = _rival_per_review(name, streams)
    replayed, seconds = _replay(streams, size.replayed)
    return Cost(per_review, reviews, _state(streams), replayed, seconds)


def _streams(size: Size) -> list[Stream]:
    busier = max(1, size.costed // MID_AMONG)
    return [
        *material.simulated("tiny", size.costed, attacked=False, days=365),
        *material.simulated("tiny", size.costed, attacked=True, days=150),
        *material.simulated("mid", busier, attacked=True, days=150),
    ]


def _ours_per_review(streams: Sequence[Stream]) -> float:
    told = [(stream, ours.seen(stream)) for stream in streams]
    seconds = _least(lambda: [ours.watched(*each) for each in told])
    return seconds / sum(len(reviews) for _, reviews in told) * MICROSECONDS


def _rival_per_review(name: str, streams: Sequence[Stream]) -> float:
    told = [[(at, low) for _, at, low in clean(stream.reviews)] for stream in streams]
    seconds = _least(lambda: _run(name, told))
    return seconds / sum(map(len, told)) * MICROSECONDS


def _run(name: str, told: Sequence[Sequence[tuple[float, bool]]]) -> None:
    for reviews in told:
        detector = RIVALS[name]()
        for at, low in reviews:
            detector.update(at, low)


def _state(streams: Sequence[Stream]) -> int:
    return max(len(pack(ours.watched(stream, ours.seen(stream))[0])) for stream in streams)


def _replay(streams: Sequence[Stream], most: int) -> tuple[int, float]:
    """The same clients over and over, each time as new ones, to the last of so many reviews."""
    told = [(stream, ours.seen(stream)) for stream in streams]
    count, replayed = 0, []
    for stream, reviews in cycle(told):
        replayed.append((stream, list(islice(reviews, most - count))))
        count += len(replayed[-1][1])
        if count >= most:
            break
    return count, _seconds(lambda: [ours.watched(*each) for each in replayed], time.perf_counter)


def _seconds(do: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    begun = clock()
    do()
    return clock() - begun


def _least(do: Callable[[], object]) -> float:
    """The least of some times: what else runs on a machine can only add."""
    return min(_seconds(do) for _ in range(TIMES))
