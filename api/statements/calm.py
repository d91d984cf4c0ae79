"""For how long it has been quiet: hours by the clock, and nights by the client's own clock.

It stands below both doors: the sweep asks by it, and the screen shows the same hours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.wall import next_time

NIGHT_BEGINS, NIGHT_ENDS = "22:00", "07:00"
# From so many hours on, a whole night must be among them: evenings are when it comes back.
WITH_A_NIGHT = 24
_HOUR = timedelta(hours=1)
_BARELY = timedelta(microseconds=1)
# Nobody counts further, and a hold is thirty days at most.
_MOST_NIGHTS = 40


@dataclass(frozen=True, slots=True)
class Calm:
    """How long it was quiet so far; `due_at` (UTC) is when that is enough, None while it is not."""

    hours_so_far: int = 0
    nights_so_far: int = 0
    due_at: datetime | None = None
    is_due: bool = False


def calm_for(quiet_since: datetime | None, now: datetime, zone: str, hours: int) -> Calm:
    """Whether it was quiet for so many hours and, from 24 on, for a whole night besides.

    A night is 22:00 to 07:00 in `zone`; the ones in which the clock is changed count as any other,
    and an hour is an hour in them. Without `quiet_since` nothing is counted. BadHours for no zone.
    """
    if quiet_since is None or quiet_since > now:
        return Calm()
    due_at = quiet_since + hours * _HOUR
    if hours >= WITH_A_NIGHT:
        due_at = max(due_at, _end_of_night(quiet_since, zone))
    passed = (now - quiet_since) // _HOUR
    return Calm(passed, _nights(quiet_since, now, zone), due_at, due_at <= now)


def _end_of_night(since: datetime, zone: str) -> datetime:
    """When the first night that lies wholly behind `since` is over."""
    begins = next_time(since - _BARELY, NIGHT_BEGINS, zone)
    return next_time(begins, NIGHT_ENDS, zone)


def _nights(since: datetime, now: datetime, zone: str) -> int:
    count, ends = 0, _end_of_night(since, zone)
    while ends <= now and count < _MOST_NIGHTS:
        count, ends = count + 1, _end_of_night(ends, zone)
    return count
