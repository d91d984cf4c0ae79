"""JSON Feed 1.x and the App Store's customer reviews in JSON.

A JSON Feed may carry stars in its own extension: `"_review": {"stars": 2}` on an item.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from api.items.checks import MAX_TEXT, moment
from api.items.item import Read
from api.items.text import without_markup
from workers.platforms.documents import as_json, bad_content
from workers.platforms.entries import Entry, read_entries

VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def read(body: bytes, now: datetime) -> Read:
    """Items of a JSON Feed or an App Store review feed. Raises SourceTrouble bad_content."""
    document = as_json(body)
    feed = document.get("feed") if isinstance(document, dict) else None
    if isinstance(document, dict) and str(document.get("version")).startswith(VERSIONS):
        return read_entries(_json_feed(document), now)
    if not isinstance(feed, dict):
        bad_content("This is JSON, but not a feed. Enter the address of a feed.")
    return read_entries(_app_store(feed), now)


def _json_feed(document: dict[str, Any]) -> Iterator[Entry]:
    for item in _objects(document.get("items")):
        authors = _objects(item.get("authors")) or _objects(item.get("author"))
        author = authors[0] if authors else {}
        yield Entry(
            entry_id=_word(item.get("id")),
            link=_word(item.get("url")) or _word(item.get("external_url")),
            title=_word(item.get("title")),
            text=_content(item),
            author=_word(author.get("name")),
            author_id=_word(author.get("url")) or None,
            stars=_inside(item, "_review", "stars"),
            published=moment(item.get("date_published")),
            updated=moment(item.get("date_modified")),
        )


def _content(item: dict[str, Any]) -> str:
    plain = _word(item.get("content_text"))
    return (
        plain
        or without_markup(_word(item.get("content_html")), MAX_TEXT)
        or _word(item.get("summary"))
    )


def _app_store(feed: dict[str, Any]) -> Iterator[Entry]:
    """Every value sits under `label`; one review is an object; the app itself has no rating."""
    for entry in _objects(feed.get("entry")):
        if "im:rating" not in entry:
            continue
        link = next(iter(_objects(entry.get("link"))), {})
        yield Entry(
            entry_id=_label(entry, "id"),
            link=_word(_inside(link, "attributes", "href")),
            title=_label(entry, "title"),
            text=_label(entry, "content"),
            author=_label(entry, "author", "name"),
            author_id=_label(entry, "author", "uri") or None,
            stars=_label(entry, "im:rating"),
            published=moment(_label(entry, "updated")),
            updated=None,
        )


def _objects(value: object) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def _label(value: object, *names: str) -> str:
    return _word(_inside(value, *names, "label"))


def _inside(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _word(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
