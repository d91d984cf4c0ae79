"""Tripadvisor’s counter, and which of the five newest reviews are low: no words, no names.

Its terms let nothing be kept but the id of the place. What is kept is ours: how many there are, a
hash of each id that was met, and that a low one came, with its stars, when it was first seen.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from api.items.checks import moment
from api.items.item import SourceTrouble
from workers.platforms import counted, excerpts, tripadvisor_errors
from workers.platforms.calls import Calls, Reply
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import given, needed

__all__ = ["check", "fetch", "judge", "read"]

LOCATIONS = "https://api.content.tripadvisor.com/api/v1/location"
LOW = 2
judge = tripadvisor_errors.judge
read = excerpts.read


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The counter, and the newest reviews when it moved."""
    told = (await _asked(calls, place, "details")).object
    count, mean = counted.whole(told.get("num_reviews", 0)), counted.average(told.get("rating"))
    if "location_id" not in told or count is None or (count and mean is None):
        raise SourceTrouble("bad_content", "Tripadvisor’s counter cannot be read.")
    before = place.cursor.get("counter") or {}
    step = excerpts.step_of(before.get("mean"), mean)
    counter = counted.fetched(place, count, mean, step)
    if counter.body is None:
        return counter
    listed = (await _asked(calls, place, "reviews")).object.get("data") or []
    named = [(_hashed(place, one), one) for one in listed]
    new = [(name, _stars(one)) for name, one in named if _is_new(place, name, one)]
    shown = [_item(place, name, stars) for name, stars in new if stars and stars <= LOW]
    return excerpts.combined(
        place, counter, shown,
        names=[name for name, _ in named], new_stars=[stars for _, stars in new if stars],
    )  # fmt: skip


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the key opens the place; there is nothing to take down."""
    await _asked(calls, place, "details")
    return Checked()


async def _asked(calls: Calls, place: Place, what: str) -> Reply:
    """The key stands in the address, as the vendor has no other way: the address is told nobody."""
    where = needed(given(place, "location_id"), "The id of the place at Tripadvisor")
    params = {
        "key": needed(given(place, "key"), "The API key"),
        "language": given(place, "language") or "en",
    }
    return await calls.get(f"{LOCATIONS}/{quote(where, safe='')}/{what}", params=params)


def _hashed(place: Place, one: Mapping[str, Any]) -> str:
    said = f"tripadvisor|{given(place, 'location_id')}|{one['id']}"
    return f"hash:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _is_new(place: Place, name: str, one: Mapping[str, Any]) -> bool:
    published: datetime | None = moment(one.get("published_date"))
    return excerpts.is_new(place, name, published)


def _stars(one: Mapping[str, Any]) -> float | None:
    return counted.average(one.get("rating"))


def _item(place: Place, name: str, stars: float) -> dict[str, Any]:
    return {"external_id": name, "stars": stars, "created_at": place.now.isoformat()}
