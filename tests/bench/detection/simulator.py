"""Makes the stream of one simulated client from a seed, with the truth about it.

Its knobs were set from real quiet streams: against the same reviews put on other days, pairs of low
ones come within an hour 1.5 to 3 times as often, within six hours 1.3 to 1.8 times, within a day
1.1 to 1.4 times. Bad evenings, promotions and news come on top, which makes it harsher than they.
"""

import numpy as np

from tests.bench.detection.simulator_attacks import ATTACKS, attacked
from tests.bench.detection.simulator_delivery import delivered
from tests.bench.detection.simulator_life import episodes, flow
from tests.bench.detection.simulator_world import BEGIN, STRESS, WORLD, World, Written, some_client
from tests.bench.detection.streams import Stream, warm_up

__all__ = ["ATTACKS", "STRESS", "WORLD", "World", "client"]


def client(
    seed: int,
    *,
    size: str = "tiny",
    kind: str = "review",
    days: int = 365,
    attack: str | None = None,
    world: World = WORLD,
    rate: float | None = None,
) -> Stream:
    """The same in every run; `days` are 10 at least, `attack` is one of `ATTACKS`.

    `rate` is reviews a day, instead of one drawn for the size.
    """
    random = np.random.default_rng(seed)
    of = some_client(random, size=size, kind=kind, days=days, rate=rate)
    ordinary, benign = flow(random, of, world)
    waves = list(episodes(random, of, world))
    attacks = [attacked(random, of, attack)] if attack else []
    parts = [ordinary, *(part for part, _ in waves), *(part for part, _ in attacks)]
    reviews, mishaps = delivered(random, of, world, Written.all(parts).before(of.end))
    return Stream(
        name=f"{size} {kind} {seed}",
        zone_hours=of.zone_hours,
        reviews=reviews,
        attacks=tuple(truth for _, truth in attacks),
        benign=(*benign, *(episode for _, episode in waves), *mishaps),
        start=BEGIN,
        end=of.end,
        warm=warm_up(of.end - BEGIN),
    )
