"""Learns what is usual for one place: how often low reviews come, clump, and in what mixture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from typing import Final

DAY: Final = 24.0
WEEK: Final = 7 * DAY
MEMORY: Final = 120 * DAY / log(2)
RECENT: Final = 10 * DAY
"""Long memory (half-life 120 days) and short memory (ten days), in hours."""

PRIOR_SHAPE: Final = 0.5
PRIOR_HOURS: Final = PRIOR_SHAPE * WEEK / 0.3
"""A place we know nothing about: two reviews a week, three in twenty of them low."""

PRIOR_REVIEWS: Final = 2.0
PRIOR_SHARE: Final = 0.15
PRIOR_SHARE_WEIGHT: Final = 8.0
STEADIEST_SHARE: Final = 40.0
"""Shares drift: real places show an intra-class correlation of up to 0.03, hence this cap."""

ONE_SIDED: Final = (5.0, 1.0)
PRIOR_FOLLOWERS: Final = 0.07
PRIOR_GROUPS: Final = 15.0
CLUMP_HOURS: Final = 8.0
WEEK_SHAPE: Final = 5.0
DAY_SHAPE: Final = 4.0
"""Clumps, weeks and days as measured on real quiet places: see `Baseline.excess`."""

FREE_LOW_PER_DAY: Final = 4.0
OUTSIDE_BAND: Final = 0.01


@dataclass(frozen=True, slots=True)
class Seen:
    """One review: written `at`, met by us `seen_at` (aware UTC); `stars` is None for a mention."""

    at: datetime
    stars: float | None
    seen_at: datetime
    history: bool = False
    text_is_negative: bool | None = None

    @property
    def readable(self) -> bool:
        """Whether we know what the writer thinks; a bare mention says nothing about the mixture."""
        return self.stars is not None or self.text_is_negative is not None

    @property
    def low(self) -> float:
        """How much of a low review this is: 1, 0, or a half for a mention nobody can read."""
        if self.stars is not None:
            return float(self.stars <= 2)
        return 0.5 if self.text_is_negative is None else float(self.text_is_negative)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for a place, and how sure we are of it."""

    low_per_hour: float
    certainty: float
    followers: float
    low_share: float
    share_weight: float
    per_week: float
    weeks: float

    def low_in(self, window: timedelta) -> float:
        """How many low reviews such a window usually holds."""
        return self.low_per_hour * _hours(window)

    def excess(self, window: timedelta) -> float:
        """How many more low reviews than usual precede a low review within `window`.

        Low reviews clump: one table of six writes several (`followers`, within a day), days differ
        (gamma shape 4), and the level itself is only known with a gamma shape of `certainty`.
        """
        clump = (1 - exp(-_hours(window) / CLUMP_HOURS)) / (1 - exp(-DAY / CLUMP_HOURS))
        return self.followers * clump + self.low_in(window) * (1 / DAY_SHAPE + 1 / self.certainty)

    def chance_of_cluster(self, low: int, window: timedelta) -> float:
        """How likely `low - 1` or more others precede a low review within `window`, by chance.

        Counts are negative binomial with mean `low_in` and shape `low_in / excess`. Seen from one
        of its own reviews (the Palm distribution of a gamma-Poisson count; Slivnyak-Mecke) the
        shape is one larger, so that the mean is `low_in + excess`. This is an upper bound.
        """
        mean, excess = self.low_in(window), self.excess(window)
        return _negative_binomial_tail(low - 1, mean / excess + 1, excess / (1 + excess))

    def band(self, window: timedelta) -> tuple[int, int]:
        """Fewest and most reviews of any kind that such a window holds, 98 times in 100."""
        mean = self.per_week * _hours(window) / WEEK
        fewest, most = _negative_binomial_band(mean, DAY_SHAPE, OUTSIDE_BAND)
        return fewest, max(1, most)

    def odds_of_one_sidedness(self, low: int, total: int) -> float:
        """How much better "somebody sends low reviews" explains the mixture than a harmless rush.

        A Bayes factor of two beta-binomials (share unknown in both): one around the learned share,
        one around five low reviews in six. Under a rush it is a martingale, so that it ever exceeds
        x while reviews come in has a chance of at most 1 / x (Ville's inequality).
        """
        ours = self.low_share * self.share_weight
        usual = _log_mixture(low, total, ours, self.share_weight - ours)
        return exp(min(700.0, _log_mixture(low, total, *ONE_SIDED) - usual))


def usual(reviews: Sequence[Seen], now: datetime, *, until: datetime | None = None) -> Baseline:
    """Learn what is usual from everything written before `until` (or `now`).

    The level is a gamma-Poisson mean with a memory of 120 days, raised by a busy last fortnight.
    A flood of low reviews is learned at a ration of a few a day, so that an old attack neither
    poisons the level nor, by being ignored, keeps the alarm on after a lasting change.
    """
    return usual_at(reviews, [min(now, until or now)])[0]


