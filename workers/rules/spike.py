"""Judges whether the low reviews of one place are a burst that is worth waking somebody for."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import floor
from typing import Final

from workers.rules import words
from workers.rules.baseline import Baseline, Seen, usual_at

WINDOWS: Final = tuple(timedelta(hours=hours) for hours in (0.5, 1, 3, 6, 12, 24, 72))
FEWEST: Final = 3
"""Two low reviews never wake anybody."""

NEWS: Final = timedelta(hours=12)
"""A burst whose last low review is older than this wakes nobody, even if we only meet it now."""

STALE: Final = timedelta(hours=36)
"""A review met later than this after it was written is no evidence."""

EARLY: Final = timedelta(minutes=5)
"""Clocks of platforms may run ahead of ours by this much."""

SAME_BATCH: Final = timedelta(minutes=15)
SURGES_PER_YEAR: Final = 5.0
"""How often a place has a harmless rush (a sale, a holiday, a friendly mention) in a year."""

HOURS_PER_YEAR: Final = 8766.0
SLOT: Final = timedelta(minutes=10)
MOST_ENDS: Final = 24


@dataclass(frozen=True, slots=True)
class Spike:
    """A burst worth waking for, with the numbers that convinced us.

    `total_count` and `stars` cover everything written from `since` until now; `low_count` of them
    are low or unreadable. `usual_low` is what `window` usually holds; `probability` is the chance
    that a low review ends such a cluster by accident. The band is reviews per ten minutes.
    """

    low_count: int
    total_count: int
    window: timedelta
    since: datetime
    usual_per_week: float
    usual_low: float
    stars: dict[int, int]
    probability: float
    sensitivity: float
    expected_low: int
    expected_high: int
    sentence: str


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The reviews of one window that ends with a low review; `clear` ones are readable."""

    window: timedelta
    began: datetime
    low: int
    clearly_low: int
    clear: int


def judge(
    reviews: Sequence[Seen], now: datetime, *, false_wakes_per_year: float = 0.1
) -> Spike | None:
    """Find a burst of low reviews that is news, or None.

    Give the reviews of one place over the last 400 days. Only reviews met within 36 hours of being
    written, and not marked `history`, are evidence; all of them teach what is usual. Two things
    must both be hard to explain:

    1. The cluster. Each low review ends one cluster per window, so a place with L low reviews a
       year has L * P false clusters a year in a window, where P is `Baseline.chance_of_cluster`.
       The wish is shared out evenly: L * P <= false_wakes_per_year / len(WINDOWS) (union bound;
       for scan statistics see Naus 1965).
    2. The mixture. A rush of ordinary reviews brings its usual share of low ones. With five rushes
       a year, each allowed to look one-sided once in 5 / false_wakes_per_year, the odds of
       `Baseline.odds_of_one_sidedness` must reach 5 / false_wakes_per_year (Ville's inequality).

    A mention without stars that nobody could read counts half in the cluster and not at all in the
    mixture: such mentions add weight to a burst and never make one.
    """
    known = sorted((r for r in reviews if r.at <= now + EARLY), key=lambda review: review.at)
    clusters = sorted(_clusters(known, now), key=lambda cluster: cluster.began)
    if not clusters:
        return None
    usuals = usual_at(known, [cluster.began for cluster in clusters])
    judged = [
        (usual.chance_of_cluster(cluster.low, cluster.window), cluster, usual)
        for cluster, usual in zip(clusters, usuals, strict=True)
        if _is_burst(cluster, usual, false_wakes_per_year)
    ]
    if not judged:
        return None
    probability, cluster, usual = min(judged, key=lambda found: found[0])
    return _spike(known, cluster, usual, probability, false_wakes_per_year)


def _is_burst(cluster: _Cluster, usual: Baseline, allowed: float) -> bool:
    per_year = usual.low_per_hour * HOURS_PER_YEAR
    by_chance = per_year * usual.chance_of_cluster(cluster.low, cluster.window)
    if by_chance > allowed / len(WINDOWS):
        return False
    odds = usual.odds_of_one_sidedness(cluster.clearly_low, cluster.clear)
    return odds >= SURGES_PER_YEAR / allowed


def _clusters(known: Sequence[Seen], now: datetime) -> Iterator[_Cluster]:
    evidence = [r for r in _since(known, now - NEWS - WINDOWS[-1]) if _is_evidence(r)]
    tally = _Tally(evidence)
    for end in _news(evidence, now):
        for window in WINDOWS:
            cluster = tally.cluster(end, window)
            if cluster.low >= FEWEST:
                yield cluster


class _Tally:
    """Running counts over reviews in order of time, so that any window is two look-ups."""

    def __init__(self, reviews: Sequence[Seen]) -> None:
        self._times = [review.at for review in reviews]
        self._low = [0.0, *accumulate(r.low for r in reviews)]
        self._clearly_low = [0.0, *accumulate(r.low if r.readable else 0.0 for r in reviews)]
        self._clear = [0, *accumulate(int(r.readable) for r in reviews)]

    def cluster(self, end: datetime, window: timedelta) -> _Cluster:
        first, last = bisect_left(self._times, end - window), bisect_right(self._times, end)
        return _Cluster(
            window=window,
            began=end - window,
            low=floor(self._low[last] - self._low[first]),
            clearly_low=round(self._clearly_low[last] - self._clearly_low[first]),
            clear=self._clear[last] - self._clear[first],
        )


def _news(evidence: Sequence[Seen], now: datetime) -> list[datetime]:
    """When the low reviews that came in with the latest batch were written, if lately."""
    if not evidence:
        return []
    batch = max(review.seen_at for review in evidence) - SAME_BATCH
    news = [r.at for r in _since(evidence, now - NEWS) if r.low and r.seen_at >= batch]
    return news[-MOST_ENDS:]


def _is_evidence(review: Seen) -> bool:
    return not review.history and review.seen_at - review.at <= STALE


def _since(known: Sequence[Seen], start: datetime) -> Sequence[Seen]:
    return known[bisect_left(known, start, key=lambda review: review.at) :]


def _spike(
    known: Sequence[Seen], cluster: _Cluster, usual: Baseline, probability: float, allowed: float
) -> Spike:
    evidence = [r for r in _since(known, cluster.began) if _is_evidence(r)]
    since = next(review.at for review in evidence if review.low)
    burst = [review for review in evidence if review.at >= since]
    stars = Counter(round(review.stars) for review in burst if review.stars is not None)
    fewest, most = usual.band(SLOT)
    return Spike(
        low_count=sum(1 for review in burst if review.low),
        total_count=len(burst),
        window=cluster.window,
        since=since,
        usual_per_week=usual.per_week,
        usual_low=usual.low_in(cluster.window),
        stars=dict(stars),
        probability=probability,
        sensitivity=allowed,
        expected_low=fewest,
        expected_high=most,
        sentence=words.sentence(stars, len(burst), burst[-1].at - since, usual.per_week),
    )
