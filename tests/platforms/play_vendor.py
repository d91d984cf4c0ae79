"""Google Play's reviews: a token for a signed claim, pages, and replies without markup."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from functools import cache
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.platforms.google_vendor import error
from tests.platforms.vendor import Vendor, Written, told

PACKAGE = "com.example.crumb"
ACCOUNT = "desk@project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
TOKEN = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@cache
def secret() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_file(account: str = ACCOUNT) -> str:
    """The JSON file that Google Cloud gives for a service account."""
    pem = secret().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    parts = {"type": "service_account", "client_email": account, "private_key": pem}
    return json.dumps(parts | {"token_uri": "https://elsewhere.example/token"})


class PlayVendor(Vendor):
    """The app com.example.crumb; `replies` are what its developer said, by review."""

    hosts = ("androidpublisher.googleapis.com", "oauth2.googleapis.com")
    expired = staticmethod(told(401, error(401, "UNAUTHENTICATED")))
    forbidden = staticmethod(told(403, error(403, "PERMISSION_DENIED")))
    throttled = staticmethod(told(429, error(429, "RESOURCE_EXHAUSTED")))
    broken = staticmethod(told(503, error(503, "UNAVAILABLE")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.replies: dict[str, str] = {}
        base = "/androidpublisher/v3/applications/{package}/reviews"
        router.add_post("/token", self._token)
        router.add_get(base, self._reviews)
        router.add_get(f"{base}/{{review}}", self._review)
        router.add_post(f"{base}/{{review}}:reply", self._reply)

    def as_told(self, one: Written) -> dict[str, Any]:
        said = {
            "text": f"\t{one.text}",
            "lastModified": {"seconds": str(int(one.touched.timestamp())), "nanos": 713000000},
            "starRating": one.stars, "reviewerLanguage": "en", "thumbsUpCount": 0,
        }  # fmt: skip
        told = {name: value for name, value in (said | dict(one.more)).items() if value is not None}
        comments: list[dict[str, Any]] = [{"userComment": told}]
        if one.name in self.replies:
            answer = {"text": self.replies[one.name], "lastModified": {"seconds": "1795286000"}}
            comments.append({"developerComment": answer})
        return {"reviewId": one.name, "authorName": one.author, "comments": comments}

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if form["grant_type"] != GRANT or not self._signed(str(form["assertion"])):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "good", "expires_in": 3599})

    def _signed(self, assertion: str) -> bool:
        told, _, signature = assertion.rpartition(".")
        head, claim = (json.loads(_bytes(part)) for part in told.split("."))
        try:
            key = secret().public_key()
            key.verify(_bytes(signature), told.encode(), PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        now = self.clock().timestamp()
        fresh = claim["iat"] <= now <= claim["exp"] <= claim["iat"] + 3600
        known = (claim["iss"], claim["aud"], claim["scope"], head["alg"])
        return fresh and known == (ACCOUNT, TOKEN, SCOPE, "RS256")

    async def _reviews(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        if not 1 <= int(request.query["maxResults"]) <= 100:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        listed, after = self.page(int(request.query.get("token", "0")))
        if not listed:
            return web.json_response({})
        more = {"tokenPagination": {"nextPageToken": str(after)}} if after else {}
        return web.json_response({"reviews": [self.as_told(one) for one in listed]} | more)

    async def _review(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        for one in self.written:
            if one.name == request.match_info["review"]:
                return web.json_response(self.as_told(one))
        return web.json_response(error(404, "NOT_FOUND"), status=404)

    async def _reply(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        name, text = request.match_info["review"], json.loads(await request.read())["replyText"]
        if not any(one.name == name for one in self.written):
            return web.json_response(error(404, "NOT_FOUND"), status=404)
        self.replies[name] = re.sub(r"<[^<>]*>", "", text)
        return web.json_response({"result": {"replyText": self.replies[name]}})

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != "Bearer good":
            return web.json_response(error(401, "UNAUTHENTICATED"), status=401)
        if request.match_info["package"] != PACKAGE:
            return web.json_response(error(404, "NOT_FOUND"), status=404)
        return None


def _bytes(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
