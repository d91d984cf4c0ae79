"""Asking X's API version 2: its refusals (RFC 9457 problems), and signing as a person.

Reading takes the app's bearer token. Hiding takes a person: OAuth 1.0a (RFC 5849), whose four keys
never end, unlike the two hours of an OAuth 2 token.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Reply, status_trouble, within_a_day
from workers.platforms.connector import Place
from workers.platforms.given import entrusted, needed

API = "https://api.x.com/2"
KEYS = ("api_key", "api_secret", "access_token", "access_secret")
_WINDOW = timedelta(minutes=15)
_PROBLEMS: Mapping[str, tuple[Health, str, bool]] = {
    "usage-capped": ("quota_exhausted", "The posts that were paid for at X are used up.", False),
    "credits-depleted": ("quota_exhausted", "There is no money left at X.", False),
    "client-forbidden": ("permission", "Your plan at X does not allow this.", True),
    "unsupported-authentication": ("permission", "X wants other keys for this.", True),
    "not-authorized-for-resource": ("permission", "X does not show this to us.", False),
    "resource-not-found": ("gone", "X does not have this any more.", False),
    "invalid-request": ("bad_content", "X did not take what was asked. Check the words.", False),
}


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of: by the end of its `type`, else by its status."""
    known = _PROBLEMS.get(str(reply.object.get("type", "")).rpartition("/")[2])
    if reply.good:
        return None
    if reply.status == 402:
        known = _PROBLEMS["credits-depleted"]
    if known is not None:
        health, words, permanent = known
        at = tomorrow(now) if health == "quota_exhausted" else None
        return SourceTrouble(health, words, retry_at=at, permanent=permanent)
    if reply.status == 429:
        words = "X asks us to come less often."
        return SourceTrouble("rate_limited", words, retry_at=_pause(reply, now))
    return status_trouble(reply, now)


def tomorrow(now: datetime) -> datetime:
    """X counts by days of UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def as_app(place: Place) -> dict[str, str]:
    """Headers that read."""
    return {"Authorization": f"Bearer {needed(entrusted(place, 'bearer'), 'The bearer token')}"}


def as_person(place: Place, method: str, url: str) -> dict[str, str] | None:
    """Headers that act for the account; None when one of its four keys is missing.

    A body of JSON is not part of the signature.
    """
    keys = {name: entrusted(place, name) for name in KEYS}
    if not all(keys.values()):
        return None
    told = {
        "oauth_consumer_key": keys["api_key"],
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(place.now.timestamp())),
        "oauth_token": keys["access_token"],
        "oauth_version": "1.0",
    }
    told["oauth_signature"] = signature(
        method, url, told, keys["api_secret"], keys["access_secret"]
    )
    words = ", ".join(f'{_safe(name)}="{_safe(value)}"' for name, value in sorted(told.items()))
    return {"Authorization": f"OAuth {words}"}


def signature(
    method: str, url: str, params: Mapping[str, str], app_secret: str, person_secret: str
) -> str:
    """HMAC-SHA1 over method, address and sorted parameters (RFC 5849, 3.4), in base64."""
    listed = sorted((_safe(name), _safe(value)) for name, value in params.items())
    told = "&".join(f"{name}={value}" for name, value in listed)
    base = "&".join((method.upper(), _safe(url), _safe(told)))
    key = f"{_safe(app_secret)}&{_safe(person_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _safe(text: str) -> str:
    return quote(text, safe="-._~")


def _pause(reply: Reply, now: datetime) -> datetime:
    reset = reply.headers.get("x-rate-limit-reset", "")
    if reset.isdigit() and len(reset) <= 11:
        return within_a_day(datetime.fromtimestamp(int(reset), UTC), now)
    return now + _WINDOW