def usual_at(reviews: Iterable[Seen], moments: Sequence[datetime]) -> list[Baseline]:
    """What was usual before each of the `moments`, in one pass; both must be in order of time."""
    memory = _Memory()
    waiting = iter(reviews)
    review = next(waiting, None)
    found = []
    for moment in moments:
        while review is not None and review.at < moment:
            memory.learn(review.at.timestamp() / 3600, review)
            review = next(waiting, None)
        found.append(memory.recall(moment.timestamp() / 3600))
    return found


@dataclass(slots=True)
class _Memory:
    """The running sums behind a baseline; times and exposures in hours."""

    began: float | None = None
    last: float = 0.0
    exposure: float = 0.0
    recent_exposure: float = 0.0
    low: float = 0.0
    recent_low: float = 0.0
    clearly_low: float = 0.0
    ordinary: float = 0.0
    reviews: float = 0.0
    ration: float = FREE_LOW_PER_DAY
    group_began: float = 0.0
    last_low: float = -1e9
    alone: bool = False
    groups: float = 0.0
    pairs: float = 0.0

    def learn(self, at: float, review: Seen) -> None:
        """Take in one `review` written `at` (hours)."""
        self._age(at)
        if review.low:
            self._group(at)
            self._learn_low(review)
        else:
            self.ordinary += 1
            self.reviews += 1

    def recall(self, at: float) -> Baseline:
        """What is usual as of `at` (hours)."""
        if self.began is not None:
            self._age(at)
        certainty = PRIOR_SHAPE + self.low
        weight = PRIOR_SHARE_WEIGHT + self.clearly_low + self.ordinary
        share = (PRIOR_SHARE * PRIOR_SHARE_WEIGHT + self.clearly_low) / weight
        known = self.exposure + PRIOR_HOURS
        return Baseline(
            low_per_hour=self._level(),
            certainty=certainty,
            followers=self._followers(),
            low_share=share,
            share_weight=min(weight, STEADIEST_SHARE),
            per_week=(PRIOR_REVIEWS * PRIOR_HOURS / WEEK + self.reviews) / known * WEEK,
            weeks=0.0 if self.began is None else (at - self.began) / WEEK,
        )

    def _level(self) -> float:
        long = (PRIOR_SHAPE + self.low) / (PRIOR_HOURS + self.exposure)
        lately = (WEEK_SHAPE + self.recent_low) / (WEEK_SHAPE + long * self.recent_exposure)
        return long * max(1.0, lately)

    def _followers(self) -> float:
        chance = self.groups * (1 - exp(-self._level() * DAY))
        extra = max(0.0, self.pairs - chance)
        return (PRIOR_FOLLOWERS * PRIOR_GROUPS + extra) / (PRIOR_GROUPS + self.groups)

    def _age(self, at: float) -> None:
        if self.began is None:
            self.began = self.last = at
        passed = at - self.last
        self.last = at
        fade, fade_recent = exp(-passed / MEMORY), exp(-passed / RECENT)
        self.exposure = self.exposure * fade + MEMORY * (1 - fade)
        self.recent_exposure = self.recent_exposure * fade_recent + RECENT * (1 - fade_recent)
        self.low *= fade
        self.recent_low *= fade_recent
        self.clearly_low *= fade
        self.ordinary *= fade
        self.reviews *= fade
        free_per_day = FREE_LOW_PER_DAY + 3 * DAY * self._level()
        self.ration = min(self.ration + passed / DAY * free_per_day, free_per_day)

    def _learn_low(self, review: Seen) -> None:
        learned = min(review.low, self.ration)
        self.ration -= learned
        self.reviews += learned / review.low
        self.low += learned
        self.recent_low += learned
        if review.readable:
            self.clearly_low += learned

    def _group(self, at: float) -> None:
        if at - self.last_low > DAY:
            self.groups += 1
            self.group_began = at
            self.alone = True
        elif self.alone and at - self.group_began <= DAY:
            self.pairs += 1
            self.alone = False
        self.last_low = at


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _negative_binomial_tail(least: int, shape: float, q: float) -> float:
    """Chance of `least` or more, from above; the mean is shape * q / (1 - q), shape at least 1.

    Beyond the mode each term is at most `ratio` times the one before, so a geometric series bounds
    the tail: tight where it matters, and as quick for thousands of reviews as for three.
    """
    ratio = q * (shape + least) / (least + 1)
    if ratio >= 1:
        return 1.0
    ways = lgamma(shape + least) - lgamma(shape) - lgamma(least + 1)
    return min(1.0, exp(ways + least * log(q) + shape * log1p(-q)) / (1 - ratio))


def _negative_binomial_band(mean: float, shape: float, outside: float) -> tuple[int, int]:
    """The counts that leave at most the share `outside` below, and above."""
    q = mean / (mean + shape)
    term = below = (1 - q) ** shape
    count, lowest = 0, None
    while below < 1 - outside:
        if lowest is None and below > outside:
            lowest = count
        term *= q * (shape + count) / (count + 1)
        count += 1
        below += term
    return (count if lowest is None else lowest), count


def _log_mixture(low: int, total: int, ours: float, others: float) -> float:
    """Log chance of one order of `low` among `total` when their share is Beta(ours, others)."""
    return _log_beta(low + ours, total - low + others) - _log_beta(ours, others)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
