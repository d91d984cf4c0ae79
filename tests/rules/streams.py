"""Makes streams of reviews for the tests of the watch, in seconds around one night."""

from dataclasses import replace
from datetime import UTC, datetime

from workers.rules.baseline import DAY, WEEK
from workers.rules.reviews import Seen

MINUTE = 60.0
NIGHT = datetime(2026, 3, 14, 2, 10, tzinfo=UTC).timestamp()
"""The moment at which the attacks of these tests begin."""


def seen(written, weight=1.0, *, met=None, source=0, history=False) -> Seen:
    """A review, in seconds after NIGHT."""
    met = written if met is None else met
    return Seen(NIGHT + written, NIGHT + met, weight, source, history)


def burst(times, every=12 * MINUTE, *, begin=0.0, weight=1.0, source=0) -> list[Seen]:
    return [seen(begin + every * place, weight, source=source) for place in range(times)]


def met_at(reviews, at) -> list[Seen]:
    """The same reviews, met all at once at a later moment."""
    return [replace(review, seen_at=NIGHT + at) for review in reviews]


def habit(per_week, *, weeks=30, low_in=8, until=-3 * DAY, source=0) -> list[Seen]:
    """A past as it happened, evenly; every `low_in`-th review is low."""
    step = WEEK / per_week
    times = range(round(per_week * weeks))
    return [
        seen(until - step * place, float(place % low_in == low_in // 2), source=source)
        for place in reversed(times)
    ]


QUIET_PLACE = habit(2)
