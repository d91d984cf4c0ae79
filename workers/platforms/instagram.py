"""Instagram professional accounts: comments, photo tags, and mentions as far as they are told.

Mentions cannot be listed: their ids come by webhook alone, and then each is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms import meta_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.instagram_items import read
from workers.platforms.meta_http import Graph, graph_of, is_id, own_id
from workers.platforms.meta_token import missing, token_of
from workers.platforms.meta_visit import Pages, Threads, Visit, hear_out, hinted, named

MEDIA, COMMENTS = 25, 50
# What is needed for the acts, and which they are.
RIGHTS = ("instagram_manage_comments",)
ACTS = ("reply", "hide", "delete", "close_comments")
_MEDIA = "id,permalink,comments_count"
_REPLIES = "replies{id,text,timestamp,username,hidden}"
_COMMENT = f"id,text,timestamp,username,from{{id,username}},hidden,{_REPLIES}"
_TAG = "id,caption,timestamp,username,permalink"
_SKIPPED = ("gone", "permission", "unavailable_capability", "bad_content")
judge = meta_errors.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed since the cursor; two requests when nothing is."""
    visit = Visit(graph_of(calls, place), place)
    account = own_id(place, "ig_user_id")
    first = f"media.limit({MEDIA}){{{_MEDIA}}}"
    shown = await visit.graph.get(account, fields=f"username,{first}")
    lists = Lists(visit, account, Threads(place.cursor.get("posts", {})))
    await lists.media(shown.get("media") or {})
    name = str(shown.get("username", ""))
    await visit.listen("tags", lists.tags())
    if any(hint.get("field") == "mentions" for hint in place.hints):
        await visit.listen("mentions", lists.mentions(place.hints))
    media = hinted(place, ("comments", "live_comments"), "media_id")
    await hear_out(visit, lists.threads, lists.under, media, name)
    for kept in visit.kept:
        kept["url"] = lists.links.get(kept.get("under", ""))
    return visit.fetched(await _still_missing(visit.graph, place, account))


async def check(calls: Calls, place: Place) -> Checked:
    """Whether comments could be hidden and closed; an account cannot be taken down from outside."""
    graph, account = graph_of(calls, place), own_id(place, "ig_user_id")
    token = await token_of(graph)
    await graph.get(account, fields="username")
    why = missing(token, account, RIGHTS)
    return Checked(
        scopes=token.scopes, expires_at=token.expires_at, ready_detail=why, probed=_probed(why)
    )


def _probed(why: str) -> dict[str, str]:
    return dict.fromkeys(ACTS, why) if why else {}


async def _still_missing(graph: Graph, place: Place, account: str) -> dict[str, str] | None:
    """What the check found missing is asked for at each reading until it is there again.

    None when nothing was missing, or nothing has changed. Not knowing it stops no reading.
    """
    if not place.probed:
        return None
    try:
        probed = _probed(missing(await token_of(graph), account, RIGHTS))
    except SourceTrouble:
        return None
    return probed if probed != dict(place.probed) else None


@dataclass
class Lists:
    """The lists of one account, newest first, and where each medium is shown."""

    visit: Visit
    account: str
    threads: Threads
    links: dict[str, str] = field(default_factory=dict)

    async def media(self, first: Mapping[str, Any]) -> None:
        """How much was said under the newest media; in a whole reading under more of them."""
        pages = 0
        path = f"{self.account}/media"
        async for found in self.visit.graph.pages(path, first, fields=_MEDIA, limit=MEDIA):
            for one in found.get("data", []):
                name = str(one["id"])
                self.threads.said[name] = [int(one.get("comments_count") or 0)]
                self.links[name] = one.get("permalink") or ""
            pages += 1
            if self.visit.place.mode != "reconcile" or pages >= 4:
                self.visit.whole = self.visit.whole and not (found.get("paging") or {}).get("next")
                return

    async def tags(self) -> Pages:
        path = f"{self.account}/tags"
        async for found in self.visit.graph.pages(path, fields=_TAG, limit=MEDIA):
            data = found.get("data", [])
            yield data, named(data)

    async def mentions(self, hints: Iterable[Mapping[str, Any]]) -> Pages:
        """Each that a hint names; what is gone or not for our eyes is left out."""
        told = [await self._mention(hint) for hint in hints if hint.get("field") == "mentions"]
        data = [one for one in told if one]
        yield data, named(data)

    async def under(self, medium: str) -> Pages:
        """The comments of a medium, until as many are new as were added."""
        path, known = f"{medium}/comments", self.visit.known("comments")
        found = 0
        async for page in self.visit.graph.pages(path, fields=_COMMENT, limit=COMMENTS):
            data = page.get("data", [])
            yield data, named(data)
            fresh = sum(str(one["id"]) not in known for one in data)
            found += fresh
            if self.visit.enough(self.threads, medium, some_known=fresh < len(data), found=found):
                return

    async def _mention(self, hint: Mapping[str, Any]) -> dict[str, Any] | None:
        """A mention is asked for through the account that it names, with the person's token."""
        kind = "comment" if is_id(hint.get("comment_id")) else "media"
        name = hint.get(f"{kind}_id")
        if not is_id(name):
            return None
        wanted = "text,timestamp,username,media{id,permalink}" if kind == "comment" else _TAG
        token = self.visit.place.secrets.get("user_token") or self.visit.graph.token
        asking = Graph(self.visit.graph.calls, self.visit.graph.app, token)
        asked = f"mentioned_{kind}.{kind}_id({name}){{{wanted}}}"
        try:
            told = (await asking.get(self.account, fields=asked)).get(f"mentioned_{kind}")
        except SourceTrouble as trouble:
            if trouble.health not in _SKIPPED:
                raise
            return None
        return {"id": name, **told} if told else None


__all__ = ["check", "fetch", "judge", "read"]
