"""A report in words, once for every form of it: HTML, PDF and JSON tell the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api import words_report
from api.models import Statement
from api.pulse import clock_time
from api.report import Report
from api.report.steps import Step
from api.words_report import length, when

# A ladder that is rung again and again fills no page.
_RINGING = ("rang", "exhausted")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a reader reads; empty where there is nothing to say."""

    title: str
    client: str
    stamp: str
    as_of: str
    sentence: str
    numbers: Pairs
    lines: Sequence[tuple[datetime, str]]
    steps: Pairs
    still: Sequence[str]
    helped: str
    hindered: str
    changes: Sequence[str]
    staff: str


def told(report: Report) -> Told:
    """The words of a report; times are those of the client’s clock."""
    zone, words = report.client.zone, report.words
    return Told(
        title=words_report.REPORT,
        client=report.client.name,
        stamp=words_report.PRACTICE if report.incident.practice else "",
        as_of=words_report.said_at(report.as_of, zone),
        sentence=sentence(report),
        numbers=_numbers(report),
        lines=list(lines(report)),
        steps=[(words_report.STEPS[one.name], _took(one, report)) for one in report.steps],
        still=list(_still(report)),
        helped=words.helped,
        hindered=words.hindered,
        changes=[_change(one) for one in words.changes],
        staff=words.staff,
    )


def sentence(report: Report) -> str:
    """What happened, in a sentence."""
    numbers = report.numbers
    took = length(numbers.lasted)
    return words_report.one_sentence(numbers.new, numbers.low, took, over=numbers.over)


def lines(report: Report) -> Iterator[tuple[datetime, str]]:
    """What we did and when, oldest first, as far as it is for the owner; ringing is told once."""
    rung: set[str] = set()
    for entry in report.entries:
        said = words_report.line(entry, report.client.zone)
        if not said or said in rung:
            continue
        rung = rung | {said} if entry.kind in _RINGING else rung
        yield entry.created_at, said


def _numbers(report: Report) -> Pairs:
    numbers = report.numbers
    within = "ten minutes" if numbers.worst_seconds == 600 else "hour"
    so_far = "" if numbers.over else " so far"
    return [
        ("New reviews", str(numbers.new)),
        ("Of them low", str(numbers.low)),
        (f"Worst {within}", str(numbers.worst)),
        ("How long", f"{length(numbers.lasted)}{so_far}"),
    ]


def _took(step: Step, report: Report) -> str:
    """“27 min (03:27)”; with the day when it is another than that of noticing."""
    if step.took is None or step.at is None:
        return words_report.NOT_REACHED[step.name]
    zone = ZoneInfo(report.client.zone)
    days = {at.astimezone(zone).date() for at in (step.at, report.incident.opened_at)}
    tell = clock_time if len(days) == 1 else when
    return f"{length(step.took)} ({tell(step.at, report.client.zone)})"


def _still(report: Report) -> Iterator[str]:
    still, rating = report.still, report.rating
    yield words_report.still_shown(still.shown, still.hidden, still.gone)
    yield words_report.rating(rating.before, rating.lowest, rating.last, rating.count)
    if report.down:
        yield f"Still down: {', '.join(report.down)}."
    for statement in report.statements:
        yield _statement(statement, report.client.zone)


def _statement(statement: Statement, zone: str) -> str:
    said = f"Statement {statement.code}: {words_report.STATEMENT[statement.state]}"
    if statement.published_at is None:
        return f"{said}."
    return f"{said} since {when(statement.published_at, zone)}."


def _change(one: dict[str, Any]) -> str:
    """“A second key for the kitchen (Rosa, until 2026-06-01)”."""
    parts = [one.get("who") or "", f"until {one['by']}" if one.get("by") else ""]
    more = ", ".join(part for part in parts if part)
    return f"{one['what']} ({more})" if more else str(one["what"])
