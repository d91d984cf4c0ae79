"""Finds the figures of a finished run: by group and detector, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Final

from tests.bench.detection import scoring
from tests.bench.detection.cost import Cost
from tests.bench.detection.poisson import mean_range
from tests.bench.detection.scoring import Summary, Woken
from tests.bench.detection.series import DOCUMENTED
from tests.bench.detection.tuning import Row

SIMULATED: Final = ("tiny", "mention", "mid")
"""Where harmless episodes are known."""

REAL: Final = "mostly negative"


@dataclass(frozen=True, slots=True)
class Results:
    rows: Sequence[Row]
    cost: Cost
    material: bool
    seconds: float

    def row(self, group: str, detector: str) -> Row:
        return next(one for one in self.rows if (one.group, one.detector) == (group, detector))

    def detectors(self, group: str) -> list[Row]:
        return [row for row in self.rows if row.group == group]


def false_a_year(row: Row) -> float:
    return row.outcome.wrong / row.outcome.years


def false_range(row: Row) -> tuple[float, float]:
    low, high = mean_range(row.outcome.wrong)
    return low / row.outcome.years, high / row.outcome.years


def summary(row: Row) -> Summary:
    return scoring.summary(row.outcome.found)


def within(row: Row, low_reviews: int) -> float:
    """The share of the attacks that woke somebody within so many low reviews."""
    found = row.outcome.found
    return sum(one.low_reviews <= low_reviews for one in found) / len(found) if found else nan


def benign(rows: Sequence[Row]) -> dict[str, Woken]:
    """By kind, over several groups."""
    kinds = sorted({kind for row in rows for kind in row.outcome.benign})
    return {
        kind: Woken(
            sum(row.outcome.benign[kind].woken for row in rows if kind in row.outcome.benign),
            sum(row.outcome.benign[kind].occurrences for row in rows if kind in row.outcome.benign),
        )
        for kind in kinds
    }


def over_hours(row: Row, share: float) -> float:
    return scoring.percentile((hours for hours, _ in row.outcome.endings), share)


def reopened(row: Row) -> float:
    """Of the attacks that woke somebody, the share that came back after "over"."""
    endings = row.outcome.endings
    return sum(back for _, back in endings) / len(endings) if endings else nan


def documented(row: Row) -> list[tuple[str, float, float]]:
    """The name of each documented attack, the low reviews it took, and minutes: inf if missed."""
    names = [name for name, times in DOCUMENTED.items() for _ in times]
    found = sorted(
        (one for one in row.outcome.found if one.kind in names),
        key=lambda one: names.index(one.kind),
    )
    return [
        (_numbered(place, [one.kind for one in found]), one.low_reviews, one.minutes)
        for place, one in enumerate(found)
    ]


def _numbered(place: int, kinds: Sequence[str]) -> str:
    """Attacks on one stream are numbered in their order."""
    kind = kinds[place]
    return f"{kind} {kinds[: place + 1].count(kind)}" if kinds.count(kind) > 1 else kind


def plain(value: float, digits: int = 0) -> str:
    """A number without needless noughts; a dash for what never happened."""
    return f"{value:.{digits}f}" if isfinite(value) else "–"
