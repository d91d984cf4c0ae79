"""What stands between an alarm and a person: the gaps in the cover, read from the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader
from api.lifecycle import schedule as schedules
from api.lifecycle.schedule import Seen
from api.models import Client, Device, Heartbeat, Schedule, Source, User

AHEAD = timedelta(days=7)
# How a person says that a phone was taken off on purpose; every other reason is a loss.
_ON_PURPOSE = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One gap: what kind, about what, and when, in UTC.

    `since` is the last moment at which it is known to have been well, None when it never was.
    `start` and `until` are for what lies ahead.
    """

    kind: str
    since: datetime | None = None
    start: datetime | None = None
    until: datetime | None = None
    user: User | None = None
    client: Client | None = None
    source: Source | None = None
    schedule: Schedule | None = None
    part: str | None = None
    detail: str = ""


Looks = list[tuple[Schedule, Seen]]


async def found(
    session: Reader, *, sees: Any, parts: Sequence[str], beat_is_old: timedelta
) -> list[Gap]:
    """Every gap there is now, the widest first; `sees` is the WHERE clause over clients."""
    looks = await _looks(session)
    return [
        *await _stopped(session, parts, beat_is_old),
        *_nobody(looks),
        *_unreadable(looks),
        *await _unreached(session, looks),
        *await _blind(session, sees),
    ]


async def _looks(session: Reader) -> Looks:
    end = now() + AHEAD
    return [
        (schedule, await schedules.seen(session, schedule, now(), end))
        for schedule in await schedules.in_order(session)
    ]


async def _stopped(session: Reader, parts: Sequence[str], beat_is_old: timedelta) -> list[Gap]:
    """Parts of Nightdesk that have not finished a round of their work for too long."""
    beats = {part: await session.get(Heartbeat, part) for part in parts}
    return [
        Gap(kind="worker_not_polling", part=part, since=beat.at if beat else None)
        for part, beat in beats.items()
        if beat is None or now() - beat.at >= beat_is_old
    ]


def _nobody(looks: Looks) -> list[Gap]:
    left = schedules.nobody([look for _, look in looks], now(), now() + AHEAD)
    return [Gap(kind="nobody_on_shift", start=gap.start, until=gap.end) for gap in left]


def _unreadable(looks: Looks) -> list[Gap]:
    return [
        Gap(kind="unreadable_rota", schedule=schedule, detail=look.problem)
        for schedule, look in looks
        if look.problem
    ]


async def _unreached(session: Reader, looks: Looks) -> list[Gap]:
    """People on the ladder or on shift soon whose phone would not ring, or may not."""
    on_shift = {shift.user_id for _, look in looks for shift in look.shifts}
    people = await _people(session, on_shift)
    devices = await _devices(session, [user.id for user in people])
    gaps = [_phone(user, devices[user.id]) for user in people]
    return [gap for gap in gaps if gap is not None]


async def _people(session: Reader, on_shift: Iterable[UUID]) -> list[User]:
    rung = col(User.ring_order).is_not(None) | col(User.id).in_(set(on_shift))
    found = await session.exec(
        select(User)
        .where(col(User.practice).is_(False), rung)
        .order_by(col(User.ring_order).asc().nulls_last(), col(User.id))
    )
    return list(found)


async def _devices(session: Reader, user_ids: list[UUID]) -> dict[UUID, list[Device]]:
    """The devices of each person, newest first."""
    found: dict[UUID, list[Device]] = {user_id: [] for user_id in user_ids}
    rows = await session.exec(
        select(Device).where(col(Device.user_id).in_(user_ids)).order_by(col(Device.id).desc())
    )
    for device in rows:
        found[device.user_id].append(device)
    return found


def _phone(user: User, devices: list[Device]) -> Gap | None:
    """The one thing that is wrong with a person's phones; the newest is the one they carry."""
    kept = [one for one in devices if one.retired_reason != _ON_PURPOSE or one.state == "live"]
    if not kept:
        return Gap(kind="no_device", user=user, since=_proof(devices))
    if kept[0].state == "retired":
        since = kept[0].last_confirmed_at or kept[0].created_at
        return Gap(kind="dead_subscription", user=user, since=since)
    live = [one for one in kept if one.state == "live"]
    broken = [one for one in live if one.broken_at]
    if broken:
        return Gap(kind="broken_push", user=user, since=broken[0].broken_at)
    return None if _proof(live) else Gap(kind="never_proved", user=user)


def _proof(devices: list[Device]) -> datetime | None:
    """When a phone last showed an alarm."""
    proofs = [one.last_confirmed_at for one in devices if one.last_confirmed_at]
    return max(proofs, default=None)


async def _blind(session: Reader, sees: Any) -> list[Gap]:
    """Sources of clients that are looked after, which cannot be read now."""
    rows = await session.exec(
        select(Source, Client)
        .join(Client, col(Client.id) == col(Source.client_id))
        .where(
            sees,
            col(Source.failing_since).is_not(None),
            col(Source.removed_at).is_(None),
            col(Client.archived_at).is_(None),
            col(Client.practice).is_(False),
            col(Source.kind) != "file",
        )
        .order_by(col(Source.failing_since), col(Source.id))
    )
    return [
        Gap(kind="stale_source", source=source, client=client, since=source.failing_since)
        for source, client in rows
    ]
