"""A Mastodon server as its documentation has it: mentions, tags, posts, blocks, reports."""

from __future__ import annotations

import asyncio
import html
import json
from contextlib import suppress
from typing import Any

from aiohttp import web

from tests.platforms.vendor import Vendor, Written, told

OWN = "9001"
AUTHOR = "77"


def error(words: str) -> dict[str, str]:
    return {"error": words}


class MastodonVendor(Vendor):
    """One server with one account of ours; what people wrote mentions it and carries the tag.

    Ids are given in the order in which posts arrive here. `posts` are our own, `blocked` people.
    """

    hosts = ("social.example", "streaming.social.example")
    expired = staticmethod(told(401, error("The access token is invalid")))
    forbidden = staticmethod(told(403, error("This action is outside the authorized scopes")))
    throttled = staticmethod(
        told(429, error("Too many requests"), {"X-RateLimit-Reset": "2026-11-21T20:05:00.000000Z"})
    )
    broken = staticmethod(told(503, error("There was a temporary problem")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.posts: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.blocked: set[str] = set()
        self.reports: list[dict[str, Any]] = []
        router.add_get("/api/v1/accounts/verify_credentials", self._me)
        router.add_get("/api/v1/notifications", self._notifications)
        router.add_get("/api/v1/timelines/tag/crumbco", self._tagged)
        router.add_post("/api/v1/statuses", self._say)
        router.add_get("/api/v1/statuses/{id}", self._status)
        router.add_delete("/api/v1/statuses/{id}", self._delete)
        router.add_get("/api/v1/statuses/{id}/context", self._context)
        router.add_get(f"/api/v1/accounts/{OWN}/statuses", self._own)
        router.add_post(f"/api/v1/accounts/{AUTHOR}/{{verb:block|unblock}}", self._block)
        router.add_get("/api/v1/accounts/relationships", self._relationships)
        router.add_post("/api/v1/reports", self._report)
        self.streaming = "wss://streaming.social.example"
        self.listening: list[tuple[str, web.StreamResponse]] = []
        router.add_get("/api/v2/instance", self._instance)
        router.add_get("/api/v1/streaming/{stream:.*}", self._stream)

    def as_told(self, one: Written) -> dict[str, Any]:
        shown = {
            "id": one.name, "created_at": stamp(one.at), "content": dressed(one.text),
            "edited_at": stamp(one.edited_at) if one.edited_at else None, "spoiler_text": "",
            "url": f"https://social.example/@kim/{one.name}", "visibility": "public",
            "in_reply_to_id": None, "in_reply_to_account_id": None, "language": "en",
            "account": {"id": AUTHOR, "acct": "kim@far.example", "display_name": one.author},
        }  # fmt: skip
        return shown | dict(one.more)

    async def _me(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.json_response(error("The access token is invalid"), status=401)
        return web.json_response({"id": OWN, "acct": "crumbco"})

    async def _notifications(self, request: web.Request) -> web.Response:
        if request.query.getall("types[]") != ["mention"] or int(request.query["limit"]) > 80:
            return web.json_response(error("Bad"), status=422)
        listed = [
            {"id": str(5000 + at), "type": "mention", "status": self.as_told(one)}
            for at, one in enumerate(self.written)
        ]
        return self._page(request, listed)

    async def _tagged(self, request: web.Request) -> web.Response:
        if int(request.query["limit"]) > 40:
            return web.json_response(error("Bad"), status=422)
        return self._page(request, [self.as_told(one) for one in self.written])

    def _page(self, request: web.Request, listed: list[dict[str, Any]]) -> web.Response:
        """Newest first; `max_id` older than, `min_id` next above."""
        if not self._may(request):
            return web.json_response(error("The access token is invalid"), status=401)
        names = [one["id"] for one in listed]
        end = names.index(request.query["max_id"]) if "max_id" in request.query else len(listed)
        start = max(0, end - self.page_size)
        if "min_id" in request.query:
            start = names.index(request.query["min_id"]) + 1
            end = start + self.page_size
        return web.json_response(listed[start:end][::-1])

    async def _say(self, request: web.Request) -> web.Response:
        said, key = json.loads(await request.read()), request.headers.get("Idempotency-Key", "")
        if len(said["status"]) > 500:
            told = "Validation failed: Text character limit of 500 exceeded"
            return web.json_response(error(told), status=422)
        name = self.keys.get(key) or f"8{len(self.posts):03}"
        self.keys |= {key: name} if key else {}
        self.posts[name] = {
            "id": name, "content": dressed(said["status"]), "created_at": stamp(self.clock()),
            "account": {"id": OWN}, "in_reply_to_id": said.get("in_reply_to_id"),
        }  # fmt: skip
        return web.json_response(self.posts[name])

    async def _status(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        found = {one.name: self.as_told(one) for one in self.written} | self.posts
        if name not in found:
            return web.json_response(error("Record not found"), status=404)
        return web.json_response(found[name])

    async def _delete(self, request: web.Request) -> web.Response:
        if self.posts.pop(request.match_info["id"], None) is None:
            return web.json_response(error("Record not found"), status=404)
        return web.json_response({})

    async def _context(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        if name not in {one.name for one in self.written}:
            return web.json_response(error("Record not found"), status=404)
        below = [one for one in self.posts.values() if one["in_reply_to_id"] == name]
        return web.json_response({"ancestors": [], "descendants": below})

    async def _own(self, _: web.Request) -> web.Response:
        own = [one for one in self.posts.values() if not one["in_reply_to_id"]]
        return web.json_response(own[::-1])

    async def _block(self, request: web.Request) -> web.Response:
        blocks = request.match_info["verb"] == "block"
        (self.blocked.add if blocks else self.blocked.discard)(AUTHOR)
        return web.json_response({"id": AUTHOR, "blocking": blocks})

    async def _relationships(self, request: web.Request) -> web.Response:
        names = request.query.getall("id[]")
        return web.json_response([{"id": one, "blocking": one in self.blocked} for one in names])

    async def _report(self, request: web.Request) -> web.Response:
        self.reports.append(json.loads(await request.read()))
        return web.json_response({"id": "1", "action_taken": False})

    async def _instance(self, _: web.Request) -> web.Response:
        return web.json_response({"configuration": {"urls": {"streaming": self.streaming}}})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if not self._may(request):
            return web.json_response(error("Invalid access token"), status=401)
        line = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await line.prepare(request)
        await line.write(b":thump\n")
        open_line = (request.path_qs.removeprefix("/api/v1/streaming/"), line)
        self.listening.append(open_line)
        while open_line in self.listening and not self.closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), 0.05)
        return line

    async def streams(self, stream: str, event: str, payload: Any) -> None:
        """Tell everybody who listens to this stream, in two pieces."""
        told = f"event: {event}\ndata: {json.dumps(payload)}\n\n".encode()
        for name, line in self.listening:
            if name == stream:
                await line.write(told[:20])
                await line.write(told[20:])

    def hangs_up(self) -> None:
        self.listening.clear()

    def _may(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == "Bearer good"


def dressed(text: str) -> str:
    """As a server shows it: paragraphs, and links in pieces."""
    words = [
        f'<a href="#"><span class="invisible">https://</span><span>{one[8:]}</span></a>'
        if one.startswith("https://") else html.escape(one)
        for one in text.split(" ")
    ]  # fmt: skip
    return f"<p>{' '.join(words)}</p>"


def stamp(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
