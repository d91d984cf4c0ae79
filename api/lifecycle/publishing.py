"""Publishing a statement: with a yes that holds, after a countdown, at places or by a hand."""

from typing import Any

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer
from api.errors import ApprovalMissing, InvalidTransition
from api.lifecycle import action as actions
from api.lifecycle import approval as approvals
from api.lifecycle import holding, statement_text
from api.lifecycle import statement as statements
from api.lifecycle.action import Plan
from api.lifecycle.source import FOR_A_PERSON
from api.lifecycle.timeline import Actor
from api.models import Action, Approval, Incident, Result, Source, Statement
from api.platforms import CATALOGUE

_VERB = {"approved": "publish", "held": "release", "failed": "retry"}
_AS_A_POST, _PASTED = "As a post, in half a minute.", "Copy the words, and paste the link here."
_ASK_TO_TAKE_BACK = "The owner was asked whether it may be taken back."


async def publish(session: Writer, statement: Statement, *, by: Actor) -> Action:
    """Count down to it. ApprovalMissing, ApprovalLapsed or DigestChanged when no yes holds."""
    if statement.state in ("draft", "in_review"):
        raise ApprovalMissing
    verb = _VERB.get(statement.state, "publish")
    failed = await newest_action(session, statement) if verb == "retry" else None
    if failed and failed.state == "failed":
        await _its_yes(session, statement)
        await statements.go(session, statement, "retry", by)
        await actions.retry(session, failed, by=by)
        return failed
    await statement_text.must_be_whole(session, statement)
    await approvals.holding(session, await statements.subject(session, statement))
    await holding.withdraw_question(session, statement)
    await statements.go(session, statement, verb, by, ask_at=None, due_since=None, hold=None)
    action = await _proposed(session, statement, by)
    await actions.ready(session, action, by=by)
    await actions.start(session, action, by=by)
    await statements.write(session, statement, "statement_counting", by)
    return action


async def _its_yes(session: Reader, statement: Statement) -> Approval:
    """The yes that the first try used: it holds for the rest of it, until its time is over."""
    shown = await statements.subject(session, statement)
    for one in await approvals.of_subject(session, statement.id):
        ends = one.valid_until
        if one.state == "consumed" and one.digest == shown.digest and ends and ends > now():
            return one
    return await approvals.holding(session, shown)


async def _proposed(session: Writer, statement: Statement, by: Actor) -> Action:
    if statement.incident_id is None:
        raise InvalidTransition(
            "This belongs to no incident.", current_state=statement.state, allowed=[]
        )
    incident = await session.get_one(Incident, statement.incident_id)
    return await actions.propose(
        session, incident, "publish_statement", await plans(session, statement),
        by=by, words=statement.text, statement_id=statement.id,
    )  # fmt: skip


async def plans(session: Reader, statement: Statement) -> list[Plan]:
    """What would be done at each place; by a hand where nothing is connected."""
    found = await statement_text.places(session, statement)
    said: dict[str, Any] = {"text": statement.text}
    if not found:
        return [Plan(statement_text.BY_HAND, "publish", _PASTED, "by_hand", params=said)]
    return [await _plan(session, source, said) for source in found]


async def _plan(session: Reader, source: Source, said: dict[str, Any]) -> Plan:
    sure = await certainty(session, source)
    what = _PASTED if sure == "by_hand" else _AS_A_POST
    return Plan(
        source.name, "publish", what, sure, source_id=source.id, params=said,
        link=source.url or "",
    )  # fmt: skip


async def certainty(session: Reader, source: Source) -> str:
    """Whether publishing there has worked before, is expected to, or takes a hand."""
    connected = source.account_id is not None and source.health not in FOR_A_PERSON
    if not CATALOGUE[source.kind].publishes or not connected:
        return "by_hand"
    worked = await session.exec(
        select(Result.id).where(
            Result.source_id == source.id, Result.verb == "publish", Result.state == "done",
            Result.certainty != "by_hand",
        )
    )  # fmt: skip
    return "proven" if worked.first() else "expected"


async def stop(session: Writer, statement: Statement, *, by: Actor) -> None:
    """The Undo of the countdown, and of what no hand has done yet; InvalidTransition after that."""
    action = await newest_action(session, statement)
    if action is not None and action.state == "counting_down":
        await actions.cancel(session, action, by=by)
    elif action is not None and action.state == "partially_succeeded":
        await actions.accept(session, action, by=by)
    elif action is not None and action.state == "executing":
        raise InvalidTransition(
            "It is on its way already.", current_state=statement.state, allowed=[],
            hint="When it is out, you can take it back.",
        )  # fmt: skip
    await statements.stopped(session, statement, by=by)


async def newest_action(session: Reader, statement: Statement) -> Action | None:
    """The newest try to publish it."""
    found = await session.exec(
        select(Action)
        .where(Action.statement_id == statement.id)
        .order_by(col(Action.id).desc())
        .execution_options(populate_existing=True)
    )
    return found.first()


async def may_take_back(session: Reader, statement: Statement) -> bool:
    """Whether the owner agreed to take it back."""
    asked = await approvals.newest_of(session, statement.id)
    shown = await statements.subject(session, statement)
    return asked is not None and asked.state == "approved" and asked.digest == shown.digest


async def taken_back(session: Writer, statement: Statement, *, by: Actor) -> None:
    """A hand took it down everywhere, with the owner's yes; that it was out is not forgotten."""
    if statement.state == "published":
        shown = await statements.subject(session, statement)
        await approvals.consume(session, await approvals.holding(session, shown))
    await statements.go(session, statement, "retract", by, "statement.retracted")
    named = ", ".join(one["place"] for one in statement.links)
    await statements.write(session, statement, "statement_retracted", by, places=named)


async def must_not_wait(session: Reader, statement: Statement) -> None:
    """ApprovalMissing while the owner has the question whether it may be taken back."""
    asked = await approvals.newest_of(session, statement.id)
    shown = await statements.subject(session, statement)
    if asked and asked.state == "requested" and asked.digest == shown.digest:
        raise ApprovalMissing(_ASK_TO_TAKE_BACK, hint="Wait for the answer, or call.")
