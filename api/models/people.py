"""People who sign in, and where they are signed in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, one_of, time_column

ROLES = ("owner", "manager", "helper")


class User(Row, table=True):
    """Somebody of the agency; `ring_order` is the place on the ladder, None is never rung.

    Warnings wait while it is quiet, by the wall clock of `zone`; alarms never do. `arm_at` is when
    the next evening test is due.
    """

    __tablename__ = "user_account"
    __table_args__ = (one_of("role", ROLES),)

    name: str
    email: str = Field(unique=True)
    phone: str | None = None
    zone: str = "UTC"
    role: str = "manager"
    password_hash: str
    ring_order: int | None = None
    quiet_from: str = "22:00"
    quiet_until: str = "07:30"
    arm_at: datetime | None = time_column(index=True)
    practice: bool = False
    version: int = 1


class SignIn(Row, table=True):
    """One browser that is signed in; only the hash of its cookie is kept."""

    __tablename__ = "sign_in"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    token_hash: str = Field(unique=True)
    expires_at: datetime = time_column()
