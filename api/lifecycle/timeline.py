"""The append-only timeline: written in the same breath as the move that it tells of."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Writer
from api.models import Entry, Incident


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a user, a client contact, an API key, or the system."""

    type: str = "system"
    id: UUID | None = None
    name: str = "Nightdesk"


SYSTEM = Actor()


async def hold(session: Writer, incident_id: UUID | None) -> None:
    """Lock an incident before anything that belongs to it: all who lock do it in this order.

    Without the key (FOR NO KEY UPDATE): PostgreSQL's own checks of references may still read it.
    """
    if incident_id is not None:
        await session.exec(
            select(Incident.id).where(Incident.id == incident_id).with_for_update(key_share=True)
        )


async def write(
    session: Writer, incident_id: UUID, kind: str, *, by: Actor = SYSTEM, **facts: Any
) -> None:
    """Append one entry; its number comes from the incident's row, locked till the commit."""
    counted = await session.exec(
        update(Incident)
        .where(col(Incident.id) == incident_id)
        .values(last_seq=Incident.last_seq + 1, version=Incident.version + 1)
        .returning(col(Incident.last_seq))
        .execution_options(synchronize_session="fetch")
    )
    session.add(
        Entry(
            incident_id=incident_id,
            seq=counted.scalar_one(),
            kind=kind,
            created_at=now(),
            actor_type=by.type,
            actor_id=by.id,
            actor_name=by.name,
            facts=facts,
        )
    )
