"""Signing in at TikTok: a code becomes tokens for a day, renewed for a year; one account each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Found, Granted
from workers.platforms.counted import whole
from workers.platforms.tiktok_http import BASE, fields, judge

_A_DAY = 86_400


async def exchange(
    calls: Calls, app: Mapping[str, str], answer: Mapping[str, str], now: datetime
) -> Granted:
    """A code, good for ten minutes, becomes tokens."""
    return await _tokens(
        calls, app, "token", now, grant_type="authorization_code",
        auth_code=answer["code"], redirect_uri=answer["redirect_uri"],
    )  # fmt: skip


async def renew(
    calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any], now: datetime
) -> Granted:
    """Another day; auth_expired after a year, or when the person took it back."""
    kept = str(secrets.get("refresh_token", ""))
    return await _tokens(
        calls, app, "refresh_token", now, grant_type="refresh_token", refresh_token=kept
    )


async def places(calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any]) -> list[Found]:
    """The one account that was signed in to."""
    del app
    business = str(secrets.get("open_id", ""))
    reply = await replace(calls, judge=judge).get(
        f"{BASE}/business/get/",
        params={"business_id": business, "fields": fields("username", "display_name")},
        headers={"Access-Token": str(secrets.get("access_token", ""))},
    )
    told = reply.object.get("data") or {}
    name = str(told.get("username") or "")
    url = f"https://www.tiktok.com/@{name}" if name else ""
    return [Found("tiktok", told.get("display_name") or name, {"business": business}, url=url)]


async def _tokens(
    calls: Calls, app: Mapping[str, str], path: str, now: datetime, **form: str
) -> Granted:
    sent = {"client_id": app.get("id", ""), "client_secret": app.get("secret", ""), **form}
    url = f"{BASE}/tt_user/oauth2/{path}/"
    told = (await replace(calls, judge=judge).ask("POST", url, json=sent)).object.get("data")
    if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
        raise SourceTrouble("transient", "TikTok’s answer held no token.")
    held = {"access_token", "refresh_token", "open_id"} & told.keys()
    lasts = whole(told.get("expires_in")) or _A_DAY
    ends = whole(told.get("refresh_token_expires_in"))
    return Granted(
        {name: told[name] for name in sorted(held)},
        tuple(str(told.get("scope") or "").replace(",", " ").split()),
        expires_at=now + timedelta(seconds=lasts),
        ends_at=now + timedelta(seconds=ends) if ends else None,
    )
