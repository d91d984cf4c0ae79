"""Sums up many streams: false wakes, how soon attacks woke, what harmless things woke somebody.

Every measure is there twice: from scores and a threshold, so that one run serves every threshold,
and from the alarms of a finished detector. Both are aligned with the streams.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.bench.detection import judging
from tests.bench.detection.judging import LAG, Alarm, Detection, Scores
from tests.bench.detection.streams import Stream

Rung = Iterable[tuple[Stream, list[float]]]
"""Streams, each with the times of its rings."""


class Summary(NamedTuple):
    """`woken` is a share of the attacks; a percentile counts the missed ones as infinite."""

    attacks: int
    woken: float
    low_reviews: float
    low_reviews_90: float
    minutes: float


class Woken(NamedTuple):
    woken: int
    occurrences: int


class Endings(NamedTuple):
    """How the attacks that woke somebody were declared over.

    The hours run from the true end to the first "over" after the wake: negative where it came too
    early, infinite where it never came. `reopened` is the share of them that woke somebody again
    or was reopened within 72 hours after that.
    """

    attacks: int
    hours_10: float
    hours: float
    hours_90: float
    reopened: float


def years(streams: Iterable[Stream]) -> float:
    """Measured client-years of 365 days, without the warm-up."""
    return sum(stream.years for stream in streams)


def false_wakes(streams: Sequence[Stream], scores: Sequence[Scores], threshold: float) -> int:
    """Wakes after the warm-up, outside every attack and every surge."""
    rung = _rung(streams, scores, threshold)
    return sum(judging.wrong(stream, rings) for stream, rings in rung)


def false_alarms(streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]) -> int:
    """The same; whoever does not say "over" is charged another wake each 72 hours."""
    pairs = zip(streams, alarms, strict=True)
    return sum(judging.wrong(stream, judging.charged(stream, own)) for stream, own in pairs)


def surge_wakes(streams: Sequence[Stream], scores: Sequence[Scores], threshold: float) -> int:
    """Wakes in a surge, outside every attack: neither right nor wrong."""
    rung = _rung(streams, scores, threshold)
    return sum(judging.in_surges(stream, rings) for stream, rings in rung)


def surge_alarms(streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]) -> int:
    pairs = zip(streams, alarms, strict=True)
    return sum(judging.in_surges(stream, judging.charged(stream, own)) for stream, own in pairs)


def threshold_for(streams: Sequence[Stream], scores: Sequence[Scores], per_year: float) -> float:
    """The lowest score that, as a threshold, wakes falsely at most so often in a client-year.

    Only positive scores are tried where there are any. Where even the highest one wakes too
    often, the threshold is just above it.
    """
    found = sorted({score for own in scores for score in own if score > -math.inf})
    found = [score for score in found if score > 0] or found
    allowed = per_year * years(streams)
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if false_wakes(streams, scores, found[middle]) <= allowed:
            high = middle
        else:
            low = middle + 1
    if low < len(found):
        return found[low]
    return math.nextafter(found[-1], math.inf) if found else math.inf


def detections(
    streams: Sequence[Stream], scores: Sequence[Scores], threshold: float
) -> list[Detection]:
    """One for each attack after the warm-up; whoever was crying in the day before missed it."""
    pairs = zip(streams, scores, strict=True)
    return _detections(
        (stream, judging.exceedances(stream, own, threshold)) for stream, own in pairs
    )


def detections_of(streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]) -> list[Detection]:
    """The same; a detector that had rung before and is not over yet finds nothing new."""
    return _detections(_woken(streams, alarms))


def woken_benign(
    streams: Sequence[Stream], scores: Sequence[Scores], threshold: float
) -> dict[str, Woken]:
    """By kind, and for weekends: in how many it rang, until 2 hours after the end, and of how many.

    Only those after the warm-up that no attack overlaps are looked at.
    """
    return _benign(_rung(streams, scores, threshold))


def woken_benign_of(
    streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]
) -> dict[str, Woken]:
    return _benign(_woken(streams, alarms))


def over_lag(streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]) -> Endings:
    """Of the attacks that woke somebody."""
    found = [
        ending
        for stream, own in zip(streams, alarms, strict=True)
        for attack in judging.measured(stream)
        if (ending := judging.ending(attack, own))
    ]
    hours = [late for late, _ in found]
    return Endings(
        attacks=len(found),
        hours_10=percentile(hours, 0.1),
        hours=percentile(hours, 0.5),
        hours_90=percentile(hours, 0.9),
        reopened=sum(reopened for _, reopened in found) / max(1, len(found)),
    )


def summary(found: Sequence[Detection]) -> Summary:
    return Summary(
        attacks=len(found),
        woken=sum(math.isfinite(one.minutes) for one in found) / max(1, len(found)),
        low_reviews=percentile((one.low_reviews for one in found), 0.5),
        low_reviews_90=percentile((one.low_reviews for one in found), 0.9),
        minutes=percentile((one.minutes for one in found), 0.5),
    )


def by_kind(found: Iterable[Detection]) -> dict[str, Summary]:
    kinds: dict[str, list[Detection]] = defaultdict(list)
    for one in found:
        kinds[one.kind].append(one)
    return {kind: summary(ones) for kind, ones in kinds.items()}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed; nan of nothing."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _rung(streams: Sequence[Stream], scores: Sequence[Scores], threshold: float) -> Rung:
    pairs = zip(streams, scores, strict=True)
    return ((stream, judging.wakes(stream, own, threshold)) for stream, own in pairs)


def _woken(streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]) -> Rung:
    pairs = zip(streams, alarms, strict=True)
    return ((stream, judging.times(own, "wake")) for stream, own in pairs)


def _detections(rung: Rung) -> list[Detection]:
    return [
        judging.detection(stream, attack, rings)
        for stream, rings in rung
        for attack in judging.measured(stream)
    ]


def _benign(rung: Rung) -> dict[str, Woken]:
    occurrences: Counter[str] = Counter()
    woken: Counter[str] = Counter()
    for stream, rings in rung:
        for one in judging.harmless(stream):
            occurrences[one.kind] += 1
            woken[one.kind] += any(one.start <= ring <= one.end + LAG for ring in rings)
    return {kind: Woken(woken[kind], count) for kind, count in sorted(occurrences.items())}
