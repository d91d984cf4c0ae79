"""A counter together with the few reviews that a platform shows: none of them is counted twice.

The counter proves that so many came; those of them that are shown are items of their own, and the
proof is about the rest.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.items.checks import moment
from api.items.item import Read
from workers.platforms import counted
from workers.platforms.connector import Fetched, Place
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages

# A review may stand there a while before it is shown, and some clocks have no zone.
SLACK = timedelta(days=2)
REMEMBERED = 100
HALVES, TENTHS = 0.5, 0.1


def step_of(*means: float | None) -> float:
    """What a platform rounds to that shows halves in some places and tenths in others."""
    shown = [mean for mean in means if mean is not None]
    return HALVES if all((mean * 2).is_integer() for mean in shown) else TENTHS


def is_new(place: Place, name: str, at: datetime | None) -> bool:
    """Whether it came since the last reading; what an older one made room for did not."""
    known, last = place.cursor.get("known"), moment(place.cursor.get("read_at"))
    if known is None or last is None or name in known:
        return False
    return at is None or at >= last - SLACK


def combined(
    place: Place,
    counter: Fetched,
    shown: Sequence[Mapping[str, Any]],
    *,
    names: Sequence[str],
    new_stars: Sequence[float],
) -> Fetched:
    """The reading of both: `shown` become items, `new_stars` are those of them that are new.

    `names` are the ids of all that stand there now, remembered for the next reading.
    """
    known = list(dict.fromkeys([*names, *place.cursor.get("known", ())]))[:REMEMBERED]
    cursor = dict(counter.cursor) | {"known": known, "read_at": place.now.isoformat()}
    if counter.body is None and not shown:
        return replace(counter, cursor=cursor)
    kept = {"pages": [], "counters": None} if counter.body is None else json.loads(counter.body)
    pages = [_without(page, new_stars) for page in kept["pages"]]
    body = as_body([*pages, {"reviews": list(shown)}], counters=kept["counters"])
    return Fetched(body, CONTENT_TYPE, cursor)


def read(body: bytes, _: str, now: datetime) -> Read:
    """The items of both. CPU only."""
    return read_pages(body, now, _items)


def _items(page: Any) -> Iterator[dict[str, Any]]:
    if "reviews" in page:
        yield from page["reviews"]
        return
    for one in counted.items(page):
        # Where the new ones are seen themselves, nobody has to be told that the mean fell.
        if "stars" in one or not page.get("seen"):
            yield one


def _without(page: dict[str, Any], stars: Sequence[float]) -> dict[str, Any]:
    """The same counter, as if those had been there before."""
    before = page["before"]
    if not stars or before is None:
        return page
    count = before["count"] + len(stars)
    total = (before["mean"] or 0) * before["count"] + sum(stars)
    return page | {"seen": True, "before": before | {"count": count, "mean": total / count}}
