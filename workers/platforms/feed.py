"""Feeds by address: asked politely, kept raw, and read as RSS, Atom, JSON Feed or App Store."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from api.items.item import Health, Read, SourceTrouble
from workers.platforms import feed_json, feed_xml
from workers.platforms.calls import Answer, Calls, Get, outside, retry_at, status_trouble
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.documents import bad_content

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9"
judge = status_trouble
REFUSALS: Mapping[int, tuple[Health, str, bool]] = {
    401: ("auth_expired", "The feed asks for a password. Use an address without one.", True),
    402: ("permission", "The feed must be paid for.", True),
    403: ("permission", "The website does not let us read this feed.", False),
    404: ("gone", "There is no feed at this address (404). Check the address.", False),
    410: ("gone", "The feed was removed for good (410). Enter its new address.", True),
    429: ("rate_limited", "The website asks us to come less often.", False),
    451: ("policy_blocked", "The website must not show this feed here (451).", True),
}


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The feed, if it changed."""
    fetched = await ask(calls.page, place.url, place.cursor, place.now)
    return fetched or Fetched(None, "", place.cursor)


async def check(_: Calls, __: Place) -> Checked:
    """Every reading is the check; there is nothing to take down."""
    return Checked()


async def ask(get: Get, url: str, cursor: Mapping[str, Any], now: datetime) -> Fetched | None:
    """Ask for the feed if it changed; None when it did not.

    `get` is the guarded way out and has to cap size and time. Validators are sent back
    verbatim, and only to the address that gave them. Raises SourceTrouble.
    """
    known = cursor if cursor.get("url") == url else {}
    try:
        answer = await get(url, headers=_headers(known))
    except (ValueError, OSError) as error:
        raise outside(error) from error
    if answer.status == 304:
        return None
    if not 200 <= answer.status < 300:
        _refuse(answer, now)
    digest = hashlib.sha256(answer.body).hexdigest()
    if digest == known.get("sha256"):
        return None
    content_type = answer.headers.get("content-type", "")
    return Fetched(answer.body, content_type, _cursor(answer, url, digest), answer.moved_to)


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """Items of a feed in any of its four shapes. CPU only: call it in a thread.

    Raises SourceTrouble bad_content with what was found instead of a feed.
    """
    start = body.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")[:1]
    if not start:
        bad_content("The address answered with an empty page. Check the address.")
    if start in (b"{", b"["):
        return feed_json.read(body, now)
    return feed_xml.read(body, content_type, now)


def _headers(known: Mapping[str, Any]) -> dict[str, str]:
    headers = {"Accept": ACCEPT + ", */*;q=0.5"}
    for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "last_modified")):
        if isinstance(known.get(key), str):
            headers[name] = known[key]
    return headers


def _cursor(answer: Answer, url: str, digest: str) -> dict[str, Any]:
    return {
        "url": answer.moved_to or url,
        "etag": answer.headers.get("etag"),
        "last_modified": answer.headers.get("last-modified"),
        "sha256": digest,
    }


def _refuse(answer: Answer, now: datetime) -> NoReturn:
    at = retry_at(answer.headers.get("retry-after"), now)
    if answer.status in REFUSALS:
        health, sentence, permanent = REFUSALS[answer.status]
    elif answer.status >= 500:
        sentence = f"The website has trouble of its own ({answer.status})."
        health, permanent = ("transient", False)
    else:
        sentence = f"The address answered {answer.status} instead of a feed."
        health, permanent = ("bad_content", False)
    raise SourceTrouble(health, sentence, retry_at=at, permanent=permanent)
