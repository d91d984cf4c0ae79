"""What every rival promises, and the few things they share: spans of time and a sliding count."""

import math
from collections import deque
from typing import Protocol

HOUR = 3600.0
DAY = 86400.0
NOTHING = -math.inf


class Detector(Protocol):
    def update(self, at: float, low: bool) -> float:
        """Score of one review written `at` (unix seconds, never going backwards).

        The higher the surer; NOTHING where the review says nothing. What score wakes
        somebody is for the bench to choose.
        """


class Recent:
    """The times of the events of the last `seconds`, oldest first."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times: deque[float] = deque()

    def add(self, at: float) -> int:
        """Takes one more in and lets the old go: how many there are now."""
        self.times.append(at)
        while self.times[0] < at - self.seconds:
            self.times.popleft()
        return len(self.times)
