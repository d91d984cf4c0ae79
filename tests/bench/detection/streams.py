"""What every detector is measured on: the reviews of one client, with the truth about them."""

from dataclasses import dataclass
from typing import Final, NamedTuple

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
YEAR: Final = 365 * DAY


class Review(NamedTuple):
    """One delivery of one review.

    `seen` is when we met it and `at` when it was written, both in seconds since 1970, UTC.
    `stars` is 1 to 5, or None for a mention without a rating; `negative` is the chance, 0 to 1,
    that such a mention is negative, or None where nobody can tell. A repeated delivery has the
    `key` of the first one. `attack` says that it belongs to an attack.
    """

    seen: float
    at: float
    stars: int | None
    negative: float | None
    key: int
    attack: bool


@dataclass(frozen=True, slots=True)
class Attack:
    """`low` is how many of its reviews are low, `end` when it has ebbed away."""

    kind: str
    start: float
    end: float
    low: int


@dataclass(frozen=True, slots=True)
class Benign:
    """A harmless episode of a known kind.

    In one of kind "surge" nobody knows the truth: a wake there is neither right nor wrong.
    """

    kind: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Stream:
    """Reviews in the order in which we met them, from `start` to `end`.

    `zone_hours` is what local time is ahead of UTC; in the first `warm` seconds nothing counts.
    """

    name: str
    zone_hours: int
    reviews: list[Review]
    attacks: tuple[Attack, ...]
    benign: tuple[Benign, ...]
    start: float
    end: float
    warm: float

    @property
    def measured_from(self) -> float:
        return self.start + self.warm

    @property
    def years(self) -> float:
        """Measured years of 365 days, without the warm-up."""
        return max(0.0, self.end - self.measured_from) / YEAR


def warm_up(seconds: float) -> float:
    """Of a simulated stream: thirty days, but never so long that it reaches the attack."""
    return min(30 * DAY, 0.4 * seconds)


def is_low(review: Review) -> bool:
    """One or two stars, or likely negative; what nobody can read counts as low."""
    if review.stars is not None:
        return review.stars <= 2
    return review.negative is None or review.negative >= 0.5


def low_share(stream: Stream) -> float:
    """Between 0 and 1; 0 for a stream without reviews."""
    return sum(map(is_low, stream.reviews)) / max(1, len(stream.reviews))
