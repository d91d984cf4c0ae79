"""TikTok's API for Business as others have met it: one video, its comments, tokens, refusals."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.platforms.vendor import Vendor, Written, told

BUSINESS = "open-1"
VIDEO = "7100"


def envelope(code: int, data: Any = None) -> dict[str, Any]:
    return {"code": code, "message": "OK" if not code else "No.", "data": data or {}}


class TikTokVendor(Vendor):
    """One account with one video; `hidden` names comments, `answers` are ours, by comment."""

    hosts = ("business-api.tiktok.com",)
    ids_are_text = ""
    expired = staticmethod(told(200, envelope(40105)))
    forbidden = staticmethod(told(200, envelope(40001)))
    throttled = staticmethod(told(200, envelope(40100)))
    broken = staticmethod(told(200, envelope(50000)))

    def build(self, router: web.UrlDispatcher) -> None:
        self.hidden: set[str] = set()
        self.answers: dict[str, dict[str, Any]] = {}
        self.refresh, self.more_videos = "refresh-1", 0
        base = "/open_api/v1.3"
        router.add_get(f"{base}/business/video/list/", self._videos)
        router.add_get(f"{base}/business/comment/list/", self._comments)
        router.add_get(f"{base}/business/get/", self._business)
        router.add_post(f"{base}/business/comment/hide/", self._hide)
        router.add_post(f"{base}/business/comment/reply/create/", self._reply)
        router.add_post(f"{base}/business/comment/delete/", self._delete)
        router.add_post(f"{base}/tt_user/oauth2/token/", self._token)
        router.add_post(f"{base}/tt_user/oauth2/refresh_token/", self._token)

    def as_told(self, one: Written) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "comment_id": self.id_of(one), "video_id": VIDEO, "text": one.text, "owner": False,
            "unique_identifier": "u-77", "username": "kim", "display_name": one.author,
            "create_time": int(one.at.timestamp()), "likes": len(self.log), "pinned": False,
            "status": "HIDDEN" if one.name in self.hidden else "PUBLIC",
        }  # fmt: skip
        if one.name in self.answers:
            shown["reply_list"] = [self.answers[one.name]]
        return {name: value for name, value in {**shown, **one.more}.items() if value is not None}

    async def _videos(self, request: web.Request) -> web.Response:
        if not self._may(request) or json.loads(request.query["fields"])[0] != "item_id":
            return self._no(40105 if not self._may(request) else 40002)
        url = "https://www.tiktok.com/@crumbco/video/"
        count = len(self.written) + len(self.answers)
        videos = [{"item_id": VIDEO, "comments": count, "share_url": url + VIDEO}]
        videos += [
            {"item_id": f"7{at}", "comments": 1, "share_url": url} for at in range(self.more_videos)
        ]
        return web.json_response(envelope(0, {"videos": videos, "has_more": False, "cursor": 0}))

    async def _comments(self, request: web.Request) -> web.Response:
        query = request.query
        wanted = (query["sort_field"], query["sort_order"], query["status"])
        if not self._may(request) or wanted != ("create_time", "desc", "ALL"):
            return self._no(40002)
        if not 1 <= int(query["max_count"]) <= 30:
            return self._no(40002)
        if query["video_id"] != VIDEO:
            return web.json_response(envelope(0, {"comments": [], "has_more": False}))
        listed, after = self.page(int(query["cursor"]))
        comments = [self.as_told(one) for one in listed]
        data = {"comments": comments, "cursor": after or 0, "has_more": after is not None}
        return web.json_response(envelope(0, data))

    async def _business(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return self._no(40105)
        return web.json_response(envelope(0, {"username": "crumbco", "display_name": "Crumb & Co"}))

    async def _hide(self, request: web.Request) -> web.Response:
        given = await self._given(request)
        if given["comment_id"] not in {one.name for one in self.written}:
            return self._no(40002)
        hides = {"HIDE": True, "UNHIDE": False}[given["action"]]
        (self.hidden.add if hides else self.hidden.discard)(given["comment_id"])
        return web.json_response(envelope(0))

    async def _reply(self, request: web.Request) -> web.Response:
        given = await self._given(request)
        if given["comment_id"] not in {one.name for one in self.written}:
            return self._no(40002)
        answer = {"comment_id": f"r-{given['comment_id']}", "text": given["text"], "owner": True}
        answer |= {"create_time": int(self.clock().timestamp()), "status": "PUBLIC"}
        self.answers[given["comment_id"]] = answer
        return web.json_response(envelope(0, answer))

    async def _delete(self, request: web.Request) -> web.Response:
        given = await self._given(request)
        self.answers = {name: one for name, one in self.answers.items()
                        if one["comment_id"] != given["comment_id"]}  # fmt: skip
        return web.json_response(envelope(0))

    async def _given(self, request: web.Request) -> Any:
        given = json.loads(await request.read())
        assert given["business_id"] == BUSINESS
        return given

    async def _token(self, request: web.Request) -> web.Response:
        given = json.loads(await request.read())
        if (given["client_id"], given["client_secret"]) != ("app-1", "secret-1"):
            return self._no(40101)
        proof = given.get("auth_code") or given.get("refresh_token")
        if proof not in ("code-1", self.refresh):
            return self._no(40110)
        data = {
            "access_token": "good", "refresh_token": self.refresh, "open_id": BUSINESS,
            "expires_in": 86400, "refresh_token_expires_in": 31_536_000,
            "scope": "comment.list,comment.list.manage",
        }  # fmt: skip
        return web.json_response(envelope(0, data))

    def _no(self, code: int) -> web.Response:
        return web.json_response(envelope(code))

    def _may(self, request: web.Request) -> bool:
        told = request.headers.get("Access-Token") == "good"
        return told and request.query["business_id"] == BUSINESS
