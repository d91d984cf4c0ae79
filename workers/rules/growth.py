"""How fast a burst grows: the doubling time, with a range, or that it is too early to say."""

from math import exp, inf, log, sqrt
from typing import Final, NamedTuple

SURE: Final = 1.96
"""Standard errors on either side for a range that holds the truth 95 times in 100."""

WIDEST: Final = 4.0
"""A range wider than this factor says nothing and is not said."""


class Doubling(NamedTuple):
    """Hours in which the rate doubles, and the range around them."""

    hours: float
    shortest: float
    longest: float


def doubling(count: float, mean_age: float, span: float) -> Doubling | None:
    """The doubling time of `count` reviews over `span` seconds, or None while it is too early.

    `mean_age` is their mean time since the first, in seconds. The rate is taken as exp(g t); g is
    the maximum-likelihood estimate for an exponential that is cut off at `span`, with its Fisher
    error. None unless the whole range grows and spans at most a factor of four.
    """
    if count < 3 or span <= 0:
        return None
    steep = _steepness(min(0.98, max(0.02, mean_age / span)))
    error = SURE / sqrt(count * _information(steep))
    if steep - error <= 0 or (steep + error) / (steep - error) > WIDEST:
        return None
    scale = log(2) * span / 3600
    return Doubling(scale / steep, scale / (steep + error), scale / (steep - error))


def _steepness(mean: float) -> float:
    """The x for which exp(x u) on [0, 1] has this mean; by bisection, as it is monotone."""
    least, most = -60.0, 60.0
    for _ in range(50):
        middle = (least + most) / 2
        if _mean(middle) < mean:
            least = middle
        else:
            most = middle
    return (least + most) / 2


def _mean(steep: float) -> float:
    if abs(steep) < 1e-4:
        return 0.5 + steep / 12
    return 1 / (1 - exp(-steep)) - 1 / steep


def _information(steep: float) -> float:
    """The variance of u under exp(x u) on [0, 1]: what one review says about x."""
    if abs(steep) < 1e-2:
        return 1 / 12
    small = exp(-abs(steep))
    return 1 / steep**2 - small / (1 - small) ** 2


def spelled_range(found: Doubling | None) -> str:
    """In words: "doubles every 40 minutes (30 to 55)", or that it is too early to say."""
    if found is None or found.longest == inf:
        return "too early to say how fast it grows"
    if found.hours < 1.5:
        numbers = [round(60 * hours) for hours in found]
        return f"doubles every {numbers[0]} minutes ({numbers[1]} to {numbers[2]})"
    numbers = [round(hours) for hours in found]
    return f"doubles every {numbers[0]} hours ({numbers[1]} to {numbers[2]})"
