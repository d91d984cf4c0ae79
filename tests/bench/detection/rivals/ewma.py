"""EWMA z: the count of the running window in standard deviations above a fading mean."""

import math

from tests.bench.detection.rivals.detector import DAY, NOTHING, Recent


class Ewma:
    """Low reviews of the last `window` seconds against earlier windows.

    Roberts, "Control chart tests based on geometric moving averages", Technometrics 1 (1959),
    with the fading variance of Finch, "Incremental calculation of weighted mean and variance"
    (Cambridge, 2009). Empty windows are taken in at once, by the same formula.
    """

    def __init__(self, window: float, memory: float = 120 * DAY, floor: float = 0.1) -> None:
        self.window = window
        self.weight = window / memory
        self.floor = floor
        self.mean = 0.02
        self.variance = 0.05
        self._recent = Recent(window)
        self._bin: int | None = None
        self._in_bin = 0

    def update(self, at: float, low: bool) -> float:
        self._close(int(at // self.window))
        if not low:
            return NOTHING
        self._in_bin += 1
        return (self._recent.add(at) - self.mean) / math.sqrt(self.variance + self.floor)

    def _close(self, now: int) -> None:
        """Learns the window that is over, and the empty ones since."""
        over = 0 if self._bin is None else now - self._bin
        self._bin = now
        if over == 0:
            return
        self._learn(self._in_bin, 1 - self.weight)
        self._learn(0, (1 - self.weight) ** (over - 1))
        self._in_bin = 0

    def _learn(self, count: float, kept: float) -> None:
        difference = count - self.mean
        self.mean += (1 - kept) * difference
        self.variance = kept * (self.variance + (1 - kept) * difference**2)
