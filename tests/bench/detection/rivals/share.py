"""Scan and share: a surprising count wakes only if low reviews also crowd out the ordinary."""

import math
from collections import deque

from tests.bench.detection.rivals.detector import DAY, NOTHING
from tests.bench.detection.rivals.scan import Scan


class ScanAndShare:
    """The lesser of two surprises, in nats: of the scan, and of the share of low reviews.

    The scan is Kulldorff's (see `scan`); the share is his Bernoulli model ("A spatial scan
    statistic", Communications in Statistics 26, 1997) over the latest runs of reviews within
    a day. The share counts `times`, as it is the slower to grow; where at least the
    share `silent` is low at rest, it says nothing and the scan decides alone.
    """

    def __init__(self, times: float = 2.0, silent: float = 0.6) -> None:
        self.times = times
        self.silent = silent
        self._scan = Scan(most_shape=math.inf)
        self._recent: deque[tuple[float, bool]] = deque(maxlen=150)
        self._low = 1.0
        self._ordinary = 7.0

    def update(self, at: float, low: bool) -> float:
        surprise = self._scan.update(at, low)
        self._learn(at, low)
        if not low:
            return NOTHING
        usual = self._low / (self._low + self._ordinary)
        return surprise if usual >= self.silent else min(surprise, self.times * self._crowd(usual))

    def _learn(self, at: float, low: bool) -> None:
        self._low += low
        self._ordinary += not low
        self._recent.appendleft((at, low))
        while self._recent[-1][0] < at - DAY:
            self._recent.pop()

    def _crowd(self, usual: float) -> float:
        """The best log-likelihood ratio of a raised share among the latest 1, 2, … reviews."""
        best, low_ones = 0.0, 0
        for number, (_, low) in enumerate(self._recent, start=1):
            low_ones += low
            if low:
                best = max(best, _ratio(low_ones, number, usual))
        return best


def _ratio(low: int, number: int, usual: float) -> float:
    share = low / number
    if share <= usual:
        return 0.0
    ordinary = (number - low) * math.log((1 - share) / (1 - usual)) if low < number else 0.0
    return low * math.log(share / usual) + ordinary
