"""Says counts, spans and rates in short plain words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEKS_PER_MONTH: Final = 52.18 / 12


def sentence(stars: Mapping[int, int], total: int, span: timedelta, per_week: float) -> str:
    """The one sentence of a burst: how many, how fast, what is usual, how low.

    "4 reviews in 50 minutes; this place usually gets 2 a week; 4 of 4 are one star."
    """
    reviews = counted(total, "review")
    usually = f"this place usually gets {rate(per_week)}"
    return f"{reviews} in {spell(span)}; {usually}; {low_part(stars, total)}."


def low_part(stars: Mapping[int, int], total: int) -> str:
    """How many of `total` are low: by stars, or without stars if most of the low ones have none."""
    one, two = stars.get(1, 0), stars.get(2, 0)
    bare = max(0, total - sum(stars.values()))
    if bare > one + two:
        return f"{bare} of {total} {_are(bare)} without stars"
    if two and one:
        return f"{one + two} of {total} are one or two stars"
    return f"{one + two} of {total} {_are(one + two)} {'two stars' if two else 'one star'}"


def spell(span: timedelta) -> str:
    """A span as people say it: "50 minutes", "3 hours", "2 days"; never less than a minute."""
    minutes = round(span / MINUTE)
    if minutes < 90:
        return counted(max(1, _rounded(minutes)), "minute")
    hours = round(span / HOUR)
    if hours < 36:
        return counted(hours, "hour")
    return counted(round(span / DAY), "day")


def rate(per_week: float) -> str:
    """A usual rate as people say it: "2 a week", "about 1 a month", "about 30 a day"."""
    if per_week >= 70:
        return f"about {round(per_week / 7)} a day"
    if per_week >= 0.75:
        return f"{round(per_week)} a week"
    per_month = round(per_week * WEEKS_PER_MONTH)
    return f"about {per_month} a month" if per_month else "less than 1 a month"


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 minute", "2 minutes"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _rounded(minutes: int) -> int:
    return minutes if minutes < 20 else 5 * round(minutes / 5)
