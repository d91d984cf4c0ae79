"""Judges the wakes of one stream: which were wrong, which found an attack, which were harmless.

All times are seconds since 1970, UTC.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from tests.bench.detection.streams import (
    DAY,
    HOUR,
    MINUTE,
    Attack,
    Benign,
    Review,
    Stream,
    is_low,
)

Scores = Sequence[float]
"""Aligned with `Stream.reviews`: -inf where a review was ignored, else finite."""

Alarm = tuple[float, str]
"""When, and one of "notice", "wake", "over" and "reopened"; only a wake wakes anybody."""

SAME_WAKE: Final = 24 * HOUR
AGAIN: Final = 72 * HOUR
"""A detector that stays on is charged anew this often."""

BEFORE: Final = 3 * HOUR
AFTER: Final = 48 * HOUR
"""From so long before its start until so long after its end a wake is laid to an attack."""

CREDIT: Final = 6 * HOUR
"""A wake this long after the end of an attack still finds it."""

CRYING: Final = 24 * HOUR
"""Whoever was crying this shortly before an attack gets no credit for it."""

LAG: Final = 2 * HOUR
"""A wake this long after a harmless episode is still because of it."""

WEEK: Final = 7 * DAY
WEEKEND: Final = 2 * DAY
FIRST_SATURDAY: Final = 2 * DAY
"""1 January 1970 was a Thursday."""


class Detection(NamedTuple):
    """What an attack had cost when it woke somebody: infinite where it never did.

    `low_reviews` are the distinct low ones of the attack that had been met by then, at least 1;
    `minutes` are from its first review.
    """

    kind: str
    low_reviews: float
    minutes: float


def wakes(stream: Stream, scores: Scores, threshold: float) -> list[float]:
    """When it rings: at scores of at least the threshold.

    Such scores within `SAME_WAKE` of each other are one wake, charged anew each `AGAIN`.
    """
    rings: list[float] = []
    last = -math.inf
    for seen in exceedances(stream, scores, threshold):
        if seen - last > SAME_WAKE or seen - rings[-1] >= AGAIN:
            rings.append(seen)
        last = seen
    return rings


def exceedances(stream: Stream, scores: Scores, threshold: float) -> list[float]:
    """When the reviews were met whose scores are at least the threshold."""
    reviews = zip(stream.reviews, scores, strict=True)
    return [review.seen for review, score in reviews if score >= threshold]


def times(alarms: Iterable[Alarm], *kinds: str) -> list[float]:
    return [at for at, kind in alarms if kind in kinds]


def charged(stream: Stream, alarms: Sequence[Alarm]) -> Iterator[float]:
    """Every wake of a finished detector, and one more each `AGAIN` until it says "over"."""
    changes = [alarm for alarm in alarms if alarm[1] != "notice"]
    for (at, kind), (until, _) in pairwise([*changes, (stream.end, "over")]):
        if kind == "wake":
            yield at
        charge = at + AGAIN
        while kind != "over" and charge < until:
            yield charge
            charge += AGAIN


def wrong(stream: Stream, rings: Iterable[float]) -> int:
    """How many came after the warm-up, outside every attack and every surge."""
    return sum(not _in_surge(stream, ring) for ring in _unprovoked(stream, rings))


def in_surges(stream: Stream, rings: Iterable[float]) -> int:
    """How many came in a surge and outside every attack: neither right nor wrong."""
    return sum(_in_surge(stream, ring) for ring in _unprovoked(stream, rings))


def _unprovoked(stream: Stream, rings: Iterable[float]) -> Iterator[float]:
    for ring in rings:
        if ring >= stream.measured_from and not any(
            attack.start - BEFORE <= ring <= attack.end + AFTER for attack in stream.attacks
        ):
            yield ring


def _in_surge(stream: Stream, ring: float) -> bool:
    return any(one.kind == "surge" and one.start <= ring <= one.end for one in stream.benign)


def measured(stream: Stream) -> list[Attack]:
    """Those that start after the warm-up."""
    return [attack for attack in stream.attacks if attack.start >= stream.measured_from]


def detection(stream: Stream, attack: Attack, rings: Sequence[float]) -> Detection:
    """The first ring in the attack counts; one in the day before it means that it was missed."""
    crying = any(attack.start - CRYING <= ring < attack.start for ring in rings)
    first = _first(attack, rings)
    if crying or first is None:
        return Detection(attack.kind, math.inf, math.inf)
    met = {review.key for review in _low_of(stream, attack) if review.seen <= first}
    return Detection(attack.kind, max(1, len(met)), (first - attack.start) / MINUTE)


def _first(attack: Attack, rings: Iterable[float]) -> float | None:
    until = attack.end + CREDIT
    return min((ring for ring in rings if attack.start <= ring <= until), default=None)


def _low_of(stream: Stream, attack: Attack) -> Iterator[Review]:
    for review in stream.reviews:
        during = attack.start - 1 <= review.at <= attack.end + CREDIT
        if during and review.attack and is_low(review):
            yield review


def ending(attack: Attack, alarms: Sequence[Alarm]) -> tuple[float, bool] | None:
    """Hours from its end to "over", and whether it came back; None where it woke nobody."""
    woken = _first(attack, times(alarms, "wake"))
    if woken is None:
        return None
    over = min((at for at in times(alarms, "over") if at >= woken), default=math.inf)
    back = times(alarms, "wake", "reopened")
    return (over - attack.end) / HOUR, any(over < at <= over + AGAIN for at in back)


def harmless(stream: Stream) -> Iterator[Benign]:
    """Harmless episodes and weekends after the warm-up that no attack overlaps."""
    for one in (*stream.benign, *_weekends(stream)):
        if one.start >= stream.measured_from and not _overlaps(stream, one):
            yield one


def _overlaps(stream: Stream, one: Benign) -> bool:
    return any(
        attack.start - BEFORE <= one.end + LAG and one.start <= attack.end + AFTER
        for attack in stream.attacks
    )


def _weekends(stream: Stream) -> Iterator[Benign]:
    """From Saturday 0:00 to Monday 0:00 local time."""
    first = FIRST_SATURDAY - stream.zone_hours * HOUR
    start = first + math.ceil((stream.measured_from - first) / WEEK) * WEEK
    while start + WEEKEND <= stream.end:
        yield Benign("weekend", start, start + WEEKEND)
        start += WEEK
