"""What is known about a burst right now, read from the reviews: counts, buckets, words."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from api.clock import now
from api.database import Reader
from api.lifecycle.intake import LOW_STARS
from api.models import Incident, Review, Source

# The bucket widens with the length: ten minutes up to six hours, an hour up to three days, a day.
_WIDTHS = (
    (timedelta(hours=6), timedelta(minutes=10)),
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=10_000), timedelta(days=1)),
)
# A third of the picture is the calm before, where the word for the band stands free.
_LEAST_BUCKETS = 11
_MOST_BUCKETS = 111


class _Counted(NamedTuple):
    """One review as far as it is counted: an incident may have ten thousand."""

    counts_at: datetime
    stars: float | None

    @property
    def low(self) -> bool:
        return self.stars is not None and self.stars <= LOW_STARS


@dataclass(frozen=True, slots=True)
class Bucket:
    """Reviews written from `at` for one bucket's width; stale when a source could not be read."""

    at: datetime
    count: int
    low: int
    unfinished: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """One look at a burst; every number was true at `as_of`."""

    as_of: datetime
    since: datetime
    new: int
    low: int
    stars: dict[str, int]
    width: timedelta
    buckets: list[Bucket]
    expected_low: int
    expected_high: int
    last_ten_minutes: int
    growing: bool
    stale_sources: list[str]


async def of_incident(session: Reader, incident: Incident) -> Pulse:
    """The pulse of an incident, up to now or to its end."""
    until = incident.ended_at or now()
    reviews = await _reviews(session, incident, until)
    stale = [] if incident.ended_at else await _blind(session, incident)
    return _pulse(incident, reviews, until, stale)


async def _reviews(session: Reader, incident: Incident, until: datetime) -> list[_Counted]:
    found = await session.exec(
        select(col(Review.counts_at), col(Review.stars))
        .where(
            Review.client_id == incident.client_id,
            col(Review.counts_at) >= incident.since - timedelta(days=20),
            col(Review.counts_at) <= until,
            col(Review.seen_at) <= until,
            col(Review.history).is_(False),
        )
        .order_by(col(Review.counts_at))
    )
    return [_Counted(at, stars) for at, stars in found]


async def _blind(session: Reader, incident: Incident) -> list[Source]:
    found = await session.exec(
        select(Source).where(
            Source.client_id == incident.client_id,
            col(Source.failing_since).is_not(None),
            col(Source.removed_at).is_(None),
        )
    )
    return list(found)


def _pulse(
    incident: Incident, reviews: Sequence[_Counted], until: datetime, blind: Sequence[Source]
) -> Pulse:
    burst = [review for review in reviews if review.counts_at >= incident.since]
    width = _width(until - incident.since)
    blind_since = min(
        (source.failing_since for source in blind if source.failing_since), default=None
    )
    return Pulse(
        as_of=until,
        since=incident.since,
        new=len(burst),
        low=sum(review.low for review in burst),
        stars=_stars(burst),
        width=width,
        buckets=_buckets(reviews, incident.since, until, width, blind_since),
        expected_low=int(incident.finding.get("expected_low", 0)),
        expected_high=int(incident.finding.get("expected_high", 1)),
        last_ten_minutes=_between(burst, until - timedelta(minutes=10), until),
        growing=_growing(burst, until),
        stale_sources=[source.name for source in blind],
    )


def _width(length: timedelta) -> timedelta:
    return next(width for longest, width in _WIDTHS if length <= longest)


def _stars(reviews: Sequence[_Counted]) -> dict[str, int]:
    tally = Tally(str(int(review.stars)) if review.stars else "none" for review in reviews)
    return dict(sorted(tally.items()))


def _between(reviews: Sequence[_Counted], start: datetime, end: datetime) -> int:
    return sum(start < review.counts_at <= end for review in reviews)


def _growing(burst: Sequence[_Counted], until: datetime) -> bool:
    """More in the last half hour than in the one before, and still going on."""
    half = timedelta(minutes=30)
    newer, older = (
        _between(burst, until - half, until),
        _between(burst, until - 2 * half, until - half),
    )
    return newer > older and newer > 1


def _slot(at: datetime, width: timedelta) -> int:
    """Which bucket, counted from 1970."""
    return int(at.timestamp()) // (width.days * 86_400 + width.seconds)


def _floor(at: datetime, width: timedelta) -> datetime:
    start = _slot(at, width) * int(width.total_seconds())
    return datetime.fromtimestamp(start, tz=at.tzinfo)


def _buckets(
    reviews: Sequence[_Counted], since: datetime, until: datetime, width: timedelta,
    blind_since: datetime | None,
) -> list[Bucket]:  # fmt: skip
    last = _floor(until, width)
    burst = (last - _floor(since, width)) // width + 1
    shown = min(max(burst + burst // 2, _LEAST_BUCKETS), _MOST_BUCKETS)
    first = last - (shown - 1) * width
    counts = Tally(_slot(review.counts_at, width) for review in reviews)
    lows = Tally(_slot(review.counts_at, width) for review in reviews if review.low)
    starts = [first + index * width for index in range((last - first) // width + 1)]
    return [
        Bucket(
            at=at, count=counts[_slot(at, width)], low=lows[_slot(at, width)],
            unfinished=at == last, stale=blind_since is not None and at + width > blind_since,
        )
        for at in starts
    ]  # fmt: skip


def clock_time(at: datetime, zone: str) -> str:
    """“03:12” where the client is; times are never told as “3 minutes ago”."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def day_and_time(at: datetime, zone: str) -> str:
    """“Tue 12 May, 03:12” where the client is."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"
