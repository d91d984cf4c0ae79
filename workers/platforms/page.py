"""The rating that a public page tells machines (schema.org in JSON-LD): a counter and some reviews.

For the client's own site and for shops that allow it. Platforms whose terms forbid it are refused.
"""

import asyncio
import re
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from api.items.item import Health, Read, SourceTrouble
from workers.platforms import counted, excerpts
from workers.platforms.calls import Answer, Calls, outside, retry_at, status_trouble
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.page_markup import Rated, rated_in

__all__ = ["check", "fetch", "judge", "read"]

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
_FORBIDDEN = re.compile(
    r"(?:.+\.)?(yelp|tripadvisor|trustpilot|google|facebook|instagram)\.[a-z.]{2,6}"
)
_REFUSALS: dict[int, tuple[Health, str, bool]] = {
    401: ("auth_expired", "The page asks for a password. Use an address without one.", True),
    403: ("permission", "The website does not let us read this page.", False),
    404: ("gone", "There is no page at this address (404). Check the address.", False),
    410: ("gone", "The page was removed for good (410). Enter its new address.", True),
    429: ("rate_limited", "The website asks us to come less often.", False),
}
judge = status_trouble


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The counter of the page, and the reviews that stand in its data."""
    answer = await _page(calls, place)
    rated = await asyncio.to_thread(rated_in, answer.body, place.now)
    if rated is None:
        words = "The page tells machines no rating. Ask whoever built it for schema.org data."
        raise SourceTrouble("bad_content", words)
    counter = _counter(place, rated)
    names = [str(one["external_id"]) for one in rated.reviews]
    unmet = set(names) - set(place.cursor.get("known", ()))
    if counter.body is None and not unmet:
        return Fetched(None, "", counter.cursor, answer.moved_to)
    new = [
        float(one["stars"])
        for one in rated.reviews
        if one["stars"] and excerpts.is_new(place, str(one["external_id"]), _at(one))
    ]
    both = excerpts.combined(place, counter, rated.reviews, names=names, new_stars=new)
    return Fetched(both.body, both.content_type, both.cursor, answer.moved_to)


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """The items of the page. CPU only."""
    return excerpts.read(body, content_type, now)


async def check(_: Calls, __: Place) -> Checked:
    """Every reading is the check; there is nothing to take down."""
    return Checked()


def _counter(place: Place, rated: Rated) -> Fetched:
    """A page may show more decimals today than yesterday: the coarser step is the true one."""
    if rated.count is None:
        return Fetched(None, "", dict(place.cursor))
    step = max(rated.step, float(place.cursor.get("step", 0)))
    counter = counted.fetched(place, rated.count, rated.mean, step)
    return Fetched(counter.body, counter.content_type, dict(counter.cursor) | {"step": rated.step})


def _at(one: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(one["created_at"]) if one["created_at"] else None


async def _page(calls: Calls, place: Place) -> Answer:
    _may_be_read(place.url)
    try:
        answer = await calls.page(place.url, headers={"Accept": ACCEPT})
    except (ValueError, OSError) as error:
        raise outside(error) from error
    _may_be_read(answer.final_url)
    if not 200 <= answer.status < 300:
        _refuse(answer, place.now)
    return answer


def _may_be_read(url: str) -> None:
    found = _FORBIDDEN.fullmatch((urlsplit(url).hostname or "").lower())
    if found:
        words = f"{found[1].title()} forbids programs to read its pages. Connect it by its name."
        raise SourceTrouble("policy_blocked", words, permanent=True)


def _refuse(answer: Answer, now: datetime) -> NoReturn:
    at = retry_at(answer.headers.get("retry-after"), now)
    fallback: tuple[Health, str, bool] = (
        "transient", f"The website answered {answer.status}.", False,
    )  # fmt: skip
    health, words, permanent = _REFUSALS.get(answer.status, fallback)
    raise SourceTrouble(health, words, retry_at=at, permanent=permanent)
