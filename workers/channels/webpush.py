"""Sends one Web Push message (RFC 8030, 8291, 8292) and says truly what became of it.

201 means accepted by the push service, not shown: that is what the receipt is for. Only 404 and
410 mean that the subscription is gone; every other answer leaves the device as it was.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush_async

from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble, asked_wait

# A payload may have 3,993 bytes (RFC 8291 pads to 4,096); some services count otherwise.
LARGEST_PAYLOAD = 3000
_GONE = {404, 410}
_OURS = {400, 401, 403, 413}


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one device; `ttl` and `timeout` in seconds, keys base64url."""

    endpoint: str
    p256dh: str
    auth: str
    private_key: str
    contact: str
    payload: dict[str, Any]
    topic: str
    ttl: int
    urgency: str = "high"
    timeout: float = 5.0


class _NoRedirects:
    """The part of a session that pywebpush uses; a redirect is an answer, never followed."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(self, url: str, **options: Any) -> aiohttp.ClientResponse:
        return await self._session.post(url, **{**options, "allow_redirects": False})


async def send(push: Push, session: aiohttp.ClientSession) -> Sent:
    """Hand the message to its push service; ChannelTrouble when that did not take it."""
    data = json.dumps(push.payload, ensure_ascii=False).encode()
    if len(data) > LARGEST_PAYLOAD:
        raise ChannelTrouble("The message is too long for a push.", permanent=True)
    try:
        await asyncio.wait_for(_post(push, data, session), push.timeout)
    except WebPushException as error:
        raise _trouble(error) from error
    except ValueError as error:
        raise ChannelTrouble("The keys of this phone are broken.", permanent=True) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        host = urlsplit(push.endpoint).hostname
        raise ChannelTrouble(f"{host} did not answer ({type(error).__name__}).") from error
    return Sent()


async def _post(push: Push, data: bytes, session: aiohttp.ClientSession) -> None:
    """The claims are made anew for each send: the library writes the audience into them."""
    await webpush_async(
        {"endpoint": push.endpoint, "keys": {"p256dh": push.p256dh, "auth": push.auth}},
        data=data,
        vapid_private_key=Vapid02.from_raw(push.private_key.encode()),
        vapid_claims={"sub": push.contact},
        ttl=push.ttl,
        headers={"Urgency": push.urgency, "Topic": push.topic},
        timeout=aiohttp.ClientTimeout(total=push.timeout),
        aiohttp_session=_NoRedirects(session),
    )


def _trouble(error: WebPushException) -> ChannelTrouble:
    status = error.status_code
    if status in _GONE:
        return ChannelTrouble(f"The subscription is gone ({status}).", gone=True)
    if status in _OURS:
        return ChannelTrouble(f"The push service refused the message ({status}).", permanent=True)
    wait = asked_wait(error.retry_after)
    return ChannelTrouble(f"The push service answered {status}.", retry_after=wait)
