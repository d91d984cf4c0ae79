"""Incidents and their append-only timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from api.models.base import Row, json_column, now_column, one_of, time_column

STATES = ("triage", "active", "monitoring", "resolved", "closed", "dismissed")
# A false alarm teaches that this place shows so much by itself. Good press, or something that was
# posted, says nothing about that.
TEACHING = ("same_person", "not_bad")
OPEN_STATES = ("triage", "active", "monitoring")
_OPEN = text("state IN ('triage', 'active', 'monitoring')")


class Incident(Row, table=True):
    """A burst that people work on; one open one per client, held by a partial unique index."""

    __table_args__ = (
        one_of("state", STATES),
        Index(
            "one_open_incident",
            "client_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    client_id: UUID = Field(foreign_key="client.id", index=True)
    state: str = "triage"
    severity: str = "critical"
    title: str
    sentence: str
    finding: dict[str, Any] = json_column()
    practice: bool = False
    since: datetime = now_column()
    opened_at: datetime = now_column()
    ended_at: datetime | None = time_column()
    dismiss_reason: str | None = None
    low_count: int = 0
    told_low_count: int = 0
    look_at: datetime | None = time_column(index=True)
    slowing_at: datetime | None = time_column()
    quiet_since: datetime | None = time_column()
    explained_until: datetime | None = time_column()
    ask_at: datetime | None = time_column(index=True)
    last_seq: int = 0
    version: int = 1


class Entry(Row, table=True):
    """One line of the timeline, numbered within its incident; never changed."""

    __tablename__ = "timeline_entry"
    __table_args__ = (UniqueConstraint("incident_id", "seq"),)

    incident_id: UUID = Field(foreign_key="incident.id")
    seq: int
    kind: str
    actor_type: str = "system"
    actor_id: UUID | None = None
    actor_name: str = ""
    facts: dict[str, Any] = json_column()
