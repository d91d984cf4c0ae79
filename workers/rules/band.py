"""The band of numbers that a place shows on an ordinary day."""

from typing import Final

SHAPE: Final = 4.0
"""The rate differs from day to day like a gamma variable of this shape."""

OUTSIDE: Final = 0.01


def band(expected: float) -> tuple[int, int]:
    """Fewest and most reviews where `expected` are, 98 times in 100; the most is at least one.

    Counts are negative binomial: Poisson around a rate that itself varies.
    """
    q = expected / (expected + SHAPE)
    term = below = (1 - q) ** SHAPE
    count, fewest = 0, None
    while below < 1 - OUTSIDE:
        if fewest is None and below > OUTSIDE:
            fewest = count
        term *= q * (SHAPE + count) / (count + 1)
        count += 1
        below += term
    return (count if fewest is None else fewest), max(1, count)
