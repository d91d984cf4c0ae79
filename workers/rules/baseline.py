"""Learns what is usual for one client: how many reviews come, when, and how many are low."""

from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import Final, NamedTuple

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

MEMORY_DAYS: Final = 120 / log(2)
MEMORY: Final = MEMORY_DAYS * DAY
"""What is learned fades with a half-life of 120 days."""

PRIOR_DAYS: Final = 2.5
PRIOR_REVIEWS: Final = 8.0
"""How many days, and how many reviews, of its own outweigh what similar clients suggest."""

# Whoever changes a span below changes `_fade_lately` too: it fades by powers of the first.
SHORT: Final = (10 * DAY, 20 * HOUR, 2 * HOUR)
STEADINESS: Final = (2.0, 5.0, 5.0)
"""Weeks, days and hours differ by chance: gamma shapes, set from real quiet series."""

BUSIEST: Final = 4.0
"""A place is never taken to be busier by chance than this."""

WAVES: Final = (0.5 * HOUR, 3 * HOUR, 24 * HOUR)
STEADY_SHARE: Final = 40.0
"""The share of low reviews drifts within hours like a Beta variable of this weight."""

DRIFTS_WITHIN: Final = 6 * HOUR
MANY: Final = 40.0
STEADY_IF_MANY: Final = 25.0
"""Where more than so many reviews come within that time the drift is seen, and is greater."""

FOLLOWERS: Final = 0.09
FOLLOW_WITHIN: Final = 8 * HOUR
"""One table of six, one bad evening: eleven low reviews draw one more within some eight hours."""

FAR: Final = 500.0
"""Two centuries in units of MEMORY: beyond that an exponential is no number any more."""

FEWEST_PER_DAY: Final = 1e-3
SLEEPIEST: Final = 0.25
MOST_COUNTED: Final = 4800.0
RATION: Final = 3.0
"""Low reviews of a burst that may be learned at once; a day of the usual ones on top."""


class Prior(NamedTuple):
    """What to expect of a client before it has shown anything."""

    per_day: float = 0.8
    low_share: float = 0.13


