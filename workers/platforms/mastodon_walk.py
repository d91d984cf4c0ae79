"""Reading a Mastodon list without a gap: the newest page always, and forward when it is not enough.

`min_id` gives the page next above an id, so that walking forward misses nothing however much came.
The newest page is compared as a whole: edits show there, and posts that other servers sent late.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workers.platforms.connector import Mode
from workers.platforms.newest import FIRST_DEPTH, likeness

FURTHEST = 20
Page = list[dict[str, Any]]
Ask = Callable[[Mapping[str, str]], Awaitable[Page]]


@dataclass
class Walk:
    """What one reading met; `whole` says that the other end of the list was reached."""

    pages: list[Page] = field(default_factory=list)
    cursor: Mapping[str, Any] = field(default_factory=dict)
    news: bool = False
    whole: bool = False


async def walk(ask: Ask, cursor: Mapping[str, Any], mode: Mode) -> Walk:
    """Read what is new since `cursor`; all of it the first time and to reconcile."""
    newest = await ask({})
    since = cursor.get("since")
    known: Mapping[str, str] = cursor.get("known", {})
    met = {str(one["id"]): _likeness(one) for one in newest}
    found = Walk([newest], cursor, news=any(known.get(name) != said for name, said in met.items()))
    reached = max(met, key=_order, default=since)
    if since is None or mode == "reconcile":
        found.whole = await _back(ask, found.pages)
    elif met and all(_order(name) > _order(since) for name in met):
        reached = await _forward(ask, found.pages, since) or reached
        found.news = found.news or len(found.pages) > 1
    found.cursor = {"since": reached, "known": met} if met else cursor
    return found


async def _back(ask: Ask, pages: list[Page]) -> bool:
    """Older and older pages; whether the last one was met."""
    while pages[-1]:
        if len(pages) >= FIRST_DEPTH:
            return False
        oldest = min((str(one["id"]) for one in pages[-1]), key=_order)
        pages.append(await ask({"max_id": oldest}))
    return True


async def _forward(ask: Ask, pages: list[Page], since: str) -> str | None:
    """Up from `since` to the newest page; where to go on next time when that is too far."""
    oldest = min((str(one["id"]) for one in pages[0]), key=_order)
    for _ in range(FURTHEST):
        page = await ask({"min_id": since})
        if not page:
            return None
        pages.append(page)
        since = max((str(one["id"]) for one in page), key=_order)
        if _order(since) >= _order(oldest):
            return None
    return since


def status_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """The post of a notification, or the post itself; empty when it is gone."""
    return dict(one.get("status") or {}) if "status" in one else dict(one)


def _likeness(one: Mapping[str, Any]) -> str:
    """Changes with the words; counts of boosts and favourites change all the time."""
    post = status_of(one)
    return likeness([post.get(name) for name in ("content", "spoiler_text", "edited_at")])


def _order(name: str) -> tuple[int, str]:
    """Ids are numbers or sortable texts, by server; both sort by length first."""
    return len(name), name
