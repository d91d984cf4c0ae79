"""Reviews as they stand now, each stored once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from api.models.base import Row, json_column, now_column, one_of, time_column

REVIEW_KINDS = ("review", "comment", "mention", "post")


class Review(Row, table=True):
    """One review; `created_at` is when it was written, `counts_at` when it began to hurt.

    The two differ only for a review that was edited from good to bad. `told_at` is when we met what
    counts: the review itself, or that edit. `history` reviews set the
    baseline and never alarm. `earlier` keeps what an edit replaced. `missing_since` is the
    first whole reading in which it did not appear any more, `gone_at` when that was believed.
    """

    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("ix_review_client_counts", "client_id", "counts_at"),
        Index("ix_review_client_told", "client_id", "told_at"),
        one_of("kind", REVIEW_KINDS),
        CheckConstraint("stars IS NULL OR (stars >= 1 AND stars <= 5)", name="stars_known"),
    )

    client_id: UUID = Field(foreign_key="client.id")
    source_id: UUID = Field(foreign_key="source.id")
    external_id: str
    stars: float | None = None
    title: str = ""
    text: str = ""
    author: str = ""
    author_id: str | None = None
    url: str | None = None
    kind: str = "review"
    parent_id: str | None = None
    reply: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    hidden: bool = False
    missing_since: datetime | None = time_column()
    gone_at: datetime | None = time_column()
    counts_at: datetime = now_column()
    seen_at: datetime = now_column()
    told_at: datetime = now_column()
    updated_at: datetime | None = time_column()
    content_hash: str
    history: bool = False
    earlier: list[dict[str, Any]] = json_column(list)
    version: int = 1
