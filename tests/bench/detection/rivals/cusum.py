"""Poisson CUSUM: the log-likelihood of a rate many times the ordinary one, never below zero."""

import math

from tests.bench.detection.rivals.detector import NOTHING
from tests.bench.detection.rivals.level import Level


class Cusum:
    """Evidence, in nats, that low reviews come `times` as often as they used to.

    Lucas, "Counted data CUSUM's", Technometrics 27 (1985), in continuous time: every second
    takes (times - 1) x rate away, every low review gives log(times).
    """

    def __init__(self, times: float = 15.0) -> None:
        self.times = times
        self._level = Level()
        self._sum = 0.0

    def update(self, at: float, low: bool) -> float:
        passed = self._level.wait(at)
        self._sum = max(0.0, self._sum - (self.times - 1) * self._level.rate * passed)
        if not low:
            return NOTHING
        self._level.add(at)
        self._sum += math.log(self.times)
        return self._sum
