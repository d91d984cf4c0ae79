"""Who is being rung for an incident, and each single attempt to reach a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from api.models.base import Row, json_column, one_of, time_column, waiting_index

STATES = ("deferred", "ringing", "acknowledged", "exhausted", "ended", "cancelled")
LIVE_STATES = ("deferred", "ringing", "acknowledged", "exhausted")
NOTIFICATION_STATES = ("queued", "sent", "confirmed", "failed", "expired", "superseded")
_LIVE = text("state IN ('deferred', 'ringing', 'acknowledged', 'exhausted')")


def _asked(name: str, deadline: str) -> Index:
    waits = text(f"{deadline} IS NOT NULL")
    return Index(name, deadline, sqlite_where=waits, postgresql_where=waits)


class Escalation(Row, table=True):
    """Rings people for one incident; `plan` is the ladder as it was when the incident opened."""

    __table_args__ = (
        one_of("state", STATES),
        Index(
            "one_live_escalation",
            "incident_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    state: str = "ringing"
    plan: dict[str, Any] = json_column()
    step: int = 0
    round: int = 0
    due_at: datetime | None = time_column(index=True)
    acknowledged_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    acknowledged_name: str | None = None
    acknowledged_at: datetime | None = time_column()
    ack_expires_at: datetime | None = time_column()


class EscalationPlan(Row, table=True):
    """Who is rung over which channels, with which waiting: of one client, or of the whole agency.

    Where no row is, the default of `api/lifecycle/plan.py` holds.
    """

    __tablename__ = "escalation_plan"

    client_id: UUID | None = Field(default=None, foreign_key="client.id", unique=True)
    steps: list[dict[str, Any]] = json_column(list)
    version: int = 1


class Notification(Row, table=True):
    """One attempt over one channel; `step_key` is unique, so one step rings a device once.

    `reference` is the provider's own name for it: it is asked at `ask_at` what became of it, and at
    `take_back_at` to stop ringing. `facts` are what its words need and no other row has.
    """

    __table_args__ = (
        one_of("state", NOTIFICATION_STATES),
        waiting_index("notification_to_send", "send_at", "queued"),
        waiting_index("notification_to_confirm", "confirm_by", "sent"),
        _asked("notification_to_ask", "ask_at"),
        _asked("notification_to_take_back", "take_back_at"),
    )

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    device_id: UUID | None = Field(default=None, foreign_key="device.id", index=True)
    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    escalation_id: UUID | None = Field(default=None, foreign_key="escalation.id")
    source_id: UUID | None = Field(default=None, foreign_key="source.id")
    channel: str = "webpush"
    kind: str
    step_key: str = Field(unique=True)
    round: int | None = None
    step: int | None = None
    state: str = "queued"
    send_at: datetime | None = time_column()
    claim: str | None = None
    attempts: int = 0
    sent_at: datetime | None = time_column()
    confirm_by: datetime | None = time_column()
    confirmed_at: datetime | None = time_column()
    error: str | None = None
    reference: str | None = Field(default=None, index=True)
    ask_at: datetime | None = time_column()
    take_back_at: datetime | None = time_column()
    facts: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
