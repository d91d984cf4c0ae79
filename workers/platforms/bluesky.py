"""Bluesky: who mentions, answers or quotes the client's account, and posts with given words."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from api.items.item import Read
from workers.platforms import bluesky_server
from workers.platforms.bluesky_server import Server, visit
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import given
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import Newest, read_newest

PAGE = 100
REASONS = ("mention", "reply", "quote")
NO_WORDS = "(A post without words.)"
judge = bluesky_server.judge
Pages = AsyncIterator[tuple[Any, Sequence[tuple[str, Any]]]]


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new among the notifications, and in the search when there are words for one."""
    return await visit(calls, place, partial(_news, place))


async def _news(place: Place, at: Server) -> Fetched:
    known, query = place.cursor, given(place, "query")
    pages, notes = await read_newest(_notifications(at), known.get("notes", {}), place.mode)
    found = Newest({})
    if query:
        more, found = await read_newest(_search(at, query), known.get("found", {}), place.mode)
        pages += more
    cursor = {"notes": notes.remembered(), "found": found.remembered()}
    # The search is an index with gaps: what it does not show has not been removed.
    whole = place.mode == "reconcile" and notes.whole and not query
    if not (notes.news or found.news):
        return Fetched(None, "", cursor)
    covers = datetime.min.replace(tzinfo=UTC) if whole else None
    return Fetched(as_body(pages, covers=covers), CONTENT_TYPE, cursor)


async def _notifications(at: Server) -> Pages:
    method, cursor = "app.bsky.notification.listNotifications", ""
    while True:
        asking = {"limit": PAGE, "reasons": REASONS} | ({"cursor": cursor} if cursor else {})
        page = await at.get(method, **asking)
        told = page.get("notifications", [])
        yield page | {"own": at.did}, [(_key(one["uri"]), one.get("cid")) for one in told]
        cursor = page.get("cursor", "")
        if not (cursor and told):
            return


async def _search(at: Server, query: str) -> Pages:
    method, cursor = "app.bsky.feed.searchPosts", ""
    while True:
        asking = {"q": query, "sort": "latest", "limit": PAGE}
        page = await at.get(method, **asking, **({"cursor": cursor} if cursor else {}))
        posts = page.get("posts", [])
        yield page | {"own": at.did}, [(_key(one["uri"]), one.get("cid")) for one in posts]
        cursor = page.get("cursor", "")
        if not (cursor and posts):
            return


def read(body: bytes, _: str, now: datetime) -> Read:
    """The posts of the kept pages. CPU only."""
    return read_pages(body, now, _posts)


def _posts(page: Any) -> Iterator[dict[str, Any]]:
    for one in [*page.get("notifications", []), *page.get("posts", [])]:
        if one["author"]["did"] != page["own"]:
            yield _item(one, page["own"])


def _item(one: dict[str, Any], own: str) -> dict[str, Any]:
    """`indexedAt` is when the network met it; `createdAt` is whatever its author claims."""
    author, record = one["author"], one.get("record") or {}
    parent = ((record.get("reply") or {}).get("parent") or {}).get("uri")
    answers_us = one.get("reason") == "reply" or str(parent or "").startswith(f"at://{own}/")
    return {
        "external_id": one["uri"],
        "text": record.get("text") or NO_WORDS,
        "author": author.get("displayName") or author.get("handle"),
        "author_id": author["did"],
        "created_at": one.get("indexedAt"),
        "url": web_link(one["uri"]),
        "kind": "comment" if answers_us else "mention",
        "parent_id": parent if answers_us else None,
    }


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the sign-in holds. Nothing can be taken down as a whole."""
    await visit(calls, place, _look)
    return Checked()


async def _look(at: Server) -> dict[str, Any]:
    return await at.get("app.bsky.notification.getUnreadCount")


def _key(uri: str) -> str:
    """Whose and which, without the name of the collection: shorter to remember."""
    author, _, name = uri.removeprefix("at://").partition("/app.bsky.feed.post/")
    return f"{author}/{name}"


def web_link(uri: str) -> str:
    """Where people read a post."""
    author, _, name = uri.removeprefix("at://").partition("/app.bsky.feed.post/")
    return f"https://bsky.app/profile/{author}/post/{name}"
