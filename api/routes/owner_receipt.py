"""What came of an answer, place by place, from the live rows: done, looked at, or plainly not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel import select

from api import words_acting
from api import words_owner as words
from api.clock import now
from api.database import Reader
from api.ids import encode
from api.lifecycle import action as actions
from api.lifecycle import down, holding
from api.lifecycle import result as results
from api.models import Action, Approval, Entry, Result, Statement
from api.routes.owner_door import Visit
from api.routes.owner_question import is_fresh, when

_WAITS = ("approved", "held", "publishing")
_WRONG = ("refused", "lost")


@dataclass(frozen=True, slots=True)
class Row:
    """One place: what became of it there, and whether that is not as it was wished."""

    name: str
    line: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is true now of what was agreed; `put_back` leads to the wish for the way back."""

    said: list[str]
    rows: list[Row] = field(default_factory=list)
    put_back: str = ""
    under_way: bool = False
    lasts: bool = False


async def of_action(
    session: Reader, visit: Visit, given: Approval, who: str, manager: str
) -> Receipt:
    """The receipt of something that was to be done at places."""
    action = await session.get_one(Action, given.subject_id)
    places = await results.of_action(session, action.id)
    groups = [list(group) for _, group in groupby(places, key=lambda one: one.name)]
    said = [_begun(action, places, visit, manager), *_true_now(groups)]
    said.append(words.agreed_to(who, given.code))
    stands = any(down.is_there(one) for one in places) and action.state in actions.DONE
    if stands:
        said += await _wish(session, action, visit, manager)
    moving = any(one.state in results.MOVING for one in places)
    return Receipt(
        [one for one in said if one],
        [_row(group, visit.client.zone, manager) for group in groups],
        put_back=visit.at("back", encode("act", action.id)) if stands and visit.may_answer else "",
        under_way=moving or action.state in actions.UNDER_WAY,
        lasts=stands or moving or action.state == "ready" or is_fresh(action.ended_at),
    )


def _begun(action: Action, places: list[Result], visit: Visit, manager: str) -> str:
    if action.state == "partially_succeeded" and not any(one.state == "done" for one in places):
        return words.HAND.format(manager=manager)
    at = action.started_at if action.state == "executing" else action.ended_at
    return words.ACTION[action.state].format(at=when(at, visit.client.zone) if at else "").strip()


def _true_now(groups: Iterable[list[Result]]) -> Iterator[str]:
    """One sentence for each way and verb of what is done wholly; then what is not."""
    whole = [group for group in groups if all(one.state == "done" for one in group)]
    for verb in dict.fromkeys(group[0].verb_now for group in whole):
        done = [group for group in whole if group[0].verb_now == verb]
        looked = all(_was_looked_at(one) for group in done for one in group)
        yield words.is_done(verb, [group[0].name for group in done], looked=looked)
    wrong = [group[0].name for group in groups if any(one.state in _WRONG for one in group)]
    if wrong:
        yield words.not_done(wrong)


def _was_looked_at(one: Result) -> bool:
    return not one.done_by and one.detail != words_acting.NOT_READ_BACK


def _row(group: list[Result], zone: str, manager: str) -> Row:
    """One place is told with its times, many under one name are counted."""
    is_wrong = any(one.state in _WRONG for one in group)
    if len(group) == 1:
        return Row(group[0].name, _line(group[0], zone, manager), is_wrong)
    done = sum(one.state == "done" for one in group)
    return Row(group[0].name, words.done_of(done, len(group)), is_wrong)


def _line(one: Result, zone: str, manager: str) -> str:
    if one.state == "refused":
        return f"{words.REFUSED[one.way]} {one.detail}".strip()
    if one.state == "lost":
        return words.LOST
    if one.state != "done":
        return words.STATES[one.state].format(manager=manager)
    done = words.DONE.get(one.verb_now, "Done")
    seen, sent = _second(one.seen_at, zone), _second(one.sent_at, zone)
    if one.done_by:
        return words.by_a_hand(done, one.done_by, seen)
    if not _was_looked_at(one):
        return f"{done} {sent}. {one.detail}"
    return words.at_and_looked(done, sent, seen)


def _second(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") if at else ""


async def _wish(session: Reader, action: Action, visit: Visit, manager: str) -> list[str]:
    """That somebody has asked for the way back, and when."""
    for newest in await wishes(session, action):
        at = when(newest.created_at, visit.client.zone)
        waits = datetime.fromisoformat(newest.facts["told_at"]) > now()
        return [words.asked_back(newest.facts["name"], at, manager, waits=waits)]
    return []


async def wishes(session: Reader, action: Action) -> list[Entry]:
    """How often the way back of this action was asked for, newest first."""
    found = await session.exec(
        select(Entry).where(Entry.incident_id == action.incident_id, Entry.kind == "asked_back")
    )
    named = encode("act", action.id)
    ours = [one for one in found if one.facts.get("action") == named]
    return sorted(ours, key=lambda one: one.seq, reverse=True)


async def of_statement(session: Reader, visit: Visit, given: Approval, who: str) -> Receipt:
    """The receipt of words that were agreed to, or of their way back."""
    statement = await session.get_one(Statement, given.subject_id)
    said = await _statement_now(session, statement, visit.client.zone)
    if given.shown.get("take_back") and statement.state == "published":
        said = [words.MAY_BE_TAKEN_BACK, *said]
    return Receipt(
        [*said, words.agreed_to(who, given.code)],
        under_way=statement.state == "publishing",
        lasts=statement.state in _WAITS or is_fresh(statement.published_at),
    )


async def _statement_now(session: Reader, statement: Statement, zone: str) -> list[str]:
    if statement.state == "held":
        return await _held(session, statement, zone)
    if statement.state == "published" and statement.published_at:
        places = [one["place"] for one in statement.links]
        return [words.out(when(statement.published_at, zone), places)]
    return [words.STATEMENT[statement.state]]


async def _held(session: Reader, statement: Statement, zone: str) -> list[str]:
    """For how long it is held, and how much of that is over: measured."""
    until = when(statement.ask_at, zone) if statement.ask_at else ""
    said = [words.HELD[statement.hold or "hand"].format(at=until)]
    if statement.hold == "quiet" and statement.incident_id:
        calm = await holding.calm_of(session, statement)
        wanted = statement.quiet_hours or holding.USUAL_HOURS
        said.append(words.quiet_so_far(calm.hours_so_far, wanted))
    return [*said, words.NOTHING_BY_ITSELF]
