"""The rota in a calendar: iCalendar (RFC 5545, RFC 7986) behind a secret address.

Calendars read it anew when they like; Google’s does so every 8 to 24 hours.
"""

import hashlib
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from icalendar import Calendar, Event, vDuration, vText
from sqlmodel import select

from api import words_rota
from api.clock import now
from api.database import Reader
from api.ids import encode
from api.lifecycle import calendar_feed
from api.lifecycle import schedule as schedules
from api.models import Schedule, User
from api.rota import Shift
from api.routes.asking import Reading, by_link
from api.routes.versions import tagged

router = APIRouter(tags=["calendars"])

_BACK, _AHEAD = timedelta(days=14), timedelta(days=180)
# A shift is never cut by the edge of a look: its beginning names it in other people's calendars.
_MARGIN = timedelta(days=3)
_REFRESH = timedelta(hours=1)
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="shifts.ics"',
}


@router.get(
    "/calendars/{feed_token}/shifts.ics", dependencies=[by_link], response_class=Response,
    responses={200: {"content": {"text/calendar": {}}}},
)  # fmt: skip
async def read_calendar_feed(feed_token: str, session: Reading, request: Request) -> Response:
    """The shifts of a rota, or of one person in it, as a calendar; times are in UTC."""
    schedule, user_id = await calendar_feed.opened(session, feed_token)
    shifts = [
        shift
        for shift in await _shifts(session, schedule)
        if user_id is None or shift.user_id == user_id
    ]
    names = {} if user_id else dict((await session.exec(select(User.id, User.name))).all())
    calendar = _calendar(schedule)
    for shift in shifts:
        calendar.add_component(_event(schedule, shift, names.get(shift.user_id)))
    body = calendar.to_ical()
    answer = Response(body, headers=_HEADERS, media_type="text/calendar; charset=utf-8")
    tagged(request, answer, hashlib.sha256(body).hexdigest()[:32])
    return answer


async def _shifts(session: Reader, schedule: Schedule) -> list[Shift]:
    """The shifts around now, each of them whole."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = midnight - _BACK, midnight + _AHEAD
    overrides = (await schedules.seen(session, schedule, start, end)).overrides
    first = min([start, *(one.starts_at for one in overrides)]) - _MARGIN
    last = max([end, *(one.ends_at for one in overrides)]) + _MARGIN
    whole = (await schedules.seen(session, schedule, first, last)).shifts
    return [shift for shift in whole if shift.end > start and shift.start < end]


def _calendar(schedule: Schedule) -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Nightdesk//Rota//EN")
    name = vText(_line(schedule.name))
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    return calendar


def _event(schedule: Schedule, shift: Shift, name: str | None) -> Event:
    event = Event()
    event.add("UID", f"{encode('sch', schedule.id)}-{_stamp(shift.start)}@nightdesk")
    event.add("DTSTAMP", schedule.changed_at)
    event.add("LAST-MODIFIED", schedule.changed_at)
    event.add("DTSTART", shift.start)
    event.add("DTEND", shift.end)
    event.add("SUMMARY", vText(_line(words_rota.in_calendar(schedule.name, name))))
    # Who is on call can still be invited: it is no appointment.
    event.add("TRANSP", "TRANSPARENT")
    return event


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _line(text: str) -> str:
    """One line without signs that a calendar cannot hold; the library escapes the rest."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
