"""What every platform turns the outside world into: items, problems, or one kind of trouble."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["review", "mention"]
Health = Literal[
    "auth_expired",
    "permission",
    "rate_limited",
    "quota_exhausted",
    "unavailable_capability",
    "gone",
    "policy_blocked",
    "transient",
    "outcome_unknown",
    "bad_content",
]


@dataclass(frozen=True, slots=True)
class Item:
    """One review or mention, checked and cleaned. Stars are 1 to 5; times are aware UTC."""

    external_id: str
    stars: float | None
    title: str
    text: str
    author: str
    author_id: str | None
    url: str | None
    created_at: datetime | None
    updated_at: datetime | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Problem:
    """One item that could not be taken. `index` counts from 0; `code` is stable."""

    index: int | None
    external_id: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """What one delivery held: the good items survive the bad ones."""

    items: Sequence[Item] = field(default_factory=list)
    problems: Sequence[Problem] = field(default_factory=list)


class SourceTrouble(Exception):
    """A source cannot be read now; `permanent` means a person has to change something.

    `detail` is a sentence for people; `retry_at` is aware UTC, when the source named a moment.
    """

    def __init__(
        self,
        health: Health,
        detail: str,
        *,
        retry_at: datetime | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(detail)
        self.health = health
        self.detail = detail
        self.retry_at = retry_at
        self.permanent = permanent
