"""What Trustpilot's answers mean: its gateway speaks of faults, its sign-in of OAuth errors."""

from datetime import datetime, timedelta

from api.items.item import SourceTrouble
from workers.platforms.calls import Reply, retry_at, status_trouble

# Its advice is 833 requests in five minutes; the window has passed by then.
_A_WINDOW = timedelta(minutes=5)
_SIGN_IN = "Trustpilot does not take this key or secret. Enter it again."
_PLAN = "Your plan at Trustpilot does not allow this."
_REFUSED = "Trustpilot did not accept this."


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of; None when it is a good one."""
    if reply.good:
        return None
    refused = reply.object.get("error") in ("invalid_client", "invalid_grant")
    if reply.status == 401 or refused:
        return SourceTrouble("auth_expired", _SIGN_IN, permanent=True)
    if reply.status == 403:
        return SourceTrouble("permission", _PLAN, permanent=True)
    if reply.status == 429:
        at = retry_at(reply.headers.get("retry-after"), now) or now + _A_WINDOW
        return SourceTrouble("rate_limited", "Trustpilot asks us to come less often.", retry_at=at)
    if reply.status in (400, 409, 422):
        return SourceTrouble("bad_content", _REFUSED)
    return status_trouble(reply, now)
