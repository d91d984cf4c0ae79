"""The numbers of a report, from the reviews alone: how many, how fast, what is left, the rating."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from api.database import Reader
from api.evidence import of_burst
from api.lifecycle.intake import LOW_STARS
from api.models import Incident, Review

_TEN, _HOUR = 600, 3600


@dataclass(frozen=True, slots=True)
class Numbers:
    """The burst: `worst` reviews within the fullest `worst_seconds`; `lasted` until calm or now."""

    new: int
    low: int
    worst: int
    worst_seconds: int
    lasted: timedelta
    over: bool


@dataclass(frozen=True, slots=True)
class Still:
    """What became of the reviews of the burst."""

    shown: int
    hidden: int
    gone: int


@dataclass(frozen=True, slots=True)
class Rating:
    """Means of the stars of all sources: before the burst, the least since, and at the end.

    Of the reviews that we have; a platform that tells its own figure may differ.
    """

    before: float | None
    lowest: float | None
    last: float | None
    count: int


class _Change(NamedTuple):
    """So many stars came or went at a moment."""

    at: datetime
    reviews: int
    stars: float


async def count(
    session: Reader, incident: Incident, until: datetime
) -> tuple[Numbers, Still, Rating]:
    """All numbers that were true at `until`."""
    burst = list(await session.exec(of_burst(incident)))
    changes = await _changes(session, incident)
    return _numbers(incident, burst, until), _still(burst), rating(changes, incident.since, until)


def _numbers(incident: Incident, burst: Sequence[Review], until: datetime) -> Numbers:
    end = incident.quiet_since or incident.ended_at
    worst, seconds = worst_of([review.counts_at for review in burst])
    return Numbers(
        new=len(burst),
        low=sum(review.stars is not None and review.stars <= LOW_STARS for review in burst),
        worst=worst,
        worst_seconds=seconds,
        lasted=max((end or until) - incident.since, timedelta()),
        over=end is not None,
    )


def worst_of(times: Sequence[datetime]) -> tuple[int, int]:
    """The most within one clock’s ten minutes; within one hour where that tells nothing."""
    ten = _fullest(times, _TEN)
    return (ten, _TEN) if ten > 1 else (_fullest(times, _HOUR), _HOUR)


def _fullest(times: Iterable[datetime], seconds: int) -> int:
    tally = Tally(int(at.timestamp()) // seconds for at in times)
    return max(tally.values(), default=0)


def _still(burst: Sequence[Review]) -> Still:
    gone = sum(review.gone_at is not None for review in burst)
    hidden = sum(review.hidden and review.gone_at is None for review in burst)
    return Still(len(burst) - gone - hidden, hidden, gone)


async def _changes(session: Reader, incident: Incident) -> list[_Change]:
    """Stars that came with a review or an edit, and stars that went with one that is gone."""
    of_client = (Review.client_id == incident.client_id, col(Review.stars).is_not(None))
    as_written = col(Review.counts_at) <= col(Review.created_at)
    plain = await session.exec(
        select(col(Review.created_at), col(Review.stars), col(Review.gone_at)).where(
            *of_client, as_written
        )
    )
    edited = await session.exec(select(Review).where(*of_client, ~as_written))
    changes = [one for at, stars, gone in plain for one in _came_and_went(at, stars or 0, gone)]
    return changes + [change for review in edited for change in _edit(review)]


def _came_and_went(at: datetime, stars: float, gone: datetime | None) -> Iterator[_Change]:
    yield _Change(at, 1, stars)
    if gone is not None:
        yield _Change(gone, -1, -stars)


def _edit(review: Review) -> Iterator[_Change]:
    """It was good until it was edited; without the old stars it came with the edit."""
    stars = review.stars or 0
    before = next((one["stars"] for one in review.earlier if one["stars"] is not None), None)
    if before is not None:
        yield _Change(review.created_at, 1, before)
        yield _Change(review.counts_at, -1, -before)
    yield from _came_and_went(review.counts_at, stars, review.gone_at)


def rating(changes: Sequence[_Change], since: datetime, until: datetime) -> Rating:
    """The running mean, before, at its least, and at the end."""
    total, stars, before, lowest = 0, 0.0, None, None
    for change in sorted(changes):
        if change.at > until:
            break
        if change.at < since:
            before = (total + change.reviews, stars + change.stars)
        total, stars = total + change.reviews, stars + change.stars
        if change.at >= since and total:
            lowest = min(lowest if lowest is not None else 5.0, stars / total)
    return Rating(_mean(*before) if before else None, lowest, _mean(total, stars), total)


def _mean(total: int, stars: float) -> float | None:
    return stars / total if total > 0 else None
