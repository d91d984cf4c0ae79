"""Kleinberg's bursts, online: how much cheaper a burst explains the gaps than calm does."""

import math

from tests.bench.detection.rivals.detector import DAY, NOTHING
from tests.bench.detection.rivals.level import Level


class Kleinberg:
    """Forward Viterbi over `states` rates, each `step` times the one below; score in nats.

    Kleinberg, "Bursty and hierarchical structure in streams", KDD 2002: gaps are exponential,
    going up one state costs `climb` x log of the number of gaps, going down is free. Online,
    the score is the cost of ending in calm less that of ending in the best burst.
    """

    def __init__(self, step: float = 2.0, states: int = 10, climb: float = 1.5) -> None:
        self.factors = [step**state for state in range(states)]
        self.climb = climb
        self._level = Level()
        self._costs = [0.0] + [1e3] * (states - 1)
        self._gaps = 2
        self._last: float | None = None

    def update(self, at: float, low: bool) -> float:
        self._level.wait(at)
        if not low:
            return NOTHING
        gap = DAY if self._last is None else max(at - self._last, 1.0)
        self._last = at
        self._gaps += 1
        self._step(gap)
        self._level.add(at)
        return self._costs[0] - min(self._costs[1:])

    def _step(self, gap: float) -> None:
        """The cheapest way into every state, plus what the gap costs there."""
        climb = self.climb * math.log(self._gaps)
        ways = []
        from_below = math.inf
        for state, cost in enumerate(self._costs):
            ways.append(min(from_below + climb, *self._costs[state:]))
            from_below = min(from_below + climb, cost)
        costs = [way + self._cost(gap, state) for state, way in enumerate(ways)]
        least = min(costs)
        self._costs = [cost - least for cost in costs]

    def _cost(self, gap: float, state: int) -> float:
        rate = self._level.rate * self.factors[state]
        return rate * gap - math.log(rate)
