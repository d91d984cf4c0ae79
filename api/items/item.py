"""What every platform turns the outside world into: items, problems, or one kind of trouble."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["review", "comment", "mention", "post"]
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
    """One review, comment, post or mention, checked and cleaned. Stars are 1 to 5; times UTC.

    `reply` is what the business answered: text, at (ISO 8601) and state, as far as known.
    """

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
    parent_id: str | None = None
    reply: Mapping[str, str] | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One item that could not be taken. `index` counts from 0; `code` is stable."""

    index: int | None
    external_id: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Read:
    """What one delivery held: the good items survive the bad ones.

    `covers` is the moment since which every item that is still there is in it; `gone` are ids that
    the platform says it has removed; `counters` say how many there are (`count`) and their `mean`.
    """

    items: Sequence[Item] = field(default_factory=list)
    problems: Sequence[Problem] = field(default_factory=list)
    covers: datetime | None = None
    gone: Sequence[str] = ()
    counters: Mapping[str, float] | None = None


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
