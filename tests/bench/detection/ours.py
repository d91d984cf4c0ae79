"""Runs our engine over a stream, minute by minute as production does, and says when it spoke."""

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone
from typing import Final

from tests.bench.detection import scoring
from tests.bench.detection.judging import Alarm
from tests.bench.detection.streams import Review, Stream
from workers.rules.findings import Finding
from workers.rules.reviews import Seen, weight_of
from workers.rules.watch import Watch, Wish, fold

OURS: Final = "Nightdesk"
AS_DELIVERED: Final = "Nightdesk as delivered"
DELIVERED: Final = Wish().wake

LEAST: Final = 0.02
FINER: Final = 1.26
STEPS: Final = 21
GREATEST_WISH: Final = 8
WISHES: Final = tuple(LEAST * FINER**step for step in range(STEPS))
"""False wake-ups a year that may be wished for: from 0.02 to 2, ten to each power of ten."""


def alarms(stream: Stream, wish: float) -> list[Alarm]:
    """When it became known and what, up to the end of the stream; a second wave is a wake too."""
    return [(found.at, found.kind) for found in watched(stream, seen(stream), wish)[1]]


def watched(
    stream: Stream, reviews: Sequence[Seen], wish: float = DELIVERED
) -> tuple[Watch, list[Finding]]:
    """The state at the end of the stream, and everything found."""
    zone = timezone(timedelta(hours=stream.zone_hours))
    watch, found = fold(reviews, Wish(wake=wish), zone)
    found += watch.until(stream.end)
    return watch, found


def seen(stream: Stream) -> list[Seen]:
    """What the engine is told: each review once, as it was first met."""
    return [
        Seen(review.at, review.seen, weight_of(review.stars, review.negative), key=review.key)
        for review in _once(stream.reviews)
    ]


def _once(reviews: Sequence[Review]) -> Iterator[Review]:
    keys: set[int] = set()
    for review in reviews:
        if review.key not in keys:
            keys.add(review.key)
            yield review


def wish_for(streams: Sequence[Stream], per_year: float) -> float:
    """The largest of `WISHES` that wakes falsely at most so often, the smallest if none does.

    Never more than eight times what is allowed: a wish is a promise, and on the twenty years of one
    half no false wake-up may be luck.
    """
    allowed = per_year * scoring.years(streams)
    low, high = 0, sum(wish <= GREATEST_WISH * per_year for wish in WISHES) - 1
    while low < high:
        middle = (low + high + 1) // 2
        found = [alarms(stream, WISHES[middle]) for stream in streams]
        if scoring.false_alarms(streams, found) <= allowed:
            low = middle
        else:
            high = middle - 1
    return WISHES[low]
