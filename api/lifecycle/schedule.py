"""The rotas: their rules, what differs from them for once, and who is on shift now."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from api import rota
from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import Invalid
from api.ids import encode
from api.models import Override, Schedule, User
from api.rota import BadRota, Shift, Span

_log = logging.getLogger("nightdesk.rota")

LONGEST_OVERRIDE = timedelta(days=366)
STRANGER = "It names somebody who is not here."


@dataclass(frozen=True, slots=True)
class Seen:
    """A rota between two moments; `problem` says in a sentence what of it cannot be read."""

    shifts: list[Shift]
    gaps: list[Span]
    overrides: list[Override]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The time on shift of one person that another takes over, in UTC."""

    user_id: UUID
    starts_at: datetime
    ends_at: datetime


async def in_order(session: Reader) -> list[Schedule]:
    """The rotas by their place: the first is rung first."""
    found = await session.exec(select(Schedule).order_by(col(Schedule.place), col(Schedule.id)))
    return list(found)


async def now_on_call(session: Reader, at: datetime) -> list[UUID]:
    """Who is on shift at that moment, by the place of the rotas, each person once.

    Never raises over what a rota says: one that cannot be read is logged, and is a gap. The list
    is empty when nobody is on shift; whoever asks has to ring somebody all the same.
    """
    found = []
    for schedule in await in_order(session):
        look = await seen(session, schedule, at, at + timedelta.resolution)
        if look.problem:
            _log.error("the rota %s: %s", encode("sch", schedule.id), look.problem)
        found += [shift.user_id for shift in look.shifts]
    return list(dict.fromkeys(found))


def nobody(looks: Iterable["Seen"], start: datetime, end: datetime) -> list[Span]:
    """When no rota has anybody; without any rota the ladder alone counts, and there is no gap."""
    left, some = [Span(start, end)], False
    for look in looks:
        some = True
        left = [gap for one in left for gap in rota.gaps(look.shifts, one.start, one.end)]
    return left if some else []


async def seen(session: Reader, schedule: Schedule, start: datetime, end: datetime) -> Seen:
    """Shifts, gaps and overrides between two moments.

    A rota that cannot be read is a gap with a problem; its overrides name people and times by
    themselves, and hold.
    """
    overrides = await _overrides(session, schedule.id, start, end)
    found, problem = _shifts(schedule, overrides, start, end)
    known = await _known(session, [shift.user_id for shift in found])
    if any(shift.user_id not in known for shift in found):
        found = [shift for shift in found if shift.user_id in known]
        problem = problem or STRANGER
    return Seen(found, rota.gaps(found, start, end), overrides, problem)


def _shifts(
    schedule: Schedule, rows: Iterable[Override], start: datetime, end: datetime
) -> tuple[list[Shift], str | None]:
    overrides = [
        rota.Override(row.user_id, row.starts_at, row.ends_at, row.instead_of) for row in rows
    ]
    try:
        return rota.shifts(schedule.shifts, overrides, schedule.zone, start, end), None
    except BadRota as error:
        return rota.shifts([], overrides, "UTC", start, end), str(error)


async def _overrides(
    session: Reader, schedule_id: UUID, start: datetime, end: datetime
) -> list[Override]:
    """In the order in which they were made: a later one holds over an earlier one."""
    found = await session.exec(
        select(Override)
        .where(
            Override.schedule_id == schedule_id,
            col(Override.starts_at) < end,
            col(Override.ends_at) > start,
        )
        .order_by(col(Override.id))
    )
    return list(found)


async def _known(session: Reader, user_ids: Iterable[UUID]) -> set[UUID]:
    wanted = set(user_ids)
    real = col(User.practice).is_(False)
    return set(await session.exec(select(User.id).where(real, col(User.id).in_(wanted))))


async def create(
    session: Writer, *, name: str, zone: str, shifts: list[dict[str, Any]]
) -> Schedule:
    """A new rota, last in place; Invalid when it names somebody who is not here."""
    await _must_know_all(session, shifts)
    last = (await session.exec(select(func.max(Schedule.place)))).one()
    place = 0 if last is None else last + 1
    schedule = Schedule(name=name, zone=zone, shifts=shifts, place=place)
    session.add(schedule)
    await session.flush()
    _tell_changed(session, schedule)
    return schedule


