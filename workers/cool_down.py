"""Measured calm: looks again at an open incident when its quiet time may be over."""

from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import incident as lifecycle
from api.lifecycle import timeline
from api.models import Incident
from api.models.incidents import OPEN_STATES
from api.settings import settings
from workers.detect import seen_reviews
from workers.rules.baseline import usual
from workers.rules.quiet import judge_quiet


async def due(session: Reader) -> list[UUID]:
    """The open incidents that may have become calm."""
    found = await session.exec(
        select(Incident.id).where(
            col(Incident.look_at) <= now(), col(Incident.state).in_(OPEN_STATES)
        )
    )
    return list(found)


async def cool_down(incident_id: UUID) -> None:
    """Say on the timeline since when it is quiet, or look again later. People decide the rest."""
    async with transaction() as session:
        await timeline.hold(session, incident_id)
        incident = await session.get(Incident, incident_id, populate_existing=True)
        if incident and incident.look_at and incident.look_at <= now():
            await _measure(session, incident)


async def _measure(session: Writer, incident: Incident) -> None:
    reviews = await seen_reviews(session, incident.client_id)
    before = usual(reviews, now(), until=incident.since)
    quiet_for = settings.quiet_for_in_practice if incident.practice else settings.quiet_for
    found = judge_quiet(reviews, now(), before, began=incident.since, quiet_for=quiet_for)
    if found.calm:
        await lifecycle.calm(session, incident, found.since)
    else:
        await lifecycle.look_again(session, incident, found.ask_at)
