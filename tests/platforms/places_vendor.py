"""Google's Places API (New): one place, its counter, and the fields that were asked for."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.platforms.google_vendor import error
from tests.platforms.vendor import Vendor, told

KNOWN = {"id", "displayName", "rating", "userRatingCount", "reviews", "googleMapsUri"}


class PlacesVendor(Vendor):
    """The place ChIJ1 with `stars`; the key is `good`."""

    hosts = ("places.googleapis.com",)
    expired = staticmethod(told(400, error(400, "INVALID_ARGUMENT", "API_KEY_INVALID")))
    forbidden = staticmethod(told(403, error(403, "PERMISSION_DENIED", "SERVICE_DISABLED")))
    throttled = staticmethod(told(429, error(429, "RESOURCE_EXHAUSTED")))
    broken = staticmethod(told(503, error(503, "UNAVAILABLE")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.stars: list[int] = []
        router.add_get("/v1/places/{place}", self._place)

    async def _place(self, request: web.Request) -> web.Response:
        fields = set(request.headers.get("X-Goog-FieldMask", "").split(","))
        if not fields <= KNOWN:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        if request.headers.get("X-Goog-Api-Key") != "good":
            refusal = error(400, "INVALID_ARGUMENT", "API_KEY_INVALID")
            return web.json_response(refusal, status=400)
        if request.match_info["place"] != "ChIJ1":
            return web.json_response(error(404, "NOT_FOUND"), status=404)
        return web.json_response({name: value for name, value in self._shown() if name in fields})

    def _shown(self) -> list[tuple[str, Any]]:
        shown: list[tuple[str, Any]] = [("id", "ChIJ1")]
        if self.stars:
            mean = round(sum(self.stars) / len(self.stars), 1)
            shown += [("rating", mean), ("userRatingCount", len(self.stars))]
        return shown
