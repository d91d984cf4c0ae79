"""Google Business Profile: reviews with edits and removals, replies, and the temporary closure.

Reviews live in version 4, places in Business Information version 1. A review is known by its
location and review id alone: one place can be reached through several accounts.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.item import Read, SourceTrouble
from workers.platforms import google_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Checked, Fetched, Outcome, Place
from workers.platforms.google_errors import listed
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import read_newest

REVIEWS = "https://mybusiness.googleapis.com/v4"
PLACES = "https://mybusinessbusinessinformation.googleapis.com/v1"
PAGE = 50
LONGEST_REPLY = 4096
MODERATED_WITHIN = timedelta(minutes=10)
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_NO_WAY = "Google offers no way to do this."
_TRANSLATED = re.compile(
    r"\(Translated by Google\).*?\n\n\(Original\)\n(.*)|(.*?)\n\n\(Translated by Google\).*",
    re.DOTALL,
)
VERBS: frozenset[ActVerb] = frozenset({"reply", "unreply", "take_down", "restore"})
judge = google_errors.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed, newest edits first."""
    known = place.cursor.get("known", {})
    pages, newest = await read_newest(_pages(calls, place), known, place.mode)
    first = pages[0]
    total = first.get("totalReviewCount")
    removed = place.cursor.get("total") not in (None, total)
    cursor = {"known": newest.remembered(), "total": total}
    if not (newest.news or removed):
        return Fetched(None, "", cursor)
    counters = {"count": total, "mean": first.get("averageRating")} if total is not None else None
    covers = datetime.min.replace(tzinfo=place.now.tzinfo) if newest.whole else None
    return Fetched(as_body(pages, counters=counters, covers=covers), CONTENT_TYPE, cursor)


async def _pages(calls: Calls, place: Place) -> AsyncIterator[tuple[Any, list[tuple[str, Any]]]]:
    token = ""
    while True:
        params = {"pageSize": PAGE, "orderBy": "updateTime desc"}
        asked = params | ({"pageToken": token} if token else {})
        url = f"{REVIEWS}/{_location(place)}/reviews"
        page = (await calls.get(url, params=asked, headers=_signed(place))).object
        yield page, [(_key(one["name"]), one) for one in listed(page, "reviews", "name")]
        token = page.get("nextPageToken", "")
        if not token:
            return


def read(body: bytes, _: str, now: datetime) -> Read:
    """The reviews of the kept pages. CPU only."""
    return read_pages(body, now, _reviews)


def _reviews(page: Any) -> Iterator[dict[str, Any]]:
    for one in page.get("reviews", []):
        person = one.get("reviewer") or {}
        answered = one.get("reviewReply") or {}
        yield {
            "external_id": _key(one["name"]),
            "stars": STARS.get(one.get("starRating")),
            "text": _original(one.get("comment") or ""),
            "author": None if person.get("isAnonymous") else person.get("displayName"),
            "created_at": one.get("createTime"),
            "updated_at": one.get("updateTime"),
            "url": one.get("reviewReplyUrl"),
            "reply": answered and {
                "text": answered.get("comment"),
                "at": answered.get("updateTime"),
                "state": answered.get("reviewReplyState"),
                "reason": answered.get("policyViolation"),
            },
        }  # fmt: skip


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the place can be read, and marked closed: rehearsed with validateOnly."""
    url = f"{PLACES}/{_bare(place)}"
    found = (
        await calls.get(url, params={"readMask": "openInfo,metadata"}, headers=_signed(place))
    ).object
    if not found.get("metadata", {}).get("hasVoiceOfMerchant", True):
        return Checked(
            ready=False, ready_detail="Google no longer treats this account as the owner’s."
        )
    await _set_status(calls, place, "CLOSED_TEMPORARILY", rehearse=True)
    return Checked(ready=True)


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Reply to a review, take the reply back, or mark the place as temporarily closed."""
    review = f"{REVIEWS}/{_location(place)}/reviews/{action.target.rpartition('/')[2]}/reply"
    if action.verb == "reply":
        said = {"comment": action.params["text"]}
        if len(said["comment"].encode()) > LONGEST_REPLY:
            return Outcome("rejected", f"Google takes {LONGEST_REPLY} bytes, this is longer.")
        reply = await calls.write("PUT", review, json=said, headers=_signed(place))
        return _moderated(reply.object)
    if action.verb == "unreply":
        await calls.write("DELETE", review, headers=_signed(place))
        return Outcome("done")
    if action.verb in ("take_down", "restore"):
        return await _open_or_close(calls, place, action)
    return Outcome("by_hand", _NO_WAY)


