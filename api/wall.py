"""The wall clock of a person: when it next shows a time, and whether it is their quiet hour."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAYS_AHEAD = 3
_BEFORE_BED = timedelta(minutes=30)


class BadHours(ValueError):
    """A stored time or zone cannot be read; the message says which."""


def time_of(text: str) -> time:
    """“07:30” as a time; BadHours for anything else."""
    found = _TIME.fullmatch(text)
    if not found:
        raise BadHours(f"“{text}” is no time like 07:30.")
    return time(int(found[1]), int(found[2]))


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; BadHours for a name that there is not."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadHours(f"“{name}” is no time zone.") from error


def next_time(after: datetime, text: str, zone: str) -> datetime:
    """The next moment after `after` (UTC) at which a clock in this zone shows that time.

    A time that the spring night leaves out comes an hour later by the new clock; one that the
    autumn night has twice comes both times.
    """
    at, where = time_of(text), zone_of(zone)
    today = after.astimezone(where).date()
    for days in range(-1, _DAYS_AHEAD):
        shown = datetime.combine(today + timedelta(days=days), at, where)
        for moment in (shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)):
            if moment > after:
                return moment
    raise BadHours(f"“{text}” does not come in {zone}.")


def quiet_until(at: datetime, *, begins: str, ends: str, zone: str) -> datetime | None:
    """When the quiet hours end that `at` (UTC) lies in; None outside of them.

    The same beginning and end mean that it is never quiet.
    """
    first, last = time_of(begins), time_of(ends)
    clock = at.astimezone(zone_of(zone)).time()
    inside = first <= clock < last if first < last else clock >= first or clock < last
    if first == last or not inside:
        return None
    return next_time(at, ends, zone)


def daylight_before(at: datetime, *, begins: str, ends: str, zone: str) -> datetime:
    """`at` (UTC) itself, or, inside quiet hours, half an hour before those began."""
    if quiet_until(at, begins=begins, ends=ends, zone=zone) is None:
        return at
    night = next_time(at - timedelta(days=1), begins, zone)
    return night - _BEFORE_BED
