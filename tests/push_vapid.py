"""VAPID (RFC 8292) from both ends: a sender who signs, and a push service that looks closely."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from py_vapid import Vapid02, jwt
from py_vapid.utils import b64urldecode
from pywebpush import WebPushException, webpush_async

from workers.practice_phone import unpadded

LONGEST_VALIDITY = 24 * 3600  # seconds (RFC 8292 section 2)


def vapid_refusal(
    header: str | None, origin: str, sender_key: bytes | None, now: datetime
) -> web.Response | None:
    """401 for a sender nobody can identify, 403 for one that is known and not allowed."""
    parts = dict(re.findall(r"([tk])=([A-Za-z0-9_.=-]+)", header or ""))
    if not (header or "").lower().startswith("vapid ") or set(parts) != {"t", "k"}:
        return web.Response(status=401, text="no vapid t= and k=")
    try:
        claims: dict[str, Any] = jwt.decode(parts["t"], parts["k"])
    except InvalidSignature:
        return web.Response(status=401, text="the signature is not by that key")
    complaint = complaint_about(claims, origin, now) or other_key(parts["k"], sender_key)
    return web.Response(status=403, text=complaint) if complaint else None


def complaint_about(claims: dict[str, Any], origin: str, now: datetime) -> str | None:
    left = int(claims.get("exp", 0)) - now.timestamp()
    if claims.get("aud") != origin:
        return f"aud is {claims.get('aud')}, not {origin}"
    if left <= 0:
        return "exp has passed"
    if left > LONGEST_VALIDITY:
        return "exp is more than 24 hours ahead"
    if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
        return "sub names nobody"
    return None


def other_key(offered: str, sender_key: bytes | None) -> str | None:
    if sender_key is None or b64urldecode(offered.encode()) == sender_key:
        return None
    return "the subscription belongs to another key"


class Sender:
    """Somebody with a key pair of their own who sends web pushes the way pywebpush does."""

    def __init__(self) -> None:
        self.pair = Vapid02()
        self.pair.generate_keys()

    @property
    def public_key(self) -> str:
        """What a page hands to pushManager.subscribe as applicationServerKey."""
        point = self.pair.public_key.public_numbers()
        return unpadded(b"\x04" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big"))

    def authorization(self, origin: str, **claims: Any) -> str:
        whole = {"sub": "mailto:night@desk.example", "aud": origin} | claims
        return str(self.pair.sign(whole)["Authorization"])

    async def send(
        self, subscription: dict[str, Any], payload: dict[str, Any], ttl: int = 600, **headers: str
    ) -> aiohttp.ClientResponse:
        """Encrypt and post; WebPushException when the service says no. `ttl` in seconds."""
        answer = await webpush_async(
            subscription,
            json.dumps(payload),
            vapid_private_key=self.pair,
            vapid_claims={"sub": "mailto:night@desk.example"},
            ttl=ttl,
            timeout=5,
            headers={"Urgency": "high"} | headers,
        )
        assert isinstance(answer, aiohttp.ClientResponse)
        return answer

    async def refused(
        self, subscription: dict[str, Any], payload: dict[str, Any]
    ) -> aiohttp.ClientResponse:
        """The service's no to this message."""
        with pytest.raises(WebPushException) as refusal:
            await self.send(subscription, payload)
        answer = refusal.value.response
        assert isinstance(answer, aiohttp.ClientResponse)
        return answer


async def bare_post(endpoint: str, headers: dict[str, str], length: int, limit: float = 5) -> int:
    """The status a request without any encryption earns; TimeoutError after `limit` seconds."""
    patience = aiohttp.ClientTimeout(total=limit)
    async with aiohttp.ClientSession(timeout=patience) as client:
        answer = await client.post(endpoint, data=b"x" * length, headers=headers)
        await answer.read()
        return answer.status
