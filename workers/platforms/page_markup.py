"""What a page says of its rating to machines: schema.org in JSON-LD, however carelessly written.

One linear pass finds the scripts: the parsers at hand take minutes for pages built to stop them.
"""

import hashlib
import html
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.items.checks import moment
from api.items.text import without_markup
from workers.platforms import counted
from workers.platforms.documents import as_text

MOST_SCRIPTS, MOST_NODES, MOST_REVIEWS = 50, 2000, 200
LARGEST_SCRIPT = 1_000_000
_OPENING = re.compile(rb"<!--|<script\b")
_COMMENTED = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Rated:
    """The first rating of a page on a scale of 5, what it is rounded to, and reviews as items.

    `count` is None where the page shows reviews without counting them.
    """

    count: int | None
    mean: float | None
    step: float
    reviews: list[dict[str, Any]]


def rated_in(page: bytes, now: datetime) -> Rated | None:
    """The rating in a page; None when there is none. CPU only."""
    nodes = [node for script in _scripts(page) for node in _nodes(_loaded(script))]
    found = [one for node in nodes for one in _list(node.get("review"))]
    found += [node for node in nodes if _is_a(node, "Review")]
    reviews = [_review(one, now) for one in found[:MOST_REVIEWS] if isinstance(one, dict)]
    kept = {one["external_id"]: one for one in reviews if one["stars"] or one["text"]}
    for node in nodes:
        rating = _aggregate(node.get("aggregateRating"))
        if rating is not None:
            return Rated(*rating, list(kept.values()))
    return Rated(None, None, 1.0, list(kept.values())) if kept else None


def _scripts(page: bytes) -> Iterator[str]:
    low, at, found = page.lower(), 0, 0
    while (opening := _OPENING.search(low, at)) and found < MOST_SCRIPTS:
        start = opening.end()
        if opening[0] == b"<!--":
            at = low.find(b"-->", start)
        else:
            head, at = low.find(b">", start), low.find(b"</script", start)
            if 0 <= head < at and b"application/ld+json" in low[start:head]:
                found += 1
                yield as_text(page[head + 1 : at][:LARGEST_SCRIPT], "utf-8")
        if at < 0:
            return


def _loaded(script: str) -> Any:
    """JSON as people write it: in comments, with a comma too many, with signs escaped twice."""
    bare = _COMMENTED.sub("", script.strip())
    for text in (bare, _TRAILING_COMMA.sub(r"\1", bare), html.unescape(bare)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(told: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document, outermost first; reviews inside a rated thing stay its own."""
    waiting, met = deque([told]), 0
    while waiting and met < MOST_NODES:
        one, met = waiting.popleft(), met + 1
        if isinstance(one, dict):
            yield one
            inner = [value for name, value in one.items() if name not in ("review", "itemReviewed")]
            waiting += [value for value in inner if isinstance(value, dict | list)]
        elif isinstance(one, list):
            waiting += [value for value in one if isinstance(value, dict | list)]


def _aggregate(given: Any) -> tuple[int, float | None, float] | None:
    rating = next((one for one in _list(given) if isinstance(one, dict)), None)
    if rating is None:
        return None
    counts = [_count(rating.get(name)) for name in ("reviewCount", "ratingCount")]
    count = next((one for one in counts if one is not None), None)
    scaled = _scaled(rating)
    if count is None or (count and scaled is None):
        return None
    mean, step = scaled or (None, 1.0)
    return count, mean, step


def _scaled(rating: Mapping[str, Any]) -> tuple[float, float] | None:
    """A value on a scale of 5, and the step that its decimals stand for."""
    written = str(rating.get("ratingValue", "")).strip().replace(",", ".")
    value, best = _number(written), _number(str(rating.get("bestRating") or 5))
    if value is None or best is None or not 0 <= value <= best <= 1000 or best < 1:
        return None
    decimals = min(len(written.partition(".")[2]), 4)
    mean = counted.average(round(max(value / best * 5, 1), 4))
    return None if mean is None else (mean, 10**-decimals * 5 / best)


def _review(one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    rating = next(iter(_list(one.get("reviewRating"))), None)
    scaled = _scaled(rating) if isinstance(rating, dict) else None
    author, title = _name(one.get("author")), _name(one.get("name"))[:500]
    text = without_markup(_name(one.get("reviewBody")) or _name(one.get("description")), 20_000)
    written = _name(one.get("datePublished"))
    said = "|".join((author, written, text or title, str(scaled)))
    return {
        "external_id": f"hash:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}",
        "stars": scaled[0] if scaled else None,
        "title": title,
        "text": text,
        "author": author,
        "created_at": _published(written, now),
    }


def _published(written: str, now: datetime) -> str | None:
    """A day without an hour is its beginning; one that has not come yet is no date."""
    at = moment(f"{written}T00:00:00Z" if _DAY.fullmatch(written) else written)
    if at is None:
        try:
            at = datetime.fromisoformat(written).replace(tzinfo=UTC)
        except ValueError:
            return None
    return at.isoformat() if at <= now else None


def _is_a(node: Mapping[str, Any], kind: str) -> bool:
    return any(str(one).rpartition("/")[2] == kind for one in _list(node.get("@type")))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [] if given is None else [given]


def _name(given: Any) -> str:
    """A text, or the name of a thing that should have been one."""
    one = next(iter(_list(given)), "")
    text = one.get("name") if isinstance(one, dict) else one
    return text.strip() if isinstance(text, str) else ""


def _count(given: Any) -> int | None:
    """1,234 and 1.234 and 1234.0 are the same count."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = str(given).strip() if isinstance(given, int | str) else ""
    return counted.whole(re.sub(r"(?<=\d)[.,\u00a0\u202f' ](?=\d{3}(?!\d))", "", text))


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value < 10_000 else None
