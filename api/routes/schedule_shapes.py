"""What is sent and answered about rotas: rules, shifts, gaps, overrides, feeds."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, field_validator

from api import rota
from api.ids import Prefixed
from api.lifecycle.schedule import Turn
from api.models import Schedule
from api.rota import BadRota, Rule
from api.routes.incident_shapes import UserId
from api.routes.shapes import In, Out
from api.routes.zones import known_zone

ScheduleId = Annotated[UUID, Prefixed("sch")]
OverrideId = Annotated[UUID, Prefixed("ovr")]


def _sensible(at: datetime) -> datetime:
    if not 2000 <= at.year < 2200:
        raise ValueError("a time between the years 2000 and 2200 is needed")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
WallTime = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["20:00"])]
Weekday = Annotated[int, Field(ge=0, le=6)]


def _some(value: list[Any]) -> list[Any]:
    if not value:
        raise ValueError("at least one is needed")
    return value


class ShiftRule(In):
    """A shift that comes again, in wall time of the rota's zone; Monday is day 0.

    `until` that is not after `from` lies on the next day. Several people take turns by the week:
    the first has the ISO week of `starts_on`.
    """

    days: list[Weekday] = Field(max_length=7)
    start: WallTime = Field(alias="from")
    until: WallTime
    people: list[UserId] = Field(max_length=50)
    starts_on: date

    _needed = field_validator("days", "people")(_some)

    def kept(self) -> dict[str, Any]:
        """As the ledger keeps it and api.rota reads it."""
        start, until = time.fromisoformat(self.start), time.fromisoformat(self.until)
        rule = Rule(frozenset(self.days), start, until, tuple(self.people), self.starts_on)
        return rota.written(rule)


class ShiftRuleOut(Out):
    """A shift that comes again, as it was sent."""

    model_config = ConfigDict(serialize_by_alias=True)

    days: list[int]
    start: str = Field(serialization_alias="from")
    until: str
    people: list[UserId]
    starts_on: date


class ScheduleIn(In):
    """A rota; without shifts nobody is on it but by overrides."""

    name: str = Field(min_length=1, max_length=120)
    zone: str = "UTC"
    shifts: list[ShiftRule] = Field([], max_length=50)

    _zone = field_validator("zone")(known_zone)


class SchedulePatch(In):
    """What may be changed; leave out what stays. The rota with the lowest place is rung first."""

    name: str | None = Field(None, min_length=1, max_length=120)
    zone: str | None = None
    place: int | None = Field(None, ge=0, le=1000)
    shifts: list[ShiftRule] | None = Field(None, max_length=50)

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return value and known_zone(value)


class ScheduleOut(Out):
    """A rota; `problem` says why its shifts cannot be read, and then none are shown."""

    id: ScheduleId
    object: str = "schedule"
    name: str
    zone: str
    place: int
    shifts: list[ShiftRuleOut]
    problem: str | None
    changed_at: datetime
    version: int


class ShiftOut(Out):
    """One person is on shift; `override` when it is for once."""

    user_id: UserId
    name: str
    starts_at: datetime
    ends_at: datetime
    override: bool


class NobodyOut(Out):
    """Nobody is on shift."""

    starts_at: datetime
    ends_at: datetime


class OverrideOut(Out):
    """Somebody is on shift for once; with `instead_of`, only where that person would be."""

    id: OverrideId
    object: str = "override"
    schedule_id: ScheduleId
    user_id: UserId
    starts_at: datetime
    ends_at: datetime
    instead_of: UserId | None


class ShiftsOut(Out):
    """Who is on shift between two moments, when nobody is, and what is for once."""

    schedule_id: ScheduleId
    zone: str
    start: datetime = Field(serialization_alias="from")
    until: datetime
    data: list[ShiftOut]
    gaps: list[NobodyOut]
    overrides: list[OverrideOut]
    problem: str | None


class OverrideIn(In):
    """Who is on shift for once: from now on unless it says from when, for a year at most."""

    user_id: UserId
    starts_at: Moment | None = None
    ends_at: Moment
    instead_of: UserId | None = None


class TurnIn(In):
    """The time on shift of one person."""

    user_id: UserId
    starts_at: Moment
    ends_at: Moment

    def turn(self) -> Turn:
        return Turn(self.user_id, self.starts_at, self.ends_at)


class SwapIn(In):
    """Two people, and the time of each that the other takes."""

    first: TurnIn
    second: TurnIn


class FeedIn(In):
    """Whose shifts alone, if not the whole rota; whether the feeds before it end at once."""

    user_id: UserId | None = None
    rotate: bool = False


class FeedOut(Out):
    """A calendar feed with its address, this once."""

    object: str = "calendar_feed"
    schedule_id: ScheduleId
    user_id: UserId | None
    url: str
    webcal_url: str


def schedule_out(row: Schedule) -> ScheduleOut:
    """A rota as it is shown, also when somebody wrote into it what cannot be read."""
    rules, problem = _readable(row.shifts)
    facts = row.model_dump(exclude={"shifts"})
    return ScheduleOut(**facts, shifts=[_rule_out(rule) for rule in rules], problem=problem)


def _readable(shifts: list[Any]) -> tuple[list[Rule], str | None]:
    try:
        return rota.read(shifts), None
    except BadRota as error:
        return [], str(error)


def _rule_out(rule: Rule) -> ShiftRuleOut:
    return ShiftRuleOut(
        days=sorted(rule.days), start=f"{rule.start:%H:%M}", until=f"{rule.until:%H:%M}",
        people=list(rule.people), starts_on=rule.starts_on,
    )  # fmt: skip
