"""The businesses that are looked after, whom to ring there, and their private links."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, one_of, time_column

SENSITIVITIES = ("calm", "normal", "sharp")
CAPABILITIES = ("view", "approve", "approve_emergency")


class Client(Row, table=True):
    """One business; `detect_at` is since when reviews wait to be judged.

    Until `sharper_until`, after a burst, less is needed to wake somebody: second waves are common.
    """

    __table_args__ = (one_of("sensitivity", SENSITIVITIES),)

    name: str
    town: str = ""
    zone: str = "UTC"
    practice: bool = False
    sensitivity: str = "normal"
    archived_at: datetime | None = time_column()
    detect_at: datetime | None = time_column(index=True)
    sharper_until: datetime | None = time_column()
    version: int = 1


class Contact(Row, table=True):
    """Whom to ring at a client, in ring order."""

    client_id: UUID = Field(foreign_key="client.id", index=True)
    name: str
    phone: str | None = None
    email: str | None = None
    role: str = "owner"
    ring_order: int = 0
    may_approve: bool = False
    language: str = "en"
    hours: str = ""
    verified_at: datetime | None = time_column()
    version: int = 1


class Link(Row, table=True):
    """A capability URL to the client's page; only its hash is kept."""

    __table_args__ = (one_of("capability", CAPABILITIES),)

    client_id: UUID = Field(foreign_key="client.id", index=True)
    token_hash: str = Field(unique=True)
    capability: str = "view"
    expires_at: datetime | None = time_column()
    revoked_at: datetime | None = time_column()
    last_opened_at: datetime | None = time_column()
