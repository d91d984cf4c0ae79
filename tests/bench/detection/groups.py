"""Says which clients are measured, in two halves each: one to set the threshold, one to measure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tests.bench.detection import material, series, transplants
from tests.bench.detection.rivals import RIVALS
from tests.bench.detection.streams import Stream


class Half(NamedTuple):
    """Streams to count false wakes on, and streams with attacks to find."""

    quiet: list[Stream]
    attacked: list[Stream]


class Many(NamedTuple):
    """How many simulated clients a half has, and how many days each."""

    quiet: int
    quiet_days: int
    attacked: int
    attacked_days: int


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run: `each` is transplants a stream, `series` is the most real ones of a half."""

    each: int
    series: int
    tiny: Many
    mention: Many
    mid: Many
    large: Many
    stress: Many
    rivals: tuple[str, ...]
    costed: int
    replayed: int


FULL: Final = Size(
    each=16,
    series=100,
    tiny=Many(300, 365, 204, 150),
    mention=Many(150, 365, 156, 150),
    mid=Many(40, 365, 84, 150),
    large=Many(5, 110, 24, 25),
    stress=Many(150, 365, 60, 150),
    rivals=tuple(RIVALS),
    costed=30,
    replayed=1_000_000,
)
QUICK: Final = Size(
    each=1,
    series=1,
    tiny=Many(12, 365, 12, 150),
    mention=Many(6, 365, 12, 150),
    mid=Many(1, 90, 6, 30),
    large=Many(1, 10, 1, 10),
    stress=Many(6, 365, 6, 150),
    rivals=("commercial rule, low reviews", "EWMA z, 24 h", "Poisson CUSUM"),
    costed=2,
    replayed=10_000,
)

Halves = Callable[[Size, int], Half]


@dataclass(frozen=True, slots=True)
class Group:
    """Clients of one kind. `allowed` is how many false wakes a client-year the halves are set to.

    `also` is measured with the same thresholds: the same kind of clients in a worse world.
    """

    name: str
    about: str
    allowed: float
    halves: Halves
    also: tuple[str, str, Halves] | None = None
    simulated: bool = True


def _ordinary(size: Size, half: int) -> Half:
    return Half(
        transplants.quiet(half)[-size.series :], transplants.transplanted(half, each=size.each)
    )


def _mostly_negative(size: Size, half: int) -> Half:
    """Documented attacks are dealt out with their streams."""
    found = sorted(series.mostly_negative(), key=lambda one: (not one.attacks, -one.years))
    dealt = found[half::2][: size.series]
    return Half(dealt, [stream for stream in dealt if stream.attacks])


def _simulated(name: str) -> Halves:
    def halves(size: Size, half: int) -> Half:
        return _some(name, getattr(size, name), half, stress=False)

    return halves


def _stress(size: Size, half: int) -> Half:
    return _some("tiny", size.stress, half, stress=True)


def _some(name: str, many: Many, half: int, *, stress: bool) -> Half:
    """The first seeds are one half, those right after them the other."""
    quiet, quiet_days, attacked, attacked_days = many
    return Half(
        material.simulated(
            name, quiet, attacked=False, days=quiet_days, stress=stress, first=half * quiet
        ),
        material.simulated(
            name, attacked, attacked=True, days=attacked_days, stress=stress, first=half * attacked
        ),
    )


GROUPS: Final[Sequence[Group]] = (
    Group("large", "simulated, hundreds of reviews an hour", 1.0, _simulated("large")),
    Group("mid", "simulated, 5 to 100 reviews a day", 0.1, _simulated("mid")),
    Group(
        "tiny",
        "simulated, 0.05 to 5 reviews a day",
        0.1,
        _simulated("tiny"),
        also=("stress", "the tiny ones in a world twice as bursty, thresholds as before", _stress),
    ),
    Group("mention", "simulated, tiny, texts with polarity for stars", 0.15, _simulated("mention")),
    Group(
        "ordinary",
        "real streams under 50 % low, with transplanted attacks",
        0.07,
        _ordinary,
        simulated=False,
    ),
    Group(
        "mostly negative",
        "real streams at least 50 % low, with their documented attacks",
        0.1,
        _mostly_negative,
        simulated=False,
    ),
)
"""The longest to run first."""
