"""The phones that can be woken, and the keys that their push services know us by."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, one_of, time_column

DEVICE_STATES = ("live", "retired")


class PushKey(Row, table=True):
    """A VAPID key pair (RFC 8292); devices are bound to the one they subscribed with."""

    __tablename__ = "push_key"

    public: str
    private_sealed: bytes
    retired_at: datetime | None = time_column()


class Device(Row, table=True):
    """One push subscription of one person."""

    __table_args__ = (one_of("state", DEVICE_STATES),)

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    push_key_id: UUID = Field(foreign_key="push_key.id")
    endpoint: str = Field(unique=True)
    p256dh: str
    auth_sealed: bytes
    label: str = ""
    platform: str = ""
    installed: bool = False
    state: str = "live"
    retired_reason: str | None = None
    last_confirmed_at: datetime | None = time_column()
    version: int = 1
