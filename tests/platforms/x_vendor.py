"""X's API version 2 as its documentation has it: counts, the recent search, hidden replies."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.platforms.vendor import Vendor, Written, told

PROBLEMS = "https://api.x.com/2/problems/"


def problem(word: str, status: int = 400) -> dict[str, Any]:
    return {"title": word, "detail": "No.", "type": PROBLEMS + word, "status": status}


class XVendor(Vendor):
    """One search that finds everything; `hidden` names replies, `since_id` goes by arrival."""

    hosts = ("api.x.com",)
    page_size = 5
    expired = staticmethod(told(401, {"title": "Unauthorized", "type": "about:blank"}))
    forbidden = staticmethod(told(403, problem("client-forbidden", 403)))
    throttled = staticmethod(
        told(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": "1795292100"})
    )
    broken = staticmethod(told(503, {"title": "Service Unavailable"}))

    def build(self, router: web.UrlDispatcher) -> None:
        self.hidden: set[str] = set()
        router.add_get("/2/tweets/counts/recent", self._counts)
        router.add_get("/2/tweets/search/recent", self._search)
        router.add_put("/2/tweets/{id}/hidden", self._hide)

    def as_told(self, one: Written) -> dict[str, Any]:
        shown = {
            "id": one.name, "text": one.text, "author_id": "77", "conversation_id": one.name,
            "created_at": one.at.isoformat().replace("+00:00", ".000Z"), "lang": "en",
        }  # fmt: skip
        return {name: value for name, value in {**shown, **one.more}.items() if value is not None}

    def _newer(self, request: web.Request) -> list[Written]:
        assert request.query["query"] == "@crumbco -is:retweet -from:crumbco"
        names = [one.name for one in self.written]
        since = request.query.get("since_id")
        return self.written[names.index(since) + 1 :] if since in names else self.written

    async def _counts(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.json_response({"title": "Unauthorized"}, status=401)
        count = len(self._newer(request))
        return web.json_response({"data": [], "meta": {"total_tweet_count": count}})

    async def _search(self, request: web.Request) -> web.Response:
        wanted = int(request.query["max_results"])
        if not self._may(request) or not 10 <= wanted <= 100:
            return web.json_response(problem("invalid-request"), status=400)
        newest = self._newer(request)[::-1]
        start = int(request.query.get("next_token", "0"))
        end = start + min(self.page_size, wanted)
        listed = newest[start:end]
        if not listed:
            return web.json_response({"meta": {"result_count": 0}})
        meta = {"newest_id": listed[0].name, "result_count": len(listed)}
        meta |= {"next_token": str(end)} if end < len(newest) else {}
        return web.json_response({"data": [self.as_told(one) for one in listed], "meta": meta})

    async def _hide(self, request: web.Request) -> web.Response:
        name, hides = request.match_info["id"], json.loads(await request.read())["hidden"]
        if not request.headers["Authorization"].startswith("OAuth oauth_consumer_key="):
            return web.json_response(problem("unsupported-authentication", 403), status=403)
        if name not in {one.name for one in self.written}:
            return web.json_response(problem("resource-not-found", 404), status=404)
        (self.hidden.add if hides else self.hidden.discard)(name)
        return web.json_response({"data": {"hidden": hides}})

    def _may(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == "Bearer good"
