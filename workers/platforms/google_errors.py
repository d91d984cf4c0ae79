"""What Google's answers mean: one table for Business Profile, Places, YouTube, Play and sign-ins.

Errors are `{"error": {"code", "message", "status", "details"}}`; YouTube adds `errors[].reason`,
and the token endpoint answers `{"error": "invalid_grant"}` (RFC 6749, section 5.2).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Reply, retry_at, status_trouble

Told = tuple[Health, str, bool]
# The days of Google's budgets begin at midnight there.
PACIFIC = ZoneInfo("America/Los_Angeles")
_A_MINUTE = timedelta(minutes=1)
_UNKNOWN = "Google does not know this sign-in any more. Connect it again."
_NO_RIGHT = "Google does not let this account do that."
_SLOWER = "Google asks us to come less often."
_USED_UP = "Today’s budget at Google is used up."
_APP = "Google does not take the operator’s app. Check its id, secret and address of return."
_STATUS: Mapping[str, Told] = {
    "UNAUTHENTICATED": ("auth_expired", _UNKNOWN, True),
    "PERMISSION_DENIED": ("permission", _NO_RIGHT, True),
    "NOT_FOUND": ("gone", "Google does not have this place or review any more.", True),
    "FAILED_PRECONDITION": ("permission", "Google wants this place to be verified first.", True),
    "INVALID_ARGUMENT": (
        "bad_content",
        "Google does not understand what was asked. Check the ids of this place.",
        True,
    ),
    "RESOURCE_EXHAUSTED": ("rate_limited", _SLOWER, False),
}
_REASON: Mapping[str, Told] = {
    "SERVICE_DISABLED": ("permission", "This interface is not switched on in your project.", True),
    "BILLING_DISABLED": ("permission", "Your project at Google has no billing account.", True),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": ("permission", _NO_RIGHT, True),
    "API_KEY_INVALID": ("auth_expired", "Google does not know this key. Enter a new one.", True),
    "API_KEY_SERVICE_BLOCKED": ("permission", "This key may not be used for this.", True),
    "API_KEY_IP_ADDRESS_BLOCKED": ("permission", "This key may not be used from here.", True),
    "quotaExceeded": ("quota_exhausted", _USED_UP, False),
    "dailyLimitExceeded": ("quota_exhausted", _USED_UP, False),
    "rateLimitExceeded": ("rate_limited", _SLOWER, False),
    "userRateLimitExceeded": ("rate_limited", _SLOWER, False),
    "commentsDisabled": ("unavailable_capability", "Comments are switched off there.", False),
    "operationNotSupported": ("unavailable_capability", "Not possible for this comment.", True),
    "processingFailure": ("transient", "Google could not do it this time.", False),
    "commentNotFound": ("gone", "The comment is gone.", True),
    "parentCommentNotFound": ("gone", "The comment is gone.", True),
    "videoNotFound": ("gone", "The video is gone.", True),
    "channelNotFound": ("gone", "The channel is gone.", True),
    "forbidden": ("permission", _NO_RIGHT, True),
    "insufficientPermissions": ("permission", _NO_RIGHT, True),
}
_SIGN_IN: Mapping[str, Told] = {
    "invalid_grant": ("auth_expired", _UNKNOWN, True),
    "invalid_client": ("permission", _APP, True),
    "unauthorized_client": ("permission", _APP, True),
    "redirect_uri_mismatch": ("permission", _APP, True),
}
_NOT_APPROVED: Told = (
    "permission",
    "Google has not approved your project yet. Until then its budget is 0.",
    True,
)


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that a Google answer tells of; None when it is a good one."""
    known = None if reply.good else _known(reply.object.get("error"))
    if known is None:
        return status_trouble(reply, now)
    health, words, permanent = known
    at = retry_at(reply.headers.get("retry-after"), now) or _back_at(health, now)
    return SourceTrouble(health, words, retry_at=at, permanent=permanent)


def listed(said: Mapping[str, Any], name: str, *needed: str) -> list[dict[str, Any]]:
    """The objects of a list, which Google leaves out where it is empty.

    Raises bad_content unless each is an object with the texts that are `needed`.
    """
    found = said.get(name, [])
    if isinstance(found, list) and all(_is_object(one, needed) for one in found):
        return found
    raise SourceTrouble("bad_content", "Google’s answer has another shape than agreed.")


def _is_object(one: object, needed: tuple[str, ...]) -> bool:
    return isinstance(one, dict) and all(isinstance(one.get(name), str) for name in needed)


def _known(error: object) -> Told | None:
    if isinstance(error, str):
        return _SIGN_IN.get(error)
    if not isinstance(error, dict):
        return None
    for one in _parts(error):
        if one.get("reason") == "RATE_LIMIT_EXCEEDED" and _has_no_budget(one):
            return _NOT_APPROVED
        if one.get("reason") in _REASON:
            return _REASON[one["reason"]]
    return _STATUS.get(str(error.get("status")))


def _parts(error: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for listed in ("details", "errors"):
        found = error.get(listed)
        yield from (one for one in (found if isinstance(found, list) else []) if _is_part(one))


def _is_part(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("reason"), str)


def _has_no_budget(one: Mapping[str, Any]) -> bool:
    metadata = one.get("metadata")
    return isinstance(metadata, dict) and str(metadata.get("quota_limit_value")) == "0"


def _back_at(health: Health, now: datetime) -> datetime | None:
    if health == "rate_limited":
        return now + _A_MINUTE
    if health != "quota_exhausted":
        return None
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime(*tomorrow.timetuple()[:3], tzinfo=PACIFIC).astimezone(now.tzinfo)
