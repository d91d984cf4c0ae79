"""The owner's yes: asked, given, bound to what was shown; and the phones that may give it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, json_column, one_of, time_column, waiting_index

SUBJECTS = ("action", "statement")
STATES = (
    "requested", "approved", "declined", "changes_requested", "expired", "withdrawn",
    "superseded", "consumed", "revoked", "lapsed",
)  # fmt: skip
HOW = ("page", "phone", "in_person", "standing")
CALL_OUTCOMES = (
    "called", "said_yes", "said_no", "wants_to_think", "no_answer", "wrong_number",
)  # fmt: skip


class Approval(Row, table=True):
    """One question to the owner and its answer; `shown` is word for word what the yes is for.

    Unanswered it is over at `expires_at`; a yes holds until `valid_until` and is used once.
    """

    __table_args__ = (
        one_of("subject", SUBJECTS),
        one_of("state", STATES),
        waiting_index("approval_to_expire", "expires_at", "requested"),
        waiting_index("approval_to_lapse", "valid_until", "approved"),
    )

    client_id: UUID = Field(foreign_key="client.id", index=True)
    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    subject: str
    subject_id: UUID = Field(index=True)
    state: str = "requested"
    shown: dict[str, Any] = json_column()
    digest: str
    code: str
    by_name: str = ""
    expires_at: datetime | None = time_column()
    opened_at: datetime | None = time_column()
    decided_at: datetime | None = time_column()
    valid_until: datetime | None = time_column()
    how: str | None = None
    contact_id: UUID | None = None
    contact_name: str = ""
    phone_id: UUID | None = None
    call_id: UUID | None = None
    words: str = ""
    ended_why: str = ""
    objected_at: datetime | None = time_column()
    version: int = 1


class StandingApproval(Row, table=True):
    """A yes that was agreed in daylight: what may be done without asking, and until when."""

    __tablename__ = "standing_approval"

    client_id: UUID = Field(foreign_key="client.id", index=True)
    source_ids: list[str] = json_column(list)
    contact_id: UUID | None = None
    contact_name: str
    agreed_how: str
    agreed_at: datetime | None = time_column()
    until: datetime | None = time_column()
    by_name: str = ""
    revoked_at: datetime | None = time_column()


class Call(Row, table=True):
    """One call to somebody at a client: who, on which number, what was read out, how it went."""

    __table_args__ = (one_of("outcome", CALL_OUTCOMES),)

    incident_id: UUID = Field(foreign_key="incident.id", index=True)
    contact_id: UUID | None = None
    contact_name: str
    phone: str = ""
    outcome: str
    read_out: str = ""
    words: str = ""
    by_id: UUID | None = None
    by_name: str = ""


class OwnerPhone(Row, table=True):
    """A browser of somebody at a client who once typed the code; only its cookie's hash is kept.

    Until `verified_at` it is a try: the code is over at `code_ends_at` or after some wrong tries.
    """

    __tablename__ = "owner_phone"

    client_id: UUID = Field(foreign_key="client.id", index=True)
    link_id: UUID = Field(foreign_key="link.id")
    contact_id: UUID = Field(index=True)
    token_hash: str = Field(unique=True)
    code_hash: str = ""
    code_ends_at: datetime | None = time_column()
    tries: int = 0
    verified_at: datetime | None = time_column()
    last_used_at: datetime | None = time_column()
    revoked_at: datetime | None = time_column()
