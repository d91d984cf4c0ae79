"""RSS, Atom and the App Store's customer reviews in Atom, read by feedparser."""

import calendar
import codecs
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException

import feedparser
import feedparser.mixin

from api.items.checks import MAX_TEXT, MAX_TITLE
from api.items.item import Problem, Read
from api.items.text import without_markup
from workers.platforms.documents import as_text, bad_content
from workers.platforms.entries import Entry, read_entries

MAX_TAGS = 150_000
DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding=["']([\w.:-]{1,40})["']""")
CHARSET = re.compile(r"""charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
# Only encodings that cannot hide markup from a search in the decoded text.
KNOWN = re.compile(r"(utf-8|ascii|iso8859-\d+|cp\d+|koi8-[ru]|gb\w+|big5|euc_\w+|shift_jis)")
PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")

# feedparser looks for an e-mail address in every author with a quadratic pattern: a name of
# 100 kB would hold a thread for minutes. Without this step the author arrives as written.
vars(feedparser.mixin)["_FeedParserMixin"]._sync_author_detail = lambda *_: None  # noqa: SLF001


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """Items of an XML feed; a broken feed gives what could be read, and a problem that says so.

    Raises SourceTrouble bad_content.
    """
    text = as_text(body, "utf-8", *_encodings(body, content_type))
    _check_safe(text)
    parsed = _parsed(text)
    broken = bool(parsed["bozo"]) and isinstance(parsed.get("bozo_exception"), SAXException)
    if not parsed["entries"] and (broken or not parsed.get("version")):
        _say_what_it_is(text)
    read = read_entries(_entries(parsed["entries"]), now)
    return Read(read.items, [*read.problems, *_note(len(read.items), broken=broken)])


def _encodings(body: bytes, content_type: str) -> list[str]:
    declared = DECLARED.match(body)
    served = CHARSET.search(content_type)
    names = [served[1] if served else "", declared[1].decode("ascii") if declared else ""]
    return [name for name in names if _is_known(name)]


def _is_known(name: str) -> bool:
    try:
        return bool(name) and bool(KNOWN.fullmatch(codecs.lookup(name).name))
    except (LookupError, ValueError):
        return False


def _check_safe(text: str) -> None:
    upper = text.upper()
    if "<!DOCTYPE" in upper and "<!ENTITY" in upper:
        bad_content("The feed defines its own entities. Such feeds are not read.")
    if text.count("<") > MAX_TAGS:
        bad_content("The feed has too many parts. Use a shorter feed.")


def _parsed(text: str) -> Any:
    """Hand over exactly the text that was checked, in an encoding that is known.

    As a stream, because feedparser would open a plain string as a file or an address.
    """
    stream = io.BytesIO(PROLOG.sub("", text, count=1).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception:  # noqa: BLE001  hostile bytes may break the parser in any way
        bad_content("The feed is broken and could not be read.")


def _say_what_it_is(text: str) -> None:
    start = text[:3000].lower()
    if "<rss" in start or "<feed" in start or "<rdf" in start:
        bad_content("The feed is broken or cut off. Try again later.")
    if "<html" in start or "<!doctype html" in start or "<body" in start or "<head" in start:
        bad_content("This is a web page, not a feed. Look for its RSS or Atom address.")
    bad_content("This is not a feed. Enter the address of an RSS, Atom or JSON feed.")


def _note(count: int, *, broken: bool) -> list[Problem]:
    if not broken:
        return []
    detail = f"{count} entries were read. The feed has errors, so some may be missing."
    return [Problem(None, None, "feed-broken", detail)]


def _entries(entries: list[Any]) -> Iterator[Entry]:
    for entry in entries:
        stars = _word(entry, "im_rating") or None
        if stars is None and "im_name" in entry:
            continue
        detail = _author(entry)
        yield Entry(
            entry_id=_word(entry, "id"),
            link=_word(entry, "link"),
            title=_words(entry, "title_detail", MAX_TITLE),
            text=_text(entry),
            author=_word(detail, "name") or _word(entry, "author"),
            author_id=_word(detail, "href") or None,
            stars=stars,
            published=_moment(entry, "published_parsed"),
            updated=_moment(entry, "updated_parsed"),
        )


def _author(entry: Any) -> Any:
    detail = entry.get("authors") or [{}]
    return detail[-1] if isinstance(detail[-1], dict) else {}


def _text(entry: Any) -> str:
    """The plain form if the feed gives several: the App Store sends text and HTML."""
    contents = [one for one in entry.get("content") or [] if isinstance(one, dict)]
    contents.sort(key=lambda one: "html" in str(one.get("type")))
    return (_plain(contents[0], MAX_TEXT) if contents else "") or _words(
        entry, "summary_detail", MAX_TEXT
    )


def _words(entry: Any, name: str, limit: int) -> str:
    detail = entry.get(name)
    return _plain(detail, limit) if isinstance(detail, dict) else ""


def _plain(detail: dict[str, Any], limit: int) -> str:
    value = detail.get("value")
    if not isinstance(value, str):
        return ""
    return without_markup(value, limit) if "html" in str(detail.get("type")) else value


def _word(entry: Any, name: str) -> str:
    """A stored text; `dict.get` because feedparser's own warns when it has to guess."""
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _moment(entry: Any, name: str) -> datetime | None:
    value = dict.get(entry, name)
    if not isinstance(value, time.struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
