"""What a channel gives back when a provider took a message."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider said when it took a message.

    `reference` is its own name for it. `ask_after` says when to ask how it went (None: it tells by
    itself, or nobody can know).
    """

    reference: str | None = None
    ask_after: timedelta | None = None
