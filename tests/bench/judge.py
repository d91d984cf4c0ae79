"""How long one judgement takes, by the number of reviews of a place."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.bench.figures import Figure, Limit, Size, measured
from workers.rules.baseline import Seen
from workers.rules.spike import judge

NOW = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)


def figures(size: Size) -> Iterator[Figure]:
    for count in (50, 500, 3000):
        reviews = _reviews(count)
        with measured() as watch:
            for _ in range(size.judgements):
                judge(reviews, NOW)
        with measured() as bare:
            for _ in range(size.judgements):
                sorted(reviews, key=lambda review: (review.at, review.low))
        limit = Limit("sorting the same reviews", _each(bare.seconds, size), "µs")
        name = f"one judgement of {count} reviews and a burst"
        yield Figure(name, _each(watch.seconds, size), "µs", limit)


def _each(seconds: float, size: Size) -> float:
    return round(seconds / size.judgements * 1_000_000, 1)


def _reviews(count: int) -> list[Seen]:
    """A year of a place, and three low reviews in the last half hour."""
    dice = random.Random(3)
    at = sorted(NOW - timedelta(days=dice.uniform(1, 390)) for _ in range(count - 3))
    past = [Seen(one, dice.choice((5, 5, 5, 4, 4, 3, 2, 1)), one) for one in at]
    fresh = [NOW - timedelta(minutes=minutes) for minutes in (25, 12, 1)]
    return [*past, *(Seen(one, 1, one) for one in fresh)]
