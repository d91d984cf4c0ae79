"""What the engine says about one client, in numbers and in one sentence."""

from datetime import timedelta
from typing import Final, NamedTuple

from workers.rules.growth import Doubling
from workers.rules.words import counted, rate, spell


class Numbers(NamedTuple):
    """What convinced it. Times are unix seconds UTC; counts of low reviews may hold halves.

    `usual_low` is what this place shows in as long a time; `chance_per_year` is how often so much
    is seen by chance; `again` is true for a second wave.
    """

    low: float
    total: int
    since: float
    until: float
    usual_per_week: float
    usual_low: float
    usual_share: float
    chance_per_year: float | None = None
    sources: int | None = None
    doubling: Doubling | None = None
    again: bool = False


class Finding(NamedTuple):
    """A notice, a wake, slowing or over; `at` is when it became known, `key` by which review."""

    kind: str
    at: float
    key: int
    reason: str
    numbers: Numbers


def burst_in_words(numbers: Numbers) -> str:
    """For example: "4 of 4 reviews low in 50 minutes; this place usually gets 2 a week."."""
    wave = "Second wave: " if numbers.again else ""
    share = f"{_plain(numbers.low)} of {counted(numbers.total, 'review')} low"
    span = spell(timedelta(seconds=numbers.until - numbers.since))
    sources = f" on {numbers.sources} sources" if (numbers.sources or 0) > 1 else ""
    usually = f"this place usually gets {rate(numbers.usual_per_week)}"
    by_chance = _odds(numbers.chance_per_year or 0)
    return f"{wave}{share} in {span}{sources}; {usually}; by chance {by_chance}."


def slowing_in_words(numbers: Numbers) -> str:
    return f"Slowing: {_plain(numbers.low)} low reviews so far; the rate fell to a quarter."


def over_in_words(numbers: Numbers) -> str:
    span = spell(timedelta(seconds=numbers.until - numbers.since))
    return f"Over: {_plain(numbers.low)} low reviews in {span}, and quiet since."


IN_WORDS: Final = {
    "wake": burst_in_words,
    "slowing": slowing_in_words,
    "over": over_in_words,
}


def _plain(count: float) -> str:
    return f"{round(count)}"


def _odds(per_year: float) -> str:
    if per_year > 1:
        return f"{round(per_year)} times a year"
    return f"once in {counted(round(min(1000.0, 1 / max(1e-9, per_year))), 'year')}"
