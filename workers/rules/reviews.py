"""The review as the rules see it: when it was written, when it was met, and how much it hurts."""

from dataclasses import dataclass
from typing import Final

LOW_STARS: Final = 2.0
CLEARLY: Final = 0.5

RATED_LOW: Final = 1.0
READ_LOW: Final = 0.8
UNREADABLE: Final = 0.5
"""Weights. A word list is right about three times in four, a bare mention says next to nothing."""


@dataclass(slots=True, order=True)
class Seen:
    """One review, in unix seconds UTC: written `at`, met by us `seen_at`.

    `weight` is 1 for one or two stars, less for a text without stars that reads badly or cannot be
    read, and 0 for an ordinary review. `source` and `key` are numbers that the caller knows again.
    """

    at: float
    seen_at: float
    weight: float
    source: int = 0
    history: bool = False
    key: int = 0


def weight_of(stars: float | None, negative: float | None) -> float:
    """How much of a low review this is, from its stars or else the chance that it is negative."""
    if stars is not None:
        return RATED_LOW if stars <= LOW_STARS else 0.0
    if negative is None:
        return UNREADABLE
    return READ_LOW if negative >= CLEARLY else 0.0
