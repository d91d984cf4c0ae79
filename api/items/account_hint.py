"""What TikTok and X tell of an account: whose it is, and what to look at."""

import json
from typing import Any

_LONGEST = 100


def tiktok_hint(body: bytes) -> tuple[str, dict[str, str]] | None:
    """The account and the comment that an event is about; None when it names no account.

    TikTok puts JSON as text into JSON, and ids of 64 bits into it as numbers.
    """
    event = _object(body)
    account = _id(event.get("user_openid"))
    inner = _object(event.get("content") or "")
    about = {name: _id(inner.get(name)) for name in ("comment_id", "video_id")}
    return (account, {name: one for name, one in about.items() if one}) if account else None


def x_hint(body: bytes) -> str:
    """The account that an activity is about, by its id; empty when it names none."""
    said = _object(body)
    data = said.get("data")
    filtered = data.get("filter") if isinstance(data, dict) else None
    found = filtered.get("user_id") if isinstance(filtered, dict) else None
    return _id(said.get("for_user_id")) or _id(found)


def _object(text: Any) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:_LONGEST]
