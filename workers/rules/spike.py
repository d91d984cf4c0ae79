"""Weighs low reviews against what is usual: evidence that grows, and the bar it has to reach."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log
from operator import mul
from typing import Final

from workers.rules.baseline import DAY, HOUR, Baseline
from workers.rules.window import Low

YEAR_HOURS: Final = 8760.0
NOTHING: Final = -50.0
LEAST: Final = exp(NOTHING)

EXTRA_PER_HOUR: Final = (0.12, 0.5, 2.0, 8.0, 32.0)
EXTRA_WEIGHTS: Final = (0.3, 0.25, 0.2, 0.15, 0.1)
"""How many low reviews an attack may add in an hour, and how much we believe in each."""

ODDS: Final = (1.7, 3.0, 8.0, 30.0)
ODDS_WEIGHT: Final = 0.125
SHARE_HOURS: Final = 120.0
SHARE_MEMORY: Final = SHARE_HOURS * HOUR
"""By how much an attack may raise the odds of a review being low, each weighing an eighth.

All weights add up to 1.5: by so much the promise of `bar_for` is missed on paper. The cautious
parts of the baseline make up for more than that, as measured.
"""

MOST_WEIGHT: Final = 8.0
"""Where reviews are many the share says more: it weighs up to so many times as much there.

