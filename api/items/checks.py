"""The one place that decides whether an item from outside may become a review."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.items.item import Item, Kind, Problem, Read
from api.items.text import clean, one_line, web_link

MAX_BATCH = 500
MAX_ID = 512
MAX_TITLE = 500
MAX_NAME = 200
MAX_TEXT = 20_000
REFUSED_TEXT_BYTES = 100_000
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
KINDS: Mapping[str, Kind] = {"review": "review", "comment": "comment", "post": "post"}
ISO = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})")


class _Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def check_item(raw: object, index: int | None, now: datetime) -> Item | Problem:
    """Turn one raw object into a clean item, or say what is wrong with it.

    Codes: not-an-object, missing-external-id, external-id-too-long, wrong-type,
    stars-out-of-range, created-at-invalid, created-at-in-future, updated-at-invalid,
    updated-at-in-future, text-too-long, nothing-to-read.
    """
    if not isinstance(raw, dict):
        return Problem(index, None, "not-an-object", "Each review must be a JSON object.")
    external_id: str | None = None
    try:
        external_id = _external_id(raw)
        return _item(raw, external_id, now)
    except _Refused as refused:
        return Problem(index, external_id, refused.code, str(refused))


def check_all(raws: Iterable[object], now: datetime) -> Read:
    """Check every raw object; the first of two with the same id wins."""
    items: dict[str, Item] = {}
    problems: list[Problem] = []
    for index, raw in enumerate(raws):
        checked = check_item(raw, index, now)
        if isinstance(checked, Problem):
            problems.append(checked)
        elif checked.external_id in items:
            problems.append(_duplicate(index, checked.external_id))
        else:
            items[checked.external_id] = checked
    return Read(list(items.values()), problems)


def moment(value: object) -> datetime | None:
    """Read an ISO 8601 text with a time zone as UTC; None if it is anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else None
    if not isinstance(value, str) or not ISO.fullmatch(value.strip()):
        return None
    try:
        return datetime.fromisoformat(value.strip().upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _item(raw: Mapping[str, Any], external_id: str, now: datetime) -> Item:
    stars = _stars(raw)
    title = one_line(_text(raw, "title"), MAX_TITLE)
    text = clean(_text(raw, "text"), MAX_TEXT)
    if stars is None and not (title or text):
        raise _Refused("nothing-to-read", "The review has neither stars nor text.")
    author, author_id = _author(raw)
    return Item(
        external_id=external_id,
        stars=stars,
        title=title,
        text=text,
        author=author,
        author_id=author_id,
        url=web_link(raw.get("url")),
        created_at=_moment(raw, "created_at", now),
        updated_at=_moment(raw, "updated_at", now),
        kind=_kind(raw),
        parent_id=_parent(raw),
        reply=_reply(raw.get("reply")),
        hidden=raw.get("hidden") is True,
    )


def _external_id(raw: Mapping[str, Any]) -> str:
    value = raw.get("external_id")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        value = str(value)
    if value is None:
        raise _Refused("missing-external-id", "The review has no external_id.")
    if not isinstance(value, str):
        raise _Refused("wrong-type", "external_id must be text.")
    if len(value) > MAX_ID:
        raise _Refused("external-id-too-long", f"external_id is over {MAX_ID} characters.")
    external_id = one_line(value, MAX_ID)
    if not external_id:
        raise _Refused("missing-external-id", "The review has no external_id.")
    return external_id


def _stars(raw: Mapping[str, Any]) -> float | None:
    if raw.get("stars") is not None:
        stars = _number(raw["stars"])
    elif raw.get("rating") is not None:
        stars = _scaled(_number(raw["rating"]), raw.get("rating_scale"))
    else:
        return None
    if stars is None or not 1 <= stars <= 5:
        raise _Refused("stars-out-of-range", "Stars must be a number from 1 to 5.")
    return stars


def _scaled(rating: float | None, scale: object) -> float | None:
    """A rating out of 10 or 100 becomes 1 to 5; nothing is below one star."""
    best = 5.0 if scale is None else _number(scale)
    if best == 5:
        return rating
    if rating is None or best is None or not (1 < best <= 1000 and 0 <= rating <= best):
        return None
    return max(1.0, round(rating / best * 5, 2))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused("wrong-type", f"{name} must be text.")
    if len(value.encode("utf-8", "replace")) > REFUSED_TEXT_BYTES:
        raise _Refused("text-too-long", f"{name} is over 100 kB.")
    return value


def _author(raw: Mapping[str, Any]) -> tuple[str, str | None]:
    value = raw.get("author")
    given = value if isinstance(value, dict) else {"name": value, "id": raw.get("author_id")}
    name, author_id = given.get("name"), given.get("id")
    if not isinstance(name, str | None):
        raise _Refused("wrong-type", "author must be text, or an object with a name.")
    if isinstance(author_id, bool) or not isinstance(author_id, str | int | None):
        raise _Refused("wrong-type", "The author's id must be text.")
    known = "" if author_id is None else one_line(str(author_id), MAX_ID)
    return one_line(name or "", MAX_NAME), known or None


def _moment(raw: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    if raw.get(name) is None:
        return None
    at, code = moment(raw[name]), name.replace("_", "-")
    if at is None or at < EARLIEST:
        raise _Refused(f"{code}-invalid", f"{name} must look like 2026-11-21T18:00:00Z.")
    if at > now + CLOCK_SKEW:
        raise _Refused(f"{code}-in-future", f"{name} lies in the future. Check your clock.")
    return at


def _kind(raw: Mapping[str, Any]) -> Kind:
    return KINDS.get(str(raw.get("kind") or "review"), "mention")


def _parent(raw: Mapping[str, Any]) -> str | None:
    """What it was said under; one that cannot be read is left out, the item is not."""
    value = raw.get("parent_id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return one_line(str(value), MAX_ID) or None


def _reply(given: object) -> Mapping[str, str] | None:
    if not isinstance(given, dict):
        return None
    words = {name: given.get(name) for name in ("text", "state", "reason")}
    said = {name: clean(one, MAX_TEXT) for name, one in words.items() if isinstance(one, str)}
    at = moment(given.get("at"))
    return said | ({"at": at.isoformat()} if at else {})


def _duplicate(index: int, external_id: str) -> Problem:
    detail = "This external_id comes twice in the batch. The first one was kept."
    return Problem(index, external_id, "duplicate-in-batch", detail)
