"""What all feed shapes share: one entry, whose dates may lie, becomes one raw object to check."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.items.checks import CLOCK_SKEW, EARLIEST, MAX_ID, MAX_TEXT, MAX_TITLE, check_all
from api.items.item import Problem, Read
from api.items.text import web_link

MAX_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its feed tells it; any text may be empty."""

    entry_id: str
    link: str
    title: str
    text: str
    author: str
    author_id: str | None
    stars: object
    published: datetime | None
    updated: datetime | None


def read_entries(entries: Iterable[Entry], now: datetime) -> Read:
    """Check up to 1,000 entries; of two with the same id the first is kept."""
    raws: dict[str, dict[str, Any]] = {}
    left_out = 0
    for entry in entries:
        raw = _raw(entry, now)
        if len(raws) < MAX_ENTRIES:
            raws.setdefault(raw["external_id"], raw)
        else:
            left_out += 1
    read = check_all(raws.values(), now)
    return Read(read.items, [*read.problems, *_note(left_out)])


def _note(left_out: int) -> list[Problem]:
    if not left_out:
        return []
    detail = f"The feed is too long. {MAX_ENTRIES} entries were read, {left_out} were not."
    return [Problem(None, None, "feed-too-long", detail)]


def _raw(entry: Entry, now: datetime) -> dict[str, Any]:
    article = _unwrapped(entry.link)
    published = _believable(entry.published, now)
    return {
        "external_id": _entry_id(entry, article),
        "stars": entry.stars,
        "title": entry.title[:MAX_TITLE],
        "text": entry.text[:MAX_TEXT],
        "author": entry.author,
        "author_id": entry.author_id,
        "url": web_link(article or entry.link),
        "created_at": published or _believable(entry.updated, now),
        "updated_at": _believable(entry.updated, now),
        "kind": "mention" if entry.stars is None else "review",
    }


def _entry_id(entry: Entry, article: str | None) -> str:
    """Entry id, else link, else a hash. A Google Alert is known by its article: ids change."""
    known = (article or entry.entry_id or entry.link).strip()
    if 0 < len(known) <= MAX_ID:
        return known
    text = known or f"{entry.title}|{entry.published}|{entry.author}|{entry.text}"
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _unwrapped(link: str) -> str | None:
    """The article behind a Google Alerts link, `https://www.google.com/url?…&url=<article>`."""
    try:
        parts = urlsplit(link)
        if not (parts.hostname or "").startswith("www.google.") or parts.path != "/url":
            return None
        wrapped = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    return web_link(next(iter(wrapped.get("url") or wrapped.get("q") or []), None))


def _believable(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and EARLIEST <= at <= now + CLOCK_SKEW else None
