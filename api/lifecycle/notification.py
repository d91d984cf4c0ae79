"""One attempt to reach one person over one channel, from queued to what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.crypto import new_token
from api.database import Reader, Writer, emit
from api.ids import encode
from api.lifecycle import device, timeline
from api.lifecycle.moves import Moves, try_to_move
from api.models import Device, Escalation, Notification, User
from api.queue import after_commit
from api.settings import settings

MOVES: Moves = (
    ("queued", "send", "sent"),
    ("queued", "confirm", "confirmed"),
    ("queued", "fail", "failed"),
    ("queued", "supersede", "superseded"),
    ("sent", "confirm", "confirmed"),
    ("sent", "unconfirmed", "expired"),
    ("sent", "fail", "failed"),
    ("sent", "supersede", "superseded"),
    ("expired", "confirm", "confirmed"),
    ("failed", "confirm", "confirmed"),
    ("superseded", "confirm", "confirmed"),
)
"""A receipt may overtake our own note of the sending, or come late: it always counts."""


RINGING_KINDS = ("alarm", "still_with_us")
"""What wakes somebody to take an incident up, and is pointless once somebody has."""


async def queue(session: Writer, notification: Notification) -> bool:
    """Ask for one attempt; False when this step has already asked for it."""
    known = await session.exec(
        select(Notification.id).where(Notification.step_key == notification.step_key)
    )
    if known.first():
        return False
    notification.send_at = now()
    session.add(notification)
    await session.flush()
    after_commit(session, "deliver", notification.id)
    return True


async def ring_devices(session: Writer, user_id: UUID, kind: str, *, key: str, **about: Any) -> int:
    """Ask for one attempt per live phone of a person; how many that are."""
    live = await device.live_of(session, user_id)
    for one in live:
        notice = Notification(
            user_id=user_id, device_id=one.id, kind=kind, step_key=f"{key}:{one.id}", **about
        )
        await queue(session, notice)
    return len(live)


async def claim(session: Writer, notification_id: UUID) -> Notification | None:
    """Take one attempt for as long as the lease lasts; None when it is done or in other hands."""
    claimed = await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification_id,
            col(Notification.state) == "queued",
            col(Notification.send_at) <= now(),
        )
        .values(
            claim=new_token(),
            send_at=now() + settings.send_lease,
            attempts=Notification.attempts + 1,
        )
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Notification, notification_id, populate_existing=True)


async def get(session: Reader, notification_id: UUID) -> Notification | None:
    """One attempt as it stands now."""
    return await session.get(Notification, notification_id, populate_existing=True)


async def due(session: Reader) -> list[UUID]:
    """What waits to be sent, or was claimed by somebody who died over it."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.state == "queued", col(Notification.send_at) <= now()
        )
    )
    return list(found)


