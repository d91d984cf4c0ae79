"""Whoever decides something is awake, and what is decided needs nobody woken any more."""

from uuid import UUID

from api.database import Writer
from api.lifecycle import escalation as escalations
from api.lifecycle.timeline import Actor


async def here(session: Writer, incident_id: UUID, by: Actor) -> None:
    """A person did something: it stops ringing, and their ten minutes begin anew."""
    row = await escalations.live(session, incident_id)
    if row is None or by.type != "user":
        return
    if row.state != "acknowledged":
        await escalations.acknowledge(session, row, by=by)
    elif row.acknowledged_by == by.id:
        await escalations.still_awake(session, row)


async def decided(session: Writer, incident_id: UUID) -> None:
    """There is a decision: everybody may sleep, and only a doubling rings again."""
    await escalations.end(session, incident_id)
