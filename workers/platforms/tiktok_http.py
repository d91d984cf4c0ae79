"""Asking TikTok's API for Business, and what its envelope means.

Every answer is `{"code", "message", "data"}`; a code other than 0 is a refusal, although the status
says 200. The codes are those that others have met: TikTok's own list was not at hand.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Calls, Reply, Unsent, lost, retry_at, status_trouble
from workers.platforms.connector import Place
from workers.platforms.given import entrusted, needed

BASE = "https://business-api.tiktok.com/open_api/v1.3"
_A_MINUTE = timedelta(minutes=1)
_ENDED = "TikTok does not know this sign-in any more. Connect it again."
_CODES: Mapping[int, tuple[Health, str, bool]] = {
    40001: ("permission", "TikTok does not let this account do that.", True),
    40002: ("bad_content", "TikTok did not take what was asked.", False),
    40100: ("rate_limited", "TikTok asks us to come less often.", False),
    40101: ("permission", "TikTok does not know your app. Check its id and secret.", True),
    40102: ("auth_expired", _ENDED, True),
    40104: ("auth_expired", _ENDED, True),
    40105: ("auth_expired", _ENDED, True),
    40110: ("auth_expired", _ENDED, True),
}


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that the envelope tells of; without one, what the status tells."""
    code = reply.object.get("code")
    if not isinstance(code, int):
        return status_trouble(reply, now)
    if code == 0:
        return None
    if code not in _CODES:
        return SourceTrouble("transient", f"TikTok answered with its error {code}.")
    health, words, permanent = _CODES[code]
    at = retry_at(reply.headers.get("retry-after"), now)
    if health == "rate_limited":
        at = at or now + _A_MINUTE
    return SourceTrouble(health, words, retry_at=at, permanent=permanent)


async def get(calls: Calls, place: Place, path: str, **params: Any) -> dict[str, Any]:
    """The data of one answer about this business."""
    asking = {"business_id": place.ids["business"], **params}
    reply = await calls.get(f"{BASE}/{path}", params=asking, headers=_signed(place))
    return dict(reply.object.get("data") or {})


async def write(calls: Calls, place: Place, path: str, **body: str) -> dict[str, Any]:
    """Change something, once; TikTok's own failures leave open whether it was done."""
    sent = {"business_id": place.ids["business"], **body}
    try:
        reply = await calls.write("POST", f"{BASE}/{path}", json=sent, headers=_signed(place))
    except Unsent:
        raise
    except SourceTrouble as trouble:
        if trouble.health == "transient":
            raise lost(trouble.detail) from None
        raise
    return dict(reply.object.get("data") or {})


def fields(*names: str) -> str:
    """A list in a query is JSON there."""
    return json.dumps(names, separators=(",", ":"))


def _signed(place: Place) -> dict[str, str]:
    return {"Access-Token": needed(entrusted(place, "access_token"), "The sign-in at TikTok")}
