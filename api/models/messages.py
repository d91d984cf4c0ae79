"""Messages to the people of a client: what they are told, by which way, and whether it left."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, one_of, time_column, waiting_index

MESSAGE_CHANNELS = ("sms", "email")
MESSAGE_STATES = ("queued", "sent", "failed", "withdrawn")


class Message(Row, table=True):
    """One message to one contact over one channel; `once_key` is unique, so it leaves once.

    `sealed` is the text, sealed to the row: it may hold a code or a private link.
    """

    __table_args__ = (
        one_of("channel", MESSAGE_CHANNELS),
        one_of("state", MESSAGE_STATES),
        waiting_index("message_to_send", "send_at", "queued"),
    )

    client_id: UUID = Field(foreign_key="client.id", index=True)
    incident_id: UUID | None = Field(default=None, foreign_key="incident.id", index=True)
    contact_id: UUID = Field(index=True)
    contact_name: str
    channel: str
    kind: str
    once_key: str = Field(unique=True)
    sealed: bytes
    state: str = "queued"
    send_at: datetime | None = time_column()
    claim: str | None = None
    attempts: int = 0
    sent_at: datetime | None = time_column()
    reference: str | None = Field(default=None, index=True)
    error: str | None = None
