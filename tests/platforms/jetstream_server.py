"""Jetstream as a listener meets it: a WebSocket that sends frames, and breaks when it is told."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import WSMsgType, web

from tests.channels.provider import Provider


def post(text: str, name: str = "3l1", time_us: int = 1_795_284_540_123_456) -> dict[str, Any]:
    """A frame with a new post, in the shape of version 1."""
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-21T18:00:00Z"}
    commit = {
        "rev": "3l", "operation": "create", "collection": "app.bsky.feed.post", "rkey": name,
        "record": record, "cid": "bafy",
    }  # fmt: skip
    return {"did": "did:plc:kim", "time_us": time_us, "kind": "commit", "commit": commit}


class JetstreamServer(Provider):
    """One path, `/subscribe`; `lines` are those that listen now."""

    def build(self, router: web.UrlDispatcher) -> None:
        self.lines: list[web.WebSocketResponse] = []
        router.add_get("/subscribe", self._subscribe)

    @property
    def url(self) -> str:
        return f"{self.origin.replace('http', 'ws', 1)}/subscribe"

    async def _subscribe(self, request: web.Request) -> web.StreamResponse:
        assert request.query["wantedCollections"] == "app.bsky.feed.post"
        line = web.WebSocketResponse()
        await line.prepare(request)
        self.lines.append(line)
        async for message in line:
            assert message.type is not WSMsgType.ERROR
        self.lines = [one for one in self.lines if one is not line]
        return line

    async def sends(self, *frames: dict[str, Any] | str) -> None:
        for line in self.lines:
            for told in frames:
                await line.send_str(told if isinstance(told, str) else json.dumps(told))

    async def hangs_up(self) -> None:
        for line in [*self.lines]:
            await line.close()
