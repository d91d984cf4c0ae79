"""Judges whether a burst is over: since when low reviews come no faster than is usual."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workers.rules.baseline import Baseline, Seen

PERIODS: Final = tuple(timedelta(hours=hours) for hours in (6, 24))
TOO_UNUSUAL: Final = 0.1


@dataclass(frozen=True, slots=True)
class Quiet:
    """Since when a place is within its own band, whether for long enough, and when to ask again."""

    since: datetime
    calm: bool
    ask_at: datetime


def judge_quiet(
    reviews: Sequence[Seen],
    now: datetime,
    usual: Baseline,
    *,
    began: datetime,
    quiet_for: timedelta,
) -> Quiet:
    """Find the end of the burst that `began`, given what was usual before it.

    The burst lasts until its last loud low review: one that had company within six hours or a day
    which this place shows by chance at most one time in ten. A place that is quiet for
    `quiet_for` is calm. `ask_at` is when it will be, if nothing else comes; never before `now`.
    """
    times = sorted(r.at for r in reviews if r.low and began <= r.at <= now)
    since = max((at for at in times if _is_loud(times, at, usual)), default=began)
    calm_at = since + quiet_for
    return Quiet(since=since, calm=now >= calm_at, ask_at=max(now, calm_at))


def _is_loud(times: Sequence[datetime], at: datetime, usual: Baseline) -> bool:
    return any(_is_unusual(times, at, period, usual) for period in PERIODS)


def _is_unusual(
    times: Sequence[datetime], at: datetime, period: timedelta, usual: Baseline
) -> bool:
    low = bisect_right(times, at) - bisect_left(times, at - period)
    return usual.chance_of_cluster(low, period) <= TOO_UNUSUAL
