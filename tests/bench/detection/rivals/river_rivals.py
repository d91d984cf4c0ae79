"""Three detectors of the optional river library, fed as well as their interfaces allow."""

import math
from importlib import import_module
from importlib.util import find_spec

from tests.bench.detection.rivals.detector import DAY, HOUR, NOTHING, Recent
from tests.bench.detection.rivals.level import Level

INSTALLED = find_spec("river") is not None
CONFIDENCES = (0.3, 0.1, 0.03, 0.01, 0.002, 3e-4, 1e-5)


class PageHinkley:
    """river.drift.PageHinkley on how much shorter, in logs, each gap is than usual.

    Page, "Continuous inspection schemes", Biometrika 41 (1954); river
    (riverml.xyz, drift.PageHinkley). Its test statistic is read instead of its yes or no, so
    that one run gives every threshold.
    """

    def __init__(self, delta: float = 1.0, alpha: float = 0.9999) -> None:
        drift = import_module("river.drift")
        self._test = drift.PageHinkley(
            min_instances=10, delta=delta, threshold=math.inf, alpha=alpha, mode="up"
        )
        self._level = Level()
        self._last: float | None = None

    def update(self, at: float, low: bool) -> float:
        self._level.wait(at)
        if not low:
            return NOTHING
        gap = DAY if self._last is None else max(at - self._last, 60.0)
        self._last = at
        self._test.update(min(6.0, -math.log(self._level.rate * gap)))
        self._level.add(at)
        return float(self._test._sum_increase - self._test._min_increase)


class Adwin:
    """river.drift.ADWIN on hourly counts of low reviews, at seven confidences at once.

    Bifet & Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007;
    river (riverml.xyz, drift.ADWIN). The score is the strictest confidence at which the mean
    rose in the last six hours: an hour counts once it is over. Of a long silence only
    `most_empty` hours are fed.
    """

    def __init__(self, most_empty: int = 200) -> None:
        drift = import_module("river.drift")
        self.most_empty = most_empty
        self._windows = [
            drift.ADWIN(delta=confidence, clock=1, grace_period=5) for confidence in CONFIDENCES
        ]
        self._risen = [-math.inf] * len(CONFIDENCES)
        self._hour: int | None = None
        self._count = 0

    def update(self, at: float, low: bool) -> float:
        hour = int(at // HOUR)
        if self._hour is not None and hour > self._hour:
            self._close(at, min(hour - self._hour - 1, self.most_empty))
        self._hour = hour
        if not low:
            return NOTHING
        self._count += 1
        strict = [place for place, when in enumerate(self._risen) if at - when < 6 * HOUR]
        return strict[-1] + 1.0 if strict else 0.0

    def _close(self, at: float, empty: int) -> None:
        for place, window in enumerate(self._windows):
            before = window.estimation
            window.update(self._count)
            if window.drift_detected and self._count > before:
                self._risen[place] = at
            for _ in range(empty):
                window.update(0)
        self._count = 0


class HalfSpaceTrees:
    """river.anomaly.HalfSpaceTrees on the latest gap and the counts of an hour, 6 hours, a day.

    Tan, Ting & Liu, "Fast anomaly detection for streaming data", IJCAI 2011; river
    (riverml.xyz, anomaly.HalfSpaceTrees). Features are pressed into 0 to 1, as it expects. Its
    window is short: a small client would fill the usual one in years only.
    """

    def __init__(self, trees: int = 15, height: int = 6, window: int = 10) -> None:
        anomaly = import_module("river.anomaly")
        self._forest = anomaly.HalfSpaceTrees(
            n_trees=trees, height=height, window_size=window, seed=1
        )
        self._counts = {
            name: Recent(hours * HOUR) for name, hours in (("1", 1), ("6", 6), ("24", 24))
        }
        self._last: float | None = None

    def update(self, at: float, low: bool) -> float:
        if not low:
            return NOTHING
        gap = DAY if self._last is None else max(at - self._last, 60.0)
        self._last = at
        features = {name: 1 - 3 / (3 + recent.add(at)) for name, recent in self._counts.items()}
        features["gap"] = min(1.0, max(0.0, (14 - math.log(gap)) / 10))
        score = float(self._forest.score_one(features))
        self._forest.learn_one(features)
        return score
