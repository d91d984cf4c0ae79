"""Apple's App Store by App Store Connect: reviews of all countries, and replies to them."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.items.item import Health, Read, SourceTrouble
from workers.platforms.app_store_key import token
from workers.platforms.calls import Calls, Reply, retry_at, status_trouble
from workers.platforms.connector import (
    Action,
    ActVerb,
    Checked,
    Fetched,
    Outcome,
    Place,
    nothing_before,
)
from workers.platforms.given import entrusted, given, needed
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import read_newest

API = "https://api.appstoreconnect.apple.com/v1"
PAGE = 200
LONGEST_REPLY = 5970
PUBLISHED_WITHIN = timedelta(days=1)
VERBS: frozenset[ActVerb] = frozenset({"reply", "unreply"})
before = nothing_before
_WINDOW = timedelta(minutes=15)
_CODES: Mapping[str, tuple[Health, str, bool]] = {
    "NOT_AUTHORIZED": ("auth_expired", "Apple does not take this key. Enter a new one.", True),
    "FORBIDDEN_ERROR": ("permission", "The key has no right to customer reviews.", True),
    "NOT_FOUND": ("gone", "Apple does not have this any more.", False),
    "RATE_LIMIT_EXCEEDED": ("rate_limited", "Apple asks us to come less often.", False),
    "ENTITY_ERROR": ("bad_content", "Apple did not take the reply.", False),
}


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of: `{"errors": [{"status", "code", "detail"}]}`."""
    errors = reply.object.get("errors")
    if reply.good or not (isinstance(errors, list) and errors and isinstance(errors[0], dict)):
        return status_trouble(reply, now)
    known = _CODES.get(str(errors[0].get("code", "")).partition(".")[0])
    if known is None:
        return status_trouble(reply, now)
    health, words, permanent = known
    at = retry_at(reply.headers.get("retry-after"), now)
    if health == "rate_limited":
        at = at or now + _WINDOW
    return SourceTrouble(health, words, retry_at=at, permanent=permanent)


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed, newest first."""
    pages, newest = await read_newest(
        _pages(calls, place), place.cursor.get("known", {}), place.mode
    )
    cursor = {"known": newest.remembered()}
    if not newest.news:
        return Fetched(None, "", cursor)
    covers = datetime.min.replace(tzinfo=UTC) if newest.whole else None
    return Fetched(as_body(pages, covers=covers), CONTENT_TYPE, cursor)


async def _pages(calls: Calls, place: Place) -> AsyncIterator[tuple[Any, list[tuple[str, Any]]]]:
    url = f"{API}/apps/{needed(given(place, 'app'), 'The Apple id of the app')}/customerReviews"
    params: dict[str, Any] | None = {"sort": "-createdDate", "limit": PAGE, "include": "response"}
    while True:
        page = (await calls.get(url, params=params, headers=_signed(place))).object
        yield page, [(str(one["id"]), (one.get("attributes"), said)) for one, said in _both(page)]
        url, params = str((page.get("links") or {}).get("next", "")), None
        if not url.startswith(f"{API}/"):
            return


def _both(page: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each review with the response to it, empty when there is none."""
    said = {one["id"]: one.get("attributes") or {} for one in page.get("included", [])}
    for one in page.get("data", []):
        linked = ((one.get("relationships") or {}).get("response") or {}).get("data") or {}
        yield one, said.get(linked.get("id"), {})


def read(body: bytes, _: str, now: datetime) -> Read:
    """The reviews of the kept pages. CPU only."""
    return read_pages(body, now, _items)


def _items(page: Any) -> Iterator[dict[str, Any]]:
    for one, said in _both(page):
        told = one["attributes"]
        yield {
            "external_id": one["id"],
            "stars": told.get("rating"),
            "title": told.get("title"),
            "text": told.get("body"),
            "author": told.get("reviewerNickname"),
            "created_at": told.get("createdDate"),
            "reply": said and {
                "text": said.get("responseBody"),
                "at": said.get("lastModifiedDate"),
                "state": said.get("state"),
            },
        }  # fmt: skip


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the key can read reviews. Nothing can be taken down over it."""
    url = f"{API}/apps/{needed(given(place, 'app'), 'The Apple id of the app')}/customerReviews"
    await calls.get(url, params={"limit": 1}, headers=_signed(place))
    return Checked()


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Reply, or take the reply back; a second reply replaces the first."""
    if action.verb == "reply":
        return await _reply(calls, place, action)
    if action.verb == "unreply":
        there = await _response(calls, place, action.target)
        if there:
            await _delete(calls, place, str(there["id"]))
        return Outcome("done")
    return Outcome("by_hand", "Apple offers no way to do this.")


async def _reply(calls: Calls, place: Place, action: Action) -> Outcome:
    text = action.params["text"]
    if len(text) > LONGEST_REPLY:
        return Outcome("rejected", f"Apple takes {LONGEST_REPLY} characters, this is longer.")
    review = {"data": {"type": "customerReviews", "id": action.target}}
    body = {
        "type": "customerReviewResponses",
        "attributes": {"responseBody": text},
        "relationships": {"review": review},
    }
    try:
        told = await calls.write(
            "POST", f"{API}/customerReviewResponses", json={"data": body}, headers=_signed(place)
        )
    except SourceTrouble as trouble:
        if trouble.health not in ("gone", "bad_content"):
            raise
        return Outcome("rejected", trouble.detail)
    return _published(told.object.get("data") or {})


async def _delete(calls: Calls, place: Place, name: str) -> None:
    url = f"{API}/customerReviewResponses/{name}"
    try:
        await calls.write("DELETE", url, headers=_signed(place))
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted."""
    if action.verb not in ("reply", "unreply"):
        return Outcome("by_hand", "Apple offers no way to do this.")
    there = await _response(calls, place, action.target)
    if action.verb == "unreply":
        return Outcome("pending", check_after=PUBLISHED_WITHIN) if there else Outcome("done")
    said = (there or {}).get("attributes") or {}
    if there is None or said.get("responseBody") != action.params["text"]:
        return Outcome("rejected", "The reply is not there.")
    return _published(there)


def _published(response: Mapping[str, Any]) -> Outcome:
    made = str(response.get("id", ""))
    if (response.get("attributes") or {}).get("state") == "PUBLISHED":
        return Outcome("done", made=made)
    return Outcome(
        "pending", "Apple will publish the reply.", made=made, check_after=PUBLISHED_WITHIN
    )


async def _response(calls: Calls, place: Place, review: str) -> dict[str, Any] | None:
    """Our response to a review; None when there is none."""
    url = f"{API}/customerReviews/{review}/response"
    try:
        found = (await calls.get(url, headers=_signed(place))).object.get("data")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return None
    return found if isinstance(found, dict) else None


def _signed(place: Place) -> dict[str, str]:
    issuer = needed(entrusted(place, "issuer"), "The issuer id")
    key_id, key = (
        needed(entrusted(place, "key_id"), "The key id"),
        needed(entrusted(place, "key"), "The private key"),
    )
    return {"Authorization": f"Bearer {token(issuer, key_id, key, place.now)}"}
