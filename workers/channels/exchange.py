"""One HTTP request to a provider: no redirect followed, no endless wait, no endless answer."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp

from workers.channels.trouble import ChannelTrouble, asked_wait

# Fifty calls of Twilio have about 80 kB.
LARGEST_ANSWER = 512 * 1024
_OURS = {401, 403}
_PASSES = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider answered; `told` is the JSON object of the body, empty when it was none."""

    status: int
    told: dict[str, Any]
    retry_after: timedelta | None = None

    @property
    def good(self) -> bool:
        """It was taken, and in the provider's own words: a login page also answers 200."""
        return self.status in {200, 201, 202} and bool(self.told)


async def exchange(
    outside: aiohttp.ClientSession, method: str, url: str, *, who: str, timeout: float, **parts: Any
) -> Reply:
    """Ask once, in `timeout` seconds altogether; ChannelTrouble when nobody answered.

    Which hosts may be met is for the session to say that is handed in.
    """
    limit = aiohttp.ClientTimeout(total=timeout)
    try:
        async with outside.request(
            method, url, allow_redirects=False, timeout=limit, **parts
        ) as answer:
            told = _json_object(await _body(answer))
            return Reply(answer.status, told, asked_wait(answer.headers.get("Retry-After")))
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise ChannelTrouble(f"The address of {who} cannot be used.", permanent=True) from None
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise ChannelTrouble(f"{who} did not answer ({type(error).__name__}).") from error


def refusal(reply: Reply, who: str) -> ChannelTrouble:
    """What an answer that is not good means for another try."""
    if reply.status in _OURS:
        detail = f"{who} does not accept this account ({reply.status}). The operator has to look."
        return ChannelTrouble(detail, permanent=True)
    if 400 <= reply.status < 500 and reply.status not in _PASSES:
        return ChannelTrouble(f"{who} refused the message ({reply.status}).", permanent=True)
    return ChannelTrouble(f"{who} answered {reply.status}.", retry_after=reply.retry_after)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > LARGEST_ANSWER:
            return b""
    return bytes(body)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
