"""What is usual for each client, as the engine left it; rebuilt from the reviews at any time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from api.models.base import Row, json_column, now_column, time_column


class Baseline(Row, table=True):
    """The watch over one client: everything met before `settled_until` is in `state`.

    The prior is what similar clients suggested when the watch began. `woke_at` is the newest
    finding that was acted on, `woke_by` the host that it was read from; `notice` the newest
    finding that was not enough to wake anybody.
    """

    client_id: UUID = Field(foreign_key="client.id", unique=True)
    state: bytes | None = None
    settled_until: datetime = now_column()
    prior_per_day: float
    prior_share: float
    woke_at: datetime | None = time_column(index=True)
    woke_by: str = ""
    noticed_at: datetime | None = time_column()
    notice: dict[str, Any] = json_column()


class Sight(Row, table=True):
    """From `created_at` on, this share of a client's sources could be read; never changed."""

    client_id: UUID = Field(foreign_key="client.id", index=True)
    share: float
