"""What the report of an incident looks like to a program, and what people may write into it."""

import datetime as dt
from typing import Any

from pydantic import Field

from api.report import Report
from api.report.told import lines, sentence
from api.routes.clients import ClientId
from api.routes.incident_shapes import IncidentId
from api.routes.shapes import In, Out
from api.words_report import NOT_REACHED, STEPS

_Moment = dt.datetime


class Change(In):
    """One thing that will be different: who does it, until which day."""

    what: str = Field(min_length=1, max_length=400)
    who: str = Field("", max_length=100)
    by: dt.date | None = None


class ReportIn(In):
    """What people add to a report; what is left out is emptied."""

    helped: str = Field("", max_length=4000)
    hindered: str = Field("", max_length=4000)
    changes: list[Change] = Field([], max_length=20)
    staff: str = Field("", max_length=4000)


class NumbersOut(Out):
    """The burst: `worst` reviews came within the fullest `worst_seconds`."""

    new: int
    low: int
    worst: int
    worst_seconds: int
    lasted_seconds: int
    over: bool


class StepOut(Out):
    """One of our own times; `at` and `seconds` are null for what did not happen."""

    name: str
    words: str
    at: _Moment | None
    seconds: int | None


class LineOut(Out):
    """One line of what we did."""

    at: _Moment
    sentence: str


class StillOut(Out):
    """What became of the reviews of the burst."""

    shown: int
    hidden: int
    gone: int


class RatingOut(Out):
    """Means of the stars that we have: before, the least since, now."""

    before: float | None
    lowest: float | None
    now: float | None
    count: int


class StatementOut(Out):
    """A statement of this incident."""

    code: str
    state: str
    published_at: _Moment | None


class ReportOut(Out):
    """The report of an incident, read anew at `as_of`."""

    incident_id: IncidentId
    object: str = "report"
    client_id: ClientId
    client_name: str
    zone: str
    state: str
    practice: bool
    as_of: _Moment
    sentence: str
    numbers: NumbersOut
    times: list[StepOut]
    lines: list[LineOut]
    still: StillOut
    rating: RatingOut
    down: list[str]
    statements: list[StatementOut]
    helped: str
    hindered: str
    changes: list[Change]
    staff: str
    sent_at: _Moment | None
    version: int


def report_out(report: Report) -> ReportOut:
    """A report for programs."""
    incident, words = report.incident, report.words
    return ReportOut(
        incident_id=incident.id, client_id=report.client.id, client_name=report.client.name,
        zone=report.client.zone, state=incident.state, practice=incident.practice,
        as_of=report.as_of, sentence=sentence(report), times=_times(report),
        lines=[LineOut(at=at, sentence=said) for at, said in lines(report)],
        down=list(report.down), helped=words.helped, hindered=words.hindered,
        changes=[Change.model_validate(one) for one in words.changes], staff=words.staff,
        sent_at=words.sent_at, version=words.version, **_counted(report),
    )  # fmt: skip


def _counted(report: Report) -> dict[str, Any]:
    numbers, rating = report.numbers, report.rating
    return {
        "numbers": NumbersOut(
            new=numbers.new, low=numbers.low, worst=numbers.worst, over=numbers.over,
            worst_seconds=numbers.worst_seconds, lasted_seconds=int(numbers.lasted.total_seconds()),
        ),
        "still": StillOut.model_validate(report.still),
        "rating": RatingOut(
            before=rating.before, lowest=rating.lowest, now=rating.last, count=rating.count
        ),
        "statements": [StatementOut.model_validate(one) for one in report.statements],
    }  # fmt: skip


def _times(report: Report) -> list[StepOut]:
    return [
        StepOut(
            name=one.name, words=(STEPS if one.took is not None else NOT_REACHED)[one.name],
            at=one.at, seconds=None if one.took is None else int(one.took.total_seconds()),
        )
        for one in report.steps
    ]  # fmt: skip
