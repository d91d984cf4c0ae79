"""Hours without anybody on shift are told in daylight, a day and three hours ahead."""

from datetime import datetime, timedelta
from uuid import UUID

from api.clock import now
from api.database import Reader, Writer, transaction
from api.ids import new_id
from api.lifecycle import ringing, schedule
from api.lifecycle.plan import ladder
from api.models import Heartbeat, User
from api.rota import Span
from api.wall import BadHours, daylight_before, zone_of
from workers import words

_NAME = "tell_gaps"
_EVERY = timedelta(minutes=5)
_AHEAD = (timedelta(hours=24), timedelta(hours=3))
# The day ahead, and the longest night before it, in which nobody is disturbed.
_LOOK = timedelta(hours=48)


async def due(session: Reader) -> list[UUID]:
    """Every five minutes, by the row that the last round left."""
    last = await session.get(Heartbeat, _NAME)
    return [] if last and last.at > now() - _EVERY else [new_id()]


async def tell_gaps(_: UUID) -> None:
    """Tell everybody on the ladder of each gap, once a day ahead and once three hours ahead."""
    async with transaction() as session:
        people = await ladder(session, practice=False)
        for gap in await _gaps(session):
            for user in people:
                await _tell(session, gap, user)
        await session.merge(Heartbeat(name=_NAME, at=now()))


async def _gaps(session: Reader) -> list[Span]:
    start, end = now(), now() + _LOOK
    rotas = await schedule.in_order(session)
    looks = [await schedule.seen(session, one, start, end) for one in rotas]
    return schedule.nobody(looks, start, end)


async def _tell(session: Writer, gap: Span, user: User) -> None:
    """The last notice that is due: a gap that has begun already is told at once, by its end."""
    due = [ahead for ahead in _AHEAD if _moment(gap.start - ahead, user) <= now()]
    if not due:
        return
    title, body = words.gap(gap.start, gap.end, _zone(user))
    key = f"gap:{_name(gap)}:{due[-1].total_seconds():.0f}:{user.id}"
    facts = {"title": title, "body": body}
    await ringing.ring_devices(session, user.id, "gap", key=key, facts=facts)


def _name(gap: Span) -> str:
    """The same at every look: by its beginning, once that is over by its end, else by the day."""
    if gap.start > now():
        return gap.start.isoformat()
    return gap.end.isoformat() if gap.end < now() + _LOOK else f"open:{now():%Y-%m-%d}"


def _zone(user: User) -> str:
    try:
        return zone_of(user.zone).key
    except BadHours:
        return "UTC"


def _moment(at: datetime, user: User) -> datetime:
    """The last moment up to then at which this person is not to be left in peace."""
    try:
        return daylight_before(at, begins=user.quiet_from, ends=user.quiet_until, zone=user.zone)
    except BadHours:
        return at
