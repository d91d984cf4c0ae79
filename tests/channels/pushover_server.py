"""Pushover as a test meets it: its limits, its receipts, and somebody who acknowledges."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from aiohttp import web

from tests.channels.provider import Provider

LIMITS = {"title": 250, "message": 1024, "url": 512, "url_title": 100}
KNOWN = {*LIMITS, "token", "user", "priority", "retry", "expire", "tags"}
TAGS = re.compile(r"[A-Za-z0-9_,-]+")


@dataclass
class Emergency:
    """One message; only those of priority 2 have a receipt and go on by themselves."""

    fields: dict[str, str]
    receipt: str = ""
    shown_at: int = 0
    acknowledged_at: int = 0
    cancelled: bool = False
    expired: bool = False

    @property
    def rings(self) -> bool:
        return bool(self.receipt) and not (self.cancelled or self.expired or self.acknowledged_at)


class PushoverServer(Provider):
    """`async with PushoverServer() as pushover`: `messages`, and what a phone does with them."""

    token = "a" + "T" * 29
    user = "u" + "U" * 29
    messages: list[Emergency]

    def build(self, router: web.UrlDispatcher) -> None:
        self.messages = []
        router.add_post("/1/messages.json", self._message)
        router.add_get("/1/receipts/{receipt}.json", self._receipt)
        router.add_post("/1/receipts/{receipt}/cancel.json", self._cancel)
        router.add_post("/1/receipts/cancel_by_tag/{tag}.json", self._cancel_by_tag)

    @property
    def ringing(self) -> list[Emergency]:
        return [message for message in self.messages if message.rings]

    def shows(self, message: Emergency) -> None:
        """The phone has it on its screen."""
        message.shown_at = int(self.clock().timestamp())

    def acknowledges(self, message: Emergency) -> None:
        """Somebody tapped “Acknowledge” in Pushover’s own app."""
        self.shows(message)
        message.acknowledged_at = int(self.clock().timestamp())

    async def _message(self, request: web.Request) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        wrong = self._stranger(fields.get("token", "")) or self._mistake(fields)
        if wrong:
            return wrong
        told: dict[str, object] = {"status": 1, "request": secrets.token_hex(8)}
        receipt = secrets.token_hex(15) if fields.get("priority") == "2" else ""
        self.messages.append(Emergency(fields, receipt))
        return web.json_response(told | {"receipt": receipt} if receipt else told)

    def _stranger(self, token: str) -> web.Response | None:
        return None if token == self.token else no("application token is invalid", token="invalid")

    def _mistake(self, fields: dict[str, str]) -> web.Response | None:
        if fields.get("user") != self.user:
            words = "user identifier is not a valid user, group, or subscribed user key"
            return no(words, user="invalid")
        if not fields.get("message"):
            return no("message cannot be blank", message="cannot be blank")
        for name, longest in LIMITS.items():
            if len(fields.get(name, "")) > longest:
                return no(f"{name} is too long")
        if set(fields) - KNOWN or not TAGS.fullmatch(fields.get("tags", "x")):
            return no("unknown parameters")
        return _wrong_times(fields) if fields.get("priority") == "2" else None

    async def _receipt(self, request: web.Request) -> web.Response:
        message = self._found(request)
        wrong = self._stranger(request.query.get("token", ""))
        if wrong or message is None:
            return wrong or no("receipt not found; may be invalid or expired", 404)
        told = {
            "status": 1,
            "acknowledged": int(bool(message.acknowledged_at)),
            "acknowledged_at": message.acknowledged_at,
            "last_delivered_at": message.shown_at,
            "expired": int(message.expired or message.cancelled),
        }
        return web.json_response(told)

    async def _cancel(self, request: web.Request) -> web.Response:
        message = self._found(request)
        wrong = self._stranger(str((await request.post()).get("token", "")))
        if wrong or message is None:
            return wrong or no("receipt not found", 404)
        message.cancelled = True
        return web.json_response({"status": 1})

    async def _cancel_by_tag(self, request: web.Request) -> web.Response:
        wrong = self._stranger(str((await request.post()).get("token", "")))
        if wrong:
            return wrong
        tagged = [
            message
            for message in self.ringing
            if request.match_info["tag"] in message.fields.get("tags", "").split(",")
        ]
        for message in tagged:
            message.cancelled = True
        return web.json_response({"status": 1, "canceled": len(tagged)})

    def _found(self, request: web.Request) -> Emergency | None:
        receipt = request.match_info["receipt"]
        return next((one for one in self.messages if one.receipt == receipt), None)


def _wrong_times(fields: dict[str, str]) -> web.Response | None:
    retry, expire = fields.get("retry", ""), fields.get("expire", "")
    if not retry.isdigit() or int(retry) < 30:
        return no("retry must be at least 30 seconds", retry="invalid")
    if not expire.isdigit() or not 0 < int(expire) <= 10800:
        return no("expire must be supplied with priority=2", expire="invalid")
    return None


def no(words: str, status: int = 400, **fields: str) -> web.Response:
    """Pushover’s error document."""
    told = {**fields, "errors": [words], "status": 0, "request": secrets.token_hex(8)}
    return web.json_response(told, status=status)