async def before(calls: Calls, place: Place, action: Action) -> Mapping[str, Any]:
    """What opening again will need: the `status` of the place, before it is marked closed."""
    return {"status": await _status(calls, place)} if action.verb == "take_down" else {}


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back what an action wanted."""
    if action.verb not in VERBS:
        return Outcome("by_hand", _NO_WAY)
    if action.verb in ("take_down", "restore"):
        wanted = "CLOSED_TEMPORARILY" if action.verb == "take_down" else action.params["status"]
        status = await _status(calls, place)
        return Outcome("done" if status == wanted else "pending", f"Google shows {status}.")
    name = f"{REVIEWS}/{_location(place)}/reviews/{action.target.rpartition('/')[2]}"
    shown = (await calls.get(name, headers=_signed(place))).object.get("reviewReply")
    if action.verb == "unreply":
        return Outcome("pending" if shown else "done")
    if not shown or shown.get("comment") != action.params["text"]:
        return Outcome("rejected", "The reply is not there.")
    return _moderated(shown)


async def _open_or_close(calls: Calls, place: Place, action: Action) -> Outcome:
    """What was before is told even when the answer was lost: without it nothing can be undone.

    Opening again reads nothing first, so that it is sent where nothing can be read any more.
    """
    stood = action.params.get("before") or await before(calls, place, action)
    wanted = "CLOSED_TEMPORARILY" if action.verb == "take_down" else action.params["status"]
    try:
        await _set_status(calls, place, wanted)
    except SourceTrouble as trouble:
        if trouble.health != "outcome_unknown":
            raise
        return Outcome("unknown", trouble.detail, before=stood)
    return Outcome("pending", before=stood, check_after=MODERATED_WITHIN)


def _moderated(reply: dict[str, Any]) -> Outcome:
    state = reply.get("reviewReplyState", "APPROVED")
    if state == "REJECTED":
        why = str(reply.get("policyViolation", "")).replace("_", " ").lower()
        return Outcome("rejected", f"Google did not accept the reply: {why or 'no reason given'}.")
    if state == "PENDING":
        return Outcome("pending", "Google looks at the reply.", check_after=MODERATED_WITHIN)
    return Outcome("done")


async def _status(calls: Calls, place: Place) -> str:
    url = f"{PLACES}/{_bare(place)}"
    found = await calls.get(url, params={"readMask": "openInfo"}, headers=_signed(place))
    return str(found.object.get("openInfo", {}).get("status", "OPEN"))


async def _set_status(calls: Calls, place: Place, status: str, *, rehearse: bool = False) -> None:
    params = {"updateMask": "openInfo.status"} | ({"validateOnly": "true"} if rehearse else {})
    await (calls.ask if rehearse else calls.write)(
        "PATCH", f"{PLACES}/{_bare(place)}", params=params,
        json={"openInfo": {"status": status}}, headers=_signed(place),
    )  # fmt: skip


def _signed(place: Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.secrets.get('access_token', '')}"}


def _location(place: Place) -> str:
    return f"accounts/{place.ids['account']}/locations/{place.ids['location']}"


def _bare(place: Place) -> str:
    return f"locations/{place.ids['location']}"


def _key(name: str) -> str:
    """`accounts/1/locations/2/reviews/3` is `locations/2/reviews/3` by any account."""
    return f"locations/{name.rpartition('locations/')[2]}"


def _original(comment: str) -> str:
    """What was written, where Google put its translation before or after it."""
    match = _TRANSLATED.fullmatch(comment)
    return (match[1] or match[2] or "").strip() if match else comment
