"""Signing in at Google: a code becomes tokens (RFC 6749 and 7636), and tokens become places.

One sign-in serves whatever it was allowed to: the places of a Business Profile, the channels of
YouTube. How long the whole grant holds is not told: apps that Google counts as testing lose it
after seven days.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls, Reply
from workers.platforms.connector import Found, Granted
from workers.platforms.counted import whole
from workers.platforms.google import PLACES
from workers.platforms.google_errors import judge

TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1/accounts"
CHANNELS = "https://youtube.googleapis.com/youtube/v3/channels"
SCOPES = "https://www.googleapis.com/auth/"
FIELDS = "name,title,storeCode,metadata"
_AN_HOUR = 3600
_MOST_PAGES = 20


async def exchange(
    calls: Calls, app: Mapping[str, str], answer: Mapping[str, str], now: datetime
) -> Granted:
    """A code becomes an access token and the refresh token that outlives it."""
    said = await _token(
        calls, app, grant_type="authorization_code", code=answer["code"],
        code_verifier=answer["verifier"], redirect_uri=answer["redirect_uri"],
    )  # fmt: skip
    if not said.get("refresh_token"):
        detail = (
            "Google gave a sign-in for one hour only. Take Nightdesk’s access away at "
            "myaccount.google.com/permissions and begin again."
        )
        raise SourceTrouble("permission", detail, permanent=True)
    return _granted(said, now)


async def renew(
    calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any], now: datetime
) -> Granted:
    """A new access token; raises auth_expired when the person or Google took the grant back."""
    kept = str(secrets.get("refresh_token", ""))
    said = await _token(calls, app, grant_type="refresh_token", refresh_token=kept)
    return _granted({"scope": secrets.get("scope", "")} | said, now)


async def places(calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any]) -> list[Found]:
    """The locations and channels that the sign-in may be used for, each of them once."""
    del app
    vendor = replace(calls, judge=judge)
    signed = {"Authorization": f"Bearer {secrets['access_token']}"}
    may = str(secrets.get("scope", ""))
    found: dict[tuple[str, str], Found] = {}
    try:
        if f"{SCOPES}business.manage" in may:
            async for one in _locations(vendor, signed):
                found.setdefault((one.kind, one.ids["location"]), one)
        if f"{SCOPES}youtube" in may:
            async for one in _channels(vendor, signed):
                found.setdefault((one.kind, one.ids["channel"]), one)
    except (KeyError, TypeError, AttributeError):
        raise SourceTrouble("bad_content", "Google’s list has another shape than agreed.") from None
    return list(found.values())


async def _token(calls: Calls, app: Mapping[str, str], **form: str) -> dict[str, Any]:
    sent = form | {"client_id": app.get("id", ""), "client_secret": app.get("secret", "")}
    reply = await replace(calls, judge=judge).ask("POST", TOKEN, data=sent)
    if not isinstance(reply.object.get("access_token"), str):
        raise SourceTrouble("transient", "Google’s answer held no token.")
    return reply.object


def _granted(said: Mapping[str, Any], now: datetime) -> Granted:
    scope = str(said.get("scope") or "")
    secrets = {"access_token": said["access_token"], "scope": scope}
    if said.get("refresh_token"):
        secrets["refresh_token"] = said["refresh_token"]
    lasts = whole(said.get("expires_in")) or _AN_HOUR
    return Granted(secrets, scope.split(), expires_at=now + timedelta(seconds=lasts))


async def _locations(vendor: Calls, signed: Mapping[str, str]) -> AsyncIterator[Found]:
    async for page in _pages(vendor, ACCOUNTS, {"pageSize": "20"}, signed):
        for account in page.get("accounts", []):
            url = f"{PLACES}/{account['name']}/locations"
            asked = {"readMask": FIELDS, "pageSize": "100"}
            async for listed in _pages(vendor, url, asked, signed):
                for one in _of_account(account["name"], listed):
                    yield one


def _of_account(account: str, listed: Mapping[str, Any]) -> Iterator[Found]:
    for one in listed.get("locations", []):
        about = one.get("metadata") or {}
        ids = {"account": account.rpartition("/")[2], "location": one["name"].rpartition("/")[2]}
        if about.get("placeId"):
            ids["place_id"] = about["placeId"]
        code = f" ({one['storeCode']})" if one.get("storeCode") else ""
        name = f"{one.get('title') or one['name']}{code}"
        yield Found("google", name, ids, url=about.get("mapsUri", ""))


async def _channels(vendor: Calls, signed: Mapping[str, str]) -> AsyncIterator[Found]:
    asked = {"part": "snippet", "mine": "true", "maxResults": "50"}
    async for page in _pages(vendor, CHANNELS, asked, signed):
        for one in page.get("items", []):
            name = (one.get("snippet") or {}).get("title") or one["id"]
            url = f"https://www.youtube.com/channel/{one['id']}"
            yield Found("youtube", name, {"channel": one["id"]}, url=url)


async def _pages(
    vendor: Calls, url: str, params: Mapping[str, str], signed: Mapping[str, str]
) -> AsyncIterator[dict[str, Any]]:
    token = ""
    for _ in range(_MOST_PAGES):
        asked = {**params} | ({"pageToken": token} if token else {})
        reply: Reply = await vendor.get(url, params=asked, headers=signed)
        yield reply.object
        token = reply.object.get("nextPageToken", "")
        if not token:
            return
