"""Says how far a small count may be from what is usual: the exact range of a Poisson mean."""

from collections.abc import Callable
from math import exp, lgamma, log
from typing import Final

TAIL: Final = 0.025
HALVINGS: Final = 60


def mean_range(count: int) -> tuple[float, float]:
    """The 95 % range of the mean of a Poisson count (Garwood, Biometrika 28, 1936)."""
    most = count + 10 + 6 * count**0.5
    low = _crossing(lambda mean: 1 - at_most(count - 1, mean) < TAIL, most) if count else 0.0
    return low, _crossing(lambda mean: at_most(count, mean) > TAIL, most)


def at_most(count: int, mean: float) -> float:
    """The chance of so many or fewer."""
    if not mean:
        return float(count >= 0)
    return sum(exp(each * log(mean) - mean - lgamma(each + 1)) for each in range(count + 1))


def _crossing(below: Callable[[float], bool], most: float) -> float:
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low
