"""Facebook Pages: what people recommend, post, comment and tag, and whether it could be hidden.

Recommendations may be retired under our feet (#12): then their number is watched in their place.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms import counted, meta_errors
from workers.platforms.calls import Calls
from workers.platforms.connector import Checked, Fetched, Place
from workers.platforms.facebook_items import read
from workers.platforms.facebook_lists import FEED, Lists
from workers.platforms.meta_http import graph_of, own_id
from workers.platforms.meta_token import missing, tasks_on, token_of
from workers.platforms.meta_visit import Pages, Threads, Visit, hear_out, hinted

ASK_AGAIN = timedelta(days=7)
RETIRED = {
    "ratings": "Facebook shows recommendations to no program any more. Their number is watched.",
    "tagged": "Facebook does not list the posts that tag the Page.",
}
# What is needed to hide the Page.
RIGHTS = ("pages_manage_metadata",)
_COUNTERS = "name,is_published,overall_star_rating,rating_count"
# Facebook does not say how it makes its rating, so a change of it proves no single one to be low.
_PROVES_NOTHING = 8.0
judge = meta_errors.judge


async def fetch(calls: Calls, place: Place) -> Fetched:
    """What is new or changed since the cursor; three requests when nothing is."""
    visit = Visit(graph_of(calls, place), place)
    lists = Lists(visit, own_id(place, "page_id"), Threads(place.cursor.get("posts", {})))
    page = await visit.graph.get(lists.page, fields=f"{_COUNTERS},{FEED}")
    await lists.listen("feed", lists.feed(page.get("feed") or {}))
    probed = await _where_there_is_one(visit, lists, "ratings", lists.ratings())
    probed |= await _where_there_is_one(visit, lists, "tagged", lists.tagged())
    _count(visit, page, retired="ratings" in probed)
    if elsewhere := hinted(place, ("mention",), "comment_id", "post_id"):
        await lists.listen("mentions", lists.elsewhere(elsewhere))
    posts = hinted(place, ("feed",), "post_id")
    await hear_out(visit, lists.threads, lists.under, posts, lists.page)
    probed |= {verb: why for verb, why in place.probed.items() if verb not in RETIRED}
    return visit.fetched(probed if probed != dict(place.probed) else None)


async def check(calls: Calls, place: Place) -> Checked:
    """Whether the Page could be hidden now; nothing is changed to find out."""
    graph, page = graph_of(calls, place), own_id(place, "page_id")
    token = await token_of(graph)
    why = missing(token, page, RIGHTS)
    if not why:
        await graph.get(page, fields="is_published")
        tasks = await tasks_on(graph, place, page)
        if tasks is not None and "MANAGE" not in tasks:
            why = "Whoever signed in does not manage the Page. Full control of it is needed."
    good = "The rights are there. Whether Facebook hides the Page shows only when it is done."
    return Checked(
        scopes=token.scopes, expires_at=token.expires_at, ready=not why, ready_detail=why or good
    )


async def _where_there_is_one(
    visit: Visit, lists: Lists, name: str, pages: Pages
) -> dict[str, str]:
    """Read a list that Facebook may have retired: then the reason, and it is tried every week."""
    place, asked = visit.place, visit.place.cursor.get("asked", {}).get(name)
    if name not in place.probed or not asked or _long_ago(asked, place.now):
        try:
            await lists.listen(name, pages)
            return {}
        except SourceTrouble as trouble:
            if trouble.health != "unavailable_capability":
                raise
            asked = place.now.isoformat()
    visit.whole = False
    visit.cursor.setdefault("asked", {})[name] = asked
    return {name: RETIRED[name]}


def _long_ago(asked: str, now: datetime) -> bool:
    return now >= datetime.fromisoformat(asked) + ASK_AGAIN


def _count(visit: Visit, page: Mapping[str, Any], *, retired: bool) -> None:
    """How many recommendations there are; their words, as far as they are to be had, come apart."""
    count = counted.whole(page.get("rating_count"))
    mean = counted.average(page.get("overall_star_rating"))
    if count is None:
        return
    visit.counted({"count": float(count)} | ({} if mean is None else {"mean": mean}))
    if retired:
        told = counted.fetched(visit.place, count, mean, _PROVES_NOTHING)
        visit.cursor["counter"] = told.cursor["counter"]
        for one in json.loads(told.body)["pages"] if told.body else ():
            visit.kept.append({"stream": "counter", **one})


__all__ = ["check", "fetch", "judge", "read"]
