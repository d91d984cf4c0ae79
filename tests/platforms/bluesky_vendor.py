"""A Bluesky server as its lexicons have it: sign-ins, notifications, search, records, gates."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.platforms.vendor import Vendor, Written, told

OWN = "did:plc:crumbco"
POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
Query = Callable[[web.Request], Awaitable[Any]]


def error(word: str, message: str = "No.") -> dict[str, str]:
    return {"error": word, "message": message}


class BlueskyVendor(Vendor):
    """One account on one server; `records` are its own, by collection and name.

    What people wrote are notifications to it, and can be searched. `reports` were sent in.
    """

    hosts = ("bsky.social",)
    expired = staticmethod(told(400, error("ExpiredToken")))
    forbidden = staticmethod(told(403, error("Forbidden")))
    throttled = staticmethod(
        told(429, error("RateLimitExceeded"), {"ratelimit-reset": "1795291500"})
    )
    broken = staticmethod(told(502, error("UpstreamFailure")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.reports: list[dict[str, Any]] = []
        self.reasons: dict[str, str] = {}
        self.password, self.token = "good", "token-1"
        for method in ("createSession", "getUnreadCount", "listNotifications", "searchPosts"):
            self.answers(router, method)
        for method in ("getPosts", "getProfile", "listRecords", "getRecord", "createRecord"):
            self.answers(router, method)
        for method in ("putRecord", "deleteRecord", "applyWrites", "createReport"):
            self.answers(router, method)

    def answers(self, router: web.UrlDispatcher, name: str) -> None:
        answer: Query = getattr(self, f"_{name}")

        async def meet(request: web.Request) -> web.Response:
            if name != "createSession" and not self._may(request):
                return web.json_response(error("InvalidToken"), status=400)
            try:
                return web.json_response(await answer(request))
            except LookupError:
                body = error("InvalidRequest", "Could not locate record: at://…")
                return web.json_response(body, status=400)

        router.add_route("*", "/xrpc/{space:[a-z.A-Z]+}." + name, meet)

    def uri(self, name: str) -> str:
        """The address of something that was written."""
        return f"at://did:plc:kim/{POST}/{name}"

    def says(self, name: str, value: dict[str, Any] | None = None, collection: str = POST) -> str:
        """The client itself has posted this; its address."""
        self.records[collection, name] = value or {"text": "Hello.", "createdAt": "2026-11-21"}
        return f"at://{OWN}/{collection}/{name}"

    def as_told(self, one: Written) -> dict[str, Any]:
        """A reply to the client's post “p1”, unless `reasons` tells otherwise."""
        reason = self.reasons.get(one.name, "mention")
        record: dict[str, Any] = {"$type": POST, "text": one.text, "createdAt": "2001-01-01"}
        if reason == "reply":
            first = {"uri": f"at://{OWN}/{POST}/p1", "cid": "cid-p1"}
            record["reply"] = {"root": first, "parent": first}
        shown = {
            "uri": self.uri(one.name), "cid": f"cid-{one.name}-{one.text}", "reason": reason,
            "author": {"did": "did:plc:kim", "handle": "kim.example", "displayName": one.author},
            "record": record, "isRead": False, "labels": [],
            "indexedAt": one.at.isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        return {name: value for name, value in {**shown, **one.more}.items() if value is not None}

    async def _createSession(self, request: web.Request) -> Any:  # noqa: N802
        given = json.loads(await request.read())
        if (given["identifier"], given["password"]) != ("crumb.example", self.password):
            raise web.HTTPUnauthorized(
                text=json.dumps(error("AuthenticationRequired")), content_type="application/json"
            )
        return {"did": OWN, "handle": "crumb.example", "accessJwt": self.token, "refreshJwt": "r"}

    async def _getUnreadCount(self, _: web.Request) -> Any:  # noqa: N802
        return {"count": 0}

    async def _listNotifications(self, request: web.Request) -> Any:  # noqa: N802
        assert set(request.query.getall("reasons")) == {"mention", "reply", "quote"}
        return self._page(request, "notifications")

    async def _searchPosts(self, request: web.Request) -> Any:  # noqa: N802
        assert (request.query["q"], request.query["sort"]) == ('"crumb co"', "latest")
        return self._page(request, "posts")

    def _page(self, request: web.Request, name: str) -> dict[str, Any]:
        assert 1 <= int(request.query["limit"]) <= 100
        listed, after = self.page(int(request.query.get("cursor", "0")))
        found = {name: [self.as_told(one) for one in listed]}
        return found | ({"cursor": str(after)} if after else {})

    async def _getPosts(self, request: web.Request) -> Any:  # noqa: N802
        uris = request.query.getall("uris")
        assert len(uris) <= 25
        people = {self.uri(one.name): self.as_told(one) for one in self.written}
        own = {f"at://{OWN}/{POST}/{name}": (name, value) for (kind, name), value
               in self.records.items() if kind == POST}  # fmt: skip
        posts = [people[uri] for uri in uris if uri in people]
        posts += [self._view(uri, *own[uri]) for uri in uris if uri in own]
        return {"posts": posts}

    def _view(self, uri: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
        gate = self.records.get((GATE, name))
        shown = {"uri": uri, "cid": f"cid-{name}", "author": {"did": OWN}, "record": value}
        return shown | ({"threadgate": {"record": gate}} if gate is not None else {})

    async def _getProfile(self, request: web.Request) -> Any:  # noqa: N802
        did = request.query["actor"]
        blocks = [f"at://{OWN}/{kind}/{name}" for (kind, name), value in self.records.items()
                  if kind == "app.bsky.graph.block" and value["subject"] == did]  # fmt: skip
        return {"did": did, "viewer": {"blocking": blocks[0]} if blocks else {}}

    async def _listRecords(self, request: web.Request) -> Any:  # noqa: N802
        kind = request.query["collection"]
        assert request.query["repo"] == OWN
        listed = sorted((name for found, name in self.records if found == kind), reverse=True)
        return {"records": [self._told(kind, name) for name in listed]}

    async def _getRecord(self, request: web.Request) -> Any:  # noqa: N802
        return self._told(request.query["collection"], request.query["rkey"])

    def _told(self, kind: str, name: str) -> dict[str, Any]:
        value = self.records[kind, name]
        cid = f"cid-{json.dumps(value, sort_keys=True)}"
        return {"uri": f"at://{OWN}/{kind}/{name}", "cid": cid, "value": value}

    async def _createRecord(self, request: web.Request) -> Any:  # noqa: N802
        given = json.loads(await request.read())
        name = f"made-{len(self.records)}"
        self.records[given["collection"], name] = given["record"]
        return {"uri": f"at://{OWN}/{given['collection']}/{name}", "cid": "cid"}

    async def _putRecord(self, request: web.Request) -> Any:  # noqa: N802
        given = json.loads(await request.read())
        place = given["collection"], given["rkey"]
        there = self._told(*place)["cid"] if place in self.records else None
        if given["swapRecord"] != there:
            raise web.HTTPBadRequest(
                text=json.dumps(error("InvalidSwap")), content_type="application/json"
            )
        self.records[place] = given["record"]
        return {"uri": "at://", "cid": "cid"}

    async def _deleteRecord(self, request: web.Request) -> Any:  # noqa: N802
        given = json.loads(await request.read())
        self.records.pop((given["collection"], given["rkey"]), None)
        return {}

    async def _applyWrites(self, request: web.Request) -> Any:  # noqa: N802
        given = json.loads(await request.read())
        assert given["repo"] == OWN
        after = dict(self.records)
        for one in given["writes"]:
            kind, place = one["$type"].rpartition("#")[2], (one["collection"], one["rkey"])
            assert (place in after) == (kind != "create")
            if kind == "delete":
                del after[place]
            else:
                after[place] = one["value"]
        self.records = after
        return {"results": []}

    async def _createReport(self, request: web.Request) -> Any:  # noqa: N802
        self.reports.append(json.loads(await request.read()))
        return {"id": len(self.reports)}

    def _may(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"
