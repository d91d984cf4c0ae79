"""Whose deadline has passed → the next person → notifications."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import device as devices
from api.lifecycle import escalation as lifecycle
from api.lifecycle import notification as notices
from api.lifecycle import ringing, timeline
from api.lifecycle.reach import not_reached
from api.models import Escalation, User
from api.models.escalations import LIVE_STATES
from workers.rules.escalation import (
    AcknowledgementOver,
    DoubtOver,
    Exhausted,
    Ring,
    RingAllAgain,
    what_is_due,
)


async def due(session: Reader) -> list[UUID]:
    """The escalations whose deadline has passed."""
    found = await session.exec(
        select(Escalation.id).where(
            col(Escalation.due_at) <= now(), col(Escalation.state).in_(LIVE_STATES)
        )
    )
    return list(found)


async def escalate(escalation_id: UUID) -> None:
    """Do what is due until the next deadline lies ahead; empty steps cost no time."""
    async with transaction() as session:
        row = await _claim(session, escalation_id)
        while row and row.due_at and row.due_at <= now():
            await _step(session, row)
            await session.flush()
            await session.refresh(row)


async def _claim(session: Writer, escalation_id: UUID) -> Escalation | None:
    """Touch the row under its deadline: whoever comes second finds the deadline moved."""
    row = await session.get(Escalation, escalation_id)
    await timeline.hold(session, row.incident_id if row else None)
    claimed = await session.exec(
        update(Escalation)
        .where(col(Escalation.id) == escalation_id, col(Escalation.due_at) <= now())
        .values(due_at=Escalation.due_at)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Escalation, escalation_id, populate_existing=True)


async def _step(session: Writer, row: Escalation) -> None:
    match what_is_due(row.state, row.plan, row.step):
        case Ring() as ring:
            await _ring(session, row, ring)
        case Exhausted():
            await _exhaust(session, row)
        case AcknowledgementOver():
            await lifecycle.forget_acknowledgement(session, row)
        case DoubtOver():
            await lifecycle.stop_doubting(session, row.incident_id)
        case RingAllAgain():
            await lifecycle.retry(session, row)
        case None:
            row.due_at = None
            session.add(row)


async def _ring(session: Writer, row: Escalation, ring: Ring) -> None:
    """Ring a step, spare it, or skip it at once because it reaches nobody."""
    if not ring.people:
        await timeline.write(session, row.incident_id, "nobody_in_step", place=ring.step + 1)
    rung = [await _ring_person(session, row, ring, UUID(person)) for person in ring.people]
    wait = ring.wait if any(rung) else timedelta()
    await lifecycle.ring_on(session, row, ring.step + 1, now() + wait)


async def _ring_person(session: Writer, row: Escalation, ring: Ring, user_id: UUID) -> int:
    """Every device of a person at once; nobody's phone is an event and not a log line.

    Whoever has seen it on a phone is spared a step that asks for that, and counts as rung.
    """
    if ring.unless_shown and await ringing.was_shown(session, row, str(user_id)):
        return 1
    user = await session.get_one(User, user_id)
    kind = "still_with_us" if row.round and user_id == row.acknowledged_by else "alarm"
    rung = await ringing.ring_devices(
        session, user_id, kind, key=f"{row.id}:{row.round}:{row.step}", channels=ring.channels,
        incident_id=row.incident_id, escalation_id=row.id, round=row.round, step=row.step,
    )  # fmt: skip
    if rung:
        await ringing.withdraw_older(session, row, user_id, ring.channels)
    what = "rang" if rung else await _why_not(session, user_id)
    await timeline.write(
        session, row.incident_id, what,
        name=user.name, round=row.round, channels=list(ring.channels),
    )  # fmt: skip
    return rung


async def _why_not(session: Reader, user_id: UUID) -> str:
    return "no_such_way" if await devices.live_of(session, user_id) else "nobody_to_ring"


async def _exhaust(session: Writer, row: Escalation) -> None:
    if not row.plan.get("steps"):
        await timeline.write(session, row.incident_id, "nobody_on_call")
    await lifecycle.exhaust(session, row)


async def unconfirmed_due(session: Reader) -> list[UUID]:
    """The notifications whose receipt is overdue."""
    return await notices.overdue(session)


async def give_up_waiting(notification_id: UUID) -> None:
    """No receipt in time: when the whole step reached nobody, the next step is due now."""
    async with transaction() as session:
        notice = await notices.get(session, notification_id)
        if notice and await notices.expire(session, notice):
            await not_reached(session, notification_id)
