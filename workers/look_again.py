"""Waiting was a decision with an end: then the manager is asked to look again."""

from uuid import UUID

from sqlmodel import col, select

from api import words_acting as words
from api.acting import tell
from api.clock import now
from api.database import Reader, transaction
from api.lifecycle import incident as lifecycle
from api.lifecycle import timeline
from api.models import Client, Incident
from api.models.incidents import OPEN_STATES


async def due(session: Reader) -> list[UUID]:
    """The incidents that somebody wanted to look at again by now."""
    found = await session.exec(
        select(Incident.id).where(
            col(Incident.ask_at) <= now(), col(Incident.state).in_(OPEN_STATES)
        )
    )
    return list(found)


async def look_again(incident_id: UUID) -> None:
    """Ask, once."""
    async with transaction() as session:
        await timeline.hold(session, incident_id)
        incident = await session.get_one(Incident, incident_id, populate_existing=True)
        if incident.ask_at is None or incident.ask_at > now():
            return
        key = f"look_again:{incident.id}:{incident.ask_at.isoformat()}"
        await lifecycle.wait(session, incident, None)
        client = await session.get_one(Client, incident.client_id)
        title, body = words.look_again(client.name)
        await tell.manager(session, incident, title, body, key=key)
