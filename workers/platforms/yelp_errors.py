"""What Yelp's answers mean: errors have a code, and the budget of a day ends at midnight UTC."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from api.items.checks import moment
from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Reply, status_trouble

_A_BREATH = timedelta(seconds=2)
_KEY = "Yelp does not take this key. Enter it again."
_CODES: Mapping[str, tuple[Health, str, bool]] = {
    "TOKEN_INVALID": ("auth_expired", _KEY, True),
    "TOKEN_MISSING": ("auth_expired", _KEY, True),
    "TOKEN_EXPIRED": ("auth_expired", _KEY, True),
    "UNAUTHORIZED_API_KEY": ("auth_expired", _KEY, True),
    "UNAUTHORIZED_ACCESS_TOKEN": ("auth_expired", _KEY, True),
    "NOT_AUTHORIZED": ("permission", "Your plan at Yelp does not allow this.", True),
    "BUSINESS_NOT_FOUND": ("gone", "Yelp knows no business of this name.", True),
    "BUSINESS_MIGRATED": ("gone", "This business has a new name at Yelp. Enter that.", True),
    "BUSINESS_UNAVAILABLE": ("unavailable_capability", "Yelp shows no reviews of it.", False),
}


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of; None when it is a good one."""
    if reply.good:
        return None
    error = reply.object.get("error")
    code = str(error.get("code")) if isinstance(error, dict) else ""
    if code == "ACCESS_LIMIT_REACHED":
        detail = "Today’s budget at Yelp is used up."
        return SourceTrouble("quota_exhausted", detail, retry_at=_back_at(reply, now))
    if reply.status == 429:
        detail = "Yelp asks us to come less often."
        return SourceTrouble("rate_limited", detail, retry_at=now + _A_BREATH)
    if code in _CODES:
        health, words, permanent = _CODES[code]
        return SourceTrouble(health, words, permanent=permanent)
    return status_trouble(reply, now)


def _back_at(reply: Reply, now: datetime) -> datetime:
    """Midnight UTC, unless Yelp names another moment of the next day."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    named = moment(reply.headers.get("ratelimit-resettime"))
    return named if named and now < named <= now + timedelta(days=1) else midnight
