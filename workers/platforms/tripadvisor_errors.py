"""What Tripadvisor's answers mean. Its sentences are not repeated: they may hold the address."""

from datetime import datetime, timedelta

from api.items.item import SourceTrouble
from workers.platforms.calls import Reply, retry_at, status_trouble

# 50 requests a second are never reached: a 429 is the budget of the day, and its vendor’s pages
# disagree on when that is whole again.
_AN_HOUR = timedelta(hours=1)


def judge(reply: Reply, now: datetime) -> SourceTrouble | None:
    """The trouble that an answer tells of; None when it is a good one."""
    if reply.good:
        return None
    if reply.status == 401:
        detail = "Tripadvisor does not take this key. Enter it again."
        return SourceTrouble("auth_expired", detail, permanent=True)
    if reply.status == 403:
        detail = "Tripadvisor lets this key be used from another address only, or not for this."
        return SourceTrouble("permission", detail, permanent=True)
    if reply.status == 404:
        return SourceTrouble("gone", "Tripadvisor knows no place of this id.", permanent=True)
    if reply.status == 429:
        at = retry_at(reply.headers.get("retry-after"), now) or now + _AN_HOUR
        return SourceTrouble("rate_limited", "Tripadvisor asks us to come less often.", retry_at=at)
    return status_trouble(reply, now)
