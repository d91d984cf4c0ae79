"""X: posts that match a search, counted first and read only where a day's money allows it.

A count costs half a cent, and so does each post that is read; a post is billed once a day (UTC).
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.items.item import Read, SourceTrouble
from workers.platforms import x_http
from workers.platforms.calls import Calls
from workers.platforms.connector import (
    Action,
    ActVerb,
    Checked,
    Fetched,
    Outcome,
    Place,
    nothing_before,
)
from workers.platforms.counted import whole
from workers.platforms.given import entrusted, given
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.x_http import API, KEYS, as_app, as_person, tomorrow

DAILY_POSTS = 200
# X answers with ten posts at the least, and with a hundred at the most.
LEAST, MOST = 10, 100
DEEPEST = 10
LONGEST_QUERY = 512
# The search goes back seven days, and refuses to begin with an older post.
REACHES_BACK = timedelta(days=6, hours=23)
_EPOCH_MS = 1_288_834_974_657
NO_HIDE = {"hide": "Hiding takes all four keys of the account. Enter them, or hide it by hand."}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NO_WAY = "X offers programs no way to do this."
VERBS: frozenset[ActVerb] = frozenset({"hide", "unhide"})
judge = x_http.judge
before = nothing_before


@dataclass
class Purse:
    """What may still be read today; `unread` says that there was more than that."""

    day: str
    posts: int
    cap: int
    unread: bool

    @property
    def room(self) -> int:
        return self.cap - self.posts


async def fetch(calls: Calls, place: Place) -> Fetched:
    """Count; read when there are more and the cap allows it; quota_exhausted when it does not."""
    fetched, probed = await _fetch(calls, place), _probed(place)
    return replace(fetched, probed=probed if probed != dict(place.probed) else None)


async def _fetch(calls: Calls, place: Place) -> Fetched:
    purse, since = _purse(place), _since(place)
    if purse.unread and purse.room < LEAST:
        raise _exhausted(place, purse, "")
    count = await _count(calls, place, since)
    if not count:
        return Fetched(None, "", _cursor(purse, place.cursor.get("since")))
    if purse.room < LEAST:
        raise _exhausted(place, purse, f" {count} more were written.")
    pages, newest = await _search(calls, place, since, purse)
    cursor = _cursor(purse, newest or place.cursor.get("since"))
    if not newest:
        return Fetched(None, "", cursor)
    return Fetched(as_body(pages), CONTENT_TYPE, cursor)


async def _count(calls: Calls, place: Place, since: str | None) -> int:
    asking = {"query": query(place), "granularity": "day"} | ({"since_id": since} if since else {})
    told = await calls.get(f"{API}/tweets/counts/recent", params=asking, headers=as_app(place))
    return whole((told.object.get("meta") or {}).get("total_tweet_count")) or 0


async def _search(
    calls: Calls, place: Place, since: str | None, purse: Purse
) -> tuple[list[Any], str]:
    """Pages, newest first, and the newest id; what the purse holds is the end of it."""
    asking = {
        "query": query(place),
        "tweet.fields": "created_at,author_id,conversation_id,referenced_tweets,note_tweet",
    } | ({"since_id": since} if since else {})
    # The history of the first reading leaves half of the day's money for tonight.
    first = "since" not in place.cursor
    least_left = min(purse.cap // 2, purse.cap - LEAST) if first else 0
    pages: list[Any] = []
    newest, more = "", ""
    while purse.room - least_left >= LEAST and len(pages) < DEEPEST:
        asking["max_results"] = str(min(MOST, purse.room - least_left))
        asking |= {"next_token": more} if more else {}
        url = f"{API}/tweets/search/recent"
        page = (await calls.get(url, params=asking, headers=as_app(place))).object
        pages.append(page)
        purse.posts += len(page.get("data", []))
        meta = page.get("meta") or {}
        newest, more = newest or str(meta.get("newest_id", "")), meta.get("next_token", "")
        if not more:
            break
    purse.unread = bool(more) and not first
    return pages, newest


def query(place: Place) -> str:
    """What is searched for: never reposts, and never what the account itself wrote."""
    name = given(place, "username")
    words = given(place, "query") or (f"@{name}" if name else "")
    if not words:
        raise SourceTrouble("permission", "Enter what to search for.", permanent=True)
    words = words if " OR " not in words or words.startswith("(") else f"({words})"
    words += "" if "is:retweet" in words else " -is:retweet"
    words += f" -from:{name}" if name else ""
    if len(words) > LONGEST_QUERY:
        detail = f"X takes searches of {LONGEST_QUERY} characters, this is longer."
        raise SourceTrouble("permission", detail, permanent=True)
    return words


def _purse(place: Place) -> Purse:
    day = place.now.astimezone(UTC).date().isoformat()
    today = place.cursor if place.cursor.get("day") == day else {}
    cap = whole(given(place, "daily_posts"))
    cap = DAILY_POSTS if cap is None else cap
    return Purse(day, int(today.get("posts", 0)), cap, bool(today.get("unread")))


def _cursor(purse: Purse, since: str | None) -> dict[str, Any]:
    kept = {"day": purse.day, "posts": purse.posts, "unread": purse.unread}
    return kept | ({"since": since} if since else {})


def _since(place: Place) -> str | None:
    """The newest post that was met, unless it is too old to begin with: its id tells its time."""
    since = place.cursor.get("since")
    if isinstance(since, str) and since.isdigit():
        at = datetime.fromtimestamp(((int(since) >> 22) + _EPOCH_MS) / 1000, UTC)
        return since if at > place.now - REACHES_BACK else None
    return since


def _exhausted(place: Place, purse: Purse, more: str) -> SourceTrouble:
    detail = f"Today’s {purse.cap} posts are read.{more or ' There are more.'}"
    return SourceTrouble("quota_exhausted", detail, retry_at=tomorrow(place.now))


def read(body: bytes, _: str, now: datetime) -> Read:
    """The posts of the kept pages. CPU only."""
    return read_pages(body, now, _posts)


def _posts(page: Any) -> Iterator[dict[str, Any]]:
    for one in page.get("data", []):
        before = one.get("referenced_tweets") or []
        parent = next((each["id"] for each in before if each.get("type") == "replied_to"), None)
        yield {
            "external_id": one["id"],
            "text": html.unescape(_words(one)) or "(A post without words.)",
            "author_id": one.get("author_id"),
            "created_at": one.get("created_at"),
            "url": f"https://x.com/i/status/{one['id']}",
            "kind": "comment" if parent else "mention",
            "parent_id": parent,
        }


def _words(one: Mapping[str, Any]) -> str:
    """Long posts are cut in `text` and whole in their note."""
    return str((one.get("note_tweet") or {}).get("text") or one.get("text") or "")


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the token can count. Nothing can be taken down as a whole."""
    await _count(calls, place, None)
    return Checked(probed=_probed(place))


def _probed(place: Place) -> dict[str, str]:
    """Reading takes one key, hiding four: so many are asked for, and need not be entered."""
    return {} if all(entrusted(place, name) for name in KEYS) else NO_HIDE


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Hide or show a reply in a conversation of the account's own; doing it twice is harmless."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAY)
    if not _ID.fullmatch(action.target):
        return Outcome("rejected", "This is nothing that X knows.")
    url = f"{API}/tweets/{action.target}/hidden"
    headers = as_person(place, "PUT", url)
    if headers is None:
        return Outcome("by_hand", NO_HIDE["hide"])
    try:
        told = await calls.write(
            "PUT", url, json={"hidden": action.verb == "hide"}, headers=headers
        )
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("done" if action.verb == "hide" else "rejected", "The reply is gone.")
    shown = (told.object.get("data") or {}).get("hidden")
    return Outcome("done" if shown is (action.verb == "hide") else "rejected")


async def observe(_: Calls, __: Place, action: Action) -> Outcome:
    """X shows nobody which replies are hidden."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAY)
    detail = "X does not tell whether a reply is hidden. Hiding it again does no harm."
    return Outcome("unknown", detail)
