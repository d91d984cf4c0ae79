"""What one review costs the engine, and how small the state is that it leaves."""

import random
from collections.abc import Iterator

from tests.bench.figures import Figure, Limit, Size, measured
from workers.rules.reviews import Seen
from workers.rules.stored import pack
from workers.rules.watch import Wish, fold

NOW = 1_778_547_600.0
DAY = 86_400.0


def figures(size: Size) -> Iterator[Figure]:
    for count in (50, 500, 3000):
        reviews = _reviews(count)
        with measured() as watch:
            for _ in range(size.judgements):
                fold(reviews, Wish())
        with measured() as bare:
            for _ in range(size.judgements):
                sorted(reviews, key=lambda review: (review.at, review.weight))
        limit = Limit("sorting the same reviews", _each(bare.seconds, size, count), "µs")
        took = _each(watch.seconds, size, count)
        yield Figure(f"one of {count} reviews through the engine", took, "µs", limit)
        most = Limit("the most that is allowed", 2048, "bytes")
        yield Figure(
            f"the state after {count} reviews", len(pack(fold(reviews, Wish())[0])), "bytes", most
        )


def _each(seconds: float, size: Size, count: int) -> float:
    return round(seconds / size.judgements / count * 1_000_000, 2)


def _reviews(count: int) -> list[Seen]:
    """A year of a place, and three low reviews in the last half hour."""
    dice = random.Random(3)
    times = sorted(NOW - dice.uniform(1, 390) * DAY for _ in range(count - 3))
    past = [Seen(at, at, dice.choice((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))) for at in times]
    fresh = [NOW - 60.0 * minutes for minutes in (25, 12, 1)]
    return [*past, *(Seen(at, at, 1.0) for at in fresh)]
