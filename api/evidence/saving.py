"""Saves the reviews of a burst as they stand, before anything is done about them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from api.clock import now
from api.database import Reader, Writer
from api.evidence.content import content_of, page_of
from api.ids import new_id
from api.lifecycle import timeline
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Client, Evidence, Incident, Review, Source
from api.shown import digest_of

_ROWS = SQLModel.metadata.tables["evidence"]
_AT_ONCE = 1000


async def save(session: Writer, incident: Incident, *, by: Actor = SYSTEM) -> int:
    """Save every review of the burst that is not saved yet, and say how many that were.

    What was saved stays as it was then, whatever becomes of the review. Two who save at the same
    moment wait for each other. Ten thousand take seconds, during which the ledger is held.
    """
    await timeline.hold(session, incident.id)
    client = await session.get_one(Client, incident.client_id)
    reviews = await _unsaved(session, incident)
    sources = await _sources(session, incident.client_id)
    rows = await asyncio.to_thread(_rows, incident.id, reviews, sources, client.zone, now())
    for start in range(0, len(rows), _AT_ONCE):
        await session.exec(_ROWS.insert(), params=rows[start : start + _AT_ONCE])
    if rows:
        await timeline.write(session, incident.id, "saved", by=by, count=len(rows))
    return len(rows)


def of_burst(incident: Incident) -> SelectOfScalar[Review]:
    """The reviews that an incident is about: from its beginning to its end, or until now."""
    burst = select(Review).where(
        Review.client_id == incident.client_id,
        col(Review.counts_at) >= incident.since,
        col(Review.history).is_(False),
    )
    if incident.ended_at is not None:
        burst = burst.where(col(Review.counts_at) <= incident.ended_at)
    return burst


async def _unsaved(session: Reader, incident: Incident) -> list[Review]:
    saved = exists().where(
        col(Evidence.incident_id) == incident.id, col(Evidence.review_id) == col(Review.id)
    )
    query = of_burst(incident).where(~saved).order_by(col(Review.created_at), col(Review.id))
    return list(await session.exec(query))


async def _sources(session: Reader, client_id: UUID) -> dict[UUID, Source]:
    found = await session.exec(select(Source).where(Source.client_id == client_id))
    return {source.id: source for source in found}


def _rows(
    incident_id: UUID, reviews: Sequence[Review], sources: dict[UUID, Source], zone: str,
    at: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        _row(incident_id, review, content_of(review, sources[review.source_id], zone), at)
        for review in reviews
    ]


def _row(
    incident_id: UUID, review: Review, content: dict[str, Any], at: datetime
) -> dict[str, Any]:
    page = page_of(content)
    return {
        "id": new_id(),
        "created_at": at,
        "incident_id": incident_id,
        "review_id": review.id,
        "saved_at": at,
        "content": content,
        "sha256": digest_of(content),
        "page": page,
        "page_sha256": sha256(page.encode()).hexdigest(),
    }
