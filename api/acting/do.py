"""Begins and undoes what was decided: with a yes that holds, with everything saved before."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from api import evidence
from api.acting import awake
from api.clock import now
from api.database import Reader, Writer
from api.errors import ApprovalLapsed, ApprovalMissing, DigestChanged, InvalidTransition
from api.lifecycle import action as actions
from api.lifecycle import approval as approvals
from api.lifecycle import down, timeline
from api.lifecycle import incident as incidents
from api.lifecycle import result as results
from api.lifecycle import statement as statements
from api.lifecycle.approval import Answer
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Action, Approval, Contact, Incident, Result, StandingApproval, Statement

NEEDS_YES = ("take_down",)
# Nobody forgets that something is down: the clock asks once a day, and when it is calm.
ASK_EVERY = timedelta(hours=24)


async def execute(session: Writer, action: Action, *, by: Actor, standing: bool = False) -> None:
    """Do it now. ApprovalMissing, ApprovalLapsed or DigestChanged when no yes holds for this."""
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    await _must_be_ours_to_begin(session, action)
    if action.kind in NEEDS_YES:
        await _use_yes(session, action, by=by, standing=standing)
    elif action.state == "proposed":
        await actions.ready(session, action, by=by)
    await awake.here(session, action.incident_id, by)
    incident = await session.get_one(Incident, action.incident_id)
    if incident.state == "triage":
        await incidents.confirm(session, incident, by=by)
    if action.kind in NEEDS_YES:
        await evidence.save(session, incident)
    await actions.start(session, action, by=by)


async def _must_be_ours_to_begin(session: Reader, action: Action) -> None:
    """What is counted down begins by the clock alone; what is down is not taken down again."""
    if action.state == "counting_down" or action.statement_id is not None:
        raise InvalidTransition(
            "This goes out when its half minute is over.", current_state=action.state,
            allowed=["cancel"],
        )  # fmt: skip
    places = {_place(one) for one in await results.of_action(session, action.id)}
    for one in await down.in_the_way(session, action.client_id, besides=action.id):
        if action.kind in NEEDS_YES and _place(one) in places:
            raise InvalidTransition(
                f"{one.name} is down already, or may be.", current_state=action.state,
                allowed=[], hint="Look at what was done before: put it back or try again there.",
            )  # fmt: skip


def _place(one: Result) -> tuple[UUID | None, str, str]:
    return one.source_id, one.verb, one.target


async def retry(session: Writer, action: Action, *, by: Actor) -> None:
    """Once more what failed. The way there needs the yes to be still fresh, and undisputed."""
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    if action.statement_id is not None:
        raise InvalidTransition(
            "Words go out from their own page.", current_state=action.state, allowed=[],
            hint="Publish the statement again.",
        )  # fmt: skip
    there = [one for one in await results.of_action(session, action.id) if one.way == "there"]
    if action.kind in NEEDS_YES and any(actions.can_retry(one) for one in there):
        used = await approvals.newest_of(session, action.id)
        if used is None or used.objected_at or not used.valid_until or used.valid_until <= now():
            raise ApprovalLapsed
    await awake.here(session, action.incident_id, by)
    await actions.retry(session, action, by=by)


async def may_execute(session: Reader, action: Action, *, standing: bool = False) -> None:
    """Say what would stand in the way, and change nothing."""
    await _must_be_ours_to_begin(session, action)
    if action.kind not in NEEDS_YES or (standing and await covering(session, action)):
        return
    await approvals.holding(session, actions.subject(action))


async def use_words(session: Writer, action: Action, statement: Statement) -> None:
    """The countdown of a statement ended: use the yes that holds for exactly these words."""
    subject = await statements.subject(session, statement)
    if action.shown["words"] != statement.text:
        raise DigestChanged
    await approvals.consume(session, await approvals.holding(session, subject))
    await actions.start(session, action, by=SYSTEM)


async def _use_yes(session: Writer, action: Action, *, by: Actor, standing: bool) -> None:
    if standing and action.state in ("proposed", "awaiting_approval"):
        await _by_standing(session, action, by=by)
    await approvals.consume(session, await approvals.holding(session, actions.subject(action)))


async def _by_standing(session: Writer, action: Action, *, by: Actor) -> None:
    """A yes that was agreed in daylight, used by a person’s tap: it is written down like any."""
    found = await covering(session, action)
    if found is None:
        raise ApprovalMissing("No standing yes covers all of this.")
    if await _said_no_lately(session, action, found):
        raise ApprovalMissing("The owner said no to something tonight.", hint="Ask again.")
    given: Approval = await approvals.request(session, actions.subject(action), by=by)
    answer = Answer("standing", found.contact_id, found.contact_name, until=found.until)
    await approvals.approve(session, given, answer, by=by)
    await actions.ready(session, action, by=by)
    facts = {"name": found.contact_name, "code": action.code, "how": "standing"}
    await timeline.write(session, action.incident_id, "approved", by=by, **dict(facts))


async def _said_no_lately(session: Reader, action: Action, found: StandingApproval) -> bool:
    """A fresh no outweighs an old yes, and so does that whoever gave it is not there any more."""
    against = await session.exec(
        select(Approval.id).where(
            Approval.incident_id == action.incident_id,
            col(Approval.state).in_(("declined", "revoked"))
            | col(Approval.objected_at).is_not(None),
        )
    )
    gone = found.contact_id and await session.get(Contact, found.contact_id) is None
    return bool(gone) or against.first() is not None


async def covering(session: Reader, action: Action) -> StandingApproval | None:
    """The standing yes that covers every place of an action; None where one is missing."""
    wanted = {str(one.source_id) for one in await results.of_action(session, action.id)}
    for one in await standing_of(session, action.client_id):
        if wanted <= set(one.source_ids):
            return one
    return None


async def standing_of(session: Reader, client_id: UUID) -> list[StandingApproval]:
    """The standing yeses of a client that hold now."""
    found = await session.exec(
        select(StandingApproval).where(
            StandingApproval.client_id == client_id,
            col(StandingApproval.revoked_at).is_(None),
            col(StandingApproval.until) > now(),
        )
    )
    return list(found)


async def put_back(
    session: Writer, action: Action, places: Collection[UUID] = (), *, by: Actor
) -> None:
    """All of it, or some places first: what stays down is asked about again."""
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    await actions.revert(session, action, places, by=by)


async def cancel(session: Writer, action: Action, *, by: Actor) -> None:
    """Not this: a question about it is taken back, a countdown stops."""
    await timeline.hold(session, action.incident_id)
    await session.refresh(action)
    counting = action.state == "counting_down"
    await actions.cancel(session, action, by=by)
    if counting and action.statement_id:
        statement = await statements.take(session, action.statement_id)
        await statements.stopped(session, statement, by=by)
    for one in await approvals.of_subject(session, action.id):
        if one.state == "requested":
            await approvals.withdraw(session, one, by=by)
        elif one.state == "approved":
            await approvals.revoke(session, one, "It is not done.", by=by)


async def finish(session: Writer, result: Result, link: str, *, by: Actor) -> Action:
    """A hand did its part."""
    action = await session.get_one(Action, result.action_id)
    await timeline.hold(session, action.incident_id)
    await session.refresh(result)
    await results.finish(session, result, link=link, by=by)
    return action
