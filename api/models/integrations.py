"""What machines see and use: events, API keys, remembered answers, heartbeats."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.models.base import Row, json_column, now_column, time_column


class Event(SQLModel, table=True):
    """One entry of the event log; `seq` follows the order of commits without a hole."""

    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = now_column()
    type: str
    client_id: UUID | None = Field(default=None, index=True)
    data: dict[str, Any] = json_column()


class Counter(SQLModel, table=True):
    """The last number given out; the row lock makes numbers follow the order of commits."""

    name: str = Field(primary_key=True)
    value: int = Field(default=0, sa_type=BigInteger)


class ApiKey(Row, table=True):
    """A key for a program: scopes, and the clients it may see (None: all)."""

    __tablename__ = "api_key"

    name: str
    token_hash: str = Field(unique=True)
    tail: str
    scopes: list[str] = json_column(list)
    client_ids: list[str] | None = Field(default=None, sa_type=JSON, nullable=True)
    practice: bool = False
    expires_at: datetime | None = time_column()
    revoked_at: datetime | None = time_column()


class Answer(Row, table=True):
    """What was answered to an Idempotency-Key, to be answered again for 48 hours."""

    __table_args__ = (UniqueConstraint("asker", "key"),)

    asker: str
    key: str
    fingerprint: str
    status: int = 0
    body: bytes = b""


class Heartbeat(SQLModel, table=True):
    """When a part last finished a round of its work."""

    name: str = Field(primary_key=True)
    at: datetime = now_column()
