"""Simulated attacks: doubling waves, steps and drips, some with a wave of supporters against them.

An attack is over when its rate has fallen under the client's usual rate of low reviews, or under
one in twelve hours where that is higher.
"""

from typing import Final, NamedTuple

import numpy as np

from tests.bench.detection.simulator_world import (
    BEGIN,
    Client,
    Floats,
    Random,
    Spread,
    Written,
)
from tests.bench.detection.streams import DAY, HOUR, MINUTE, Attack

ATTACKS: Final = (
    "exp10",
    "exp30",
    "exp60",
    "exp180",
    "exp360",
    "exp720",
    "step1",
    "step3",
    "step10",
    "step30",
    "drip3",
    "drip8",
)
"""Minutes in which it doubles, reviews an hour, reviews a day: times the low reviews an hour that
are usual there, where these are more than one."""

COUNTER_WAVES: Final = 0.2
FEWEST_PER_HOUR: Final = 1 / 12
AFTERMATH: Final = 6 * HOUR


class Wave(NamedTuple):
    """When its reviews come and when it is over, in seconds from its start."""

    offsets: Floats
    end: float


def attacked(random: Random, client: Client, kind: str) -> tuple[Written, Attack]:
    """An attack that starts at a waking hour in the second half of the time."""
    start = BEGIN + random.uniform(0.45, 0.9) * client.days * DAY
    while not client.awake(start):
        start += HOUR
    wave = _from_first(random, _wave(random, client, kind))
    low = random.random(len(wave.offsets)) < random.uniform(0.88, 1.0)
    attacking = Written(start + wave.offsets, low, np.ones(len(low), dtype=bool))
    attacking = attacking.before(client.end)
    truth = Attack(kind, float(attacking.at[0]), float(start + wave.end), int(attacking.low.sum()))
    return Written.all([attacking, _supporters(random, start, wave)]), truth


def _wave(random: Random, client: Client, kind: str) -> Wave:
    scale = max(1.0, client.low_per_hour)
    size = float(kind.lstrip("expstdri"))
    if kind.startswith("exp"):
        return _doubling(random, client, size * MINUTE, scale)
    if kind.startswith("step"):
        return _even(random, size * scale / HOUR, random.uniform(3, 24) * HOUR)
    return _even(random, size * scale / DAY, random.uniform(7, 30) * DAY)


def _even(random: Random, per_second: float, length: float) -> Wave:
    return Wave(random.random(random.poisson(per_second * length)) * length, length)


def _doubling(random: Random, client: Client, doubling: float, scale: float) -> Wave:
    """It doubles until some 10 to 2,000 reviews have come, then halves each 2 to 6 doublings.

    With a rate of r 2^(t/d), the count until t is r d (2^(t/d) - 1) / ln 2.
    """
    first = random.uniform(0.4, 1.2) / doubling * scale**0.8
    most = float(np.clip(Spread(60, 0.9).draw(random), 10, 2000)) * scale**0.9
    rising = random.uniform(0.25, 1) * most
    growth = 1 + rising * np.log(2) / (first * doubling)
    peak = first * growth
    peak_at = doubling * np.log2(growth)
    half = random.uniform(2, 6) * doubling
    up = doubling * np.log2(1 + random.random(random.poisson(rising)) * (growth - 1))
    mean = half / np.log(2)
    down = peak_at + random.exponential(mean, random.poisson(peak * mean))
    floor = max(client.low_per_hour, FEWEST_PER_HOUR) / HOUR
    end = float(peak_at + half * max(0.0, np.log2(peak / floor)))
    offsets = np.concatenate([up, down])
    return Wave(offsets[offsets <= end + AFTERMATH], end)


def _from_first(random: Random, wave: Wave) -> Wave:
    """The first review is the start; there is one at least."""
    offsets = np.sort(wave.offsets) if len(wave.offsets) else np.zeros(1)
    waited = float(offsets[0])
    end = wave.end - waited
    if len(offsets) < 4:
        end = max(end, float(offsets[-1]) - waited)
    return Wave(offsets - waited + random.uniform(0, MINUTE), end)


def _supporters(random: Random, start: float, wave: Wave) -> Written:
    count = 0
    if random.random() < COUNTER_WAVES:
        count = random.poisson(len(wave.offsets) * random.uniform(0.2, 0.8))
    at = start + random.uniform(0.3, 1.5, count) * max(wave.end, HOUR)
    return Written.ordinary(at, np.zeros(count, dtype=bool))
