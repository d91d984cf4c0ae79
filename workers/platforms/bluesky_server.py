"""Signing in at a Bluesky server (atproto), asking it, and what its refusals mean.

A sign-in is kept in the memory of this process alone. Bluesky allows 300 a day by its documents
and has been met with 100, which a sign-in for every reading would spend within two hours.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Calls, Reply, retry_at, status_trouble, within_a_day
from workers.platforms.connector import Place
from workers.platforms.given import entrusted, needed
from workers.platforms.hosts import host

HOME = "bsky.social"
# The token says two hours; a place that is asked for longer than this signs in anew.
HOLDS = timedelta(minutes=90)
MOST_HELD = 1000
_WINDOW = timedelta(minutes=5)
_AGAIN = "Bluesky does not know this sign-in any more. Enter a new app password."
_MAIN = "This is the password of the account. Make an app password at Bluesky and enter that."
_CLOSED = "Bluesky has closed this account."
_ERRORS: Mapping[str, tuple[Health, str, bool]] = {
    "ExpiredToken": ("auth_expired", _AGAIN, True),
    "InvalidToken": ("auth_expired", _AGAIN, True),
    "AuthMissing": ("auth_expired", _AGAIN, True),
    "AuthenticationRequired": ("auth_expired", _AGAIN, True),
    "AuthFactorTokenRequired": ("auth_expired", _MAIN, True),
    "AccountTakedown": ("permission", _CLOSED, True),
    "AccountSuspended": ("permission", _CLOSED, True),
    "AccountDeactivated": ("permission", "This account is switched off at Bluesky.", True),
    "RateLimitExceeded": ("rate_limited", "Bluesky asks us to come less often.", False),
    "RecordNotFound": ("gone", "Bluesky does not have this any more.", False),
    "InvalidSwap": ("transient", "It was changed by somebody else just now.", False),
}
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in: whose, and until when it is used."""

    did: str
    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """The server of one account, signed in to."""

    calls: Calls
    host: str
    did: str
    token: str

    async def get(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask one XRPC query."""
        url = f"https://{self.host}/xrpc/{method}"
        return (await self.calls.get(url, params=params, headers=self._signed())).object

    async def write(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Call one XRPC procedure, once."""
        url = f"https://{self.host}/xrpc/{method}"
        return (await self.calls.write("POST", url, json=body, headers=self._signed())).object

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


_held: dict[str, SignIn] = {}


async def visit(
    calls: Calls, place: Place, work: Callable[[Server], Awaitable[Found]]
) -> Found:  # fmt: skip
    """Do `work` at the account's server; a kept sign-in that ended early is renewed once.

    A write that is refused for its sign-in was not done, so it may be sent again after that.
    """
    kept = _held.get(_key(place))
    if kept is None or kept.until <= place.now:
        return await work(await _signed_in(calls, place))
    try:
        return await work(Server(calls, host(place, HOME), kept.did, kept.token))
    except SourceTrouble as trouble:
        if trouble.health != "auth_expired":
            raise
    return await work(await _signed_in(calls, place))


async def _signed_in(calls: Calls, place: Place) -> Server:
    home, key = host(place, HOME), _key(place)
    _held.pop(key, None)
    handle = needed(entrusted(place, "handle"), "The name of the account").removeprefix("@")
    password = needed(entrusted(place, "password"), "The app password")
    answer = await calls.ask(
        "POST", f"https://{home}/xrpc/com.atproto.server.createSession",
        json={"identifier": handle, "password": password},
    )  # fmt: skip
    did, token = answer.object.get("did"), answer.object.get("accessJwt")
    if not (isinstance(did, str) and isinstance(token, str)):
        raise SourceTrouble("transient", f"{home} answered without a sign-in.")
    while len(_held) >= MOST_HELD:
        _held.pop(next(iter(_held)))
    _held[key] = SignIn(did, token, place.now + HOLDS)
    return Server(calls, home, did, token)


def forget() -> None:
    """Drop every kept sign-in."""
    _held.clear()


def _key(place: Place) -> str:
    """A new password is a new sign-in; the password itself is not kept beside the token."""
    told = [host(place, HOME), entrusted(place, "handle"), entrusted(place, "password")]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an atproto answer tells of: `{"error", "message"}`; a page is refused."""
    told = str(reply.object.get("error", ""))
    if str(reply.object.get("message", "")).startswith("Could not locate record"):
        told = "RecordNotFound"
    if reply.good or (told not in _ERRORS and reply.status != 429):
        return status_trouble(reply, now)
    health, words, permanent = _ERRORS.get(told, _ERRORS["RateLimitExceeded"])
    at = _pause(reply, now) if health == "rate_limited" else None
    return SourceTrouble(health, words, retry_at=at, permanent=permanent)


def _pause(reply: Reply, now: datetime) -> datetime:
    """The moment in `ratelimit-reset` (unix seconds), else the end of the usual window."""
    reset = reply.headers.get("ratelimit-reset", "")
    if reset.isdigit() and len(reset) <= 11:
        return within_a_day(datetime.fromtimestamp(int(reset), UTC), now)
    return retry_at(reply.headers.get("retry-after"), now) or now + _WINDOW
