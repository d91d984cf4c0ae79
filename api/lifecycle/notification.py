"""One attempt to reach one person over one channel, from queued to what became of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.crypto import new_token
from api.database import Reader, Writer, emit
from api.ids import encode
from api.lifecycle import device, timeline
from api.lifecycle.moves import Moves, try_to_move
from api.models import Notification, User
from api.queue import after_commit
from api.settings import settings

RING_ON_BY_THEMSELVES = ("voice", "pushover")
"""What goes on ringing at the provider until it is told to stop."""

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


async def queue(session: Writer, notification: Notification, *, at: datetime | None = None) -> bool:
    """Ask for one attempt, now or later; False when this step has already asked for it."""
    known = await session.exec(
        select(Notification.id).where(Notification.step_key == notification.step_key)
    )
    if known.first():
        return False
    notification.send_at = at or now()
    session.add(notification)
    await session.flush()
    after_commit(session, "deliver", notification.id)
    return True


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


def _receipt_due(notification: Notification) -> datetime | None:
    """When a receipt is overdue; None where a provider gives none, or calls back by itself."""
    if notification.kind == "arming":
        return now() + settings.arming_receipt_within
    return now() + settings.receipt_within if notification.channel == "webpush" else None


async def sent(
    session: Writer, notification: Notification, *,
    reference: str | None = None, ask_after: timedelta | None = None,
) -> bool:  # fmt: skip
    """The channel took it. That is not yet a phone that rang: a receipt is due.

    A receipt may have overtaken this note; then the time is noted and the state stays. So may
    somebody's “I’m on it”: what has begun to ring is then taken back.
    """
    noted = await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification.id, col(Notification.claim) == notification.claim
        )
        .values(
            sent_at=now(), confirm_by=_receipt_due(notification), error=None, reference=reference,
            ask_at=now() + ask_after if ask_after else None,
        )
    )  # fmt: skip
    if not noted.rowcount:
        return True
    if await try_to_move(session, Notification, MOVES, notification.id, "send"):
        return True
    await take_back(
        session, col(Notification.id) == notification.id, col(Notification.state) == "superseded"
    )
    state = await session.exec(select(Notification.state).where(Notification.id == notification.id))
    return state.one() != "superseded"


async def try_again(session: Writer, notification: Notification, error: str, at: datetime) -> None:
    """Give the claim back; the sweep takes it up at that moment."""
    await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification.id, col(Notification.claim) == notification.claim
        )
        .values(send_at=at, error=error, claim=None)
    )


async def put_off(session: Writer, notification: Notification, error: str, wait: timedelta) -> None:
    """Its service wants to be left alone for so long: said, and tried when that is over."""
    await timeline.hold(session, notification.incident_id)
    await try_again(session, notification, error, now() + wait)
    await _tell_timeline(session, notification, "not_delivered", error=error)


async def fail(session: Writer, notification: Notification, error: str) -> None:
    """It cannot be delivered: an event that escalates, never a log line."""
    await timeline.hold(session, notification.incident_id)
    if await _note(session, notification, "fail", error=error):
        await _tell_timeline(session, notification, "not_delivered", error=error)
        _emit(session, "notification.failed", notification, error=error)


async def failed_there(session: Writer, notification: Notification, why: str) -> bool:
    """Its provider says afterwards that nobody was reached; False when that is no news."""
    await timeline.hold(session, notification.incident_id)
    if not await try_to_move(
        session, Notification, MOVES, notification.id, "fail", error=why, ask_at=None
    ):
        return False
    await _tell_timeline(session, notification, "not_delivered", error=why)
    _emit(session, "notification.failed", notification, error=why)
    return True


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
    await device.proved(session, notification.device_id, at)
    seconds = round((at - (notification.sent_at or notification.created_at)).total_seconds(), 1)
    await _tell_timeline(session, notification, "shown", seconds=max(seconds, 0.0))
    _emit(session, "notification.confirmed", notification, seconds=max(seconds, 0.0))


async def take_back(session: Writer, *which: Any) -> None:
    """Tell the providers of these to stop ringing, as soon as a worker gets to it."""
    await session.exec(
        update(Notification)
        .where(
            *which,
            col(Notification.channel).in_(RING_ON_BY_THEMSELVES),
            col(Notification.attempts) > 0,
        )
        .values(take_back_at=now(), ask_at=None)
    )


async def withdraw(session: Writer, notification: Notification) -> None:
    """The world moved on before it left."""
    await try_to_move(session, Notification, MOVES, notification.id, "supersede")


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


async def asked(
    session: Writer, notification_id: UUID, *, again_in: timedelta
) -> Notification | None:
    """Claim one question to its provider; None when it is not due or somebody asks already."""
    return await _claim_at(session, notification_id, "ask_at", again_in)


async def ask_no_more(session: Writer, notification_id: UUID) -> None:
    """Its provider knows nothing further."""
    await _set(session, notification_id, ask_at=None)


async def taking_back(
    session: Writer, notification_id: UUID, *, again_in: timedelta
) -> Notification | None:
    """Claim the stopping of one that rings on; None when it is not due or in other hands."""
    return await _claim_at(session, notification_id, "take_back_at", again_in)


async def taken_back(session: Writer, notification_id: UUID) -> None:
    """It rings no more, or nobody can stop it."""
    await _set(session, notification_id, take_back_at=None)


async def _claim_at(
    session: Writer, notification_id: UUID, deadline: str, again_in: timedelta
) -> Notification | None:
    claimed = await session.exec(
        update(Notification)
        .where(
            col(Notification.id) == notification_id,
            col(getattr(Notification, deadline)) <= now(),
        )
        .values(**{deadline: now() + again_in})
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Notification, notification_id, populate_existing=True)


async def _set(session: Writer, notification_id: UUID, **columns: Any) -> None:
    await session.exec(
        update(Notification).where(col(Notification.id) == notification_id).values(**columns)
    )
