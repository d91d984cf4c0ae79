"""Yelp’s public counter and, where the plan shows them, the beginnings of up to three reviews.

Yelp lets words be kept for a day, and gives 300 requests a day: the reviews are asked for only
when the counter has moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from api.items.checks import moment
from api.items.item import SourceTrouble
from workers.platforms import counted, excerpts, yelp_errors
from workers.platforms.calls import Calls, Reply
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import given, needed

__all__ = ["check", "fetch", "judge", "read"]

BUSINESSES = "https://api.yelp.com/v3/businesses"
# Yelp writes its times without a zone, by the clock of its own city.
YELPS_CLOCK = ZoneInfo("America/Los_Angeles")
PROBED_EVERY = timedelta(days=7)
NO_WORDS = {"excerpts": "Your plan at Yelp shows no reviews, only how many and their average."}
CALLS_A_READING = 2
judge = yelp_errors.judge
read = excerpts.read


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The counter, and the reviews that are shown when it moved."""
    told = await _business(calls, place)
    count, mean = counted.whole(told.object.get("review_count")), _mean(told)
    if count is None or (count and mean is None):
        raise SourceTrouble("bad_content", "Yelp’s counter cannot be read.")
    before = place.cursor.get("counter") or {}
    step = excerpts.step_of(before.get("mean"), mean)
    counter = counted.fetched(place, count, mean, step)
    pause = _pause(told, place.now)
    if counter.body is None:
        return replace(counter, not_before=pause)
    shown, probe = await _shown(calls, place)
    probed = NO_WORDS if probe["probe_at"] else {}
    new = [
        float(one["stars"])
        for one in shown
        if one["stars"] and excerpts.is_new(place, one["external_id"], moment(one["created_at"]))
    ]
    names = [one["external_id"] for one in shown]
    both = excerpts.combined(place, counter, shown, names=names, new_stars=new)
    return replace(
        both, cursor=dict(both.cursor) | probe, not_before=pause,
        probed=dict(probed) if probed != place.probed else None,
    )  # fmt: skip


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the key opens the business; there is nothing to take down."""
    await _business(calls, place)
    return Checked()


async def _business(calls: Calls, place: Place) -> Reply:
    return await calls.get(_url(place), headers=_signed(place))


async def _shown(calls: Calls, place: Place) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The reviews as items, and when to ask for them again where the plan has none."""
    again = moment(place.cursor.get("probe_at"))
    if again and again > place.now:
        return [], {"probe_at": again.isoformat()}
    try:
        told = await calls.get(f"{_url(place)}/reviews", headers=_signed(place))
    except SourceTrouble as trouble:
        if trouble.health not in ("permission", "unavailable_capability", "gone"):
            raise
        return [], {"probe_at": (place.now + PROBED_EVERY).isoformat()}
    listed = told.object.get("reviews") or []
    return [_plain(one, place.now) for one in listed], {"probe_at": None}


def _plain(one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    person = one.get("user") or {}
    at = _at(one.get("time_created"), now)
    return {
        "external_id": str(one["id"]),
        "stars": one.get("rating"),
        "text": one.get("text"),
        "author": person.get("name"),
        "author_id": person.get("id"),
        "url": one.get("url"),
        "created_at": at and at.isoformat(),
    }


def _at(written: object, now: datetime) -> datetime | None:
    try:
        local = datetime.strptime(str(written), "%Y-%m-%d %H:%M:%S").replace(tzinfo=YELPS_CLOCK)
    except ValueError:
        return None
    return min(local.astimezone(UTC), now)


def _mean(told: Reply) -> float | None:
    return counted.average(told.object.get("rating"))


def _pause(told: Reply, now: datetime) -> datetime | None:
    """What is left of the day’s requests is spread over what is left of the day."""
    left = counted.whole(told.headers.get("ratelimit-remaining"))
    back = moment(told.headers.get("ratelimit-resettime"))
    if left is None or back is None or back <= now:
        return None
    readings: Sequence[int] = range(0, left, CALLS_A_READING)
    return now + (back - now) / max(len(readings), 1)


def _url(place: Place) -> str:
    name = needed(given(place, "business_id"), "The name of the business at Yelp")
    return f"{BUSINESSES}/{quote(unquote(name), safe='')}"


def _signed(place: Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {needed(given(place, 'key'), 'The API key')}"}
