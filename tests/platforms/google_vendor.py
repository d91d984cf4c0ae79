"""Google Business Profile as its documentation has it: reviews, replies, opening, and refusals."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.platforms.vendor import Vendor, Written, told

WORDS = {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR", 5: "FIVE"}
REVIEW = "accounts/1001/locations/2002/reviews"


def error(status: int, word: str, reason: str = "") -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    told = {"code": status, "message": f"{word}.", "status": word}
    return {"error": told | ({"details": details} if reason else {})}


class GoogleVendor(Vendor):
    """One location, reached with the token `good`; what was replied is in `replies`."""

    hosts: tuple[str, ...] = (
        "mybusiness.googleapis.com",
        "mybusinessbusinessinformation.googleapis.com",
    )
    token = "good"
    expired = staticmethod(told(401, error(401, "UNAUTHENTICATED")))
    forbidden = staticmethod(told(403, error(403, "PERMISSION_DENIED")))
    throttled = staticmethod(told(429, error(429, "RESOURCE_EXHAUSTED")))
    broken = staticmethod(told(503, error(503, "UNAVAILABLE")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.token = "good"
        self.replies: dict[str, dict[str, Any]] = {}
        self.moderation = "APPROVED"
        self.open_status, self.has_say = "OPEN", True
        router.add_get("/v4/accounts/{account}/locations/{location}/reviews", self._reviews)
        router.add_get(f"/v4/{REVIEW}/{{review}}", self._review)
        router.add_put(f"/v4/{REVIEW}/{{review}}/reply", self._reply)
        router.add_delete(f"/v4/{REVIEW}/{{review}}/reply", self._unreply)
        router.add_get("/v1/locations/2002", self._location)
        router.add_patch("/v1/locations/2002", self._patch)

    def as_told(self, one: Written) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "name": f"{REVIEW}/{one.name}",
            "reviewId": one.name,
            "reviewer": {"displayName": one.author, "isAnonymous": False},
            "starRating": WORDS[one.stars],
            "comment": one.text,
            "createTime": stamp(one.at),
            "updateTime": stamp(one.touched),
        }
        if one.name in self.replies:
            shown["reviewReply"] = self.replies[one.name]
        return {
            name: value for name, value in (shown | dict(one.more)).items() if value is not None
        }

    async def _reviews(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.json_response(error(401, "UNAUTHENTICATED"), status=401)
        if not 1 <= int(request.query["pageSize"]) <= 50:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        listed, after = self.page(int(request.query.get("pageToken", "0")))
        if not self.written:
            return web.json_response({})
        mean = sum(one.stars for one in self.written) / len(self.written)
        told = {
            "reviews": [self.as_told(one) for one in listed],
            "averageRating": round(mean, 1),
            "totalReviewCount": len(self.written),
        }
        return web.json_response(told | ({"nextPageToken": str(after)} if after else {}))

    async def _review(self, request: web.Request) -> web.Response:
        for one in self.written:
            if one.name == request.match_info["review"]:
                return web.json_response(self.as_told(one))
        return web.json_response(error(404, "NOT_FOUND"), status=404)

    async def _reply(self, request: web.Request) -> web.Response:
        said = json.loads(await request.read())["comment"]
        reply = {"comment": said, "updateTime": stamp(self.clock())}
        reply["reviewReplyState"] = self.moderation
        self.replies[request.match_info["review"]] = reply
        return web.json_response(reply)

    async def _unreply(self, request: web.Request) -> web.Response:
        self.replies.pop(request.match_info["review"], None)
        return web.json_response({})

    async def _location(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.json_response(error(401, "UNAUTHENTICATED"), status=401)
        if "readMask" not in request.query:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        told = {
            "name": "locations/2002",
            "openInfo": {"status": self.open_status},
            "metadata": {"hasVoiceOfMerchant": self.has_say},
        }
        return web.json_response(told)

    async def _patch(self, request: web.Request) -> web.Response:
        wanted = json.loads(await request.read())["openInfo"]["status"]
        if wanted not in ("OPEN", "CLOSED_TEMPORARILY", "CLOSED_PERMANENTLY"):
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        if request.query.get("validateOnly") != "true":
            self.open_status = wanted
        return web.json_response({"openInfo": {"status": wanted}})

    def _may(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
