"""Yelp as its documentation has it: a counter, three excerpts in an order of its own, a budget."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.platforms.counters import CounterVendor
from tests.platforms.vendor import told

RESET = "2026-11-22T00:00:00+00:00"


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "description": "Somebody at Yelp wrote this."}}


class YelpVendor(CounterVendor):
    """One business; `excerpts` are what its plan shows, None where it shows none."""

    hosts = ("api.yelp.com",)
    expired = staticmethod(told(401, error("TOKEN_INVALID")))
    forbidden = staticmethod(told(403, error("NOT_AUTHORIZED")))
    throttled = staticmethod(told(429, error("TOO_MANY_REQUESTS_PER_SECOND")))
    broken = staticmethod(told(500, error("INTERNAL_ERROR")))
    spent = staticmethod(told(429, error("ACCESS_LIMIT_REACHED"), {"RateLimit-ResetTime": RESET}))
    unknown = staticmethod(told(404, error("BUSINESS_NOT_FOUND")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.excerpts: list[dict[str, Any]] | None = []
        self.left = 300
        router.add_get("/v3/businesses/crumb-and-co-leeds", self._business)
        router.add_get("/v3/businesses/crumb-and-co-leeds/reviews", self._reviews)

    def shows(self, name: str, stars: int, at: datetime) -> None:
        """One more review is counted and shown: three at most."""
        self.stars.append(stars)
        local = at.astimezone(ZoneInfo("America/Los_Angeles"))
        assert self.excerpts is not None
        self.excerpts.append({
            "id": name,
            "url": f"https://www.yelp.com/biz/crumb-and-co-leeds?hrid={name}",
            "text": "I waited an hour and …",
            "rating": stars,
            "time_created": f"{local:%Y-%m-%d %H:%M:%S}",
            "user": {"id": f"u-{name}", "name": "Ella A.", "image_url": None},
        })  # fmt: skip

    @property
    def shown(self) -> list[dict[str, Any]]:
        assert self.excerpts is not None
        return self.excerpts

    def shows_one(self, stars: int, at: datetime) -> None:
        self.shows("y1", stars, at)

    async def _business(self, request: web.Request) -> web.Response:
        body = {"id": "x1", "alias": "crumb-and-co-leeds", "review_count": len(self.stars)}
        return self._answer(request, body | ({"rating": self.mean()} if self.stars else {}))

    async def _reviews(self, request: web.Request) -> web.Response:
        if self.excerpts is None:
            return web.json_response(error("NOT_AUTHORIZED"), status=403)
        shown = {"reviews": self.excerpts[-3:], "total": len(self.stars)}
        return self._answer(request, shown | {"possible_languages": ["en"]})

    def _answer(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        if request.headers.get("Authorization") != "Bearer good":
            return web.json_response(error("TOKEN_INVALID"), status=401)
        self.left -= 1
        headers = {
            "RateLimit-DailyLimit": "300",
            "RateLimit-Remaining": str(self.left),
            "RateLimit-ResetTime": RESET,
        }
        return web.json_response(body, headers=headers)
