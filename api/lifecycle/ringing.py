"""Ringing a person: one attempt per device, withdrawn when it became pointless."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.database import Reader, Writer
from api.lifecycle import device
from api.lifecycle.notification import queue, take_back
from api.models import Escalation, Notification

RINGING_KINDS = ("alarm", "still_with_us")
"""What wakes somebody to take an incident up, and is pointless once somebody has."""

QUIET_CHANNELS = ("webpush", "sms", "pushover", "ntfy", "email", "apprise")
"""For everything that is no alarm: nobody is called to be told that a setting changed."""


async def ring_devices(
    session: Writer, user_id: UUID, kind: str, *, key: str,
    channels: Collection[str] = QUIET_CHANNELS, besides: UUID | None = None,
    at: datetime | None = None, **about: Any,
) -> int:  # fmt: skip
    """Ask for one attempt per live device of a person on these channels; how many that are."""
    live = [
        one
        for one in await device.live_of(session, user_id)
        if one.channel in channels and one.id != besides
    ]
    for one in live:
        notice = Notification(
            user_id=user_id, device_id=one.id, channel=one.channel, kind=kind,
            step_key=f"{key}:{one.id}", **about,
        )  # fmt: skip
        await queue(session, notice, at=at)
    return len(live)


async def unsent(session: Reader, escalation_id: UUID, user_id: UUID) -> list[UUID]:
    """What has not left yet of the earlier steps to one person."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.escalation_id == escalation_id,
            Notification.user_id == user_id,
            Notification.state == "queued",
        )
    )
    return list(found)


async def withdraw(session: Writer, notifications: Collection[UUID]) -> None:
    """A newer alarm leaves now: after an outage one goes out, never a replay of stale ones."""
    await session.exec(
        update(Notification)
        .where(col(Notification.id).in_(notifications), col(Notification.state) == "queued")
        .values(state="superseded")
    )


async def was_shown(session: Reader, escalation: Escalation, people: Collection[str]) -> bool:
    """Whether any of these people's devices has shown an alarm of this round."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.escalation_id == escalation.id,
            Notification.round == escalation.round,
            col(Notification.user_id).in_([UUID(one) for one in people]),
            Notification.state == "confirmed",
        )
    )
    return found.first() is not None


async def supersede(session: Writer, escalation_id: UUID) -> None:
    """Somebody has it: what has not left yet stays, what still rings is told to stop."""
    ringing = (
        col(Notification.escalation_id) == escalation_id,
        col(Notification.state).in_(("queued", "sent", "confirmed")),
        col(Notification.kind).in_(RINGING_KINDS),
    )
    await take_back(session, *ringing)
    await session.exec(
        update(Notification)
        .where(*ringing, col(Notification.state) != "confirmed")
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
            col(Notification.channel) != "voice",
        )
        .order_by(col(Notification.id))
    )
    for device_id, notice in {notice.device_id: notice for notice in rung}.items():
        told = Notification(
            user_id=notice.user_id, device_id=device_id, incident_id=notice.incident_id,
            channel=notice.channel,
            escalation_id=escalation.id, kind="someone_has_it", round=notice.round,
            step=notice.step,
            step_key=f"{notice.step_key}:told",
        )  # fmt: skip
        await queue(session, told)


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
