"""Who is on shift when: rules in wall time and overrides become shifts in UTC; no clock, no ledger.

The wall clock is what counts, in any zone. Where it jumps ahead, a time that it never shows is the
moment of the jump. Where it goes back, a shift begins when its hour is shown first and ends when
its hour is shown last: nobody who looks at the clock finds a gap that the rota does not have.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
# A shift lasts a day at most; a zone may once have left out a whole day, as Samoa's did.
_LOOK_BACK = 3 * _DAY


class BadRota(ValueError):
    """The rules of a rota cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A shift that comes again: wall time on days of the week (Monday is 0), people in turn.

    `until` that is not after `start` lies on the next day. The first person has the ISO week of
    `starts_on`, the next the week after; before that day there is no shift.
    """

    days: frozenset[int]
    start: time
    until: time
    people: tuple[UUID, ...]
    starts_on: date


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody is on shift for once: over all others, or in place of one person alone."""

    user_id: UUID
    start: datetime
    end: datetime
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, in UTC; the end is outside."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """One person is on shift, in UTC; the end is outside."""

    user_id: UUID
    start: datetime
    end: datetime
    override: bool = False


def read(rules: Any) -> list[Rule]:
    """The rules as they are kept; BadRota when somebody wrote what cannot be meant."""
    if not isinstance(rules, list):
        raise BadRota("The shifts are not a list.")
    return [_rule(place, raw) for place, raw in enumerate(rules, start=1)]


def _rule(place: int, raw: Any) -> Rule:
    try:
        days = frozenset(raw["days"])
        people = tuple(UUID(person) for person in raw["people"])
        start, until = _wall(raw["from"]), _wall(raw["until"])
        starts_on = date.fromisoformat(raw["starts_on"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRota(f"Shift {place} cannot be read.") from error
    if not days or not days.issubset(range(7)):
        raise BadRota(f"Shift {place} needs days from 0, Monday, to 6, Sunday.")
    if not people:
        raise BadRota(f"Shift {place} has no people.")
    return Rule(days, start, until, people, starts_on)


def _wall(text: str) -> time:
    at = time.fromisoformat(text)
    if at != at.replace(second=0, microsecond=0, tzinfo=None):
        raise ValueError(text)
    return at


def written(rule: Rule) -> dict[str, Any]:
    """The rule as it is kept; `read` understands it."""
    return {
        "days": sorted(rule.days),
        "from": f"{rule.start:%H:%M}",
        "until": f"{rule.until:%H:%M}",
        "people": [str(person) for person in rule.people],
        "starts_on": rule.starts_on.isoformat(),
    }


def shifts(
    rules: Any, overrides: Iterable[Override], zone: str, start: datetime, end: datetime
) -> list[Shift]:
    """Who is on shift between two moments: in order, none over another; BadRota if unreadable.

    Of two rules the first holds. An override holds over the rules, a later one over an earlier.
    Shifts that begin before or end after are cut there.
    """
    where, found = _zone(zone), list[Shift]()
    for rule in read(rules):
        for turn in _turns(rule, where, start, end):
            for span in gaps(found, max(turn.start, start), min(turn.end, end)):
                insort(found, replace(turn, start=span.start, end=span.end), key=_start)
    for override in overrides:
        found = _overridden(found, override, start, end)
    return found


def gaps(found: Sequence[Shift], start: datetime, end: datetime) -> list[Span]:
    """When nobody is on shift between two moments; `found` as `shifts` gave them."""
    free, place = [], bisect_right(found, start, key=_end)
    while place < len(found) and found[place].start < end:
        if start < found[place].start:
            free.append(Span(start, found[place].start))
        start = found[place].end
        place += 1
    return [*free, Span(start, end)] if start < end else free


def on_call(found: Sequence[Shift], at: datetime) -> Shift | None:
    """The shift at one moment; `found` as `shifts` gave them."""
    place = bisect_right(found, at, key=_end)
    return found[place] if place < len(found) and found[place].start <= at else None


def _start(shift: Shift) -> datetime:
    return shift.start


def _end(shift: Shift) -> datetime:
    return shift.end


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise BadRota(f"There is no time zone “{name}”.") from error


def _turns(rule: Rule, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Shift]:
    """Every shift of a rule that may touch the span, whole."""
    day = max(rule.starts_on, (start - _LOOK_BACK).astimezone(zone).date())
    last = end.astimezone(zone).date()
    while day <= last:
        if day.weekday() in rule.days:
            until = day if rule.until > rule.start else day + _DAY
            begins = _moment(datetime.combine(day, rule.start, zone), fold=0)
            ends = _moment(datetime.combine(until, rule.until, zone), fold=1)
            yield Shift(_in_turn(rule, day), begins, ends)
        day += _DAY


def _in_turn(rule: Rule, day: date) -> UUID:
    weeks = (_monday(day) - _monday(rule.starts_on)) // (7 * _DAY)
    return rule.people[weeks % len(rule.people)]


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _moment(wall: datetime, *, fold: int) -> datetime:
    """When the clock shows this, the first (fold 0) or last time; else when it jumps over it.

    PEP 495: for a time that is never shown, the reading with fold 0 lies after the one with fold 1.
    """
    readings = [wall.replace(fold=one).astimezone(UTC) for one in (0, 1)]
    if readings[0] <= readings[1]:
        return readings[fold]
    return _jump(wall.tzinfo, *(int(reading.timestamp()) for reading in reversed(readings)))


def _jump(zone: tzinfo | None, before: int, after: int) -> datetime:
    """The second at which the clock jumps ahead, somewhere between these two."""
    old = datetime.fromtimestamp(before, zone).utcoffset()

    def has_jumped(second: int) -> bool:
        return datetime.fromtimestamp(second, zone).utcoffset() != old

    jump = bisect_left(range(before, after), x=True, key=has_jumped)
    return datetime.fromtimestamp(before + jump, UTC)


def _overridden(
    found: Sequence[Shift], override: Override, start: datetime, end: datetime
) -> list[Shift]:
    """The shifts after an override: cut where it lies over them, and its own put in."""
    over = replace(override, start=max(override.start, start), end=min(override.end, end))
    if over.start >= over.end:
        return list(found)
    after = [piece for shift in found for piece in _cut(shift, over)]
    if over.instead_of is None:
        insort(after, Shift(over.user_id, over.start, over.end, override=True), key=_start)
    return after


def _cut(shift: Shift, over: Override) -> list[Shift]:
    """What an override leaves of a shift, with the part that one person takes from another."""
    if over.instead_of not in {None, shift.user_id}:
        return [shift]
    begin, end = max(shift.start, over.start), min(shift.end, over.end)
    if begin >= end:
        return [shift]
    pieces = [replace(shift, end=begin), replace(shift, start=end)]
    if over.instead_of is not None:
        pieces.insert(1, Shift(over.user_id, begin, end, override=True))
    return [piece for piece in pieces if piece.start < piece.end]
