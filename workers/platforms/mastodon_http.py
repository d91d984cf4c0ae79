"""Asking a Mastodon server, and what its refusals mean: `{"error": "…"}` with a status."""

from datetime import datetime, timedelta
from typing import Any

from api.items.checks import moment
from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Calls, Reply, retry_at, status_trouble, within_a_day
from workers.platforms.connector import Place
from workers.platforms.given import entrusted, needed
from workers.platforms.hosts import host

_WINDOW = timedelta(minutes=5)
_LONGEST_REASON = 200
NOT_TAKEN: Health = "bad_content"


def address(place: Place, path: str) -> str:
    return f"https://{host(place)}/api/{path}"


def signed(place: Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {needed(entrusted(place, 'token'), 'The access token')}"}


async def get(calls: Calls, place: Place, path: str, **params: Any) -> Any:
    """One answer as JSON; SourceTrouble gone for a 404."""
    reply = await calls.get(address(place, path), params=params, headers=signed(place))
    return reply.told


async def own_id(calls: Calls, place: Place) -> str:
    """The account that the token belongs to; asked once, as it never changes."""
    known = place.cursor.get("me")
    if isinstance(known, str):
        return known
    return str((await get(calls, place, "v1/accounts/verify_credentials"))["id"])


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of; what is wrong with a text of ours is bad content."""
    told = str(reply.object.get("error", ""))
    if reply.status == 429:
        words = "Mastodon asks us to come less often."
        return SourceTrouble("rate_limited", words, retry_at=_pause(reply, now))
    if reply.status == 422 and "authenticated user" in told:
        words = "This token belongs to nobody. Make one for the account."
        return SourceTrouble("auth_expired", words, permanent=True)
    if reply.status == 422:
        return SourceTrouble(NOT_TAKEN, f"Mastodon did not take it: {told[:_LONGEST_REASON]}.")
    return status_trouble(reply, now)


def _pause(reply: Reply, now: datetime) -> datetime:
    """`X-RateLimit-Reset` is a moment in ISO 8601 there."""
    reset = moment(reply.headers.get("x-ratelimit-reset"))
    if reset is not None:
        return within_a_day(reset, now)
    return retry_at(reply.headers.get("retry-after"), now) or now + _WINDOW