@dataclass(slots=True)
class Baseline:
    """Running sums, each fading with its own time; all times in unix seconds, O(1) per review."""

    prior_per_day: float = Prior().per_day
    prior_share: float = Prior().low_share
    began: float = 0.0
    last: float = 0.0
    rationed_at: float = 0.0
    sight: float = 1.0
    exposed_at: float = 0.0
    exposure: float = 0.0
    reviews: float = 0.0
    low: float = 0.0
    ration: float = RATION
    late_at: float = 0.0
    late_ration: float = RATION
    low_lately: float = 0.0
    drifting: float = 0.0
    low_drifting: float = 0.0
    followers: float = 0.0
    lately: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    waves: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    hours: list[float] = field(default_factory=lambda: [2.5] * 24)
    weekdays: list[float] = field(default_factory=lambda: [12.0] * 7)

    @property
    def per_day(self) -> float:
        """How many reviews of any kind come in a day, over months."""
        usual = (self.reviews + self.prior_per_day * PRIOR_DAYS) / (self.exposure + PRIOR_DAYS)
        return max(FEWEST_PER_DAY, usual)

    @property
    def per_second(self) -> float:
        return self.per_day / DAY

    def per_week_without(self, burst: float) -> float:
        """How many reviews come in a week, leaving out so many that belong to a burst."""
        usual = max(0.0, self.reviews - burst) + self.prior_per_day * PRIOR_DAYS
        return usual / (self.exposure + PRIOR_DAYS) * WEEK / DAY

    @property
    def low_share(self) -> float:
        """How many of a hundred reviews are low, as a share."""
        return (self.low + self.prior_share * PRIOR_REVIEWS) / (self.reviews + PRIOR_REVIEWS)

    @property
    def cautious_share(self) -> float:
        """The share, one standard error higher: we know it from so many reviews only."""
        known = self.reviews + PRIOR_REVIEWS
        share = (self.low + self.prior_share * PRIOR_REVIEWS) / known
        return share + sqrt(share * (1 - share) / known)

    @property
    def low_per_second(self) -> float:
        """How many low reviews come in a second, over months."""
        return self.per_second * self.low_share

    def pass_time(self, at: float) -> None:
        """Let everything fade until `at`, which is not before `last`."""
        if not self.began:
            self.began = self.last = self.rationed_at = self.exposed_at = at
        passed = at - self.last
        if passed <= 0:
            return
        keep = exp(-passed / MEMORY)
        self.exposure *= keep
        self.reviews *= keep
        self.low *= keep
        if self.exposed_at == self.last:
            self.exposure += self.sight * (1 - keep) * MEMORY_DAYS
            self.last = self.exposed_at = at
        else:
            self.last = at
            self._expose(at)
        self._fade_lately(passed)

    def _expose(self, at: float) -> None:
        """Count the days seen until `at`, on the scale of `last`, on which the reviews are too."""
        if at > self.exposed_at:
            before = exp(min(FAR, (self.exposed_at - self.last) / MEMORY))
            until = exp(min(FAR, (at - self.last) / MEMORY))
            self.exposure += self.sight * (until - before) * MEMORY_DAYS
            self.exposed_at = at

    def see(self, at: float, sight: float) -> None:
        """From `at` on only this share of the sources can be read; the rest teaches nothing."""
        if self.began:
            self._expose(at)
        self.sight = sight

    def _fade_lately(self, passed: float) -> None:
        weeks, days, hours = self.lately
        short, middle, long = self.waves
        # An exponential costs as much as six products: all of these are powers of one, each named
        # after its hours. The spans of this module are tied to them.
        of_240 = exp(-passed / SHORT[0])
        of_120 = of_240 * of_240
        of_60 = of_120 * of_120
        of_30 = of_60 * of_60
        of_24 = of_30 * of_120
        of_12 = of_24 * of_24
        of_6 = of_12 * of_12
        of_3 = of_6 * of_6
        of_2 = of_3 * of_6
        of_1 = of_2 * of_2
        self.lately = [weeks * of_240, days * of_30 * of_60, hours * of_2]
        self.low_lately *= of_2
        self.drifting *= of_6
        self.low_drifting *= of_6
        self.followers *= of_24 * of_12
        self.waves = [short * of_1 * of_1, middle * of_3, long * of_24]

    def _filled(self, ration: float, passed: float) -> float:
        """A ration of low reviews to learn from, filled up again for the seconds that passed."""
        usual = self.low_per_second
        return min(RATION + usual * DAY, ration + passed * RATION * (usual + 1 / 3 / DAY))

    def drift(self) -> tuple[float, float, float]:
        """How steady the share is, and the reviews and low reviews that show where it went.

        Many reviews show it over DRIFTS_WITHIN, few over two hours only: fewer of an attack hide
        themselves.
        """
        if self.drifting > MANY:
            return STEADY_IF_MANY, self.drifting, self.low_drifting
        return STEADY_SHARE, self.lately[2], self.low_lately

    def expected_low(self, local: float) -> float:
        """Low reviews per second that this place would show now by itself; `local` wall seconds.

        The level of months, times the season of the hour and the weekday, times how busy the week,
        the day and the hour turned out so far (gamma-Poisson posterior means), or the rate of a
        wave of ordinary reviews if that is higher; of these the share that is low lately
        (beta-binomial), and the followers of each low review (Hawkes 1971).
        """
        share, level, season = self.low_share, self.per_second, self._season(local)
        rate = level * season * self._busy(level, season)
        for place, count in enumerate(self.waves):
            if count > 1:
                rate = max(rate, (count - 1) / (WAVES[place] * (1 - share)))
        steady, reviews, low = self.drift()
        now_low = max(share, (steady * share + low) / (steady + reviews))
        return rate * now_low + FOLLOWERS * self.followers / FOLLOW_WITHIN

    def _busy(self, level: float, season: float) -> float:
        weeks, days, hours = self.lately
        week, day, hour = SHORT
        factor = _more(STEADINESS[0], weeks, level * week)
        factor *= _more(STEADINESS[1], days, level * factor * day)
        factor *= _more(STEADINESS[2], hours, level * factor * hour * season)
        return min(BUSIEST, factor)

    def _season(self, local: float) -> float:
        hour = int(local // HOUR)
        hours, weekday = self.hours, self.weekdays[hour // 24 % 7]
        of_day = hour % 24
        near = hours[of_day - 1] + 2 * hours[of_day] + hours[of_day - 23]
        return max(SLEEPIEST, near * 6 / sum(hours) * (weekday * 7 / sum(self.weekdays)))

    def count(self, weight: float) -> None:
        """Take one review into what is going on just now."""
        weeks, days, hours = self.lately
        self.lately = [weeks + 1, days + 1, hours + 1]
        self.drifting += 1
        if weight:
            self.low_lately += weight
            self.low_drifting += weight
            self.followers += weight
        else:
            short, middle, long = self.waves
            self.waves = [short + 1, middle + 1, long + 1]

    def _count_season(self, local: float) -> None:
        hour = int(local // HOUR)
        hours, of_day = self.hours, hour % 24
        hours[of_day] += 1
        self.weekdays[hour // 24 % 7] += 1
        if hours[of_day] > MOST_COUNTED / 6:
            self.hours = [count / 2 for count in hours]
            self.weekdays = [count / 2 for count in self.weekdays]

    def learn(self, weight: float, local: float, *, rationed: bool) -> None:
        """Take one review, at `local` wall seconds, into what is usual; of a burst only a ration.

        An attack must neither become usual nor, by being ignored, keep the alarm on after a lasting
        change.
        """
        if weight and rationed:
            self.ration = self._filled(self.ration, self.last - self.rationed_at)
            self.rationed_at = self.last
            if self.ration < 1:
                return
            self.ration -= 1
        self.reviews += 1
        self.low += weight
        self._count_season(local)

    def learn_late(self, at: float, weight: float, local: float) -> None:
        """Take in a review from long ago as if it had been learned then; low ones by ration.

        Give those that came together in the order in which they were written.
        """
        self.pass_time(max(at, self.last))
        if at < self.began:
            self._begin_earlier(at)
        self.late_ration = self._filled(self.late_ration, max(0.0, at - self.late_at))
        self.late_at = at
        if weight:
            if self.late_ration < 1:
                return
            self.late_ration -= 1
        age = exp(-(self.last - at) / MEMORY)
        self.reviews += age
        self.low += age * weight
        self._count_season(local)

    def _begin_earlier(self, at: float) -> None:
        known = exp(-(self.last - self.began) / MEMORY)
        more = exp(-(self.last - at) / MEMORY)
        self.exposure += (known - more) * MEMORY_DAYS
        self.began = at


def _more(shape: float, count: float, expected: float) -> float:
    """How much busier it turned out than expected: at least one (gamma-Poisson)."""
    return (shape + count) / (shape + expected) if count > expected else 1.0
