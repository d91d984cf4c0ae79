"""Every evening a visible test goes the real way to each phone, so that the night is no hope."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, update

from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import ringing
from api.lifecycle.plan import ladder
from api.models import User
from api.settings import settings
from api.wall import BadHours, next_time

_PUSH = ("webpush",)
_STILL_EVENING = timedelta(hours=1)


async def due(session: Reader) -> list[UUID]:
    """The people on the ladder whose evening has come, or was never set."""
    people = await ladder(session, practice=False)
    return [user.id for user in people if (user.arm_at or user.created_at) <= now()]


async def arm(user_id: UUID) -> None:
    """Send the test; no receipt in a minute is told over every other channel.

    After an outage a test that is an hour late is left out: it would only disturb.
    """
    async with transaction() as session:
        user = await session.get(User, user_id)
        if user is None:
            return
        was_due = user.arm_at
        claimed = await _claim(session, user)
        if claimed and was_due and now() - was_due < _STILL_EVENING:
            key = f"arming:{user.id}:{was_due.isoformat()}"
            await ringing.ring_devices(session, user.id, "arming", key=key, channels=_PUSH)


async def _claim(session: Writer, user: User) -> bool:
    """Move to the next evening; False when somebody did so already."""
    claimed = await session.exec(
        update(User)
        .where(col(User.id) == user.id, col(User.arm_at).is_not_distinct_from(user.arm_at))
        .values(arm_at=_next_evening(user))
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount)


def _next_evening(user: User) -> datetime:
    """By the person's own clock; one whose zone cannot be read is tested by UTC, not never."""
    try:
        return next_time(now(), settings.arming_at, user.zone)
    except BadHours:
        return next_time(now(), settings.arming_at, "UTC")
