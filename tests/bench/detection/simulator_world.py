"""The knobs of the simulated world, and what one client in it is like."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from tests.bench.detection.streams import DAY, HOUR

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Random = np.random.Generator

BEGIN: Final = 1_704_067_200.0
"""Monday, 1 January 2024, 0:00 UTC."""


class Spread(NamedTuple):
    """Each client draws its own: lognormal, with this median; sigma is that of the logarithm."""

    median: float
    sigma: float

    def draw(self, random: Random) -> float:
        return float(self.median * np.exp(random.normal(0, self.sigma)))


@dataclass(frozen=True, slots=True)
class World:
    """How unruly the clients' ordinary life is.

    The shapes are those of gamma factors with mean 1 on the rate of a week, a day or an hour: the
    smaller, the burstier. `low_share` is how firmly the share of low reviews keeps to its mean in
    each six hours (the sum of the parameters of a beta distribution); `growth` is the deviation of
    the yearly logarithm of the rate. The second group are chances for each review, the third are
    how often something happens in a year, the last are the chances that polarity is read rightly.
    """

    week_shape: Spread
    day_shape: Spread
    hour_shape: Spread
    low_share: Spread
    growth: float

    siblings: float
    repeats: float
    copies: float

    bad_evenings: float
    promotions: float
    virals: float
    holidays: float
    imports: float
    outages: float

    negative_read: float
    other_read: float


WORLD: Final = World(
    week_shape=Spread(6.0, 0.5),
    day_shape=Spread(4.0, 0.8),
    hour_shape=Spread(4.0, 0.9),
    low_share=Spread(40.0, 0.7),
    growth=0.15,
    siblings=0.006,
    repeats=0.01,
    copies=0.001,
    bad_evenings=0.5,
    promotions=1.5,
    virals=0.7,
    holidays=3.0,
    imports=0.7,
    outages=3.0,
    negative_read=0.85,
    other_read=0.92,
)
STRESS: Final = replace(
    WORLD,
    week_shape=Spread(3.0, 0.5),
    day_shape=Spread(1.8, 0.6),
    hour_shape=Spread(1.5, 0.6),
    low_share=Spread(15.0, 0.5),
    siblings=0.02,
    repeats=0.03,
    copies=0.003,
    bad_evenings=1.5,
    promotions=4.0,
    virals=2.0,
    holidays=6.0,
    outages=8.0,
)


class Written(NamedTuple):
    """Reviews as people write them: when, whether they mean it badly, whether they attack."""

    at: Floats
    low: Flags
    attack: Flags

    @classmethod
    def ordinary(cls, at: Floats, low: Flags) -> Self:
        return cls(at, low, np.zeros(len(at), dtype=bool))

    @classmethod
    def all(cls, parts: list[Self]) -> Self:
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def before(self, end: float) -> "Written":
        kept = self.at < end
        return Written(self.at[kept], self.low[kept], self.attack[kept])


@dataclass(frozen=True, slots=True)
class Client:
    """Reviews a day, the share of low ones, and the 168 local hours of the week (mean 1).

    `kind` is "review", "mention" (no stars, a polarity) or "bare" (neither).
    """

    kind: str
    rate: float
    share: float
    zone_hours: int
    season: Floats
    days: int

    @property
    def end(self) -> float:
        return BEGIN + self.days * DAY

    @property
    def low_per_hour(self) -> float:
        return self.rate * self.share / 24

    def local_hours(self, hours: Whole) -> Whole:
        """From hours since the begin to the hour of the local week, 0 on Monday at 0:00."""
        return (hours + self.zone_hours) % 168

    def awake(self, at: float) -> bool:
        """At this hour there is at least half of the usual traffic."""
        hour = np.array([int((at - BEGIN) // HOUR)])
        return bool(self.season[self.local_hours(hour)][0] >= 0.5)


def some_client(
    random: Random, *, size: str, kind: str, days: int, rate: float | None = None
) -> Client:
    """`size` is "tiny" (0.05 to 5 reviews a day), "mid" (5 to 100) or "large" (400 to 4800)."""
    return Client(
        kind=kind,
        rate=_rate(random, size) if rate is None else rate,
        share=float(np.clip(random.beta(2.2, 14), 0.02, 0.6)),
        zone_hours=int(random.integers(-8, 10)),
        season=_season(random, busy_weekends=kind != "mention"),
        days=days,
    )


def times_in(random: Random, client: Client, per_year: float) -> range:
    """As many as there happen to be in the client's days of what happens so often in a year."""
    return range(random.poisson(per_year * client.days / 365))


def _rate(random: Random, size: str) -> float:
    if size == "tiny":
        return float(np.clip(random.gamma(0.9, 1.1), 0.05, 5))
    if size == "mid":
        return float(np.clip(Spread(20, 0.8).draw(random), 5, 100))
    return float(np.clip(Spread(1200, 0.5).draw(random), 400, 4800))


def _season(random: Random, *, busy_weekends: bool) -> Floats:
    """One broad peak in the afternoon or evening, a small one in the morning, uneven weekdays."""
    hours = np.arange(24)
    angle = (hours - random.uniform(12, 21)) * 2 * np.pi / 24
    day = np.exp(random.uniform(0.8, 1.6) * np.cos(angle))
    morning = np.exp(-0.5 * ((hours - random.uniform(8, 11)) / 1.5) ** 2)
    week = random.dirichlet(np.full(7, 60.0))
    if busy_weekends:
        week[5:] *= random.uniform(1.0, 1.7)
    season: Floats = np.outer(week, day + 0.15 * day.max() * morning).ravel()
    season /= season.mean()
    return season
