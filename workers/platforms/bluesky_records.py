"""The client's own records at Bluesky: posts with their links, and which of them are the newest."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.bluesky_server import Server

POST = "app.bsky.feed.post"
LONGEST_POST = 300
_LISTED = 100
_LINK = re.compile(rb"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def post(text: str, now: datetime, answers: dict[str, Any] | None = None) -> dict[str, Any]:
    """A record of a post; addresses in it can be followed, which takes byte offsets there."""
    links = [
        {
            "index": {"byteStart": one.start(), "byteEnd": one.end()},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": one[0].decode()}],
        }
        for one in _LINK.finditer(text.encode())
    ]
    record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": stamp(now)}
    return record | ({"facets": links} if links else {}) | ({"reply": answers} if answers else {})


def too_long(text: str) -> bool:
    """More than 300 signs as people count them; Bluesky refuses those."""
    seen = [one for one in text if not unicodedata.combining(one) and one not in "\u200d\ufe0f"]
    return len(seen) > LONGEST_POST


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rkey(uri: str) -> str:
    """The last part of an address of a record."""
    return uri.rpartition("/")[2]


def is_of(uri: str, did: str) -> bool:
    return uri.startswith(f"at://{did}/")


async def seen(at: Server, *uris: str) -> dict[str, dict[str, Any]]:
    """Posts as everybody sees them, by address; what is gone is missing. 25 at most."""
    page = await at.get("app.bsky.feed.getPosts", uris=list(uris))
    return {one["uri"]: one for one in page.get("posts", [])}


async def own_posts(at: Server) -> list[dict[str, Any]]:
    """The newest hundred posts and replies of the client as {uri, cid, value}, newest first."""
    asking = {"repo": at.did, "collection": POST, "limit": _LISTED}
    page = await at.get("com.atproto.repo.listRecords", **asking)
    return list(page.get("records", []))


async def record(at: Server, collection: str, name: str) -> dict[str, Any] | None:
    """One own record as {uri, cid, value}; None when there is none."""
    asking = {"repo": at.did, "collection": collection, "rkey": name}
    try:
        return await at.get("com.atproto.repo.getRecord", **asking)
    except SourceTrouble as trouble:
        if trouble.health == "gone":
            return None
        raise


async def create(at: Server, collection: str, value: dict[str, Any]) -> str:
    """Add one record; its address."""
    made = await at.write(
        "com.atproto.repo.createRecord",
        {"repo": at.did, "collection": collection, "record": value},
    )
    return str(made.get("uri", ""))


async def delete(at: Server, collection: str, name: str) -> None:
    """Take one own record away; one that is gone already is no trouble there."""
    body = {"repo": at.did, "collection": collection, "rkey": name}
    await at.write("com.atproto.repo.deleteRecord", body)
