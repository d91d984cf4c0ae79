"""What a client let us use at a platform: a token or a key, sealed, and how it was given."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, json_column, one_of, time_column, waiting_index

CONNECTION_STATES = ("waiting", "answered", "connected", "failed", "expired")


class Account(Row, table=True):
    """One client's account at one platform; renewed at `renew_at`, its end told at `tell_at`.

    `sealed` is a JSON object of secrets, bound to the client and the row.
    """

    client_id: UUID = Field(foreign_key="client.id", index=True)
    platform: str
    name: str
    external_id: str = ""
    sealed: bytes
    scopes: list[str] = json_column(list)
    expires_at: datetime | None = time_column()
    ends_at: datetime | None = time_column()
    renew_at: datetime | None = time_column(index=True)
    tell_at: datetime | None = time_column(index=True)
    detail: str = ""
    spent: dict[str, Any] = json_column()
    removed_at: datetime | None = time_column()
    version: int = 1


class Connection(Row, table=True):
    """One attempt of a person to connect a client by signing in; over at `expires_at`."""

    __table_args__ = (
        one_of("state", CONNECTION_STATES),
        waiting_index("connection_to_finish", "finish_at", "answered"),
    )

    client_id: UUID = Field(foreign_key="client.id", index=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    platform: str
    state: str = "waiting"
    token_hash: str = Field(unique=True)
    sealed: bytes
    choices: list[dict[str, Any]] = json_column(list)
    detail: str = ""
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    finish_at: datetime | None = time_column()
    expires_at: datetime | None = time_column()


class Hint(Row, table=True):
    """A verified word from a platform that something changed; `about` names what to look at."""

    source_id: UUID = Field(foreign_key="source.id", index=True)
    delivery: str = Field(unique=True)
    about: dict[str, Any] = json_column()
    taken_at: datetime | None = time_column()
