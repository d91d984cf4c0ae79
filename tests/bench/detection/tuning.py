"""Sets a detector's threshold on each half of a group and measures it on the other half."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from math import inf
from typing import Any, Final, NamedTuple

from tests.bench.detection import judging, ours, scoring
from tests.bench.detection.groups import GROUPS, Group, Half, Halves, Size
from tests.bench.detection.judging import Alarm, Detection
from tests.bench.detection.rivals import RIVALS
from tests.bench.detection.rivals.ingest import score
from tests.bench.detection.scoring import Woken
from tests.bench.detection.simulator import ATTACKS
from tests.bench.detection.streams import Stream, is_low

SLOW: Final = {"Bayesian online changepoint", "river ADWIN", "river HalfSpaceTrees"}
THINNED: Final = 3
"""Of simulated clients they get one in so many, but each kind of attack at least once."""


class Outcome(NamedTuple):
    """What came of it: false wakes in so many client-years, those in surges, attacks found.

    `endings` are, of the attacks that woke somebody, the hours from the true end to "over" and
    whether it came back; only a detector that says "over" has them.
    """

    wrong: int
    surges: int
    years: float
    found: list[Detection]
    benign: dict[str, Woken]
    endings: list[tuple[float, bool]]


class Row(NamedTuple):
    """`settings` are the wishes or thresholds, each measured on the other half.

    One in `thinned` of the streams was run, within so many `seconds`.
    """

    group: str
    detector: str
    allowed: float
    settings: tuple[float, ...]
    thinned: int
    outcome: Outcome
    seconds: float


class Method(NamedTuple):
    """How a detector is prepared for a half, set on it, and measured."""

    prepare: Callable[[Half], Any]
    tune: Callable[[Any, float], float]
    judge: Callable[[Any, float], Outcome]


class Scored(NamedTuple):
    """A half without the reviews that matter to nobody, and a rival's scores of the others."""

    half: Half
    quiet: list[list[float]]
    attacked: list[list[float]]


def rows(group: Group, detector: str, size: Size) -> list[Row]:
    """One for the group and one for what is measured with it; as delivered too if it is ours."""
    begun = time.perf_counter()
    method = OURS if detector == ours.OURS else rival(detector)
    thin = THINNED if detector in SLOW and group.simulated else 1
    tuned = _prepared(method, group.halves, size, thin)
    tries = {detector: tuple(method.tune(half, group.allowed) for half in tuned)}
    if method is OURS:
        tries[ours.AS_DELIVERED] = (ours.DELIVERED, ours.DELIVERED)
    measured = {group.name: tuned}
    if group.also:
        name, _, halves = group.also
        measured[name] = _prepared(method, halves, size, thin)
    found = []
    for name, prepared in measured.items():
        for tried, settings in tries.items():
            outcome = _crossed(method, prepared, settings)
            seconds = time.perf_counter() - begun
            found.append(Row(name, tried, group.allowed, settings, thin, outcome, seconds))
    return found


def _prepared(method: Method, halves: Halves, size: Size, thin: int) -> list[Any]:
    return [method.prepare(_thinned(half, thin)) for half in _halves(halves, size)]


def _crossed(method: Method, prepared: Sequence[Any], settings: Sequence[float]) -> Outcome:
    """Each setting is measured on the half that it was not found on."""
    return pooled([method.judge(prepared[1 - half], settings[half]) for half in (0, 1)])


@lru_cache(maxsize=2)
def _halves(halves: Halves, size: Size) -> tuple[Half, Half]:
    return halves(size, 0), halves(size, 1)


def _thinned(half: Half, thin: int) -> Half:
    """The first ones of each: the kinds of attack take turns."""
    return Half(
        half.quiet[: -(-len(half.quiet) // thin)],
        half.attacked[: max(len(ATTACKS), -(-len(half.attacked) // thin))],
    )


def pooled(outcomes: Sequence[Outcome]) -> Outcome:
    """Of both directions together."""
    woken: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for outcome in outcomes:
        for kind, one in outcome.benign.items():
            woken[kind] += one.woken
            occurrences[kind] += one.occurrences
    return Outcome(
        wrong=sum(outcome.wrong for outcome in outcomes),
        surges=sum(outcome.surges for outcome in outcomes),
        years=sum(outcome.years for outcome in outcomes),
        found=[one for outcome in outcomes for one in outcome.found],
        benign={kind: Woken(woken[kind], count) for kind, count in sorted(occurrences.items())},
        endings=[one for outcome in outcomes for one in outcome.endings],
    )


def _judge_ours(half: Half, wish: float) -> Outcome:
    quiet = [ours.alarms(stream, wish) for stream in half.quiet]
    attacked = [ours.alarms(stream, wish) for stream in half.attacked]
    return Outcome(
        wrong=scoring.false_alarms(half.quiet, quiet),
        surges=scoring.surge_alarms(half.quiet, quiet),
        years=scoring.years(half.quiet),
        found=scoring.detections_of(half.attacked, attacked),
        benign=scoring.woken_benign_of(half.quiet, quiet),
        endings=_endings(half.attacked, attacked),
    )


def _endings(
    streams: Sequence[Stream], alarms: Sequence[Sequence[Alarm]]
) -> list[tuple[float, bool]]:
    return [
        ending
        for stream, own in zip(streams, alarms, strict=True)
        for attack in judging.measured(stream)
        if (ending := judging.ending(attack, own))
    ]


OURS: Final = Method(
    prepare=lambda half: half,
    tune=lambda half, allowed: ours.wish_for(half.quiet, allowed),
    judge=_judge_ours,
)


def rival(name: str) -> Method:
    return Method(partial(_scored, name), _threshold, _judge_rival)


def _scored(name: str, half: Half) -> Scored:
    quiet, quiet_scores = _all_scored(name, half.quiet)
    attacked, attacked_scores = _all_scored(name, half.attacked)
    return Scored(Half(quiet, attacked), quiet_scores, attacked_scores)


def _all_scored(name: str, streams: Sequence[Stream]) -> tuple[list[Stream], list[list[float]]]:
    both = [_slim(stream, score(RIVALS[name](), stream)) for stream in streams]
    return [stream for stream, _ in both], [scores for _, scores in both]


def _slim(stream: Stream, scores: list[float]) -> tuple[Stream, list[float]]:
    """Without ordinary reviews that have no score: they change no figure, and they are most."""
    kept = [
        (review, one)
        for review, one in zip(stream.reviews, scores, strict=True)
        if one > -inf or is_low(review)
    ]
    return replace(stream, reviews=[review for review, _ in kept]), [one for _, one in kept]


def _threshold(scored: Scored, allowed: float) -> float:
    return scoring.threshold_for(scored.half.quiet, scored.quiet, allowed)


def _judge_rival(scored: Scored, threshold: float) -> Outcome:
    quiet, attacked = scored.half
    return Outcome(
        wrong=scoring.false_wakes(quiet, scored.quiet, threshold),
        surges=scoring.surge_wakes(quiet, scored.quiet, threshold),
        years=scoring.years(quiet),
        found=scoring.detections(attacked, scored.attacked, threshold),
        benign=scoring.woken_benign(quiet, scored.quiet, threshold),
        endings=[],
    )


def named(group: str) -> Group:
    return next(one for one in GROUPS if one.name == group)
