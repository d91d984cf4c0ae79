"""Mastodon's stream (server-sent events): where it is, and one event after the other."""

import json
from collections.abc import AsyncIterable, AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Place
from workers.platforms.hosts import host
from workers.platforms.mastodon_http import address

MENTIONS = "user/notification"
# A server says something every fifteen seconds; one event is a post at the most.
LONGEST_EVENT = 1_000_000
TELLING = frozenset({"notification", "update", "status.update", "delete"})


def tagged(tag: str) -> str:
    """The stream of one tag."""
    return f"hashtag?tag={quote(tag.removeprefix('#'), safe='')}"


async def home(calls: Calls, place: Place) -> str:
    """The https address of the streams, which the server names itself; often another host.

    The token goes there, so nothing that is not encrypted will do.
    """
    reply = await calls.get(address(place, "v2/instance"))
    urls = (reply.object.get("configuration") or {}).get("urls") or {}
    named = urlsplit(str(urls.get("streaming") or f"wss://{host(place)}"))
    if named.scheme not in ("wss", "https") or not named.hostname:
        raise SourceTrouble("unavailable_capability", "The server names no safe stream.")
    return f"https://{named.netloc}/api/v1/streaming"


async def events(pieces: AsyncIterable[bytes]) -> AsyncIterator[str]:
    """What each event that tells of a post is called; an event that never ends is bad content."""
    kind, data = "", ""
    async for line in _lines(pieces):
        if line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line:
            if kind in TELLING and data:
                yield f"{kind}:{_name(data)}"
            kind, data = "", ""
        if len(data) > LONGEST_EVENT:
            raise SourceTrouble("bad_content", "The stream sends an event without end.")


async def _lines(pieces: AsyncIterable[bytes]) -> AsyncIterator[str]:
    rest = b""
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
        if len(rest) > LONGEST_EVENT:
            raise SourceTrouble("bad_content", "The stream sends a line without end.")


def _name(data: str) -> str:
    """The id of a post, with the moment of its edit: the same event twice has the same name."""
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError):
        return data[:100]
    if not isinstance(told, dict):
        return str(told)[:100]
    return f"{told.get('id')}:{told.get('edited_at') or ''}"
