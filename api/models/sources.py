"""Where reviews come from, and the raw deliveries that were not lost on the way in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from api.models.base import Row, json_column, one_of, time_column, waiting_index
from api.platforms import CATALOGUE

KINDS = tuple(sorted(CATALOGUE))
HEALTH = (
    "waiting", "ok", "auth_expired", "permission", "rate_limited", "quota_exhausted",
    "unavailable_capability", "gone", "policy_blocked", "transient", "bad_content",
)  # fmt: skip
INTAKE_STATES = ("waiting", "taken_in", "failed")


class Source(Row, table=True):
    """One place that is read; blind since `failing_since`, told to the manager at `tell_at`.

    `place` holds its ids at the platform, `counters` how many reviews it shows and their mean,
    `probed` what turned out to be impossible there. `whole_at` is when all of it is read again,
    `ready` whether a take-down would work, found out at `checked_at` and again at `check_at`.
    """

    __table_args__ = (one_of("kind", KINDS), one_of("health", HEALTH))

    client_id: UUID = Field(foreign_key="client.id", index=True)
    kind: str
    name: str
    url: str | None = None
    secret_sealed: bytes | None = None
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    place: dict[str, Any] = json_column()
    cursor: dict[str, Any] = json_column()
    health: str = "waiting"
    health_detail: str = ""
    failing_since: datetime | None = time_column()
    tell_at: datetime | None = time_column(index=True)
    last_ok_at: datetime | None = time_column()
    poll_at: datetime | None = time_column(index=True)
    whole_at: datetime | None = time_column()
    check_at: datetime | None = time_column(index=True)
    checked_at: datetime | None = time_column()
    counters: dict[str, Any] = json_column()
    probed: dict[str, Any] = json_column()
    ready: bool | None = None
    ready_detail: str = ""
    removed_at: datetime | None = time_column()
    version: int = 1


class Intake(Row, table=True):
    """A raw delivery: kept whole until its reviews are in the ledger."""

    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        one_of("state", INTAKE_STATES),
        waiting_index("intake_to_take_in", "take_in_at", "waiting"),
    )

    source_id: UUID = Field(foreign_key="source.id")
    external_id: str
    content_type: str = ""
    body: bytes | None = None
    history: bool = False
    state: str = "waiting"
    take_in_at: datetime | None = time_column()
    attempts: int = 0
    result: dict[str, Any] = json_column()
