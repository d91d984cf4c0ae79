"""What a client may say in public: the words, their versions, and when they may go out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from api.models.base import Row, json_column, one_of, time_column

STATEMENT_STATES = (
    "draft", "in_review", "approved", "held", "publishing", "published", "failed", "retracted",
    "discarded",
)  # fmt: skip
HOLDS = ("quiet", "time", "hand")


class Statement(Row, table=True):
    """One statement; `text` is its newest version, `version` counts every change of the row.

    `source_ids` are the places where it goes out. Held with `hold`, it is asked about once, at
    `ask_at` or when `quiet_hours` of calm were measured; `due_since` is when that was.
    """

    __table_args__ = (one_of("state", STATEMENT_STATES),)

    client_id: UUID = Field(foreign_key="client.id", index=True)
    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    template: str = ""
    state: str = "draft"
    text: str
    number: int = 1
    source_ids: list[str] = json_column(list)
    digest: str
    code: str
    approval_id: UUID | None = None
    hold: str | None = None
    quiet_hours: int | None = None
    ask_at: datetime | None = time_column(index=True)
    due_since: datetime | None = time_column()
    published_at: datetime | None = time_column()
    links: list[dict[str, Any]] = json_column(list)
    by_name: str = ""
    version: int = 1


class StatementVersion(Row, table=True):
    """One version of the words, never changed."""

    __tablename__ = "statement_version"
    __table_args__ = (UniqueConstraint("statement_id", "number"),)

    statement_id: UUID = Field(foreign_key="statement.id", index=True)
    number: int
    text: str
    source_ids: list[str] = json_column(list)
    digest: str
    by_name: str = ""


class Report(Row, table=True):
    """What people added to the report of one incident; the rest is read from its timeline."""

    incident_id: UUID = Field(foreign_key="incident.id", unique=True)
    helped: str = ""
    hindered: str = ""
    changes: list[dict[str, Any]] = json_column(list)
    staff: str = ""
    sent_at: datetime | None = time_column()
    version: int = 1
