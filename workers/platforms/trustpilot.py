"""Trustpilot: reviews with edits and removals, and replies where a secret was entered.

With an API key alone the public list is read; with its secret the private one, which also takes
a start. Tokens are asked for when they are needed and kept nowhere.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from api.items.checks import moment
from api.items.item import Read, SourceTrouble
from workers.platforms import trustpilot_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.counted import average, whole
from workers.platforms.given import given, needed
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import Newest, read_newest
from workers.platforms.trustpilot_acts import VERBS, act, before, observe
from workers.platforms.trustpilot_http import API, answers, signed

__all__ = ["VERBS", "act", "before", "check", "fetch", "judge", "observe", "read"]

PAGE = 100
OVERLAP = timedelta(hours=1)
# So far back edits and removals are looked for; older reviews wake nobody.
WINDOW = timedelta(days=14)
# What the private list adds about customers is nobody’s business here.
PERSONAL = frozenset({"referralEmail", "referenceId", "tags", "invitation"})
NO_REPLY = {"reply": "Replies need the secret of the key and the id of a business user."}
STARS = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")
judge = trustpilot_errors.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed; a hint or a reconciliation reads two weeks again."""
    wide = place.mode == "reconcile" or bool(place.hints)
    known = place.cursor.get("known", {})
    start = _start(place, wide=wide) if known and answers(place) else None
    unit = await _unit(calls, place)
    pages, newest = await read_newest(
        _pages(calls, place, unit, start), known, "reconcile" if wide else place.mode
    )
    lost = _lost(known, newest)
    cursor = _cursor(place, pages, newest) | {"lost": lost, "unit": unit}
    probed = {} if answers(place) else NO_REPLY
    told = dict(probed) if probed != place.probed else None
    if not (newest.news or wide or lost or place.cursor.get("lost")):
        return Fetched(None, "", cursor, probed=told)
    counters = await _counters(calls, place, unit)
    body = as_body(pages, counters=counters, covers=_covers(pages, newest, start, place.now))
    return Fetched(body, CONTENT_TYPE, cursor, probed=told)


def read(body: bytes, _: str, now: datetime) -> Read:
    """The reviews of the kept pages. CPU only."""
    return read_pages(body, now, _reviews)


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the reviews can be read with what was entered; there is nothing to take down."""
    params = {"perPage": 1, "page": 1, "orderBy": "createdat.desc"}
    url = _list(place, await _unit(calls, place))
    await calls.get(url, params=params, headers=await signed(calls, place))
    return Checked()


async def _pages(
    calls: Calls, place: Place, unit: str, start: datetime | None
) -> AsyncIterator[tuple[Any, list[tuple[str, Any]]]]:
    headers = await signed(calls, place)
    since = {"startDateTime": f"{start:%Y-%m-%dT%H:%M:%S}"} if start else {}
    number = 1
    while True:
        params = {"perPage": PAGE, "page": number, "orderBy": "createdat.desc"} | since
        told = (await calls.get(_list(place, unit), params=params, headers=headers)).object
        reviews = [_impersonal(one) for one in told.get("reviews") or []]
        yield {"reviews": reviews}, [(str(one["id"]), _plain(one)) for one in reviews]
        more = any(link.get("rel") == "next-page" for link in told.get("links") or [])
        if not reviews or not (more or len(reviews) >= PAGE):
            return
        number += 1


def _list(place: Place, unit: str) -> str:
    side = "/private" if answers(place) else ""
    return f"{API}{side}/business-units/{quote(unit, safe='')}/reviews"


async def _unit(calls: Calls, place: Place) -> str:
    """The id of what is reviewed; a link holds its website alone, which Trustpilot looks up."""
    known = given(place, "business_unit_id") or str(place.cursor.get("unit") or "")
    if known:
        return known
    website = needed(given(place, "domain"), "The website that is reviewed")
    key = {"apikey": needed(given(place, "key"), "The API key")}
    found = await calls.get(f"{API}/business-units/find", params={"name": website}, headers=key)
    unit = found.object.get("id")
    if not isinstance(unit, str) or not unit:
        raise SourceTrouble("bad_content", "Trustpilot named no business for this website.")
    return unit


def _start(place: Place, *, wide: bool) -> datetime | None:
    """Trustpilot takes a moment of creation: an hour back, as late ones come in between."""
    if wide:
        return place.now - WINDOW
    newest = moment(place.cursor.get("newest"))
    return newest - OVERLAP if newest else None


def _cursor(place: Place, pages: Sequence[Any], newest: Newest) -> dict[str, Any]:
    created = [moment(one.get("createdAt")) for page in pages for one in page["reviews"]]
    met = [place.cursor.get("newest"), *(at.isoformat() for at in created if at)]
    return {
        "known": newest.remembered(),
        "newest": max((at for at in met if at), default=None),
    }


def _lost(known: Mapping[str, str], newest: Newest) -> bool:
    """Whether one is gone that stood before another which is still there: the order is fixed."""
    still = [name in newest.met for name in known]
    return True in still and not all(still[: len(still) - still[::-1].index(True)])


def _covers(
    pages: Sequence[Any], newest: Newest, start: datetime | None, now: datetime
) -> datetime | None:
    """Newest first, so nothing is missing down to the last one that was read."""
    if newest.whole:
        return start or datetime.min.replace(tzinfo=now.tzinfo)
    created = [moment(one.get("createdAt")) for one in pages[-1]["reviews"]]
    return max((at for at in created[-1:] if at), default=None)


async def _counters(calls: Calls, place: Place, unit: str) -> dict[str, float] | None:
    """How many reviews stand there, and their mean; a courtesy whose failure stops nothing."""
    key = {"apikey": given(place, "key")}
    try:
        told = await calls.get(f"{API}/business-units/{quote(unit, safe='')}", headers=key)
    except SourceTrouble:
        return None
    shown = told.object.get("numberOfReviews")
    shown = shown if isinstance(shown, dict) else {}
    by_stars = [whole(shown.get(name)) or 0 for name in STARS]
    count = whole(shown.get("total"))
    mean = average(sum(n * stars for stars, n in enumerate(by_stars, 1)) / (sum(by_stars) or 1))
    return None if count is None else {"count": count} | ({} if mean is None else {"mean": mean})


def _impersonal(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in PERSONAL}


def _reviews(page: Any) -> Iterator[dict[str, Any]]:
    for one in page["reviews"]:
        yield _plain(one)


def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
    person, answered = one.get("consumer") or {}, one.get("companyReply") or {}
    return {
        "external_id": str(one["id"]),
        "stars": one.get("stars"),
        "title": one.get("title"),
        "text": one.get("text"),
        "author": person.get("displayName"),
        "author_id": person.get("id"),
        "url": f"https://www.trustpilot.com/reviews/{quote(str(one['id']), safe='')}",
        "created_at": one.get("createdAt"),
        "updated_at": one.get("updatedAt"),
        "reply": answered
        and {
            "text": answered.get("text"),
            "at": answered.get("updatedAt") or answered.get("createdAt"),
        },
    }
