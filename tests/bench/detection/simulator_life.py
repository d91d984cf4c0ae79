"""The simulated ordinary life of a client: its flow of reviews and its harmless episodes."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from tests.bench.detection.simulator_world import (
    BEGIN,
    Client,
    Floats,
    Random,
    Spread,
    Whole,
    World,
    Written,
    times_in,
)
from tests.bench.detection.streams import DAY, HOUR, MINUTE, Benign

Episode = tuple[Written, Benign]
LEAST_SHAPE: Final = 0.8
GREATEST_SHAPE: Final = 60.0


def flow(random: Random, client: Client, world: World) -> tuple[Written, list[Benign]]:
    """Reviews of ordinary days and of holidays; those of one family may come together."""
    expected = _expected(random, client, world)
    holidays = [_holiday(random, expected) for _ in times_in(random, client, world.holidays)]
    counts = random.poisson(expected)
    hours = np.repeat(np.arange(len(expected)), counts)
    at = np.sort(BEGIN + (hours + random.random(len(hours))) * HOUR)
    low = random.random(len(at)) < _shares(random, client, world)[_block(at)]
    own = Written.ordinary(at, low)
    return Written.all([own, _siblings(random, client, world, own)]), holidays


def episodes(random: Random, client: Client, world: World) -> Iterator[Episode]:
    for _ in times_in(random, client, world.bad_evenings):
        yield _bad_evening(random, client)
    for _ in times_in(random, client, world.promotions):
        yield _promotion(random, client)
    for _ in times_in(random, client, world.virals):
        yield _viral(random, client)


def _expected(random: Random, client: Client, world: World) -> Floats:
    """Reviews in each hour: season, growth, and what weeks, days and hours have of their own."""
    hours = np.arange(client.days * 24)
    local = hours + client.zone_hours + 24
    expected = client.rate / 24 * client.season[client.local_hours(hours)]
    expected *= np.exp(random.normal(0, world.growth) * hours / (365 * 24))
    spreads = (world.week_shape, 168), (world.day_shape, 24), (world.hour_shape, 1)
    for spread, length in spreads:
        place = local // length
        expected *= _factors(random, spread, int(place[-1]) + 1)[place]
    return expected


def _factors(random: Random, spread: Spread, count: int) -> Floats:
    shape = float(np.clip(spread.draw(random), LEAST_SHAPE, GREATEST_SHAPE))
    return random.gamma(shape, 1 / shape, count)


def _holiday(random: Random, expected: Floats) -> Benign:
    """One to four days at two to four times the rate."""
    first = int(random.integers(0, len(expected) - 96))
    length = int(random.integers(24, 96))
    expected[first : first + length] *= random.uniform(2, 4)
    start = BEGIN + first * HOUR
    return Benign("holiday", start, start + length * HOUR)


def _shares(random: Random, client: Client, world: World) -> Floats:
    """The share of low reviews drifts: each six hours have their own."""
    firmness = world.low_share.draw(random)
    share = client.share
    return random.beta(share * firmness, (1 - share) * firmness, client.days * 4 + 1)


def _block(at: Floats) -> Whole:
    return ((at - BEGIN) // (6 * HOUR)).astype(np.int64)


def _siblings(random: Random, client: Client, world: World, own: Written) -> Written:
    """Somebody of the same table writes soon after, and is of the same opinion."""
    chance = world.siblings * min(1.0, 5 / client.rate)
    dragging = random.random(len(own.at)) < chance
    count = random.geometric(0.7, int(dragging.sum()))
    later = random.exponential(40 * MINUTE, int(count.sum()))
    at = np.repeat(own.at[dragging], count) + later
    return Written.ordinary(at, np.repeat(own.low[dragging], count))


def _moment(random: Random, client: Client, margin: float) -> float:
    """Some moment, so many days before the end at least."""
    return float(BEGIN + random.random() * (client.days - margin) * DAY)


def _bad_evening(random: Random, client: Client) -> Episode:
    start = _moment(random, client, 2)
    count = 2 + random.poisson(0.7)
    at = start + np.minimum(random.exponential(5 * HOUR, count), DAY)
    low = np.ones(count, dtype=bool)
    return Written.ordinary(at, low), Benign("bad_night", start, start + DAY)


def _promotion(random: Random, client: Client) -> Episode:
    """Invited reviews: at most the usual share is low."""
    start = _moment(random, client, 8)
    count = _size(random, client, Spread(12, 0.8), 4, 800)
    length = _log_uniform(random, 2 * HOUR, 4 * DAY)
    at = start + np.minimum(random.exponential(length / 2, count), 3 * length)
    low = random.random(count) < client.share * random.uniform(0.3, 1.1)
    return Written.ordinary(at, low), Benign("promo", start, start + 3 * length)


def _viral(random: Random, client: Client) -> Episode:
    """Praise, or else plain news with the usual share of low ones."""
    start = _moment(random, client, 4)
    count = _size(random, client, Spread(25, 0.9), 6, 1500)
    length = _log_uniform(random, 2 * HOUR, 1.5 * DAY)
    praise = random.random() < 0.6
    share = client.share * (random.uniform(0.1, 0.6) if praise else 1.0)
    at = start + np.minimum(random.gamma(2, length / 3, count), 4 * length)
    low = random.random(count) < share
    return Written.ordinary(at, low), Benign("viral", start, start + 4 * length)


def _size(random: Random, client: Client, spread: Spread, least: float, most: float) -> int:
    """Big clients have big waves, though less than in proportion."""
    drawn = spread.draw(random) * max(1.0, client.rate**0.8)
    return int(np.clip(drawn, least, most * max(1.0, client.rate / 5)))


def _log_uniform(random: Random, least: float, most: float) -> float:
    return float(np.exp(random.uniform(np.log(least), np.log(most))))
