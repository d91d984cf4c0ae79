"""What is done outside for a client, place by place, and the evidence that was saved before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from api.models.base import Row, json_column, now_column, one_of, time_column

KINDS = ("take_down", "publish_statement", "reply", "report")
STATES = (
    "proposed", "awaiting_approval", "ready", "counting_down", "executing", "succeeded",
    "partially_succeeded", "failed", "reverting", "reverted", "cancelled",
)  # fmt: skip
RESULT_STATES = (
    "planned", "preparing", "sending", "looking", "done", "refused", "lost", "by_hand",
)  # fmt: skip
CERTAINTIES = ("proven", "expected", "by_hand")
WAYS = ("there", "back")
_WAITS = text("act_at IS NOT NULL")


class Action(Row, table=True):
    """One thing that people decided to do; `shown` is exactly what was shown for the yes.

    `digest` is of `shown`, `code` its short form for reading aloud. `due_at` ends a countdown,
    `ask_at` is when somebody is asked for the way back, until it was `left_at` as it is.
    """

    __table_args__ = (one_of("kind", KINDS), one_of("state", STATES))

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    client_id: UUID = Field(foreign_key="client.id", index=True)
    statement_id: UUID | None = Field(default=None, foreign_key="statement.id", index=True)
    kind: str
    state: str = "proposed"
    shown: dict[str, Any] = json_column()
    digest: str
    code: str
    practice: bool = False
    by_id: UUID | None = None
    by_name: str = ""
    due_at: datetime | None = time_column(index=True)
    started_at: datetime | None = time_column()
    ended_at: datetime | None = time_column()
    ask_at: datetime | None = time_column(index=True)
    left_at: datetime | None = time_column()
    version: int = 1


class Result(Row, table=True):
    """What became of an action at one place; due at `act_at`, held by `claim` meanwhile.

    `before` is what putting back needs, kept before anything is sent. `sent_at` is noted before
    the first request leaves, so that a lost answer is read back and never sent again blindly.
    `way` says whether it goes there or back; `give_up_at` when a hand is asked.
    """

    __table_args__ = (
        one_of("state", RESULT_STATES),
        one_of("certainty", CERTAINTIES),
        one_of("way", WAYS),
        Index("result_due", "act_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    action_id: UUID = Field(foreign_key="action.id", index=True)
    source_id: UUID | None = Field(default=None, foreign_key="source.id", index=True)
    name: str
    verb: str
    back_verb: str = ""
    target: str = ""
    params: dict[str, Any] = json_column()
    certainty: str
    link: str = ""
    way: str = "there"
    state: str = "planned"
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
    made: str = ""
    detail: str = ""
    act_at: datetime | None = time_column()
    give_up_at: datetime | None = time_column()
    claim: str | None = None
    sent_at: datetime | None = time_column()
    seen_at: datetime | None = time_column()
    done_by: str = ""

    @property
    def verb_now(self) -> str:
        """What is to be done there on the way that it goes."""
        return self.back_verb if self.way == "back" else self.verb


class Evidence(Row, table=True):
    """One review as it was when it was saved; `page` is a rendered copy, both are hashed.

    `sha256` is of the canonical JSON of `content`, `page_sha256` of `page` in UTF-8.
    """

    __table_args__ = (UniqueConstraint("incident_id", "review_id"),)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    review_id: UUID = Field(foreign_key="review.id")
    saved_at: datetime = now_column()
    content: dict[str, Any] = json_column()
    sha256: str
    page: str
    page_sha256: str