async def overdue(session: Reader) -> list[UUID]:
    """What was sent and not confirmed in time."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.state == "sent", col(Notification.confirm_by) <= now()
        )
    )
    return list(found)


async def sent(session: Writer, notification: Notification) -> None:
    """The channel took it. That is not yet a phone that rang: a receipt is due.

    A receipt may have overtaken this note; then the time is noted and the state stays.
    """
    noted = await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification.id, col(Notification.claim) == notification.claim
        )
        .values(sent_at=now(), confirm_by=now() + settings.receipt_within, error=None)
    )
    if noted.rowcount:
        await try_to_move(session, Notification, MOVES, notification.id, "send")


async def try_again(session: Writer, notification: Notification, error: str, at: datetime) -> None:
    """Give the claim back; the sweep takes it up at that moment."""
    await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification.id, col(Notification.claim) == notification.claim
        )
        .values(send_at=at, error=error, claim=None)
    )


async def fail(session: Writer, notification: Notification, error: str) -> None:
    """It cannot be delivered: an event that escalates, never a log line."""
    await timeline.hold(session, notification.incident_id)
    if await _note(session, notification, "fail", error=error):
        await _tell_timeline(session, notification, "not_delivered", error=error)
        _emit(session, "notification.failed", notification, error=error)


async def expire(session: Writer, notification: Notification) -> bool:
    """Accepted, but no phone said that it was shown in time."""
    await timeline.hold(session, notification.incident_id)
    if not await try_to_move(session, Notification, MOVES, notification.id, "unconfirmed"):
        return False
    await _tell_timeline(session, notification, "no_receipt")
    return True


async def confirm(session: Writer, notification: Notification) -> None:
    """The phone says that it was shown; the first word of it counts, repeats change nothing."""
    await timeline.hold(session, notification.incident_id)
    at = now()
    if not await try_to_move(
        session, Notification, MOVES, notification.id, "confirm", confirmed_at=at
    ):
        return
    await session.exec(
        update(Device).where(col(Device.id) == notification.device_id).values(last_confirmed_at=at)
    )
    seconds = round((at - (notification.sent_at or notification.created_at)).total_seconds(), 1)
    await _tell_timeline(session, notification, "shown", seconds=max(seconds, 0.0))
    _emit(session, "notification.confirmed", notification, seconds=max(seconds, 0.0))


async def supersede(session: Writer, escalation_id: UUID) -> None:
    """Somebody has it: what has not left yet stays, what has left no longer matters."""
    await session.exec(
        update(Notification)
        .where(
            col(Notification.escalation_id) == escalation_id,
            col(Notification.state).in_(("queued", "sent")),
            col(Notification.kind).in_(RINGING_KINDS),
        )
        .values(state="superseded")
    )


async def tell_the_others(session: Writer, escalation: Escalation) -> None:
    """“{name} is on it. You can sleep.” to every other phone that was rung."""
    rung = await session.exec(
        select(Notification)
        .where(
            Notification.escalation_id == escalation.id,
            col(Notification.kind).in_(RINGING_KINDS),
            col(Notification.user_id).is_distinct_from(escalation.acknowledged_by),
            col(Notification.sent_at).is_not(None),
        )
        .order_by(col(Notification.id))
    )
    for device_id, notice in {notice.device_id: notice for notice in rung}.items():
        told = Notification(
            user_id=notice.user_id, device_id=device_id, incident_id=notice.incident_id,
            escalation_id=escalation.id, kind="someone_has_it", round=notice.round,
            step=notice.step,
            step_key=f"{notice.step_key}:told",
        )  # fmt: skip
        await queue(session, told)


async def withdraw(session: Writer, notification: Notification) -> None:
    """The world moved on before it left."""
    await try_to_move(session, Notification, MOVES, notification.id, "supersede")


async def pending_in_step(session: Reader, notification: Notification) -> bool:
    """Whether another attempt of the same step may still reach somebody."""
    others = await session.exec(
        select(Notification.id).where(
            Notification.escalation_id == notification.escalation_id,
            Notification.round == notification.round,
            Notification.step == notification.step,
            col(Notification.kind).in_(RINGING_KINDS),
            col(Notification.state).in_(("queued", "sent", "confirmed")),
        )
    )
    return others.first() is not None


async def _note(session: Writer, notification: Notification, verb: str, **columns: Any) -> bool:
    """Only the holder of the claim may note an outcome; a late one finds the claim changed."""
    current = await session.exec(
        select(Notification.claim).where(Notification.id == notification.id)
    )
    if current.first() != notification.claim:
        return False
    return await try_to_move(session, Notification, MOVES, notification.id, verb, **columns)


async def _tell_timeline(
    session: Writer, notification: Notification, kind: str, **facts: Any
) -> None:
    if notification.incident_id is None:
        return
    user = await session.get_one(User, notification.user_id)
    await timeline.write(
        session, notification.incident_id, kind,
        name=user.name, channel=notification.channel, what=notification.kind, **facts,
    )  # fmt: skip


def _emit(session: Writer, kind: str, notification: Notification, **more: Any) -> None:
    facts = {
        "id": encode("ntf", notification.id),
        "object": "notification",
        "kind": notification.kind,
        "incident_id": notification.incident_id and encode("inc", notification.incident_id),
    }
    emit(session, kind, object=facts, **more)
