"""YouTube: the comments under all videos of one channel, by the Data API, version 3.

Threads come newest first, each with a few of its replies. A late reply does not move its thread:
under an old comment it is met in the whole reading alone. What the channel wrote itself is no item.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any

from api.items.item import Read, SourceTrouble
from workers.platforms import google_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.google_errors import listed
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import Newest, read_newest

API = "https://youtube.googleapis.com/youtube/v3"
PAGE = 100
HELD = "heldForReview"
HIDDEN = (HELD, "rejected", "likelySpam")
# Each costs a unit of ten thousand a day, which all clients share.
MOST_THREADS = 20
MOST_PAGES_OF_REPLIES = 3
judge = google_errors.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """New and edited comments; a whole reading also finds what is held back, and what is gone."""
    known = place.cursor.get("known", {})
    pages, newest = await read_newest(_threads(calls, place), known, place.mode)
    more, complete = await _replies(calls, place, pages, newest)
    held: list[Any] = []
    if place.mode == "reconcile":
        held, of_held = await read_newest(_threads(calls, place, HELD), {}, place.mode)
        complete = complete and newest.whole and of_held.whole
    cursor = {"known": newest.remembered()}
    if not (newest.news or place.mode == "reconcile"):
        return Fetched(None, "", cursor)
    since = datetime.min.replace(tzinfo=place.now.tzinfo)
    covers = since if place.mode == "reconcile" and complete else None
    return Fetched(as_body([*pages, *more, *held], covers=covers), CONTENT_TYPE, cursor)


async def threads(
    calls: Calls, place: Place, held: str = "", most: int = PAGE
) -> AsyncIterator[dict[str, Any]]:
    """Pages of the channel's threads as YouTube lists them, those held for review when asked."""
    asked = {
        "part": "snippet,replies", "allThreadsRelatedToChannelId": str(place.ids["channel"]),
        "order": "time", "maxResults": str(most), "textFormat": "plainText",
    } | ({"moderationStatus": held} if held else {})  # fmt: skip
    async for page in pages_of(calls, place, "commentThreads", asked):
        yield page


async def pages_of(
    calls: Calls, place: Place, what: str, asked: Mapping[str, str]
) -> AsyncIterator[dict[str, Any]]:
    """Every page of a listing."""
    token = ""
    while True:
        params = {**asked} | ({"pageToken": token} if token else {})
        page = (await calls.get(f"{API}/{what}", params=params, headers=signed(place))).object
        yield page
        token = page.get("nextPageToken", "")
        if not token:
            return


def signed(place: Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.secrets.get('access_token', '')}"}


async def _threads(
    calls: Calls, place: Place, held: str = ""
) -> AsyncIterator[tuple[Any, list[tuple[str, Any]]]]:
    async for page in threads(calls, place, held):
        yield page, [(one["id"], _likeness(one)) for one in listed(page, "items", "id")]


def _likeness(thread: Mapping[str, Any]) -> list[Any]:
    """What an edit or a reply changes; likes and tags of YouTube’s own change all day."""
    about = _of(thread, "snippet")
    said = [_of(thread, "snippet", "topLevelComment"), *_embedded(thread)]
    versions = [(one.get("id"), _of(one, "snippet").get("updatedAt")) for one in said]
    return [about.get("totalReplyCount"), versions]


async def _replies(
    calls: Calls, place: Place, pages: list[Any], newest: Newest
) -> tuple[list[Any], bool]:
    """The replies that did not come with their threads, and whether that is all of them.

    What changed comes first, and what of it is too much now is met next time. The first reading
    leaves them out: they are history.
    """
    longer = {
        one["id"]: one for page in pages for one in listed(page, "items", "id") if _has_more(one)
    }
    changed = [name for name in longer if newest.known.get(name) != newest.met[name]]
    changed = changed if newest.known else []
    rest = [name for name in longer if name not in changed] if place.mode == "reconcile" else []
    wanted = [*changed, *rest][:MOST_THREADS]
    found = [await _under(calls, place, longer[name]) for name in wanted]
    for name in changed[MOST_THREADS:]:
        del newest.met[name]
    complete = len(wanted) == len(longer) and all(whole for _, whole in found)
    return [page for pages, _ in found for page in pages], complete


async def _under(
    calls: Calls, place: Place, thread: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], bool]:
    asked = {
        "part": "snippet", "parentId": thread["id"],
        "maxResults": str(PAGE), "textFormat": "plainText",
    }  # fmt: skip
    about = _of(thread, "snippet")
    found: list[dict[str, Any]] = []
    async for page in pages_of(calls, place, "comments", asked):
        found.append({"items": listed(page, "items", "id"), "under": about})
        if len(found) == MOST_PAGES_OF_REPLIES:
            return found, not page.get("nextPageToken")
    return found, True


def _has_more(thread: Mapping[str, Any]) -> bool:
    total = _of(thread, "snippet").get("totalReplyCount")
    return isinstance(total, int) and total > len(_embedded(thread))


def _embedded(thread: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed(_of(thread, "replies"), "comments", "id")


def _of(thing: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """An object inside of others; empty where something on the way is missing."""
    found: Any = thing
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def read(body: bytes, _: str, now: datetime) -> Read:
    """The comments of the kept pages. CPU only."""
    return read_pages(body, now, _comments)


def _comments(page: Any) -> Iterator[dict[str, Any]]:
    for one in page.get("items", []):
        if "under" in page:
            yield from _item(one, page["under"], None)
            continue
        about, answered = one["snippet"], None
        replies = (one.get("replies") or {}).get("comments", [])
        for reply in replies:
            yield from _item(reply, about, None)
            if _is_own(reply, about):
                said = reply["snippet"]
                answered = {"text": _words(said), "at": said.get("publishedAt")}
        yield from _item(about["topLevelComment"], about, answered)


def _item(
    comment: Mapping[str, Any], about: Mapping[str, Any], answered: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    if _is_own(comment, about):
        return
    said, video = comment["snippet"], about.get("videoId")
    yield {
        "external_id": comment["id"],
        "text": _words(said),
        "author": said.get("authorDisplayName"),
        "author_id": _author(said),
        "created_at": said.get("publishedAt"),
        "updated_at": said.get("updatedAt"),
        "url": video and f"https://www.youtube.com/watch?v={video}&lc={comment['id']}",
        "kind": "comment",
        "parent_id": video,
        "reply": answered,
        "hidden": said.get("moderationStatus") in HIDDEN,
    }


def _is_own(comment: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    return bool(about.get("channelId")) and _author(comment["snippet"]) == about["channelId"]


def _author(said: Mapping[str, Any]) -> str | None:
    return (said.get("authorChannelId") or {}).get("value")


def _words(said: Mapping[str, Any]) -> str:
    return said.get("textOriginal") or said.get("textDisplay") or ""


async def check(calls: Calls, place: Place) -> Checked:
    """Whether this sign-in owns the channel: only its owner sees what is held for review."""
    asked = {"part": "id", "mine": "true", "maxResults": "50"}
    owned = await calls.get(f"{API}/channels", params=asked, headers=signed(place))
    if place.ids["channel"] not in [one["id"] for one in listed(owned.object, "items", "id")]:
        return Checked(ready=False, ready_detail="This sign-in is of another channel.")
    try:
        async for _ in threads(calls, place, HELD, most=1):
            break
    except SourceTrouble as trouble:
        if trouble.health != "permission":
            raise
        return Checked(ready=False, ready_detail="The sign-in may read, but not moderate.")
    return Checked(ready=True)
