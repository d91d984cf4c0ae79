"""What every answer carries and every request must respect: headers, sizes, quiet logs."""

import asyncio
import logging
import time
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("nightdesk.access")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html nightdesk"
)
HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PAGE_HEADERS = {"Cache-Control": "private, no-store"}

# One megabyte is 500 reviews with long texts; a file of history may have ten.
_BODY_BYTES = 1_000_000
_FILE_BYTES = 10_500_000
_BODY_SECONDS = 20.0


class Security:
    """Pure ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cap the body, add the headers, log the route and never the path."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = uuid4().hex[:16]
        started, status = time.perf_counter(), 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), scope, request_id)
            await send(message)

        await self.app(scope, _capped(scope, receive), send_on)
        took = (time.perf_counter() - started) * 1000
        _log.info("%s %s %s %.0f ms %s", scope["method"], _route(scope), status, took, request_id)


def _route(scope: Scope) -> str:
    """`/p/{token}` and not the token: secrets in paths stay out of logs."""
    return str(getattr(scope.get("route"), "path", "-"))


def _add_headers(headers: MutableHeaders, scope: Scope, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith(("/v1", "/in/", "/hooks/", "/connect/")):
        headers.setdefault("Cache-Control", "private, no-store")


class BodyTooLarge(HTTPException):
    """More bytes came than this address takes."""


class BodyTooSlow(HTTPException):
    """A sender that drips holds a place that somebody else needs."""


def _capped(scope: Scope, receive: Receive) -> Receive:
    most = _FILE_BYTES if scope["path"].endswith("/import") else _BODY_BYTES
    taken, whole = 0, False
    deadline = asyncio.get_running_loop().time() + _BODY_SECONDS

    async def receive_some() -> Message:
        nonlocal taken, whole
        try:
            async with asyncio.timeout_at(None if whole else deadline):
                message = await receive()
        except TimeoutError as error:
            raise BodyTooSlow(408) from error
        whole = not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > most:
            raise BodyTooLarge(413)
        return message

    return receive_some
