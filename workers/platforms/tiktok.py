"""TikTok: comments under the newest videos of the client's own account."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.items.item import Read
from workers.platforms import tiktok_http
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.newest import likeness, read_newest
from workers.platforms.tiktok_http import fields, get

VIDEOS = 20
PAGE = 30
# TikTok lets us ask each address 40 times a minute; acts need some of that.
MOST_ASKED = 25
# A page for each video, so that one new comment costs two requests and no more.
REMEMBERED = 600
judge = tiktok_http.judge


@dataclass
class Reading:
    """One reading of all videos: what came, and what to know next time."""

    pages: list[Any] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    news: bool = False
    whole: bool = True


async def fetch(calls: Calls, place: Place) -> Fetched:
    """The comments of videos whose count has changed; of all videos to reconcile."""
    listed = await get(
        calls, place, "business/video/list/", max_count=VIDEOS,
        fields=fields("item_id", "comments", "share_url"),
    )  # fmt: skip
    before: Mapping[str, int] = place.cursor.get("counts", {})
    known: Mapping[str, str] = place.cursor.get("known", {})
    reading = Reading(whole=not listed.get("has_more"))
    until = calls.spent + MOST_ASKED
    for video in listed.get("videos", []):
        await _look(calls, place, video, before, known, reading, until)
    kept = reading.known | {name: one for name, one in known.items() if name not in reading.known}
    cursor = {"counts": reading.counts, "known": dict(list(kept.items())[:REMEMBERED])}
    whole = place.mode == "reconcile" and reading.whole
    if not reading.news:
        return Fetched(None, "", cursor)
    covers = datetime.min.replace(tzinfo=UTC) if whole else None
    return Fetched(as_body(reading.pages, covers=covers), CONTENT_TYPE, cursor)


async def _look(
    calls: Calls, place: Place, video: dict[str, Any],
    before: Mapping[str, int], known: Mapping[str, str], reading: Reading, until: int,
) -> None:  # fmt: skip
    """Read one video, if there is reason and room; without room it is the next reading's."""
    name, count = str(video["item_id"]), int(video.get("comments") or 0)
    if name in before and before[name] == count and place.mode != "reconcile":
        reading.counts[name] = count
        return
    if calls.spent >= until:
        reading.whole = False
        reading.counts |= {name: before[name]} if name in before else {}
        return
    of_video = known if name in before else {}
    pages, newest = await read_newest(_comments(calls, place, name), of_video, place.mode)
    url = video.get("share_url")
    reading.pages += [{"video": name, "url": url, "comments": page} for page in pages]
    reading.counts[name] = count
    reading.known |= newest.met
    reading.news = reading.news or newest.news
    reading.whole = reading.whole and newest.whole


async def _comments(
    calls: Calls, place: Place, video: str
) -> AsyncIterator[tuple[Any, Sequence[tuple[str, Any]]]]:
    cursor = 0
    while True:
        page = await list_comments(calls, place, video, cursor)
        comments = page.get("comments", [])
        yield comments, [(str(one["comment_id"]), _telling(one)) for one in comments]
        cursor = page.get("cursor", 0)
        if not (page.get("has_more") and comments):
            return


async def list_comments(calls: Calls, place: Place, video: str, cursor: int) -> dict[str, Any]:
    """One page of the comments of a video, newest first, hidden ones and answers with them."""
    return await get(
        calls, place, "business/comment/list/", video_id=video, cursor=cursor, max_count=PAGE,
        sort_field="create_time", sort_order="desc", include_replies="true", status="ALL",
    )  # fmt: skip


def _telling(one: Mapping[str, Any]) -> str:
    """What matters of a comment; likes change all the time."""
    answers = [[each.get("comment_id"), each.get("status")] for each in one.get("reply_list") or []]
    return likeness([one.get("text"), one.get("status"), answers])


def read(body: bytes, _: str, now: datetime) -> Read:
    """The comments of the kept pages. CPU only."""
    return read_pages(body, now, _items)


def _items(page: Any) -> Iterator[dict[str, Any]]:
    for one in page["comments"]:
        answers = one.get("reply_list") or []
        if not one.get("owner"):
            yield _item(one, page, page["video"], answers)
        for answer in answers:
            if not answer.get("owner"):
                yield _item(answer, page, f"{page['video']}/{one['comment_id']}", [])


def _item(
    one: Mapping[str, Any], page: Mapping[str, Any], parent: str, answers: Sequence[Any]
) -> dict[str, Any]:
    """An id of a comment is no use without that of its video, so it carries both."""
    ours = next((each for each in answers if each.get("owner")), None)
    return {
        "external_id": f"{page['video']}/{one['comment_id']}",
        "text": one.get("text") or "(A comment without words.)",
        "author": one.get("display_name") or one.get("username"),
        "author_id": one.get("unique_identifier"),
        "created_at": _moment(one.get("create_time")),
        "url": page.get("url"),
        "kind": "comment",
        "parent_id": parent,
        "hidden": one.get("status") == "HIDDEN",
        "reply": ours and {"text": ours.get("text"), "at": _moment(ours.get("create_time"))},
    }


def _moment(seconds: Any) -> str | None:
    """Unix seconds, as a number or as text."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the sign-in holds. Nothing can be taken down as a whole."""
    await get(calls, place, "business/get/", fields=fields("username"))
    return Checked()
