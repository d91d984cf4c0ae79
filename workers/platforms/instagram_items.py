"""Instagram's comments, photo tags and mentions as items; CPU only."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from api.items.item import Read
from workers.platforms.kept import read_pages

_Items = Iterator[dict[str, Any]]


def read(body: bytes, _: str, now: datetime) -> Read:
    """The items of the kept lists."""
    return read_pages(body, now, _items)


def _items(kept: Any) -> _Items:
    return _STREAMS[kept["stream"]](kept)


def _comments(kept: Mapping[str, Any]) -> _Items:
    """Comments and the answers under them; what the account itself answered is the reply."""
    own = kept["page"]
    for one in kept["data"]:
        answers = (one.get("replies") or {}).get("data") or []
        ours = [answer for answer in answers if answer.get("username") == own]
        theirs = [one, *(answer for answer in answers if answer.get("username") != own)]
        for said in theirs:
            if said.get("username") != own:
                yield _item(said, said.get("text"), {
                    "kind": "comment",
                    "parent_id": kept["under"],
                    "url": kept.get("url"),
                    "hidden": said.get("hidden"),
                    "reply": _reply(ours) if said is one else None,
                })  # fmt: skip


def _reply(ours: list[dict[str, Any]]) -> dict[str, Any] | None:
    newest = max(ours, key=lambda one: str(one.get("timestamp")), default=None)
    return newest and {"text": newest.get("text"), "at": newest.get("timestamp")}


def _mentions(kept: Mapping[str, Any]) -> _Items:
    """Media elsewhere in which the account is tagged or named, and comments that name it."""
    for one in kept["data"]:
        link = one.get("permalink") or (one.get("media") or {}).get("permalink")
        text = one.get("text") or one.get("caption") or "(tagged without a word)"
        yield _item(one, text, {"kind": "mention", "url": link})


def _item(one: Mapping[str, Any], text: str | None, more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "external_id": one["id"],
        "text": text,
        "author": one.get("username"),
        "author_id": (one.get("from") or {}).get("id"),
        "created_at": one.get("timestamp"),
        **more,
    }


_STREAMS: Mapping[str, Callable[[Any], _Items]] = {
    "comments": _comments,
    "tags": _mentions,
    "mentions": _mentions,
}
