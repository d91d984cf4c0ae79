"""Makes series of reviews for the tests of the rules."""

from datetime import UTC, datetime, timedelta

from workers.rules.baseline import Seen

NIGHT = datetime(2026, 3, 14, 2, 10, tzinfo=UTC)
"""The moment the tests call now."""


def seen(
    minutes_ago: float,
    stars: float | None = 1,
    *,
    late: timedelta = timedelta(0),
    history: bool = False,
    negative: bool | None = None,
) -> Seen:
    at = NIGHT - timedelta(minutes=minutes_ago)
    return Seen(at, stars, at + late, history, negative)


def burst(count: int, minutes: float, stars: float | None = 1) -> list[Seen]:
    """`count` reviews spread evenly over the last `minutes`, the newest right now."""
    step = minutes / max(1, count - 1)
    return [seen(step * place, stars) for place in reversed(range(count))]


def habit(
    per_week: float, *, weeks: int = 40, every_low: int = 8, days_ago: float = 4
) -> list[Seen]:
    """A steady past that ended `days_ago`: every `every_low`-th review has one star."""
    count = round(per_week * weeks)
    step = weeks * 7 * 24 * 60 / count
    ages = (days_ago * 24 * 60 + step * place for place in reversed(range(count)))
    return [seen(age, _stars(place, every_low), history=True) for place, age in enumerate(ages)]


def _stars(place: int, every_low: int) -> int:
    return 1 if every_low and place % every_low == every_low // 2 else 5
