"""Holds the goals of detection against the figures of a run; none is asserted."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from tests.bench.detection import figures, ours
from tests.bench.detection.figures import REAL, SIMULATED, Results

MUST_NOT_WAKE: Final = {
    "promo": "a promotion",
    "viral": "viral praise",
    "backfill": "a backfill",
    "outage": "catch-up after an outage",
    "weekend": "a weekend",
}


class Goal(NamedTuple):
    """`figure` is of a run and a detector; it holds up to `bound`, or from it if `at_least`."""

    group: str
    what: str
    bound: float
    figure: Callable[[Results, str], float]
    digits: int = 0
    percent: bool = False
    at_least: bool = False

    def bound_in_words(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self._said(self.bound, 2)}"

    def judged(self, figure: float) -> str:
        holds = figure >= self.bound if self.at_least else figure <= self.bound
        return f"{self._said(figure, self.digits)} {'holds' if holds else 'short'}"

    def _said(self, value: float, digits: int) -> str:
        said = figures.plain(100 * value if self.percent else value, digits)
        said = said.rstrip("0").rstrip(".") if "." in said and value == self.bound else said
        return f"{said} %" if self.percent else said


def lines(results: Results) -> Iterator[Sequence[str]]:
    """Group, goal, bound, and for our two settings the figure with "holds" or "short"."""
    for goal in goals(results):
        judged = [
            goal.judged(goal.figure(results, detector))
            for detector in (ours.OURS, ours.AS_DELIVERED)
        ]
        yield (goal.group, goal.what, goal.bound_in_words(), *judged)
    yield from (
        (goal.group, goal.what, goal.bound_in_words(), goal.judged(goal.figure(results, "")), "")
        for goal in COSTS
    )


def goals(results: Results) -> list[Goal]:
    attacks = figures.documented(results.row(REAL, ours.OURS))
    return [
        *_found("ordinary", 0.07, woken=0.99, low=3, low_90=6),
        *_found("tiny", 0.1, woken=0.98, low=4, low_90=8),
        *_found("mention", 0.15, woken=0.95),
        *_found("mid", 0.1, woken=0.90, low=10),
        Goal("stress", "times the nominal rate of false wakes", 2, _times_nominal, 2),
        *(
            Goal("harmless", f"{words} wakes", 0.01, _woken_by(kind), 2, percent=True)
            for kind, words in MUST_NOT_WAKE.items()
        ),
        Goal(REAL, "false wakes a year", 0.1, _false(REAL), 3),
        *(
            Goal("documented", f"{name}, low reviews", 20, _low_of(place))
            for place, (name, _, _) in enumerate(attacks)
        ),
        Goal("large", "false wakes a year", 1, _false("large"), 2),
        Goal("large", "woken within 60 low reviews", 0.85, _within_60, 1, True, True),
        Goal("tiny", "hours from the true end to “over”, median", 8, _hours_over, 1),
        Goal("tiny", "attacks reopened after “over”", 0.02, _reopened, 1, percent=True),
    ]


def _found(
    group: str, false: float, *, woken: float, low: int | None = None, low_90: int | None = None
) -> Iterator[Goal]:
    yield Goal(group, "false wakes a year", false, _false(group), 3)
    yield Goal(group, "attacks woken", woken, _summed(group, "woken"), 1, True, True)
    if low is not None:
        yield Goal(group, "low reviews, median", low, _summed(group, "low_reviews"))
    if low_90 is not None:
        yield Goal(group, "low reviews, 90th percentile", low_90, _summed(group, "low_reviews_90"))


def _false(group: str) -> Callable[[Results, str], float]:
    return lambda results, detector: figures.false_a_year(results.row(group, detector))


def _summed(group: str, name: str) -> Callable[[Results, str], float]:
    return lambda results, detector: getattr(figures.summary(results.row(group, detector)), name)


def _times_nominal(results: Results, detector: str) -> float:
    row = results.row("stress", detector)
    return figures.false_a_year(row) / row.allowed


def _woken_by(kind: str) -> Callable[[Results, str], float]:
    def share(results: Results, detector: str) -> float:
        rows = [results.row(group, detector) for group in SIMULATED]
        one = figures.benign(rows).get(kind)
        return one.woken / one.occurrences if one else 0.0

    return share


def _low_of(place: int) -> Callable[[Results, str], float]:
    return lambda results, detector: figures.documented(results.row(REAL, detector))[place][1]


def _within_60(results: Results, detector: str) -> float:
    return figures.within(results.row("large", detector), 60)


def _hours_over(results: Results, detector: str) -> float:
    return figures.over_hours(results.row("tiny", detector), 0.5)


def _reopened(results: Results, detector: str) -> float:
    return figures.reopened(results.row("tiny", detector))


COSTS: Final = (
    Goal("cost", "µs a review", 10, lambda results, _: results.cost.per_review[ours.OURS], 1),
    Goal("cost", "bytes of state a client", 2000, lambda results, _: results.cost.state),
    Goal("cost", "seconds to replay 1,000,000 reviews", 60, lambda results, _: _million(results)),
)


def _million(results: Results) -> float:
    return results.cost.seconds / results.cost.replayed * 1_000_000
