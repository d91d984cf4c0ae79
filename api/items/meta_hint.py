"""What Meta's webhooks tell of: which Page or account, and where to look; never the words.

Meta sends many changes in one delivery, repeats them and mixes their order. One spelling has a
list of changes under an entry, the other has field and value right there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Ids of Meta's are digits, in pairs with a line between. Nothing else is ever kept or asked for.
_ID = re.compile(r"[0-9]{1,40}(?:_[0-9]{1,40}){0,2}")
_WORD = re.compile(r"[a-z_]{1,40}")
_MOST = 1000


@dataclass(frozen=True, slots=True)
class MetaHint:
    """Something changed at `place`, the id of a Page or an Instagram account; `about` is JSON."""

    object: str
    place: str
    field: str
    about: dict[str, str]


def hints_of(body: bytes) -> list[MetaHint]:
    """Every change that the payload tells of, each once; none where it is no such payload.

    `about` holds the field, and as far as told: item, verb, post_id, comment_id, media_id,
    story_id (all text; Meta writes some as numbers).
    """
    told = _object(body)
    found: list[MetaHint] = []
    for entry in _dicts(told.get("entry")):
        place = _id(entry.get("id"))
        for change in _changes(entry) if place else ():
            name = _word(change.get("field"))
            if name:
                about = _about(name, change.get("value"))
                found.append(MetaHint(_word(told.get("object")), place, name, about))
    once = {(one.object, one.place, *sorted(one.about.items())): one for one in found[:_MOST]}
    return list(once.values())


def _changes(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from _dicts(entry.get("changes"))
    if "field" in entry:
        yield entry


def _about(name: str, value: object) -> dict[str, str]:
    said = value if isinstance(value, dict) else {}
    medium = said.get("media")
    known = {
        "item": _word(said.get("item")),
        "verb": _word(said.get("verb")),
        "post_id": _id(said.get("post_id")),
        "comment_id": _id(said.get("comment_id")),
        "media_id": _id(said.get("media_id")),
        "story_id": _id(said.get("open_graph_story_id")),
    }
    if name in ("comments", "live_comments"):
        known["comment_id"] = _id(said.get("id"))
        known["media_id"] = _id(medium.get("id")) if isinstance(medium, dict) else ""
    return {"field": name} | {key: text for key, text in known.items() if text}


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _dicts(listed: object) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _id(value: object) -> str:
    """An id as text, whether it came as text or as a number of 64 bits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value) if isinstance(value, str) or 0 <= value < 10**20 else ""
    return text if _ID.fullmatch(text) else ""


def _word(value: object) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""
