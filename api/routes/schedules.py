"""The rotas: their rules, who is on shift when, who stands in, and calendar feeds."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlmodel import col, select

from api import words
from api.clock import now
from api.database import Reader, Writer
from api.errors import NotThere
from api.lifecycle import calendar_feed, warning
from api.lifecycle import schedule as lifecycle
from api.lifecycle.schedule import wrong
from api.models import Override, Schedule, User
from api.rota import Shift
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.schedule_shapes import (
    FeedIn,
    FeedOut,
    Moment,
    NobodyOut,
    OverrideId,
    OverrideIn,
    OverrideOut,
    ScheduleId,
    ScheduleIn,
    ScheduleOut,
    SchedulePatch,
    ShiftOut,
    ShiftsOut,
    SwapIn,
    schedule_out,
)
from api.routes.versions import IfMatch, expect, hold, tag
from api.settings import settings

router = APIRouter(prefix="/v1", tags=["schedules"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("oncall:read")]
MayWrite = Annotated[Asker, may("oncall:write")]

_WEEK, _MOST = timedelta(days=7), timedelta(days=60)


@router.get("/schedules")
async def list_schedules(asker: MayRead, session: Reading) -> Page[ScheduleOut]:
    """The rotas; whoever is on shift in the first is rung first."""
    asker.must_see_all()
    return page([schedule_out(row) for row in await lifecycle.in_order(session)])


@router.post("/schedules", status_code=201)
async def create_schedule(
    body: ScheduleIn, asker: MayWrite, session: Writing, response: Response, _: Once
) -> ScheduleOut:
    """A new rota, last in place."""
    asker.must_see_all()
    shifts = [rule.kept() for rule in body.shifts]
    row = await lifecycle.create(session, name=body.name, zone=body.zone, shifts=shifts)
    response.headers["ETag"] = tag(row.version)
    return schedule_out(row)


@router.patch("/schedules/{schedule_id}")
async def update_schedule(
    schedule_id: ScheduleId, body: SchedulePatch, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> ScheduleOut:  # fmt: skip
    """Change a rota. Who is being rung already goes on being rung."""
    row = await _schedule(session, asker, schedule_id)
    await hold(session, row)
    expect(row.version, if_match, schedule_out(row))
    changes = body.model_dump(exclude_none=True)
    if body.shifts is not None:
        changes["shifts"] = [rule.kept() for rule in body.shifts]
    await lifecycle.update(session, row, changes)
    await warning.changed_for_all(session, words.rota_changed(asker.actor.name, row.name))
    response.headers["ETag"] = tag(row.version)
    return schedule_out(row)


@router.get("/schedules/{schedule_id}/shifts")
async def list_shifts(
    schedule_id: ScheduleId, asker: MayRead, session: Reading,
    start: Annotated[Moment | None, Query(alias="from")] = None, until: Moment | None = None,
) -> ShiftsOut:  # fmt: skip
    """Who is on shift, overrides included, and when nobody is: a week from now, or 60 days."""
    row = await _schedule(session, asker, schedule_id)
    start = start or now()
    until = until or start + _WEEK
    if not start < until <= start + _MOST:
        raise wrong("/until", "The end must lie after the start, by 60 days at most.")
    look = await lifecycle.seen(session, row, start, until)
    return ShiftsOut(
        schedule_id=row.id, zone=row.zone, start=start, until=until, problem=look.problem,
        data=await _named(session, look.shifts),
        gaps=[NobodyOut(starts_at=gap.start, ends_at=gap.end) for gap in look.gaps],
        overrides=[OverrideOut.model_validate(one) for one in look.overrides],
    )  # fmt: skip


@router.post("/schedules/{schedule_id}/overrides", status_code=201)
async def create_override(
    schedule_id: ScheduleId, body: OverrideIn, asker: MayWrite, session: Writing, _: Once
) -> OverrideOut:
    """“Cover me until 09:00”: somebody is on shift for once."""
    row = await _schedule(session, asker, schedule_id)
    override = await lifecycle.add_override(
        session, row, body.user_id, starts_at=body.starts_at or now(), ends_at=body.ends_at,
        instead_of=body.instead_of,
    )  # fmt: skip
    return OverrideOut.model_validate(override)


@router.delete("/overrides/{override_id}", status_code=204)
async def delete_override(override_id: OverrideId, asker: MayWrite, session: Writing) -> None:
    """The rota holds again."""
    asker.must_see_all()
    override = await session.get(Override, override_id)
    if override is None:
        raise NotThere
    await hold(session, override)
    await lifecycle.remove_override(session, override)


@router.post("/schedules/{schedule_id}/swap", status_code=201)
async def swap_shifts(
    schedule_id: ScheduleId, body: SwapIn, asker: MayWrite, session: Writing, _: Once
) -> Page[OverrideOut]:
    """Two people take each other’s time: both, or neither."""
    row = await _schedule(session, asker, schedule_id)
    swapped = await lifecycle.swap(session, row, body.first.turn(), body.second.turn())
    return page([OverrideOut.model_validate(one) for one in swapped])


@router.post("/schedules/{schedule_id}/calendar-feed", status_code=201)
async def create_calendar_feed(
    schedule_id: ScheduleId, body: FeedIn, asker: MayWrite, session: Writing, _: Once
) -> FeedOut:
    """A feed for calendars, of one person or of the whole rota. Its address is shown this once."""
    row = await _schedule(session, asker, schedule_id)
    if body.user_id and await _user(session, body.user_id) is None:
        raise wrong("/user_id", "This person is not here.")
    token = await calendar_feed.create(session, row.id, body.user_id, rotate=body.rotate)
    url = f"{settings.origin}/calendars/{token}/shifts.ics"
    webcal = f"webcal{url[url.index(':') :]}"
    return FeedOut(schedule_id=row.id, user_id=body.user_id, url=url, webcal_url=webcal)


async def _schedule(session: Reader | Writer, asker: Asker, schedule_id: UUID) -> Schedule:
    asker.must_see_all()
    row = await session.get(Schedule, schedule_id)
    if row is None:
        raise NotThere
    return row


async def _user(session: Reader, user_id: UUID) -> User | None:
    real = select(User).where(User.id == user_id, col(User.practice).is_(False))
    return (await session.exec(real)).first()


async def _named(session: Reader, shifts: list[Shift]) -> list[ShiftOut]:
    wanted = {shift.user_id for shift in shifts}
    names = dict(
        (await session.exec(select(User.id, User.name).where(col(User.id).in_(wanted)))).all()
    )
    return [
        ShiftOut(
            user_id=shift.user_id, name=names[shift.user_id], starts_at=shift.start,
            ends_at=shift.end, override=shift.override,
        )
        for shift in shifts
    ]  # fmt: skip
