"""Reddit without its approval: the public feeds of a subreddit, a thread or a search.

Reddit slows servers down hard. So one request is under way at a time, a pause that one source is
told holds for all of them, and the name that is sent says who asks.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from api.items.item import SourceTrouble
from workers.platforms import feed
from workers.platforms.calls import Answer, Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import given

HOME = "https://www.reddit.com"
NAME = "server:nightdesk:1 (self-hosted watch over reviews)"
PAUSE = timedelta(minutes=15)
judge = feed.judge
read = feed.read


@dataclass
class _Line:
    """Who asks when: one at a time in one event loop, nobody before `not_before`."""

    turns: dict[int, asyncio.Lock] = field(default_factory=dict)
    not_before: datetime | None = None

    def turn(self) -> asyncio.Lock:
        loop = id(asyncio.get_running_loop())
        if loop not in self.turns:
            self.turns = {loop: asyncio.Lock()}
        return self.turns[loop]


_line = _Line()


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The feed, if it changed; rate_limited without asking while Reddit wants to be left alone."""
    url = address(place)

    async def get(url: str, *, headers: Mapping[str, str]) -> Answer:
        return await calls.page(url, headers={**headers, "User-Agent": NAME})

    async with _line.turn():
        _wait_if_told(place.now)
        try:
            fetched = await feed.ask(get, url, place.cursor, place.now)
        except SourceTrouble as trouble:
            raise _noted(trouble, place.now) from None
    # The address is made anew each time, so nobody moves it.
    return replace(fetched, moved_to=None) if fetched else Fetched(None, "", place.cursor)


async def check(_: Calls, __: Place) -> Checked:
    """Every reading is the check; there is nothing to take down."""
    return Checked()


def forget() -> None:
    """Drop the pause that Reddit asked for."""
    _line.not_before = None


def _wait_if_told(now: datetime) -> None:
    if _line.not_before is not None and now < _line.not_before:
        raise SourceTrouble("rate_limited", _SLOWLY, retry_at=_line.not_before)


def _noted(trouble: SourceTrouble, now: datetime) -> SourceTrouble:
    """A pause is for all of Reddit's sources; without a moment it is a quarter of an hour."""
    if trouble.health != "rate_limited":
        return trouble
    _line.not_before = trouble.retry_at or now + PAUSE
    return SourceTrouble("rate_limited", _SLOWLY, retry_at=_line.not_before)


_SLOWLY = "Reddit asks us to come less often."


def address(place: Place) -> str:
    """The feed that belongs to what was entered: a search, a subreddit, a thread, a person."""
    subreddit, words = given(place, "subreddit"), given(place, "query")
    parts = urlsplit(place.url)
    asked = parse_qs(parts.query, max_num_fields=20).get("q")
    words = words or (asked[0] if asked else "")
    if words:
        within = f"/r/{subreddit}" if subreddit else ""
        only = {"restrict_sr": "1"} if subreddit else {}
        return f"{HOME}{within}/search.rss?{urlencode({'q': words, 'sort': 'new', **only})}"
    path = parts.path.rstrip("/").removesuffix(".rss")
    names = path.strip("/").split("/")
    if len(names) > 2 and names[0] == "r":
        return f"{HOME}{path}.rss"
    if subreddit or names[0] == "r":
        return f"{HOME}/r/{subreddit or names[-1]}/new.rss"
    if names[0] in ("user", "u"):
        return f"{HOME}{path}.rss"
    detail = "Enter a link to a subreddit, or words to look for."
    raise SourceTrouble("gone", detail, permanent=True)