On paper the promise is then missed by a factor of five; HIGHER_IF_BUSY and the client's own climbs
make up for it, as measured.
"""

HEAD_START: Final = 72.0
"""Hours of quiet that a new client is trusted to have had: an attack may be why it came."""

SHARE_SAYS_MUCH: Final = 0.35
SHARE_SAYS_NOTHING: Final = 0.6
SHARE_SAYS_LESS: Final = SHARE_SAYS_NOTHING - SHARE_SAYS_MUCH
"""Where most reviews are low anyway, the share cannot tell an attack from a sale."""

LEVER: Final = 20.0
"""Number alone is believed up to this many times what the share says: promotions bring numbers."""

BUSY_PER_DAY: Final = 5.0
HIGHER_IF_BUSY: Final = 0.3

CEILING: Final = 20.0
"""Evidence is kept from growing beyond what any bar asks for, so that it can fall again."""


def bar_for(per_year: float, reviews_per_day: float = 0.0) -> float:
    """The evidence that a client shows by chance at most `per_year` times in a year.

    Shiryaev and Roberts: the mean time to a false alarm is at least e to the evidence, in hours.
    Busy places show a little more by chance than that, as measured: their bar is higher.
    """
    busier = max(1.0, reviews_per_day / BUSY_PER_DAY)
    return log(YEAR_HOURS / per_year) + HIGHER_IF_BUSY * log(busier)


def chance_per_year(evidence: float) -> float:
    """How often in a year a client shows so much evidence by chance."""
    return YEAR_HOURS * exp(-evidence)


_Urn = tuple[float, float, float, float, float]


@dataclass(slots=True)
class Evidence:
    """For an attack that began at an unknown moment: likelihood ratios, summed over all beginnings.

    `extra` is a mixture over additional low reviews per hour, `tilt` over raised odds of being low.
    Each obeys R -> (R + hours passed) * likelihood ratio, so that R minus the hours is a martingale
    while nothing happens (Shiryaev 1963, Roberts 1966; e-detectors: Shin, Ramdas, Rinaldo 2023).
    """

    at: float = 0.0
    mixed_at: float = 0.0
    extra: list[float] = field(default_factory=lambda: [0.0] * len(EXTRA_PER_HOUR))
    tilt: list[float] = field(default_factory=lambda: [HEAD_START] * len(ODDS))

    def reset(self) -> None:
        """Forget it: what there was is explained."""
        self.extra = [0.0] * len(EXTRA_PER_HOUR)
        self.tilt = [1.0] * len(ODDS)

    def weigh_mixture(self, weight: float, usual: Baseline, most: float) -> None:
        """Take in whether one review is low; `most` is where the evidence stops growing.

        The share of low reviews drifts like a Polya urn, under both hypotheses alike.
        """
        share, now = usual.cautious_share, usual.last
        steady, reviews, low = usual.drift()
        others = reviews - low
        keep = exp(((self.mixed_at or now) - now) / SHARE_MEMORY)
        hours = (1 - keep) * SHARE_HOURS
        self.mixed_at = now
        kind = steady * (1 - share)
        if weight:
            self._raise_odds(weight, keep, hours, most, (steady, share, low, kind, others))
            return
        rest, both = 1 - share, kind + others
        kind, others = kind / both, others / both
        one, two, three, four = self.tilt
        first, second, third, fourth = ODDS
        self.tilt = [
            (one * keep + hours) * (kind / (rest + share * first) + others),
            (two * keep + hours) * (kind / (rest + share * second) + others),
            (three * keep + hours) * (kind / (rest + share * third) + others),
            (four * keep + hours) * (kind / (rest + share * fourth) + others),
        ]

    def _raise_odds(self, weight: float, keep: float, hours: float, most: float, urn: _Urn) -> None:
        """Of a low review; one that weighs half speaks half as loudly."""
        steady, share, low, kind, others = urn
        rest, tilt, both = 1 - share, self.tilt, steady * share + low
        fresh, seen, half = steady * share / both, low / both, weight != 1
        for place, odds in enumerate(ODDS):
            scale = rest + share * odds
            ratio = fresh * odds / scale + seen
            if half:
                ratio = ratio**weight * ((kind / scale + others) / (kind + others)) ** (1 - weight)
            tilt[place] = (tilt[place] * keep + hours) * ratio
        if max(tilt) > most:
            self.tilt = [min(most, one) for one in tilt]

    def weigh_number(self, weight: float, at: float, expected: float, most: float) -> None:
        """Take in one low review where `expected` low reviews per second come by themselves.

        An additional rate r turns the ratio into exp(-r t) while nothing comes, whatever the
        season, and into 1 + r / expected when one comes.
        """
        hours = (at - self.at) / HOUR
        self.at = at
        surprise, extra = weight / (expected * HOUR), self.extra
        for place, rate in enumerate(EXTRA_PER_HOUR):
            keep = exp(-rate * hours)
            extra[place] = (extra[place] * keep + (1 - keep) / rate) * (1 + rate * surprise)
        if max(extra) > most:
            self.extra = [min(most, one) for one in extra]

    def so_far(
        self, low_share: float, reviews_per_day: float = 0.0, *, believing: bool = False
    ) -> float:
        """The evidence as a logarithm: on the scale of `bar_for`.

        `believing` takes the number alone: where an attack was just seen, a promotion is unlikely,
        and the share would let its tail wake again. The price: where reviews are many, a second
        wave is found later than a first.
        """
        number = sum(map(mul, EXTRA_WEIGHTS, self.extra))
        if believing or low_share >= SHARE_SAYS_NOTHING:
            return log(max(LEAST, number))
        says = min(1.0, (SHARE_SAYS_NOTHING - low_share) / SHARE_SAYS_LESS)
        tilt = sum(self.tilt)
        believed = min(number, tilt * LEVER / says**4)
        busier = max(1.0, reviews_per_day / BUSY_PER_DAY)
        alone = ODDS_WEIGHT * min(MOST_WEIGHT, busier * busier) * says * tilt
        return log(max(LEAST, believed + alone))

    def number_anew(self, lows: Sequence[Low], most: float) -> None:
        """Weigh these low reviews again, as of the newest: one of them came in late."""
        self.extra = [0.0] * len(EXTRA_PER_HOUR)
        self.at = lows[0].at
        for low in lows:
            self.weigh_number(low.weight, low.at, low.expected, most)


USUAL_CLIMB: Final = 5.0
STEEPNESS: Final = 1.0
STEEPEST: Final = 10.0
STEEPEST_IF_LOW: Final = 1.5
MOSTLY_LOW: Final = 0.5
"""Where most reviews are low a sale climbs high: how high must not hide the next attack."""
CLIMBS_KNOWN: Final = 6.0
DAYS_KNOWN: Final = 60.0
CLIMB_CHANCE: Final = 0.012
KEPT_PER_DAY: Final = 0.997
WAITING_DAYS: Final = 21
GREATEST_LESSON: Final = 6.0


@dataclass(slots=True)
class Climbs:
    """How high the evidence of this client climbs on ordinary days: its own tail, exponential.

    A day counts once it is three weeks old, so that no attack teaches that it is usual. The tail
    begins at USUAL_CLIMB; chance and steepness start from what ordinary firms show.
    """

    day: float = -1.0
    today: float = NOTHING
    waiting: list[float] = field(default_factory=lambda: [NOTHING] * WAITING_DAYS)
    days: float = DAYS_KNOWN
    climbs: float = CLIMB_CHANCE * DAYS_KNOWN
    heights: float = CLIMBS_KNOWN * STEEPNESS
    heights_known: float = CLIMBS_KNOWN

    @property
    def steepness(self) -> float:
        """The mean height above USUAL_CLIMB, from one to ten."""
        return min(STEEPEST, max(STEEPNESS, self.heights / self.heights_known))

    def judged(self, evidence: float, low_share: float) -> float:
        """The evidence in the light of those days: never more than it was."""
        chance = max(CLIMB_CHANCE, self.climbs / self.days)
        steepest = STEEPEST_IF_LOW if low_share > MOSTLY_LOW else STEEPEST
        steepness = min(steepest, self.steepness)
        own = (evidence - USUAL_CLIMB) / steepness - log(chance) + log(24)
        return min(evidence, own)

    def note(self, at: float, evidence: float) -> None:
        """Remember the height of a day, and learn the days that are old enough."""
        day = at // DAY
        if self.day < 0:
            self.day = day
        if day > self.day:
            self._end_days(day - self.day)
            self.day = day
        self.today = max(self.today, evidence)

    def forget_waiting(self) -> None:
        """It was an attack: its days do not teach."""
        self.waiting = [NOTHING] * WAITING_DAYS
        self.today = NOTHING

    def _end_days(self, days: float) -> None:
        faded = 0.0
        if self.today > USUAL_CLIMB or max(self.waiting) > USUAL_CLIMB:
            line = [*self.waiting, self.today, *[NOTHING] * WAITING_DAYS]
            ended = min(int(days), WAITING_DAYS + 1)
            for place, height in enumerate(line[:ended], 1):
                if height > USUAL_CLIMB:
                    self._fade(place - faded)
                    self._teach(height)
                    faded = place
            self.waiting = line[ended : ended + WAITING_DAYS]
        self._fade(days - faded)
        self.today = NOTHING

    def _teach(self, height: float) -> None:
        self.climbs += 1
        self.heights_known += 1
        self.heights += min(height - USUAL_CLIMB, GREATEST_LESSON * self.steepness)

    def _fade(self, days: float) -> None:
        keep = KEPT_PER_DAY**days
        self.days = self.days * keep + (1 - keep) / (1 - KEPT_PER_DAY)
        self.climbs *= keep
        self.heights *= keep
        self.heights_known *= keep
        missing = CLIMBS_KNOWN - self.heights_known
        if missing > 0:
            self.heights += missing * STEEPNESS
            self.heights_known = CLIMBS_KNOWN


def ceiling(climbs: Climbs) -> float:
    """Where evidence stops growing: far above any bar, in the light of this client's days."""
    return exp(CEILING * climbs.steepness)