async def update(session: Writer, schedule: Schedule, changes: dict[str, Any]) -> None:
    """Change a rota that is held; who is being rung already goes on being rung."""
    await _must_know_all(session, changes.get("shifts", []))
    schedule.sqlmodel_update(
        changes | {"version": schedule.version + 1, "changed_at": now()},
    )
    session.add(schedule)
    _tell_changed(session, schedule)


async def _must_know_all(session: Reader, shifts: list[dict[str, Any]]) -> None:
    for place, rule in enumerate(rota.read(shifts)):
        if len(await _known(session, rule.people)) < len(set(rule.people)):
            raise wrong(f"/shifts/{place}/people", "Somebody in this shift is not here.")


async def add_override(
    session: Writer, schedule: Schedule, user_id: UUID, *, starts_at: datetime, ends_at: datetime,
    instead_of: UUID | None = None,
) -> Override:  # fmt: skip
    """Somebody is on shift for once; with `instead_of`, only where that person would be.

    Invalid for a time that is over, turned round or longer than a year, and for people who are
    not here or not on shift then.
    """
    _must_be_ahead(starts_at, ends_at)
    known = await _known(session, {user_id, instead_of or user_id})
    if user_id not in known:
        raise wrong("/user_id", "This person is not here.")
    if instead_of is not None:
        await _must_be_on_shift(session, schedule, Turn(instead_of, starts_at, ends_at))
    override = Override(
        schedule_id=schedule.id, user_id=user_id, starts_at=starts_at, ends_at=ends_at,
        instead_of=instead_of,
    )  # fmt: skip
    session.add(override)
    await _changed(session, schedule)
    _tell_override(session, override, "override.created")
    return override


def _must_be_ahead(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise wrong("/ends_at", "The end must lie after the start.")
    if ends_at <= now():
        raise wrong("/ends_at", "This time is over already.")
    if ends_at - starts_at > LONGEST_OVERRIDE:
        raise wrong("/ends_at", "A year is the longest.")


async def _must_be_on_shift(session: Reader, schedule: Schedule, turn: Turn) -> None:
    look = await seen(session, schedule, turn.starts_at, turn.ends_at)
    if all(shift.user_id != turn.user_id for shift in look.shifts):
        raise wrong("/instead_of", "That person is not on shift then.")


async def swap(
    session: Writer, schedule: Schedule, first: Turn, second: Turn
) -> tuple[Override, Override]:
    """Each of two people takes the other's time: both or neither."""
    if first.user_id == second.user_id:
        raise wrong("/second/user_id", "Two different people can swap.")
    if first.starts_at < second.ends_at and second.starts_at < first.ends_at:
        raise wrong("/second/starts_at", "These two times overlap.")
    return (
        await _taken_over(session, schedule, first, by=second.user_id),
        await _taken_over(session, schedule, second, by=first.user_id),
    )


async def _taken_over(session: Writer, schedule: Schedule, turn: Turn, *, by: UUID) -> Override:
    return await add_override(
        session, schedule, by, starts_at=turn.starts_at, ends_at=turn.ends_at,
        instead_of=turn.user_id,
    )  # fmt: skip


async def remove_override(session: Writer, override: Override) -> None:
    """The rota holds again, or an earlier override."""
    schedule = await session.get_one(Schedule, override.schedule_id)
    _tell_override(session, override, "override.removed")
    await session.delete(override)
    await _changed(session, schedule)


async def _changed(session: Writer, schedule: Schedule) -> None:
    schedule.changed_at = now()
    session.add(schedule)
    await session.flush()


def wrong(pointer: str, detail: str) -> Invalid:
    """What is not right, and where it was sent."""
    return Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])


def _tell_changed(session: Writer, schedule: Schedule) -> None:
    about = {"id": encode("sch", schedule.id), "object": "schedule"}
    emit(session, "schedule.changed", object=about)


def _tell_override(session: Writer, override: Override, kind: str) -> None:
    about = {
        "id": encode("ovr", override.id),
        "object": "override",
        "schedule_id": encode("sch", override.schedule_id),
        "user_id": encode("usr", override.user_id),
        "starts_at": override.starts_at.isoformat(),
        "ends_at": override.ends_at.isoformat(),
    }
    emit(session, kind, object=about)
