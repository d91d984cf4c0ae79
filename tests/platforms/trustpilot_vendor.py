"""Trustpilot as its documentation has it: two lists, tokens for the private side, and replies."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aiohttp import encode_basic_auth, web

from tests.platforms.vendor import Vendor, Written, told

ORDERS = ("createdat.desc", "createdat.asc", "stars.desc", "stars.asc")
UNIT = "46d6a890000064000500e0c3"


def fault(code: str, text: str) -> dict[str, Any]:
    return {"fault": {"faultstring": text, "detail": {"errorcode": code}}}


class TrustpilotVendor(Vendor):
    """One business unit; `tokens` were given out, `replies` were written."""

    hosts = ("api.trustpilot.com",)
    expired = staticmethod(told(401, fault("oauth.v2.InvalidApiKey", "Invalid ApiKey")))
    forbidden = staticmethod(told(403, {"message": "Forbidden", "errorCode": 403}))
    throttled = staticmethod(told(429, fault("policies.ratelimit", "Rate limit exceeded")))
    broken = staticmethod(told(503, {"message": "Service unavailable"}))

    def build(self, router: web.UrlDispatcher) -> None:
        self.tokens: list[str] = []
        self.replies: dict[str, str] = {}
        unit = "/v1/business-units/{unit}"
        tokens = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
        router.add_get("/v1/business-units/find", self._find)
        router.add_get(unit, self._unit)
        router.add_get(f"{unit}/reviews", self._public)
        router.add_get("/v1/private/business-units/{unit}/reviews", self._private)
        router.add_get("/v1/private/reviews/{review}", self._review)
        router.add_post("/v1/private/reviews/{review}/reply", self._reply)
        router.add_delete("/v1/private/reviews/{review}/reply", self._unreply)
        router.add_post(tokens, self._token)

    def newest_first(self) -> list[Written]:
        """By creation: an edit does not move a review."""
        return sorted(self.written, key=lambda one: one.at, reverse=True)

    def as_told(self, one: Written, *, private: bool) -> dict[str, Any]:
        replied = self.replies.get(one.name)
        shown: dict[str, Any] = {
            "id": one.name,
            "stars": one.stars,
            "title": "Late again",
            "text": one.text,
            "language": "en",
            "createdAt": stamp(one.at),
            "updatedAt": stamp(one.edited_at) if one.edited_at else None,
            "isVerified": False,
            "status": "active",
            "companyReply": replied and {"text": replied, "createdAt": stamp(self.clock())},
            "consumer": {"id": "5f00", "displayName": one.author, "numberOfReviews": 1},
            "businessUnit": {"id": UNIT, "displayName": "Crumb & Co"},
        }
        if private:
            shown |= {"referralEmail": "jo@example.test", "referenceId": "order-17"}
        return shown | dict(one.more)

    async def _public(self, request: web.Request) -> web.Response:
        if request.headers.get("apikey") != "key" or "apikey" in request.query:
            return _refused()
        return self._list(request, self.newest_first(), private=False)

    async def _private(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return _refused()
        start = request.query.get("startDateTime", "2000-01-01T00:00:00")
        since = datetime.strptime(start, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=self.clock().tzinfo)
        listed = [one for one in self.newest_first() if one.at >= since]
        return self._list(request, listed, private=True)

    def _list(self, request: web.Request, listed: list[Written], *, private: bool) -> web.Response:
        asked = request.query
        if not 1 <= int(asked["perPage"]) <= 100 or asked["orderBy"] not in ORDERS:
            return web.json_response({"message": "Bad request"}, status=400)
        if request.match_info["unit"] != UNIT:
            return web.json_response({"message": "Not found"}, status=404)
        after = int(asked["page"]) * self.page_size
        more = [{"href": f"{self.origin}/next", "method": "GET", "rel": "next-page"}]
        shown = listed[after - self.page_size : after]
        return web.json_response({
            "links": more if after < len(listed) else [],
            "reviews": [self.as_told(one, private=private) for one in shown],
        })  # fmt: skip

    async def _find(self, request: web.Request) -> web.Response:
        if request.headers.get("apikey") != "key":
            return _refused()
        if request.query.get("name") != "crumbco.example":
            return web.json_response({"message": "Not found"}, status=404)
        return web.json_response({"id": UNIT, "displayName": "Crumb & Co"})

    async def _unit(self, request: web.Request) -> web.Response:
        if request.headers.get("apikey") != "key":
            return _refused()
        names = ("oneStar", "twoStars", "threeStars", "fourStars", "fiveStars")
        counts = dict.fromkeys(names, 0)
        for one in self.written:
            counts[names[one.stars - 1]] += 1
        shown = {"id": UNIT, "numberOfReviews": {"total": len(self.written)} | counts}
        return web.json_response(shown)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        signed = request.headers.get("Authorization") == encode_basic_auth("key", "secret")
        if not signed or form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "invalid_client"}, status=400)
        self.tokens.append(f"token-{len(self.tokens)}")
        given = {"access_token": self.tokens[-1], "issued_at": "1763748540", "expires_in": "359999"}
        return web.json_response(given)

    async def _review(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return _refused()
        for one in self.written:
            if one.name == request.match_info["review"]:
                return web.json_response(self.as_told(one, private=True))
        return web.json_response({"message": "Not found"}, status=404)

    async def _reply(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return _refused()
        said = json.loads(await request.read())
        if not said.get("message") or said.get("authorBusinessUserId") != "boss":
            return web.json_response({"message": "Bad request"}, status=400)
        self.replies[request.match_info["review"]] = said["message"]
        return web.json_response({}, status=201)

    async def _unreply(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return _refused()
        if self.replies.pop(request.match_info["review"], None) is None:
            return web.json_response({"message": "Not found"}, status=404)
        return web.Response(status=204)

    def _may(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme == "Bearer" and token in self.tokens


def _refused() -> web.Response:
    return web.json_response(fault("oauth.v2.InvalidAccessToken", "Invalid token"), status=401)


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
