"""What Meta's answers mean: decided by the code in the body, as a throttled call is no 429.

Errors are `{"error": {"code", "error_subcode", "message", "is_transient", …}}` (Graph API).
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from api.items.item import Health, SourceTrouble
from workers.platforms.calls import Reply, retry_at, status_trouble, within_a_day

_Meaning = tuple[Health, str]

SLOW_FROM = 80
_PAUSE = timedelta(minutes=5)
_FOR_A_PERSON = ("auth_expired", "permission", "gone", "policy_blocked")

_OLD_SIGN_IN = "Meta does not know this sign-in any more. Connect it again."
_NO_RIGHT = "Meta does not allow this with the rights that we have."
_BUSY = "Meta asks us to come less often."
_GONE = "Meta does not have this any more, or does not show it to us."
_TROUBLE = "Meta has trouble of its own."

_CODES: Mapping[int, _Meaning] = {
    1: ("transient", _TROUBLE),
    2: ("transient", _TROUBLE),
    10: ("permission", _NO_RIGHT),
    12: ("unavailable_capability", "Meta has retired this."),
    21: ("gone", "Meta has moved this Page to another one. Connect it again."),
    102: ("auth_expired", _OLD_SIGN_IN),
    190: ("auth_expired", _OLD_SIGN_IN),
    368: ("policy_blocked", "Meta has blocked this action. Do it by hand, and not at once."),
    506: ("outcome_unknown", "Meta says that the same words are there already."),
    803: ("gone", _GONE),
    **dict.fromkeys((4, 17, 32, 341, 613, *range(80000, 80100)), ("rate_limited", _BUSY)),
    **dict.fromkeys(range(200, 300), ("permission", _NO_RIGHT)),
}
_SUBCODES: Mapping[tuple[int, int], _Meaning] = {
    (100, 21): _CODES[21],
    (100, 33): ("gone", _GONE),
    (100, 36007): ("auth_expired", "The sign-in took too long. Begin again."),
    (100, 36009): ("auth_expired", "The sign-in was used before. Begin again."),
    (190, 458): ("auth_expired", "Our app was taken off at Meta. Connect it again."),
    (190, 459): ("auth_expired", "Meta wants a person to confirm it on facebook.com first."),
    (190, 460): ("auth_expired", "The password was changed. Connect it again."),
    (190, 464): ("auth_expired", "Meta wants a person to confirm it on facebook.com first."),
    (190, 492): ("permission", "Whoever signed in has no role on this Page any more."),
}
_PARAMETER = 100
_MISSING = re.compile(r"does not exist|cannot be loaded")
_NO_FIELD = re.compile(r"nonexisting field|is deprecated")
_RIGHT = re.compile(r"\b(?:pages|instagram|business)_[a-z_]+\b")


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer of Meta's tells of; None when it is a good one."""
    error = reply.object.get("error")
    if not isinstance(error, dict):
        return status_trouble(reply, now)
    meaning = _meaning(error, reply.status)
    if meaning is None:
        return status_trouble(reply, now) or SourceTrouble("transient", _TROUBLE)
    health, words = meaning
    if health == "permission":
        words = _naming_the_right(words, error)
    at = retry_at(reply.headers.get("retry-after"), now)
    if health == "rate_limited":
        at = at or not_before(reply.headers, now) or now + _PAUSE
    return SourceTrouble(health, words, retry_at=at, permanent=health in _FOR_A_PERSON)


def old_sign_in(subcode: object = None) -> SourceTrouble:
    """A token that is dead, with the reason as far as Meta tells one (subcodes of code 190)."""
    known = _SUBCODES.get((190, subcode if isinstance(subcode, int) else 0), _CODES[190])
    return SourceTrouble(*known, permanent=True)


def not_before(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When to come back, by the usage headers (percent, and minutes); None below 80 %.

    At 80 % two minutes, at 100 % twenty-two, or what Meta estimates itself.
    """
    used, minutes = 0.0, 0.0
    for counts in _usage(headers):
        used = max(used, *(_number(counts.get(name)) for name in _PERCENT))
        minutes = max(minutes, _number(counts.get("estimated_time_to_regain_access")))
    if not minutes and used < SLOW_FROM:
        return None
    pause = minutes or 2 + used - SLOW_FROM
    return within_a_day(now + timedelta(minutes=min(pause, 1440)), now)


_PERCENT = ("call_count", "total_time", "total_cputime")


def _meaning(error: Mapping[str, Any], status: int) -> _Meaning | None:
    code, message = error.get("code"), str(error.get("message", ""))
    if not isinstance(code, int):
        return None
    known = _SUBCODES.get((code, error.get("error_subcode") or 0)) or _CODES.get(code)
    if known is None and code == _PARAMETER:
        known = _parameter(message)
    if known is None and (error.get("is_transient") is True or status >= 500):
        known = _CODES[2]
    return known


def _parameter(message: str) -> _Meaning:
    """Code 100 stands for three things, and the sentence alone tells them apart."""
    if _MISSING.search(message):
        return "gone", _GONE
    if _NO_FIELD.search(message):
        return _CODES[12]
    return "bad_content", "Meta does not take this as it was asked."


def _naming_the_right(words: str, error: Mapping[str, Any]) -> str:
    """Meta's own sentence names the right that is missing; nothing else of it is shown."""
    right = _RIGHT.search(str(error.get("message", "")))
    return f"At Meta the right “{right[0]}” is missing. Connect it again." if right else words


def _usage(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    yield _object(headers.get("x-app-usage"))
    for listed in _object(headers.get("x-business-use-case-usage")).values():
        if isinstance(listed, list):
            yield from (one for one in listed if isinstance(one, dict))


def _object(text: str | None) -> dict[str, Any]:
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _number(value: object) -> float:
    """A count as it is told; what is no number counts nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return 0.0
    return float(min(value, 1_000_000))
