"""Tripadvisor's Content API as its documentation has it: numbers as text, five newest, a key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from tests.platforms.counters import CounterVendor
from tests.platforms.vendor import told

KEY = "SECRETKEY0123"


def error(code: int, message: str) -> dict[str, Any]:
    return {"message": message, "type": "ApiException", "code": code}


class TripadvisorVendor(CounterVendor):
    """One place; `reviews` are newest last, and only five of them are shown."""

    hosts = ("api.content.tripadvisor.com",)
    expired = staticmethod(told(401, error(401, "Unauthorized")))
    forbidden = staticmethod(told(403, error(403, f"Not allowed for /details?key={KEY}")))
    throttled = staticmethod(told(429, error(429, "Too Many Requests")))
    broken = staticmethod(told(500, error(500, "Internal error")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.reviews: list[dict[str, Any]] = []
        router.add_get("/api/v1/location/93450/details", self._details)
        router.add_get("/api/v1/location/93450/reviews", self._reviews)

    def shows(self, number: int, stars: int, at: datetime) -> None:
        self.stars.append(stars)
        self.reviews.append({
            "id": number,
            "lang": "en",
            "location_id": 93450,
            "published_date": at.isoformat().replace("+00:00", "Z"),
            "rating": stars,
            "url": f"https://www.tripadvisor.com/ShowUserReviews-r{number}",
            "text": "Nothing was fresh.",
            "title": "Avoid",
            "user": {"username": "traveler77"},
        })  # fmt: skip

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.reviews

    def shows_one(self, stars: int, at: datetime) -> None:
        self.shows(988001, stars, at)

    async def _details(self, request: web.Request) -> web.Response:
        body = {"location_id": "93450", "num_reviews": str(len(self.stars))}
        return self._answer(request, body | ({"rating": str(self.mean())} if self.stars else {}))

    async def _reviews(self, request: web.Request) -> web.Response:
        return self._answer(request, {"data": self.reviews[-5:][::-1]})

    def _answer(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        if request.query.get("key") != KEY:
            return web.json_response(error(401, "Unauthorized"), status=401)
        return web.json_response(body)
