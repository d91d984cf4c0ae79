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


async def withdraw_older(
    session: Writer, escalation: Escalation, user_id: UUID, channels: Collection[str]
) -> None:
    """A newer alarm leaves for the same devices: after an outage one goes out, never a replay.

    What waits on another channel stays: it may be the one that wakes.
    """
    here = col(Notification.step) < escalation.step
    await session.exec(
        update(Notification)
        .where(
            col(Notification.escalation_id) == escalation.id,
            col(Notification.user_id) == user_id,
            col(Notification.state) == "queued",
            (col(Notification.round) < escalation.round)
            | (here & col(Notification.channel).in_(channels)),
        )
        .values(state="superseded")
    )


async def rang(session: Reader, escalation: Escalation) -> bool:
    """Whether this round has asked for any attempt."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.escalation_id == escalation.id, Notification.round == escalation.round
        )
    )
    return found.first() is not None


async def was_shown(session: Reader, escalation: Escalation, person: str) -> bool:
    """Whether any device of this person has shown an alarm of this round."""
    found = await session.exec(
        select(Notification.id).where(
            Notification.escalation_id == escalation.id,
            Notification.round == escalation.round,
            Notification.user_id == UUID(person),
            Notification.state == "confirmed",
        )
    )
    return found.first() is not None


async def supersede(session: Writer, escalation_id: UUID) -> None:
    """Somebody has it: what has not left yet stays, what still rings is told to stop."""
    ringing = (
        col(Notification.escalation_id) == escalation_id,
        col(Notification.kind).in_(RINGING_KINDS),
    )
    await take_back(session, *ringing)
    await session.exec(
        update(Notification)
        .where(*ringing, col(Notification.state).in_(("queued", "sent")))
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
            col(Notification.attempts) > 0,
            col(Notification.channel) != "voice",
        )
        .order_by(col(Notification.id))
    )
    for notice in {notice.device_id: notice for notice in rung}.values():
        await tell_who_has_it(session, notice)


async def tell_who_has_it(session: Writer, notice: Notification, *, again: str = "") -> None:
    """To the device of this attempt, once; `again` names a second time."""
    told = Notification(
        user_id=notice.user_id, device_id=notice.device_id, incident_id=notice.incident_id,
        channel=notice.channel, escalation_id=notice.escalation_id, kind="someone_has_it",
        round=notice.round, step=notice.step, step_key=f"{notice.step_key}:told{again}",
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
