"""Google's doors for signing in, beside its reviews: codes, tokens, accounts, places, channels."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from tests.platforms.google_vendor import GoogleVendor, error

MANAGE = "https://www.googleapis.com/auth/business.manage"
YOUTUBE = "https://www.googleapis.com/auth/youtube.force-ssl"
APP = {"id": "app-1", "secret": "app-secret"}
RETURN = "https://desk.example/connect/callback"
Handler = Callable[[web.Request], Coroutine[Any, Any, web.Response]]


class GoogleGrantVendor(GoogleVendor):
    """One person who may manage `accounts` (name → locations) and `channels`.

    `allow` is that person saying yes; `take_back` ends the grant.
    """

    hosts = (
        *GoogleVendor.hosts,
        "oauth2.googleapis.com",
        "mybusinessaccountmanagement.googleapis.com",
        "youtube.googleapis.com",
    )

    def build(self, router: web.UrlDispatcher) -> None:
        super().build(router)
        self.codes: dict[str, tuple[str, str]] = {}
        self.scope = ""
        self.refresh: str | None = "refresh-1"
        self.accounts = {"accounts/1001": [location("2002", "Crumb")]}
        self.channels = [{"id": "UC1", "snippet": {"title": "Crumb TV"}}]
        self.renewals = 0
        self.back = RETURN
        router.add_post("/token", self._token)
        router.add_get("/v1/accounts", self._signed(self._accounts))
        router.add_get("/v1/accounts/{account}/locations", self._signed(self._locations))
        router.add_get("/youtube/v3/channels", self._signed(self._channels))

    def allow(self, code: str, challenge: str, scope: str = MANAGE) -> None:
        """The person says yes to this challenge (S256), once."""
        self.codes[code] = (challenge, scope)

    def take_back(self) -> None:
        self.refresh, self.token = None, "nothing"

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form["client_id"], form["client_secret"]) != (APP["id"], APP["secret"]):
            return web.json_response({"error": "invalid_client"}, status=401)
        if form["grant_type"] == "refresh_token":
            return self._renewed(str(form["refresh_token"]))
        if form["redirect_uri"] != self.back:
            return web.json_response({"error": "redirect_uri_mismatch"}, status=400)
        challenge, scope = self.codes.pop(str(form["code"]), ("", ""))
        if not challenge or challenge_of(str(form["code_verifier"])) != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.scope = scope
        told = {"access_token": self.token, "expires_in": 3599, "scope": scope}
        return web.json_response(told | ({"refresh_token": self.refresh} if self.refresh else {}))

    def _renewed(self, refresh: str) -> web.Response:
        if refresh != self.refresh:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.renewals += 1
        self.token = f"good-{self.renewals}"
        told = {"access_token": self.token, "expires_in": 3599, "scope": self.scope}
        return web.json_response(told)

    def _signed(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.Response:
            if not self._may(request):
                return web.json_response(error(401, "UNAUTHENTICATED"), status=401)
            return await handler(request)

        return checked

    async def _accounts(self, request: web.Request) -> web.Response:
        return listing(request, "accounts", [{"name": name} for name in self.accounts], 1)

    async def _locations(self, request: web.Request) -> web.Response:
        if "readMask" not in request.query:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        found = self.accounts[f"accounts/{request.match_info['account']}"]
        return listing(request, "locations", found, 2)

    async def _channels(self, request: web.Request) -> web.Response:
        if request.query["mine"] != "true" or "part" not in request.query:
            return web.json_response(error(400, "INVALID_ARGUMENT"), status=400)
        return listing(request, "items", self.channels, 50)


def location(name: str, title: str, **more: Any) -> dict[str, Any]:
    about = {"placeId": f"ChIJ{name}", "mapsUri": f"https://maps.google.com/maps?cid={name}"}
    return {"name": f"locations/{name}", "title": title, "metadata": about} | more


def listing(request: web.Request, word: str, found: list[Any], most: int) -> web.Response:
    """So many from where the page token says; nothing at all where nothing is."""
    start = int(request.query.get("pageToken", "0"))
    after = start + most
    told: dict[str, Any] = {word: found[start:after]} if found else {}
    return web.json_response(told | ({"nextPageToken": str(after)} if after < len(found) else {}))


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
