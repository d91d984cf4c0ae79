"""Who is on call when: rotas, what differs from them for once, and their calendar feeds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from api.models.base import Row, UtcTime, json_column, now_column


class Schedule(Row, table=True):
    """One rota; `shifts` are its rules in wall time, as api.rota reads them.

    `place` is its place among the rotas: the first is rung first. `changed_at` moves with every
    change of who is on shift, `version` only with a change of the rota itself.
    """

    __table_args__ = (CheckConstraint("place >= 0", name="place_known"),)

    name: str
    zone: str = "UTC"
    place: int = 0
    shifts: list[Any] = json_column(list)
    changed_at: datetime = now_column()
    version: int = 1


class Override(Row, table=True):
    """Somebody is on shift for once, whatever the rota says; with `instead_of`, for them alone."""

    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),)

    schedule_id: UUID = Field(foreign_key="schedule.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    starts_at: datetime = Field(sa_type=UtcTime, nullable=False)
    ends_at: datetime = Field(sa_type=UtcTime, nullable=False)
    instead_of: UUID | None = Field(default=None, foreign_key="user_account.id")


class CalendarFeed(Row, table=True):
    """A capability URL to the shifts of a rota, or of one person in it; only its hash is kept."""

    __tablename__ = "calendar_feed"

    token_hash: str = Field(unique=True)
    schedule_id: UUID = Field(foreign_key="schedule.id", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id")
