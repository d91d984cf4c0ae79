"""Makes series of reviews for the tests of the rules."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from random import Random

from workers.rules.baseline import DAY, WEEK, Baseline
from workers.rules.findings import Finding
from workers.rules.reviews import Seen, weight_of
from workers.rules.watch import Wish, fold

NIGHT = datetime(2026, 3, 14, 2, 10, tzinfo=UTC).timestamp()
"""The moment the tests call now."""

MINUTE = 60.0


def seen(
    minutes_ago: float,
    stars: float | None = 1,
    *,
    late: float = 0.0,
    history: bool = False,
    negative: float | None = None,
) -> Seen:
    """Written so long before NIGHT, met `late` minutes after that."""
    at = NIGHT - minutes_ago * MINUTE
    return Seen(at, at + late * MINUTE, weight_of(stars, negative), history=history)


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


def wakes(reviews: list[Seen], *, per_year: float = 0.1, zone: tzinfo = UTC) -> list[Finding]:
    """The wake-ups that a new watch over these reviews asks for."""
    _, found = fold(reviews, Wish(notice=10 * per_year, wake=per_year), zone)
    return [finding for finding in found if finding.kind == "wake"]


def learned(reviews: list[Seen], until: float = NIGHT) -> Baseline:
    """What is usual after this past, as of `until`."""
    watch, _ = fold(reviews, Wish())
    watch.usual.pass_time(until)
    return watch.usual


def settled(per_day: float, low_share: float, at: float = NIGHT) -> Baseline:
    """What is usual after very long at these rates, with nothing lately."""
    usual = Baseline(prior_per_day=per_day, prior_share=low_share)
    usual.pass_time(at - 400 * WEEK)
    usual.pass_time(at)
    usual.reviews = usual.exposure * per_day
    usual.low = usual.reviews * low_share
    return usual


def arrivals(chance: Random, per_day: float, days: float) -> Iterator[float]:
    """Moments of a Poisson process, in seconds from its beginning."""
    at = chance.expovariate(per_day) * DAY
    while at < days * DAY:
        yield at
        at += chance.expovariate(per_day) * DAY
