"""The ways to reach a person, and the keys that push services know us by."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, one_of, time_column

DEVICE_STATES = ("live", "retired")
CHANNELS = ("webpush", "voice", "sms", "pushover", "ntfy", "email", "apprise")


class PushKey(Row, table=True):
    """A VAPID key pair (RFC 8292); devices are bound to the one they subscribed with."""

    __tablename__ = "push_key"

    public: str
    private_sealed: bytes
    retired_at: datetime | None = time_column()


class Device(Row, table=True):
    """One way to reach one person: a browser with a push subscription, or an address.

    `address_sealed` is a number, a key, a topic or an e-mail address; `hint` is what of it may be
    shown. `broken_at` is since when a test had no receipt; any later receipt clears it.
    """

    __table_args__ = (one_of("state", DEVICE_STATES), one_of("channel", CHANNELS))

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    channel: str = "webpush"
    push_key_id: UUID | None = Field(default=None, foreign_key="push_key.id")
    endpoint: str | None = Field(default=None, unique=True)
    p256dh: str = ""
    auth_sealed: bytes = b""
    address_sealed: bytes = b""
    hint: str = ""
    label: str = ""
    platform: str = ""
    installed: bool = False
    state: str = "live"
    retired_reason: str | None = None
    last_confirmed_at: datetime | None = time_column()
    broken_at: datetime | None = time_column()
    version: int = 1
