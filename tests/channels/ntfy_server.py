"""An ntfy server as a test meets it: JSON publishing, and somebody who taps the button."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.channels.provider import Provider

NAME = re.compile(r"[-_A-Za-z0-9]{1,64}")
KNOWN = {"topic", "title", "message", "priority", "tags", "click", "sequence_id", "actions"}


@dataclass
class Published:
    """One message as it was published; `cleared` when it was taken off the screens."""

    id: str
    fields: dict[str, Any]
    cleared: bool = False


class NtfyServer(Provider):
    """`async with NtfyServer() as ntfy`: `published`, and `presses` for the button of a notice.

    With a `token` set, only who knows it may publish.
    """

    token = ""
    published: list[Published]

    def build(self, router: web.UrlDispatcher) -> None:
        self.published = []
        router.add_post("/", self._publish)
        router.add_put("/{topic}/{sequence}/clear", self._clear)

    @property
    def on_screen(self) -> list[Published]:
        """What a phone shows: a newer one takes the place of an older one of its sequence."""
        newest = {one.fields.get("sequence_id", one.id): one for one in self.published}
        return [one for one in newest.values() if not one.cleared]

    async def presses(self, label: str, notice: Published | None = None) -> tuple[int, str]:
        """Somebody taps a button; the phone does what it says and clears the notice if it may."""
        notice = notice or self.published[-1]
        [button] = [one for one in notice.fields["actions"] if one["label"] == label]
        body, headers = button.get("body", "").encode(), button.get("headers", {})
        status, told = await self.way_back(button["method"], button["url"], body, headers)
        notice.cleared = button.get("clear", False) and status < 300
        return status, told

    async def _publish(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return no(403, 40301, "forbidden")
        raw = await request.read()
        if len(raw) > 8192:
            return no(413, 41303, "JSON body too large")
        try:
            fields = json.loads(raw)
        except ValueError:
            return no(400, 40017, "invalid request: request body must be message JSON")
        wrong = _mistake(fields)
        if wrong:
            return wrong
        self.published.append(Published(secrets.token_hex(6), fields))
        told = {"id": self.published[-1].id, "event": "message", "topic": fields["topic"]}
        return web.json_response(told)

    async def _clear(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return no(403, 40301, "forbidden")
        for one in self.published:
            if one.fields.get("sequence_id") == request.match_info["sequence"]:
                one.cleared = True
        return web.json_response({"id": secrets.token_hex(6), "event": "message_clear"})

    def _may(self, request: web.Request) -> bool:
        return not self.token or request.headers.get("Authorization") == f"Bearer {self.token}"


def _mistake(fields: Any) -> web.Response | None:
    if not isinstance(fields, dict) or set(fields) - KNOWN:
        return no(400, 40024, "invalid request: request body must be valid JSON")
    if not NAME.fullmatch(str(fields.get("topic", ""))):
        return no(400, 40009, "invalid request: topic invalid")
    if not NAME.fullmatch(fields.get("sequence_id", "x")):
        return no(400, 40049, "invalid request: sequence ID invalid")
    if fields.get("priority", 3) not in range(1, 6):
        return no(400, 40007, "invalid priority parameter")
    if len(fields.get("message", "").encode()) > 4096:
        return no(400, 40014, "invalid request: attachments not allowed")
    return _wrong_actions(fields.get("actions", []))


def _wrong_actions(actions: list[dict[str, Any]]) -> web.Response | None:
    good = len(actions) <= 3 and all(
        one.get("action") == "http" and one.get("label") and one.get("url") for one in actions
    )
    return None if good else no(400, 40018, "invalid request: actions invalid")


def no(status: int, code: int, words: str) -> web.Response:
    """ntfy’s error document."""
    return web.json_response({"code": code, "http": status, "error": words}, status=status)
