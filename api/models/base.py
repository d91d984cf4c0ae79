"""What every table shares: an id that sorts by age, and columns for times, words and JSON."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, DateTime, Index, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from api import clock
from api.ids import new_id


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC datetime in both databases; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without a zone cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def time_column(*, index: bool = False) -> Any:
    """A moment that may be unknown."""
    return Field(default=None, sa_type=UtcTime, index=index, nullable=True)


def now_column() -> Any:
    """The moment the row was made, unless given."""
    return Field(default_factory=clock.now, sa_type=UtcTime, nullable=False)


def json_column(default: type = dict) -> Any:
    """A JSON value; replace it whole, changes inside are not seen."""
    return Field(default_factory=default, sa_type=JSON, nullable=False)


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """A CHECK, because table classes do not validate what they are given."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def waiting_index(name: str, deadline: str, state: str) -> Index:
    """A partial index on a deadline: it holds what still waits, however long the past becomes."""
    waits = text(f"state = '{state}'")
    return Index(name, deadline, sqlite_where=waits, postgresql_where=waits)


class Row(SQLModel):
    """A table row with a UUIDv7."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = now_column()
