"""Mastodon, any server: who mentions the client's account, and posts under a tag."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from api.items.checks import MAX_TEXT
from api.items.item import Read, SourceTrouble
from api.items.text import without_markup
from workers.platforms import mastodon_http
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.given import given
from workers.platforms.kept import CONTENT_TYPE, as_body, read_pages
from workers.platforms.mastodon_http import get, own_id
from workers.platforms.mastodon_walk import Page, Walk, status_of, walk

MOST_MENTIONS = 80
MOST_TAGGED = 40
NO_WORDS = "(A post without words.)"
judge = mastodon_http.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new among the mentions, and under the tag when there is one."""
    me, tag = await own_id(calls, place), given(place, "tag").removeprefix("#")

    async def mentions(more: Mapping[str, str]) -> Page:
        asking = {"types[]": "mention", "limit": MOST_MENTIONS, **more}
        return _listed(await get(calls, place, "v1/notifications", **asking))

    async def tagged(more: Mapping[str, str]) -> Page:
        path = f"v1/timelines/tag/{quote(tag, safe='')}"
        return _listed(await get(calls, place, path, limit=MOST_TAGGED, **more))

    said = await walk(mentions, place.cursor.get("mentions", {}), place.mode)
    under = await walk(tagged, place.cursor.get("tag", {}), place.mode) if tag else Walk()
    cursor = {"me": me, "mentions": said.cursor, "tag": under.cursor}
    # A tag shows what other servers sent: what is missing there was not removed for certain.
    whole = place.mode == "reconcile" and said.whole and not tag
    if not (said.news or under.news or whole):
        return Fetched(None, "", cursor)
    pages = [{"own": me, "posts": page} for page in [*said.pages, *under.pages]]
    covers = datetime.min.replace(tzinfo=UTC) if whole else None
    return Fetched(as_body(pages, covers=covers), CONTENT_TYPE, cursor)


def _listed(told: Any) -> Page:
    if not isinstance(told, list):
        raise SourceTrouble("transient", "The server answered with something else than a list.")
    return told


def read(body: bytes, _: str, now: datetime) -> Read:
    """The posts of the kept pages. CPU only."""
    return read_pages(body, now, _posts)


def _posts(page: Any) -> Iterator[dict[str, Any]]:
    for one in page["posts"]:
        post = status_of(one)
        if post and str(post["account"]["id"]) != page["own"]:
            yield _item(post, page["own"])


def _item(post: Mapping[str, Any], own: str) -> dict[str, Any]:
    account = post["account"]
    answers_us = str(post.get("in_reply_to_account_id")) == own
    return {
        "external_id": post["id"],
        "title": post.get("spoiler_text"),
        "text": without_markup(post.get("content") or "", MAX_TEXT).strip() or NO_WORDS,
        "author": account.get("display_name") or account.get("acct"),
        "author_id": account["id"],
        "created_at": post.get("created_at"),
        "updated_at": post.get("edited_at"),
        "url": post.get("url") or post.get("uri"),
        "kind": "comment" if answers_us else "mention",
        "parent_id": post.get("in_reply_to_id") if answers_us else None,
    }


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the token holds. Nothing can be taken down as a whole."""
    await get(calls, place, "v1/accounts/verify_credentials")
    return Checked()
