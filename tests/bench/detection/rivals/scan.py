"""Negative-binomial scan: the window whose count of low reviews is the least to be expected."""

import math
from bisect import bisect_left

from tests.bench.detection.rivals.detector import DAY, HOUR, NOTHING, Recent
from tests.bench.detection.rivals.level import Level

WINDOWS = (HOUR / 6, HOUR / 2, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY)


class Scan:
    """The greatest surprise, in nats, of seven windows from ten minutes to a day.

    Kulldorff, "Prospective time periodic geographical disease surveillance using a scan
    statistic", JRSS A 164 (2001), in time only; a window's count is negative-binomial, as the
    rate is known as a Gamma posterior (Greenwood & Yule, JRSS 83, 1920). However long the past,
    its shape is never above `most_shape`: one day is not like another.
    """

    def __init__(self, most_shape: float = 3.0) -> None:
        self.most_shape = most_shape
        self._level = Level()
        self._recent = Recent(DAY)

    def update(self, at: float, low: bool) -> float:
        self._level.wait(at)
        if not low:
            return NOTHING
        self._recent.add(at)
        surprise = max(self._surprise(at, window) for window in WINDOWS)
        self._level.add(at)
        return surprise

    def _surprise(self, at: float, window: float) -> float:
        times = self._recent.times
        count = len(times) - bisect_left(times, at - window)
        shape = min(self._level.events, self.most_shape)
        mean = self._level.rate * window
        return -log_tail(count, shape, mean) if count > 1 else 0.0


def log_tail(count: int, shape: float, mean: float) -> float:
    """Log of the chance of `count` or more from a negative binomial; 0 up to its mean."""
    if count <= mean:
        return 0.0
    chance = mean / (shape + mean)
    first = math.lgamma(shape + count) - math.lgamma(shape) - math.lgamma(count + 1)
    first += count * math.log(chance) + shape * math.log1p(-chance)
    total = term = 1.0
    while term > 1e-9 * total:
        term *= (shape + count) / (count + 1) * chance
        count += 1
        total += term
    return min(0.0, first + math.log(total))
