"""What may become of a statement: written, agreed, held or published, and taken back.

A yes is for these words at these places: any change makes a draft of it, and the yes is void.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import InvalidTransition, NotThere
from api.ids import encode, new_id
from api.lifecycle import approval as approvals
from api.lifecycle import statement_text, timeline
from api.lifecycle.moves import Moves, allowed, move, try_to_move
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Action, Incident, Result, Source, Statement
from api.statements.permalinks import permalink

MOVES: Moves = (
    ("draft", "submit", "in_review"),
    ("draft", "discard", "discarded"),
    ("in_review", "approved", "approved"),
    ("in_review", "return", "draft"),
    ("in_review", "discard", "discarded"),
    ("approved", "hold", "held"),
    ("approved", "publish", "publishing"),
    ("approved", "submit", "in_review"),
    ("approved", "edit", "draft"),
    ("approved", "return", "draft"),
    ("approved", "discard", "discarded"),
    ("held", "hold", "held"),
    ("held", "due", "held"),
    ("held", "release", "publishing"),
    ("held", "submit", "in_review"),
    ("held", "edit", "draft"),
    ("held", "return", "draft"),
    ("held", "discard", "discarded"),
    ("publishing", "stop", "approved"),
    ("publishing", "published", "published"),
    ("publishing", "fail", "failed"),
    ("failed", "retry", "publishing"),
    ("failed", "submit", "in_review"),
    ("failed", "published", "published"),
    ("failed", "return", "draft"),
    ("published", "retract", "retracted"),
)
# What a person may do, by the word that they see; a draft is edited without a move.
_DOORS = {
    "edit": "edit", "return": "edit", "submit": "submit", "hold": "hold", "publish": "publish",
    "release": "publish", "retry": "publish", "stop": "stop", "retract": "retract",
    "discard": "discard",
}  # fmt: skip
subject = statement_text.subject
_NOT_HELD: dict[str, Any] = {"hold": None, "quiet_hours": None, "ask_at": None, "due_since": None}


def doors(state: str) -> list[str]:
    """What a person may do with a statement in this state, in the words of the interface."""
    found = [_DOORS[verb] for verb in allowed(MOVES, state) if verb in _DOORS]
    return list(dict.fromkeys(["edit", *found] if state == "draft" else found))


async def take(session: Writer, statement_id: UUID) -> Statement:
    """The statement as it stands now, held with its incident until the commit; NotThere if gone."""
    known = await session.get(Statement, statement_id)
    if known is None:
        raise NotThere
    await timeline.hold(session, known.incident_id)
    return await session.get_one(
        Statement, statement_id, populate_existing=True, with_for_update={"key_share": True}
    )


async def create(
    session: Writer, incident: Incident, text: str, *,
    by: Actor, template: str = "", source_ids: Sequence[str] = (),
) -> Statement:  # fmt: skip
    """A first draft for these places."""
    statement = Statement(
        id=new_id(), client_id=incident.client_id, incident_id=incident.id, template=template,
        text=text, source_ids=list(source_ids), digest="", code="", by_name=by.name,
    )  # fmt: skip
    session.add(statement)
    await statement_text.keep(session, statement, by.name)
    await write(session, statement, "statement_drafted", by)
    return statement


async def edit(
    session: Writer, statement: Statement, text: str, source_ids: Sequence[str], *, by: Actor
) -> None:
    """Other words or other places: a new version, a draft again, and no yes any more."""
    if (text, list(source_ids)) == (statement.text, statement.source_ids):
        return
    back = {"approved": "edit", "held": "edit", "in_review": "return", "failed": "return"}
    if statement.state in back:
        await move(session, Statement, MOVES, statement.id, back[statement.state], **_NOT_HELD)
        await session.refresh(statement)
    elif statement.state != "draft":
        raise InvalidTransition(
            f"This is {statement.state} now, so its words cannot be changed.",
            current_state=statement.state, allowed=doors(statement.state),
        )  # fmt: skip
    await approvals.supersede_of(session, statement.id, "The words were changed.")
    statement.text, statement.source_ids = text, list(source_ids)
    statement.number, statement.approval_id = statement.number + 1, None
    statement.version += 1
    await statement_text.keep(session, statement, by.name)
    await write(session, statement, "statement_changed", by)
    tell(session, statement, "statement.changed", by)


async def submit(session: Writer, statement: Statement, *, by: Actor) -> None:
    """Ready to be asked about. Invalid names the blanks that are left, and where it is too long."""
    if "submit" in allowed(MOVES, statement.state):
        await statement_text.must_be_whole(session, statement)
    await go(session, statement, "submit", by, "statement.submitted", **_NOT_HELD)
    await write(session, statement, "statement_asked", by)


async def approved(session: Writer, statement: Statement, approval_id: UUID, *, by: Actor) -> None:
    """The owner agreed to it; to taking it back, where it is out already."""
    if statement.state == "published":
        await write(session, statement, "statement_may_go", by)
        return
    await go(session, statement, "approved", by, "statement.approved", approval_id=approval_id)
    await write(session, statement, "statement_approved", by)


async def returned(session: Writer, statement: Statement, *, by: Actor) -> None:
    """The owner said no, or wants other words: back to the desk."""
    await _back(session, statement, by)


async def yes_is_gone(session: Writer, statement: Statement, *, by: Actor) -> None:
    """Nobody answered, or the yes was taken back. One that only grew old leaves it where it is."""
    newest = await approvals.newest_of(session, statement.id)
    if newest is None or newest.state != "lapsed":
        await _back(session, statement, by)


async def _back(session: Writer, statement: Statement, by: Actor) -> None:
    if statement.state not in ("in_review", "approved", "held"):
        return
    await move(
        session, Statement, MOVES, statement.id, "return",
        approval_id=None, version=Statement.version + 1, **_NOT_HELD,
    )  # fmt: skip
    await session.refresh(statement)
    tell(session, statement, "statement.changed", by)


async def stopped(session: Writer, statement: Statement, *, by: Actor) -> None:
    """Somebody stopped the countdown: the yes still holds."""
    await go(session, statement, "stop", by)
    await write(session, statement, "statement_stopped", by)


async def not_sent(session: Writer, statement: Statement, detail: str) -> None:
    """The countdown ended and the yes did not hold any more: nothing went out."""
    if await try_to_move(
        session, Statement, MOVES, statement.id, "stop", version=Statement.version + 1
    ):
        await session.refresh(statement)
        await write(session, statement, "statement_failed", SYSTEM, detail=detail)
        await yes_is_gone(session, statement, by=SYSTEM)


async def published(
    session: Writer, statement: Statement, links: Sequence[Mapping[str, Any]]
) -> None:
    """It is out at these places; called again when another place follows."""
    sources = {source.name: source for source in await statement_text.places(session, statement)}
    kept = [
        {"place": one["name"], "url": _public(sources.get(one["name"]), str(one["made"] or ""))}
        for one in links
    ]
    values: dict[str, Any] = {"links": kept, "version": Statement.version + 1}
    first = await try_to_move(
        session, Statement, MOVES, statement.id, "published", published_at=now(), **values
    )
    await session.refresh(statement)
    if first:
        named = ", ".join(one["place"] for one in kept)
        await write(session, statement, "statement_published", SYSTEM, places=named)
        tell(session, statement, "statement.published", SYSTEM)
    elif statement.state == "published":
        statement.links, statement.version = kept, statement.version + 1
        session.add(statement)


async def failed(session: Writer, statement: Statement, detail: str) -> None:
    """It went out nowhere; where a hand is still to do it, nothing has failed yet."""
    if await _waits_for_a_hand(session, statement):
        return
    values = {"version": Statement.version + 1}
    if await try_to_move(session, Statement, MOVES, statement.id, "fail", **values):
        await session.refresh(statement)
        await write(session, statement, "statement_failed", SYSTEM, detail=detail)
        tell(session, statement, "statement.failed", SYSTEM)


async def _waits_for_a_hand(session: Reader, statement: Statement) -> bool:
    found = await session.exec(
        select(Result.id)
        .join(Action, col(Action.id) == Result.action_id)
        .where(
            Action.statement_id == statement.id, Result.state == "by_hand",
            col(Action.state) == "partially_succeeded",
        )
    )  # fmt: skip
    return found.first() is not None


async def discard(session: Writer, statement: Statement, *, by: Actor) -> None:
    """Sometimes the best statement is none."""
    await go(session, statement, "discard", by, "statement.discarded", **_NOT_HELD)
    await approvals.supersede_of(session, statement.id, "The statement was thrown away.")
    await write(session, statement, "statement_discarded", by)


def _public(source: Source | None, made: str) -> str:
    """Where everybody can read it: what a hand pasted, or what its platform's name for it gives."""
    return permalink(source.kind, made, source.place) if source else permalink("", made, {})


async def go(
    session: Writer, statement: Statement, verb: str, by: Actor, event: str = "", **columns: Any
) -> None:
    """One move that a person makes, told to whoever listens; for the machine and its neighbours."""
    version = Statement.version + 1
    await move(session, Statement, MOVES, statement.id, verb, version=version, **columns)
    await session.refresh(statement)
    if event:
        tell(session, statement, event, by)


async def write(session: Writer, statement: Statement, kind: str, by: Actor, **facts: Any) -> None:
    """One line of the incident's timeline; the code says which version it was."""
    if statement.incident_id:
        said = {"code": statement.code} | facts
        await timeline.write(session, statement.incident_id, kind, by=by, **said)


def tell(session: Writer, statement: Statement, kind: str, by: Actor) -> None:
    """An event of this statement: its state and its code, never its words."""
    facts = {
        "id": encode("stm", statement.id), "object": "statement", "state": statement.state,
        "client_id": encode("cli", statement.client_id), "code": statement.code,
        "incident_id": statement.incident_id and encode("inc", statement.incident_id),
    }  # fmt: skip
    emit(session, kind, client_id=statement.client_id, object=facts, actor=by.type)
