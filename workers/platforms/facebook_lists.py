"""The lists of one Facebook Page, newest first: recommendations, posts, comments, mentions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.facebook_items import is_by, rating_key
from workers.platforms.meta_visit import Pages, Threads, Visit, named

POSTS, RATINGS, COMMENTS = 50, 50, 100
_WHO = "id,created_time,message,permalink_url,from{id,name}"
# Without `no_filter` Facebook leaves out what it takes for low quality: an attack is that.
_POST = (
    f"{_WHO},updated_time,story,is_hidden,"
    "comments.filter(stream).live_filter(no_filter).limit(0).summary(true)"
)
_COMMENT = f"{_WHO},is_hidden,parent{{id}}"
_RATING = (
    "created_time,has_rating,has_review,rating,recommendation_type,review_text,"
    "reviewer{id,name},open_graph_story{id}"
)
FEED = f"feed.include_hidden(true).limit({POSTS}){{{_POST}}}"


@dataclass
class Lists:
    """Each yields its pages as they are kept, with the ids and versions of what is in them."""

    visit: Visit
    page: str
    threads: Threads

    async def listen(self, stream: str, pages: Pages) -> None:
        """Read one of them."""
        await self.visit.listen(stream, pages, page=self.page)

    async def feed(self, first: Mapping[str, Any]) -> Pages:
        """Other people's posts; how much was said under each post is noted on the way.

        The Page's own are known by name alone, so that a page of nothing but those is read on from.
        """
        asked: dict[str, Any] = {"fields": _POST, "limit": POSTS, "include_hidden": "true"}
        async for found in self.visit.graph.pages(f"{self.page}/feed", first, **asked):
            posts = found.get("data", [])
            for one in posts:
                summary = (one.pop("comments", None) or {}).get("summary") or {}
                said = [int(summary.get("total_count") or 0), one.pop("updated_time", None)]
                self.threads.said[str(one["id"])] = said
            ours = [one for one in posts if is_by(one, self.page)]
            theirs = [one for one in posts if one not in ours]
            yield theirs, [*named(theirs), *((str(one["id"]), "") for one in ours)]

    async def ratings(self) -> Pages:
        path = f"{self.page}/ratings"
        async for found in self.visit.graph.pages(path, fields=_RATING, limit=RATINGS):
            data = found.get("data", [])
            yield data, [(rating_key(one, self.page), one) for one in data]

    async def tagged(self) -> Pages:
        """Other people's posts elsewhere that tag the Page."""
        path = f"{self.page}/tagged"
        async for found in self.visit.graph.pages(path, fields=_WHO, limit=POSTS):
            data = [one for one in found.get("data", []) if not is_by(one, self.page)]
            yield data, named(data)

    async def elsewhere(self, names: Iterable[str]) -> Pages:
        """Single posts and comments that mention the Page; what we may not read is left out."""
        data = []
        for name in names:
            try:
                data.append(await self.visit.graph.get(name, fields=_WHO))
            except SourceTrouble as trouble:
                if trouble.health not in ("gone", "permission", "unavailable_capability"):
                    raise
        yield data, named(data)

    async def under(self, post: str) -> Pages:
        """The comments of a post and their answers, until as many are new as were added."""
        asked: dict[str, Any] = {"order": "reverse_chronological", "filter": "stream"}
        asked |= {"live_filter": "no_filter", "limit": COMMENTS}
        path, known = f"{post}/comments", self.visit.known("comments")
        found = 0
        async for page in self.visit.graph.pages(path, fields=_COMMENT, **asked):
            data = page.get("data", [])
            yield data, named(data)
            fresh = sum(str(one["id"]) not in known for one in data)
            found += fresh
            if self.visit.enough(self.threads, post, some_known=fresh < len(data), found=found):
                return
