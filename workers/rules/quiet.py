"""Measures a burst that was noticed: is it slowing, and since when is it over."""

from dataclasses import dataclass
from math import exp, log
from typing import Final, NamedTuple

from workers.rules.baseline import DAY, HOUR
from workers.rules.growth import Doubling, doubling

SURE: Final = log(14)
"""Odds of fourteen to one that each of the two verdicts is right."""

STILL_GOING: Final = 1 / 30
"""A burst goes on while it adds a thirtieth of its peak, one low review in twelve hours, or as many
as are usual: less could not be told from the usual ones for weeks."""

SLOWEST: Final = 1 / 12 / HOUR
SLOWER: Final = 1 / 4
TOLD_BY_ONE: Final = log(1 / SLOWER)
SLOWING_SURE: Final = log(200)
"""Slowing is asked anew at each of many reviews, so that it needs more."""

PEAK_WITHIN: Final = HOUR
NOT_BY_CHANCE: Final = 0.63
"""The fullest hour of a burst is fuller than its rate, by luck: taken down by 1 - 1/e."""

QUIET_AT_LEAST: Final = 2 * HOUR
SAME_MATTER: Final = 3 * DAY
"""A burst within three days after the last one was over is its second wave."""


class Verdict(NamedTuple):
    """What became known at a moment: "slowing" or "over"; unix seconds."""

    kind: str
    at: float


@dataclass(slots=True)
class Episode:
    """One burst from its waking on; `opened` is 0 while there is none. All in unix seconds.

    Both verdicts are sequential tests (Wald 1945) of the rate of low reviews, stepped on between
    reviews and set back by each: over, of the rate before the burst against STILL_GOING; slowing,
    of a quarter of the peak against the peak.
    """

    opened: float = 0.0
    since: float = 0.0
    newest: float = 0.0
    told_slowing: float = 0.0
    low: float = 0.0
    ages: float = 0.0
    usual: float = 0.0
    peak: float = 0.0
    pace: float = 0.0
    unseen: float = 0.0
    ending: float = 0.0
    easing: float = 0.0
    closed: float = 0.0

    def open(self, at: float, since: float, lows: list[float], usual: float) -> None:
        """Begin, with the low reviews so far and the usual low reviews per second."""
        self.opened, self.since, self.newest = at, since, lows[-1]
        self.low, self.ages = float(len(lows)), sum(one - since for one in lows)
        self.usual, self.told_slowing, self.unseen = usual, 0.0, 0.0
        self.ending, self.easing = 0.0, 0.0
        self.pace = sum(exp((one - self.newest) / PEAK_WITHIN) for one in lows)
        span = max(PEAK_WITHIN, self.newest - since)
        self.peak = max(self.pace / PEAK_WITHIN, self.low / span)

    def close(self, at: float) -> None:
        """It ended, by measure or by a person."""
        self.closed, self.opened = at, 0.0

    def add(self, at: float, weight: float) -> None:
        """Take in one low review."""
        if at > self.newest:
            self._wait(at)
        self.low += weight
        self.ages += weight * max(0.0, at - self.since)
        self.pace += weight
        self.peak = max(self.peak, NOT_BY_CHANCE * self.pace / PEAK_WITHIN)
        self.ending = max(0.0, self.ending - log(1 + self._going() / self.usual))
        self.easing = max(0.0, self.easing - TOLD_BY_ONE)

    def verdict(self, until: float, *, hurry: float = 1.0) -> Verdict | None:
        """What becomes known up to `until` if nothing more comes; `hurry` divides the waiting."""
        if not self.opened or until <= self.newest:
            return None
        over = self.over_at(hurry)
        if not self.told_slowing:
            slowing = self._slowing_at(hurry)
            if slowing < over and slowing <= until:
                self.told_slowing = slowing
                return Verdict("slowing", slowing)
        if over <= until:
            self.close(over)
            return Verdict("over", over)
        return None

    def doubling(self) -> Doubling | None:
        """How fast it grew up to its newest low review, if that can be said."""
        span = self.newest - self.since
        return doubling(self.low, self.ages / self.low, span) if self.low else None

    def next_at(self, hurry: float = 1.0) -> float:
        """When the next verdict is due if nothing more comes."""
        over = self.over_at(hurry)
        return over if self.told_slowing else min(over, self._slowing_at(hurry))

    def over_at(self, hurry: float = 1.0) -> float:
        """When it will be over if nothing more comes: two hours after the wake-up, or later."""
        wait = max(0.0, SURE - self.ending) / self._going()
        return max(self.newest + self.unseen + wait / hurry, self.opened + QUIET_AT_LEAST / hurry)

    def _slowing_at(self, hurry: float) -> float:
        wait = max(0.0, SLOWING_SURE - self.easing) / (self.peak * (1 - SLOWER))
        return max(self.newest, self.opened) + self.unseen + wait / hurry

    def _going(self) -> float:
        return max(self.peak * STILL_GOING, SLOWEST, self.usual)

    def _wait(self, at: float) -> None:
        self.pace *= exp((self.newest - at) / PEAK_WITHIN)
        passed = max(0.0, at - self.newest - self.unseen)
        self.newest, self.unseen = at, 0.0
        self.ending += self._going() * passed
        self.easing += self.peak * (1 - SLOWER) * passed
