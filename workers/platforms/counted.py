"""What a counter proves of reviews that nobody may read: how many are new, and how bad they are.

A place shows how many reviews it has and their mean, rounded to a step. From two readings follows
the range that the mean of the new ones must lie in. All of it is arithmetic, CPU only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from api.items.item import Read
from workers.platforms.connector import Fetched, Place
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages

LOW = Fraction(5, 2)
LEAST, MOST = Fraction(1), Fraction(5)
# More at once is a merger of two places or a broken page.
MOST_NEW = 500
# Servers that disagree show a lower counter for a while: so often and so long it has to be seen.
TIMES, LASTS = 3, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Counter:
    """So many reviews with this mean; the mean is None where none is shown.

    `ever` is how many were met in all: it never falls, so what is new has a number of its own
    even when the platform removes reviews and as many come again. 0 stands for `count`.
    """

    count: int
    mean: float | None
    ever: int = 0


def implied(before: Counter, after: Counter, step: float) -> tuple[Fraction, Fraction] | None:
    """The lowest and highest mean that the new reviews can have; None when it cannot be told.

    `step` is what the platform rounds the mean to, 0.1 for 4.6. Removals at the same time are not
    known of; where they show, because no mean from 1 to 5 fits, nothing can be told either.
    """
    new = after.count - before.count
    if new < 1 or after.mean is None or (before.mean is None and before.count):
        return None
    half = _exact(step) / 2
    then, now = _exact(before.mean or 0), _exact(after.mean)
    lowest = (after.count * (now - half) - before.count * (then + half)) / new
    highest = (after.count * (now + half) - before.count * (then - half)) / new
    lowest, highest = max(lowest, LEAST), min(highest, MOST)
    return (lowest, highest) if lowest <= highest else None


def told(before: Counter, after: Counter, step: float, at: datetime) -> Iterator[dict[str, Any]]:
    """Items for what is proven: each new review that must be low, else one mention, else nothing.

    Low means that the whole range is at most 2.5; its middle, as whole stars, is what they get.
    The mention comes only when the mean fell. `at` is aware UTC, the moment of the second reading.
    """
    new = after.count - before.count
    between = implied(before, after, step) if new <= MOST_NEW else None
    met = after.ever or after.count
    if between and between[1] <= LOW:
        stars = round((between[0] + between[1]) / 2)
        for number in range(new):
            yield {
                "external_id": f"count:{met}:{number}",
                "stars": stars,
                "created_at": at.isoformat(),
            }
    elif before.mean is not None and after.mean is not None and after.mean < before.mean:
        yield {
            "external_id": f"count:{met}:fell:{after.mean}",
            "text": _sentence(new, before.mean, after.mean),
            "kind": "mention",
            "created_at": at.isoformat(),
        }


def fetched(place: Place, count: int, mean: float | None, step: float) -> Fetched:
    """The reading of a counter: its cursor, and a body when something moved.

    The first reading is the base and tells nothing. A counter that falls is far more often a fault
    of the page than the truth: the last one stays the base until lower ones were seen three times
    in a row, over an hour. One that falls to nothing is never believed.
    """
    known = dict(place.cursor.get("counter") or {})
    fall = known.pop("fall", None)
    before = Counter(**known) if known else None
    if before and before.count and not count:
        return Fetched(None, "", place.cursor)
    after, low = _base(before, Counter(count, mean), fall, place.now)
    kept = asdict(after) | ({"fall": low} if low else {})
    cursor = dict(place.cursor) | {"counter": kept}
    page = {"before": known or None, "after": asdict(after), "step": step}
    pages = [] if after == before else [page | {"at": place.now.isoformat()}]
    last = fall["last"] if fall else [known.get("count"), known.get("mean")]
    if not pages and last == [count, mean]:
        return Fetched(None, "", cursor)
    shown = {"count": float(count)} | ({} if mean is None else {"mean": mean})
    return Fetched(as_body(pages, counters=shown), CONTENT_TYPE, cursor)


def read(body: bytes, _: str, now: datetime) -> Read:
    """The items of what `fetched` kept, the same however often it is read."""
    return read_pages(body, now, items)


def items(page: Any) -> Iterator[dict[str, Any]]:
    """The items of one kept page, for connectors that keep others beside it."""
    if page["before"] is not None:
        at = datetime.fromisoformat(page["at"])
        yield from told(Counter(**page["before"]), Counter(**page["after"]), page["step"], at)


def whole(value: object) -> int | None:
    """A count as vendors write it, as a number or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def average(value: object) -> float | None:
    """A mean from 1 to 5; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 1 <= number <= 5 else None


def _base(
    before: Counter | None, shown: Counter, fall: Mapping[str, Any] | None, now: datetime
) -> tuple[Counter, dict[str, Any] | None]:
    """The counter that is believed from now on, and the fall that is not believed yet."""
    if before is None:
        return replace(shown, ever=shown.count), None
    if shown.count >= before.count:
        return replace(shown, ever=before.ever + shown.count - before.count), None
    low = _longer(fall, shown, now)
    if low["times"] < TIMES or now - datetime.fromisoformat(low["since"]) < LASTS:
        return before, low
    return Counter(low["count"], low["mean"], before.ever), None


def _longer(fall: Mapping[str, Any] | None, shown: Counter, now: datetime) -> dict[str, Any]:
    """One more reading below the base. The highest of them counts: what is above it is new."""
    so_far = fall or {"count": 0, "times": 0, "since": now.isoformat()}
    highest = {"count": shown.count, "mean": shown.mean} if shown.count >= so_far["count"] else {}
    last = [shown.count, shown.mean]
    return {**so_far, **highest, "times": so_far["times"] + 1, "last": last}


def _exact(number: float) -> Fraction:
    """4.6 as it is written: in binary it is a little more, and a bound is a bound."""
    return Fraction(str(number))


def _sentence(new: int, before: float, after: float) -> str:
    came = "No new reviews" if new < 1 else "1 new review" if new == 1 else f"{new} new reviews"
    return f"{came}; the rating went from {before} to {after}."


__all__ = [
    "Counter", "average", "fetched", "implied", "items", "read", "told", "whole",
]  # fmt: skip
