"""What has to be forgotten: words that may be kept for a day, and names some time after the end."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, or_, select, update

from api.database import Writer
from api.evidence.content import page_of, without_name, without_words
from api.evidence.saving import of_burst
from api.models import Evidence, Incident, Review, Source
from api.words_report import A_DAY, KEPT

_NAMED = or_(col(Review.author) != "", col(Review.author_id).is_not(None))


async def forget_words(session: Writer, kinds: Sequence[str], before: datetime) -> None:
    """Take words out of the evidence of these kinds of source that we met before that moment."""
    found = await session.exec(
        select(Evidence)
        .join(Review, col(Review.id) == col(Evidence.review_id))
        .join(Source, col(Source.id) == col(Review.source_id))
        .where(
            col(Source.kind).in_(kinds),
            col(Evidence.content)["words"].as_string() == A_DAY,
            or_(col(Review.told_at) < before, col(Evidence.saved_at) < before),
        )
    )
    _rewrite(session, list(found), without_words)


async def forget_names(session: Writer, before: datetime) -> None:
    """Take names out of the reviews and the evidence of every incident that ended before then.

    The hashes stay those of what was saved; the page and the file say so.
    """
    for incident in await session.exec(select(Incident).where(_has_names(before))):
        burst = of_burst(incident).where(_NAMED).with_only_columns(col(Review.id))
        await session.exec(
            update(Review)
            .where(col(Review.id).in_(burst))
            .values(author="", author_id=None)
            .execution_options(synchronize_session=False)
        )
        await _nameless(session, incident.id)


def _has_names(before: datetime) -> ColumnElement[bool]:
    review = exists().where(
        col(Review.client_id) == col(Incident.client_id),
        col(Review.counts_at) >= col(Incident.since),
        col(Review.counts_at) <= col(Incident.ended_at),
        col(Review.history).is_(False),
        _NAMED,
    )
    saved = exists().where(
        col(Evidence.incident_id) == col(Incident.id),
        col(Evidence.content)["name"].as_string() == KEPT,
    )
    return (col(Incident.ended_at) < before) & (review | saved)


async def _nameless(session: Writer, incident_id: UUID) -> None:
    found = await session.exec(
        select(Evidence).where(
            Evidence.incident_id == incident_id,
            col(Evidence.content)["name"].as_string() == KEPT,
        )
    )
    _rewrite(session, list(found), without_name)


def _rewrite(
    session: Writer, rows: Sequence[Evidence], without: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    for row in rows:
        row.content = without(row.content)
        row.page = page_of(row.content)
        session.add(row)
