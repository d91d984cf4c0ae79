"""Facebook's recommendations, comments, visitors' posts and mentions as items; CPU only."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from api.items.item import Read
from workers.platforms import counted
from workers.platforms.kept import read_pages

# Recommendations have had no stars since August 2018; these are what the two words stand for.
STARS = {"positive": 5, "negative": 1}
_Items = Iterator[dict[str, Any]]


def read(body: bytes, _: str, now: datetime) -> Read:
    """The items of the kept lists."""
    return read_pages(body, now, _items)


def rating_key(one: Mapping[str, Any], page: str) -> str:
    """A recommendation has no id: that of its story, else a digest of who, where and when."""
    story = (one.get("open_graph_story") or {}).get("id")
    if story:
        return str(story)
    who = (one.get("reviewer") or {}).get("id", "")
    return hashlib.sha256(f"{page}|{who}|{one.get('created_time')}".encode()).hexdigest()


def is_story(name: str) -> bool:
    """Whether an id is that of a recommendation: comments and posts have two numbers."""
    return "_" not in name


def is_by(one: Mapping[str, Any], page: str) -> bool:
    """Whether the Page wrote it itself. Facebook leaves people out, never the Page."""
    return str((one.get("from") or {}).get("id", "")) == page


def _items(kept: Any) -> _Items:
    return _STREAMS[kept["stream"]](kept)


def _ratings(kept: Mapping[str, Any]) -> _Items:
    for one in kept["data"]:
        stars, text = _stars(one), one.get("review_text") or ""
        if stars is not None or text:
            person = one.get("reviewer") or {}
            yield {
                "external_id": rating_key(one, kept["page"]),
                "stars": stars,
                "text": text,
                "author": person.get("name"),
                "author_id": person.get("id"),
                "created_at": _when(one.get("created_time")),
                "url": f"https://www.facebook.com/{kept['page']}/reviews",
            }


def _stars(one: Mapping[str, Any]) -> int | None:
    given = one.get("rating")
    if isinstance(given, int) and 1 <= given <= 5:
        return given
    return STARS.get(str(one.get("recommendation_type")).lower())


def _posts(kept: Mapping[str, Any]) -> _Items:
    """A post on the Page's own wall has the Page's id in front; any other one mentions it."""
    for one in kept["data"]:
        on_our_wall = str(one["id"]).startswith(f"{kept['page']}_")
        yield from _worded(one, one.get("message") or one.get("story"), {
            "kind": "post" if on_our_wall else "mention",
        })  # fmt: skip


def _comments(kept: Mapping[str, Any]) -> _Items:
    """What the Page itself wrote under a comment is the reply to it."""
    page, replies = kept["page"], dict[str, dict[str, Any]]()
    for one in kept["data"]:
        if is_by(one, page):
            said = {"text": one.get("message"), "at": _when(one.get("created_time"))}
            replies.setdefault(str((one.get("parent") or {}).get("id")), said)
    for one in kept["data"]:
        if not is_by(one, page):
            more = {"kind": "comment", "parent_id": kept["under"]}
            yield from _worded(
                one, one.get("message"), more | {"reply": replies.get(str(one["id"]))}
            )


def _worded(one: Mapping[str, Any], text: str | None, more: Mapping[str, Any]) -> _Items:
    """A picture without a word is nothing that could be read."""
    if not text:
        return
    person = one.get("from") or {}
    yield {
        "external_id": one["id"],
        "text": text,
        "author": person.get("name"),
        "author_id": person.get("id"),
        "created_at": _when(one.get("created_time")),
        "url": one.get("permalink_url"),
        "hidden": one.get("is_hidden"),
        **more,
    }


def _when(value: Any) -> Any:
    """ISO 8601, where Facebook writes seconds since 1970 too."""
    if isinstance(value, int) and 0 <= value < 10**11:
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value


_STREAMS: Mapping[str, Callable[[Any], _Items]] = {
    "ratings": _ratings,
    "feed": _posts,
    "tagged": _posts,
    "mentions": _posts,
    "comments": _comments,
    "counter": counted.items,
}
