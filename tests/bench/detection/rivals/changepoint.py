"""Bayesian online changepoint detection on the gaps between low reviews."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.detection.rivals.detector import DAY, HOUR, NOTHING
from tests.bench.detection.rivals.level import Level


@dataclass(frozen=True, slots=True)
class Run:
    """One way the present regime may have begun: its log probability and Gamma posterior."""

    log_chance: float
    gaps: int
    hours: float


class Changepoint:
    """Log odds, in nats, that the present rate is above `above` times the ordinary one.

    Adams & MacKay, "Bayesian online changepoint detection", arXiv 0710.3742 (2007), with
    exponential gaps. A new regime's rate has a Gamma(1) prior with a mean of `leap` times the
    ordinary rate: with a mean near the ordinary rate, a burst would take long to prove itself.
    """

    def __init__(
        self,
        hazard: float = 1 / 200,
        leap: float = 30.0,
        above: float = 10.0,
        runs: int = 60,
    ) -> None:
        self.hazard = hazard
        self.leap = leap
        self.above = above
        self.most = runs
        self._level = Level()
        self._runs = [Run(0.0, 2, 60 * DAY / HOUR)]
        self._last: float | None = None

    def update(self, at: float, low: bool) -> float:
        self._level.wait(at)
        if not low:
            return NOTHING
        gap = (DAY if self._last is None else max(at - self._last, 30.0)) / HOUR
        self._last = at
        usual = self._level.rate * HOUR
        self._runs = self._after(gap, 1 / (self.leap * usual))
        self._level.add(at)
        return self._odds(self.above * usual)

    def _after(self, gap: float, prior_hours: float) -> list[Run]:
        """Every run goes on, or a new one begins with this gap; normalised and pruned."""
        fresh = Run(math.log(self.hazard) + _predicted(1, prior_hours, gap), 2, prior_hours + gap)
        stay = math.log1p(-self.hazard)
        grown = [
            Run(
                run.log_chance + stay + _predicted(run.gaps, run.hours, gap),
                run.gaps + 1,
                run.hours + gap,
            )
            for run in self._runs
        ]
        total = _log_sum([run.log_chance for run in (fresh, *grown)])
        runs = [Run(run.log_chance - total, run.gaps, run.hours) for run in (fresh, *grown)]
        return [run for run in runs if run.log_chance > -40][: self.most]

    def _odds(self, rate: float) -> float:
        above = below = 1e-300
        for run in self._runs:
            chance = math.exp(run.log_chance)
            lower, upper = _gamma_sides(run.gaps, run.hours * rate)
            above += chance * upper
            below += chance * lower
        return math.log(above / below)


def _predicted(gaps: int, hours: float, gap: float) -> float:
    """Log density of the next gap: Lomax, the exponential with a Gamma(gaps, hours) rate."""
    return math.log(gaps / hours) - (gaps + 1) * math.log1p(gap / hours)


def _gamma_sides(shape: int, value: float) -> tuple[float, float]:
    """Chance that a Gamma(shape, 1) lies below and above `value`: sums of Poisson chances.

    The smaller side is summed, so that neither loses its digits.
    """
    at_shape = math.exp(shape * math.log(value) - value - math.lgamma(shape + 1))
    if value < shape:
        below = _sum_while_falling(at_shape, lambda count: value / (shape + count))
        return below, 1 - below
    above = _sum_while_falling(
        at_shape * shape / value, lambda count: max(0, shape - count) / value
    )
    return 1 - above, above


def _sum_while_falling(term: float, ratio: Callable[[int], float]) -> float:
    total, count = term, 0
    while term > 1e-12 * total:
        count += 1
        term *= ratio(count)
        total += term
    return min(total, 1.0)


def _log_sum(logs: list[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(log - most) for log in logs))
