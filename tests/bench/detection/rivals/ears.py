"""EARS C1, C2 and C3: the day's count against the mean and deviation of the days before."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

from tests.bench.detection.rivals.detector import DAY, NOTHING


class Ears:
    """Low reviews of the last 24 hours in standard deviations above the days before.

    Hutwagner, Thompson, Seeman & Treadwell, "The bioterrorism preparedness and response Early
    Aberration Reporting System (EARS)", Journal of Urban Health 80 (2003). C1 compares with the
    days right before, C2 leaves two days between, C3 adds up what C2 had above one on three
    days. Days run back from each review, not from midnight, so none is found late; and
    there are 28 of them, not 7, which finds more (Tokars et al., "Enhancing time-series detection
    algorithms for automated biosurveillance", Emerging Infectious Diseases 15, 2009).
    """

    def __init__(self, kind: int, days: int = 28, least: float = 0.5) -> None:
        self.kind = kind
        self.days = days
        self.least = least
        self._guard = 1 if kind == 1 else 3
        self._looked_at = self._guard + days + 3
        self._times: list[float] = []

    def update(self, at: float, low: bool) -> float:
        if not low:
            return NOTHING
        self._times.append(at)
        counts = self._counts(at)
        if self.kind < 3:
            return self._deviations(counts, 0)
        return sum(max(0.0, self._deviations(counts, day) - 1) for day in range(3))

    def _counts(self, at: float) -> list[int]:
        """How many came in each of the days, the latest first; what is older is let go."""
        places = [bisect_right(self._times, at - day * DAY) for day in range(self._looked_at + 1)]
        if places[-1] > len(self._times) / 2:
            del self._times[: places[-1]]
        return [later - earlier for later, earlier in pairwise(places)]

    def _deviations(self, counts: list[int], day: int) -> float:
        mean, deviation = _spread(counts[day + self._guard : day + self._guard + self.days])
        return (counts[day] - mean) / max(deviation, self.least)


def _spread(counts: Sequence[int]) -> tuple[float, float]:
    """Mean and standard deviation of a sample."""
    mean = sum(counts) / len(counts)
    squares = sum(count * count for count in counts) - mean * sum(counts)
    return mean, sqrt(max(0.0, squares) / (len(counts) - 1))
