"""Google Play: the reviews of one app, and replies, by the Android Publisher interface, version 3.

Only reviews with words are shown, and only those of about the last week: what disappears from the
list is no removal. One moment is told, that of the last change.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from api.items.item import Read
from workers.platforms import google_errors, google_service
from workers.platforms.calls import Calls
from workers.platforms.connector import (
    Action,
    ActVerb,
    Checked,
    Fetched,
    Outcome,
    Place,
    nothing_before,
)
from workers.platforms.counted import whole
from workers.platforms.google_errors import listed
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import read_newest

API = "https://androidpublisher.googleapis.com/androidpublisher/v3/applications"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
PAGE = 100
LONGEST_REPLY = 350
_TAG = re.compile(r"<[^<>]*>")
VERBS: frozenset[ActVerb] = frozenset({"reply"})
judge = google_errors.judge
before = nothing_before


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed, newest first."""
    signed = await _signed(calls, place)
    known = place.cursor.get("known", {})
    pages, newest = await read_newest(_pages(calls, place, signed), known, place.mode)
    cursor = {"known": newest.remembered()}
    if not newest.news:
        return Fetched(None, "", cursor)
    return Fetched(as_body(pages), CONTENT_TYPE, cursor)


async def _pages(
    calls: Calls, place: Place, signed: Mapping[str, str]
) -> AsyncIterator[tuple[Any, list[tuple[str, Any]]]]:
    token = ""
    while True:
        asked = {"maxResults": str(PAGE)} | ({"token": token} if token else {})
        page = (await calls.get(_reviews_url(place), params=asked, headers=signed)).object
        found = listed(page, "reviews", "reviewId")
        yield page, [(one["reviewId"], _likeness(one)) for one in found]
        token = (page.get("tokenPagination") or {}).get("nextPageToken", "")
        if not token:
            return


def _likeness(review: Mapping[str, Any]) -> list[Any]:
    """What an edit or a reply changes; thumbs go up and down all day."""
    said = _said(review)
    words = [said.get(name) for name in ("text", "starRating", "lastModified")]
    return [*words, _answer(review)]


def read(body: bytes, _: str, now: datetime) -> Read:
    """The reviews of the kept pages. CPU only."""
    return read_pages(body, now, _reviews)


def _reviews(page: Any) -> Iterator[dict[str, Any]]:
    for one in page.get("reviews", []):
        said, answered = _said(one), _answer(one)
        title, tab, text = (said.get("originalText") or said.get("text") or "").partition("\t")
        yield {
            "external_id": one["reviewId"],
            "stars": said.get("starRating"),
            "title": title if tab else "",
            "text": text if tab else title,
            "author": one.get("authorName"),
            "created_at": _moment(said),
            "updated_at": _moment(said),
            "reply": answered and {"text": answered.get("text"), "at": _moment(answered)},
        }


def _said(review: Mapping[str, Any]) -> dict[str, Any]:
    return _comment(review, "userComment")


def _answer(review: Mapping[str, Any]) -> dict[str, Any]:
    return _comment(review, "developerComment")


def _comment(review: Mapping[str, Any], whose: str) -> dict[str, Any]:
    for one in listed(review, "comments"):
        if isinstance(one.get(whose), dict):
            return dict(one[whose])
    return {}


def _moment(said: Mapping[str, Any]) -> str | None:
    """Seconds come as text, as numbers of 64 bits do in Google's JSON."""
    seconds = whole((said.get("lastModified") or {}).get("seconds"))
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the key opens this app's reviews. There is nothing to take down."""
    signed = await _signed(calls, place)
    await calls.get(_reviews_url(place), params={"maxResults": "1"}, headers=signed)
    return Checked()


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Reply to a review; a reply that is there is written over."""
    if action.verb != "reply":
        return Outcome("by_hand", "Google Play offers no way to do this. Use the Play Console.")
    text = action.params["text"]
    if len(text) > LONGEST_REPLY:
        return Outcome("rejected", f"Google Play takes {LONGEST_REPLY} characters, this is longer.")
    signed = await _signed(calls, place)
    url = f"{_review_url(place, action.target)}:reply"
    await calls.write("POST", url, json={"replyText": text}, headers=signed)
    return Outcome("done")


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back whether the reply is there, as Google shows it: without markup."""
    if action.verb != "reply":
        return Outcome("by_hand", "Google Play offers no way to do this. Use the Play Console.")
    signed = await _signed(calls, place)
    found = (await calls.get(_review_url(place, action.target), headers=signed)).object
    shown = _answer(found).get("text") or ""
    if _plain(shown) == _plain(action.params["text"]):
        return Outcome("done")
    return Outcome("rejected", "The reply is not there.")


def _plain(text: str) -> str:
    return " ".join(_TAG.sub("", text).split())


async def _signed(calls: Calls, place: Place) -> dict[str, str]:
    key = str(place.secrets.get("service_account", ""))
    return {"Authorization": f"Bearer {await google_service.token(calls, key, SCOPE)}"}


def _reviews_url(place: Place) -> str:
    return f"{API}/{quote(str(place.ids['package']), safe='')}/reviews"


def _review_url(place: Place, review: str) -> str:
    return f"{_reviews_url(place)}/{quote(review, safe='')}"
