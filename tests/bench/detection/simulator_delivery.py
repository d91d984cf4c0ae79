"""How simulated reviews reach us: late, twice, under another key, in heaps after an outage."""

from math import isnan
from typing import NamedTuple, Self

import numpy as np

from tests.bench.detection.simulator_world import (
    Client,
    Flags,
    Floats,
    Random,
    Whole,
    World,
    Written,
    times_in,
)
from tests.bench.detection.streams import DAY, HOUR, Benign, Review

COPIES_FROM = 10**9
IMPORTS_FROM = 2 * 10**9


class Delivered(NamedTuple):
    """As `Review`, in columns; no stars are 0 and an unknown polarity is nan."""

    seen: Floats
    at: Floats
    stars: Whole
    negative: Floats
    key: Whole
    attack: Flags

    @classmethod
    def all(cls, parts: list[Self]) -> Self:
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def take(self, which: Flags) -> "Delivered":
        return Delivered(
            self.seen[which],
            self.at[which],
            self.stars[which],
            self.negative[which],
            self.key[which],
            self.attack[which],
        )

    def reviews(self, end: float) -> list[Review]:
        """In the order in which we meet them, those before the end."""
        order = np.argsort(self.seen, kind="stable")
        rows = zip(*(column[order].tolist() for column in self), strict=True)
        return [
            Review(seen, at, stars or None, None if isnan(negative) else negative, key, attack)
            for seen, at, stars, negative, key, attack in rows
            if seen < end
        ]


def delivered(
    random: Random, client: Client, world: World, written: Written
) -> tuple[list[Review], list[Benign]]:
    first = _noticed(random, client, world, written)
    outages = [_outage(random, client, first) for _ in times_in(random, client, world.outages)]
    imports = [_import(random, client, world) for _ in times_in(random, client, world.imports)]
    parts = [
        first,
        _repeated(random, first.take(random.random(len(first.at)) < world.repeats)),
        _copied(random, first.take(random.random(len(first.at)) < world.copies)),
        *(imported for imported, _ in imports),
    ]
    benign = [*outages, *(episode for _, episode in imports)]
    return Delivered.all(parts).reviews(client.end), benign


def _noticed(random: Random, client: Client, world: World, written: Written) -> Delivered:
    """The platform shows it after a while, and we look every five minutes."""
    count = len(written.at)
    delay = random.exponential(150, count) + random.random(count) * 300
    stars, negative = _appearance(random, client, world, written)
    keys = np.arange(1, count + 1)
    return Delivered(written.at + delay, written.at, stars, negative, keys, written.attack)


def _appearance(
    random: Random, client: Client, world: World, written: Written
) -> tuple[Whole, Floats]:
    count = len(written.at)
    stars, negative = np.zeros(count, dtype=np.int64), np.full(count, np.nan)
    if client.kind == "review":
        stars = _stars(random, written)
    elif client.kind == "mention":
        negative = _polarity(random, written.low, world)
    return stars, negative


def _stars(random: Random, written: Written) -> Whole:
    """Whoever attacks gives one star; the others are mostly delighted."""
    count = len(written.at)
    ones = random.random(count) < np.where(written.attack, 0.93, 0.7)
    other = random.choice([3, 4, 5], count, p=[0.10, 0.23, 0.67])
    return np.where(written.low, np.where(ones, 1, 2), other)


def _polarity(random: Random, low: Flags, world: World) -> Floats:
    """Mostly sure of itself, and sometimes wrong."""
    count = len(low)
    right = random.random(count) < np.where(low, world.negative_read, world.other_read)
    negative, other = random.beta(6, 1.6, count), random.beta(1.6, 8, count)
    return np.where(low == right, negative, other)


def _outage(random: Random, client: Client, first: Delivered) -> Benign:
    """For one to 24 hours nothing is met, then everything at once."""
    start = client.end - (2 + random.random() * (client.days - 2)) * DAY
    end = start + float(np.exp(random.uniform(np.log(HOUR), np.log(24 * HOUR))))
    first.seen[(first.seen >= start) & (first.seen < end)] = end
    return Benign("outage", start, end + HOUR)


def _repeated(random: Random, chosen: Delivered) -> Delivered:
    return chosen._replace(seen=chosen.seen + random.exponential(6 * HOUR, len(chosen.seen)))


def _copied(random: Random, chosen: Delivered) -> Delivered:
    """The same text again under another key, some minutes later."""
    count = len(chosen.seen)
    seen = chosen.seen + random.exponential(0.5 * HOUR, count)
    at = np.minimum(seen, chosen.at + random.exponential(0.3 * HOUR, count))
    attack = np.zeros(count, dtype=bool)
    return chosen._replace(seen=seen, at=at, key=chosen.key + COPIES_FROM, attack=attack)


def _import(random: Random, client: Client, world: World) -> tuple[Delivered, Benign]:
    """A new connection brings 30 to 400 reviews of up to a thousand days ago within two minutes."""
    start = client.end - (2 + random.random() * (client.days - 2)) * DAY
    count = int(random.integers(30, 400))
    at = start - random.uniform(3, 1000, count) * DAY
    written = Written.ordinary(at, random.random(count) < client.share)
    seen = start + np.sort(random.random(count)) * 120
    stars, negative = _appearance(random, client, world, written)
    keys = IMPORTS_FROM + random.integers(0, 10**12, count)
    imported = Delivered(seen, at, stars, negative, keys, written.attack)
    return imported, Benign("backfill", start, start + 2 * HOUR)
