"""The raw pages of one reading as one body, and back: what is kept until it is taken in."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from api.items.checks import check_all, moment
from api.items.item import Read
from workers.platforms.calls import agreed_shape
from workers.platforms.documents import as_json

CONTENT_TYPE = "application/vnd.nightdesk.pages+json"
Raw = Callable[[Any], Iterator[dict[str, Any]]]


def as_body(
    pages: Sequence[Any],
    *,
    counters: Mapping[str, float] | None = None,
    covers: datetime | None = None,
    gone: Sequence[str] = (),
) -> bytes:
    """The pages as they came, with what the reading as a whole has shown."""
    covered = covers.isoformat() if covers else None
    kept = {"pages": pages, "counters": counters, "covers": covered, "gone": list(gone)}
    return json.dumps(kept, separators=(",", ":")).encode()


def read_pages(body: bytes, now: datetime, raw: Raw) -> Read:
    """Every page through the vendor's `raw`, which yields plain items, and through the checks.

    A page of an unexpected shape is bad content: it is said, and its source is blind.
    """
    kept = as_json(body)
    found: list[dict[str, Any]] = []
    with agreed_shape():
        for page in kept["pages"]:
            found.extend(raw(page))
    read = check_all(_last_wins(found), now)
    return Read(
        read.items, read.problems, moment(kept.get("covers")),
        kept.get("gone") or (), _counted(kept.get("counters")),
    )  # fmt: skip


def _counted(given: Any) -> dict[str, float] | None:
    """The counters that are numbers and not below zero; anything else counts nothing."""
    named = given.items() if isinstance(given, dict) else ()
    kept = {
        name: value
        for name, value in named
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    }
    return kept or None


def _last_wins(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pages move while they are read: of two versions the one with the later edit is kept."""
    by_id: dict[Any, dict[str, Any]] = {}
    nameless: list[dict[str, Any]] = []
    for one in found:
        name = one.get("external_id")
        if name is None:
            nameless.append(one)
        elif name not in by_id or _said(one) > _said(by_id[name]):
            by_id[name] = one
    return [*by_id.values(), *nameless]


def _said(one: Mapping[str, Any]) -> str:
    return str(one.get("updated_at") or one.get("created_at") or "")
