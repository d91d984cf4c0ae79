"""A finding as it is stored and shown: plain values, its reviews counted in the ledger."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import col, select

from api.database import Reader
from api.models import Review
from workers import words
from workers.rules.band import band
from workers.rules.findings import Finding, Numbers
from workers.rules.growth import Doubling, spelled_range
from workers.rules.polarity import negative
from workers.rules.reviews import weight_of
from workers.rules.words import sentence, spell

SLOT: Final = timedelta(minutes=10)
_WEEK: Final = timedelta(weeks=1)


class Met(NamedTuple):
    """One review of a burst."""

    at: datetime
    stars: float | None
    low: bool
    source_id: UUID


def began_at(finding: Finding) -> datetime:
    """When the first review of the burst was written; a float may be a microsecond off."""
    return datetime.fromtimestamp(finding.numbers.since, UTC) - timedelta(milliseconds=1)


async def met_since(session: Reader, client_id: UUID, since: datetime) -> list[Met]:
    """The reviews that count from then on, oldest first; no history."""
    unrated = case((col(Review.stars).is_(None), Review.text), else_="")
    found = await session.exec(
        select(Review.counts_at, Review.stars, unrated, Review.source_id)
        .where(
            Review.client_id == client_id,
            col(Review.counts_at) >= since,
            col(Review.history).is_(False),
        )
        .order_by(col(Review.counts_at))
    )
    return [Met(at, stars, _low(stars, text), source) for at, stars, text, source in found]


def _low(stars: float | None, text: str) -> bool:
    return weight_of(stars, negative(text) if stars is None else None) > 0


async def low_since(session: Reader, client_id: UUID, since: datetime) -> int:
    """How many low reviews count from then on; only words without stars are read one by one."""
    of_client = (
        Review.client_id == client_id,
        col(Review.counts_at) >= since,
        col(Review.history).is_(False),
    )
    rated = await session.exec(
        select(Review.stars, func.count())
        .where(*of_client, col(Review.stars).is_not(None))
        .group_by(col(Review.stars))
    )
    low = sum(count for stars, count in rated if _low(stars, ""))
    unrated = await session.exec(select(Review.text).where(*of_client, col(Review.stars).is_(None)))
    return low + sum(_low(None, text) for text in unrated)


def count_low(reviews: Sequence[Met]) -> int:
    """How many of them are low, or cannot be read."""
    return sum(1 for review in reviews if review.low)


def facts(finding: Finding, reviews: Sequence[Met]) -> dict[str, Any]:
    """What an incident remembers of the finding that opened it."""
    numbers = finding.numbers
    since = reviews[0].at if reviews else began_at(finding)
    stars = Counter(round(review.stars) for review in reviews if review.stars is not None)
    span = (reviews[-1].at if reviews else since) - since
    total = len(reviews)
    fewest, most = band(numbers.usual_per_week * (SLOT / _WEEK))
    return {
        "low_count": max(numbers.low, count_low(reviews)),
        "total_count": total,
        "since": since.isoformat(),
        "window": numbers.until - numbers.since,
        "stars": {str(star): count for star, count in stars.items()},
        "expected_low": fewest,
        "expected_high": most,
        "sentence": sentence(stars, total, span, numbers.usual_per_week),
        "title": words.new_reviews(total, spell(span)),
        "reason": finding.reason,
        **_measured(numbers),
    }


def _measured(numbers: Numbers) -> dict[str, Any]:
    return {
        "usual_per_week": numbers.usual_per_week,
        "usual_low": numbers.usual_low,
        "usual_share": numbers.usual_share,
        "chance_per_year": numbers.chance_per_year,
        "sources": numbers.sources,
        "again": numbers.again,
        "growth": growth(numbers.doubling),
    }


def growth(found: Doubling | None) -> dict[str, Any]:
    """The doubling time in minutes with its range, and in words."""
    minutes = [round(60 * hours) for hours in found] if found else None
    return {
        "minutes": minutes[0] if minutes else None,
        "range": minutes[1:] if minutes else None,
        "words": spelled_range(found),
    }
