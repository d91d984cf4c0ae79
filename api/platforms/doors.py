"""Where a hand does what an interface would not: the place itself, or its page for changing it."""

from collections.abc import Mapping
from string import Formatter
from typing import Any
from urllib.parse import quote

_DOORS = {
    "facebook": "https://www.facebook.com/{page_id}",
    "youtube": "https://studio.youtube.com/video/{target}/edit",
}


def door(kind: str, ids: Mapping[str, Any]) -> str:
    """A web address; empty where none is known or an id is missing."""
    pattern = _DOORS.get(kind, "")
    names = [name for _, name, _, _ in Formatter().parse(pattern) if name]
    if not all(ids.get(name) for name in names):
        return ""
    return pattern.format(**{name: quote(str(ids[name]), safe="") for name in names})
