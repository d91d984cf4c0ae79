"""App Store Connect as its documentation has it: tokens by ES256, reviews, responses."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.platforms.vendor import NOW, Vendor, Written, told

BASE = "https://api.appstoreconnect.apple.com"


def error(status: int, code: str) -> dict[str, Any]:
    return {"errors": [{"status": str(status), "code": code, "title": "No.", "detail": "No."}]}


class AppStoreVendor(Vendor):
    """One app and one key; `responses` are ours, by review."""

    hosts = ("api.appstoreconnect.apple.com",)
    expired = staticmethod(told(401, error(401, "NOT_AUTHORIZED")))
    forbidden = staticmethod(told(403, error(403, "FORBIDDEN_ERROR")))
    throttled = staticmethod(told(429, error(429, "RATE_LIMIT_EXCEEDED")))
    broken = staticmethod(told(500, error(500, "UNEXPECTED_ERROR")))

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        super().__init__()
        self.key = key.public_key()
        self.responses: dict[str, dict[str, Any]] = {}
        self.state = "PUBLISHED"

    def build(self, router: web.UrlDispatcher) -> None:
        router.add_get("/v1/apps/123/customerReviews", self._reviews)
        router.add_get("/v1/customerReviews/{id}/response", self._response)
        router.add_post("/v1/customerReviewResponses", self._reply)
        router.add_delete("/v1/customerReviewResponses/{id}", self._delete)

    def as_told(self, one: Written) -> dict[str, Any]:
        attributes = {
            "rating": one.stars, "title": "Bad", "body": one.text, "territory": "AUT",
            "reviewerNickname": one.author, "createdDate": one.at.isoformat(),
        } | dict(one.more)  # fmt: skip
        shown: dict[str, Any] = {"type": "customerReviews", "id": one.name}
        shown["attributes"] = {name: said for name, said in attributes.items() if said is not None}
        linked = {"type": "customerReviewResponses", "id": f"resp-{one.name}"}
        answered = one.name in self.responses
        shown["relationships"] = {"response": {"data": linked if answered else None}}
        return shown

    async def _reviews(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.json_response(error(401, "NOT_AUTHORIZED"), status=401)
        if int(request.query["limit"]) > 200:
            return web.json_response(error(400, "PARAMETER_ERROR.INVALID"), status=400)
        listed, after = self.page(int(request.query.get("cursor", "0")))
        body: dict[str, Any] = {"data": [self.as_told(one) for one in listed], "links": {}}
        if request.query.get("include") == "response":
            body["included"] = [self.responses[one.name] for one in listed
                                if one.name in self.responses]  # fmt: skip
        if after:
            query = f"include=response&limit=200&cursor={after}"
            body["links"] = {"next": f"{BASE}/v1/apps/123/customerReviews?{query}"}
        return web.json_response(body)

    async def _response(self, request: web.Request) -> web.Response:
        found = self.responses.get(request.match_info["id"])
        if found is None:
            return web.json_response(error(404, "NOT_FOUND"), status=404)
        return web.json_response({"data": found})

    async def _reply(self, request: web.Request) -> web.Response:
        data = json.loads(await request.read())["data"]
        review = data["relationships"]["review"]["data"]["id"]
        if review not in {one.name for one in self.written}:
            return web.json_response(error(409, "ENTITY_ERROR.RELATIONSHIP.INVALID"), status=409)
        said = {"responseBody": data["attributes"]["responseBody"], "state": self.state}
        made = {"type": "customerReviewResponses", "id": f"resp-{review}"}
        self.responses[review] = made | {"attributes": said}
        return web.json_response({"data": self.responses[review]}, status=201)

    async def _delete(self, request: web.Request) -> web.Response:
        if self.responses.pop(request.match_info["id"].removeprefix("resp-"), None) is None:
            return web.json_response(error(404, "NOT_FOUND"), status=404)
        return web.Response(status=204)

    def _may(self, request: web.Request) -> bool:
        """A token of ours, for this audience, that ends within twenty minutes."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        head, claims, sign = given.split(".")
        raw = unpacked(sign)
        half = len(raw) // 2
        der = encode_dss_signature(
            int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        )
        try:
            self.key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        told, asked = json.loads(unpacked(head)), json.loads(unpacked(claims))
        fits = 0 < asked["exp"] - NOW.timestamp() <= 20 * 60 and asked["iat"] <= NOW.timestamp()
        names = (told["alg"], told["kid"], asked["iss"], asked["aud"])
        return fits and names == ("ES256", "KEY1", "issuer-1", "appstoreconnect-v1")


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
