"""The ordinary rate of a client's events: a Gamma-Poisson level that slowly forgets."""

import math
from collections import deque

from tests.bench.detection.rivals.detector import DAY


class Level:
    """So many events in so much time; both fade with `memory` seconds.

    It starts from a prior of `events` in `seconds`. The pair is the shape and the rate of the
    Gamma posterior of a Poisson rate (Gelman et al., Bayesian Data Analysis, 2.6), with the
    power discounting of West & Harrison (Bayesian Forecasting and Dynamic Models, 1997).
    An event counts `guard` seconds after it came: what is judged is not yet ordinary.
    """

    def __init__(
        self,
        memory: float = 120 * DAY,
        events: float = 2.0,
        seconds: float = 60 * DAY,
        guard: float = 3 * DAY,
    ) -> None:
        self.memory = memory
        self.events = events
        self.seconds = seconds
        self.guard = guard
        self._waiting: deque[float] = deque()
        self._last: float | None = None

    def wait(self, at: float) -> float:
        """Lets time pass until `at`: the seconds that did."""
        passed = 0.0 if self._last is None else at - self._last
        self._last = at
        kept = math.exp(-passed / self.memory)
        # Without this least, a year of silence would make the first word a certain attack.
        self.events = max(self.events * kept, 0.3)
        self.seconds = self.seconds * kept + self.memory * (1 - kept)
        while self._waiting and self._waiting[0] < at - self.guard:
            self._waiting.popleft()
            self.events += 1
        return passed

    def add(self, at: float) -> None:
        """One more event, at a time that `wait` has been told."""
        self._waiting.append(at)

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds
