"""Finds where in the last low reviews a burst began, and whether there are enough of them."""

from collections.abc import Sequence
from math import log
from typing import Final, NamedTuple

from workers.rules.reviews import RATED_LOW

FEWEST: Final = 3
"""Two low reviews never wake anybody."""

UNRATED_AT_LEAST: Final = 3.2
"""Where fewer than three have stars: at least four that read badly, or seven unreadable ones."""

SHORTEST: Final = 60.0


class Low(NamedTuple):
    """One low review: when it was written, its weight, and how many per second were expected then.

    `total` is the number of reviews of any kind so far, `source` the number of its source.
    """

    at: float
    weight: float
    expected: float
    total: float
    source: float


def burst(lows: Sequence[Low], usual: float, fewest: int) -> Sequence[Low]:
    """The last low reviews from where they stand out most; at least `fewest`, or nothing.

    Of all beginnings the one with the largest likelihood ratio of a constant rate against `usual`
    low reviews per second.
    """
    best, found = 0.0, lows[:0]
    for first in range(len(lows) - fewest, -1, -1):
        count = sum(low.weight for low in lows[first:])
        expected = usual * max(SHORTEST, lows[-1].at - lows[first].at)
        ratio = count * log(count / expected) - count + expected if count > expected else 0.0
        if ratio > best:
            best, found = ratio, lows[first:]
    return found


def counts_enough(lows: Sequence[Low]) -> bool:
    """Whether these may wake a person."""
    rated = sum(1 for low in lows if low.weight == RATED_LOW)
    return rated >= FEWEST or (
        len(lows) >= FEWEST and sum(low.weight for low in lows) >= UNRATED_AT_LEAST
    )
