"""Actions: what is done for a client, with the owner’s yes, read back, with a way back."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, Field

from api import options
from api.acting import awake, do, settle
from api.clock import now
from api.database import Reader, Writer
from api.errors import CapabilityMissing, Invalid, NotThere
from api.lifecycle import action as lifecycle
from api.lifecycle import incident as incidents
from api.lifecycle import timeline
from api.lifecycle.action import Plan
from api.models import Action, Incident, Result, Review, Source
from api.platforms import CATALOGUE
from api.routes.action_shapes import (
    ActionId,
    ActionOut,
    OptionsOut,
    ResultId,
    action_out,
    option_out,
    stay_out,
)
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.incident_shapes import IncidentId, IncidentOut, incident_out
from api.routes.incidents import an_incident
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.reviews import ReviewId
from api.routes.shapes import In
from api.routes.versions import tagged

router = APIRouter(prefix="/v1", tags=["actions"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("incidents:read")]
MayWrite = Annotated[Asker, may("incidents:write")]
MayExecute = Annotated[Asker, may("actions:execute")]
_LONGEST_WAIT = timedelta(days=7)


class TakeDown(In):
    """What comes down: keys of the options, as they are now."""

    kind: Literal["take_down"]
    chosen: list[str] = Field(min_length=1, max_length=100)


class OnReview(In):
    """An answer to one review, or word that it was reported by hand."""

    kind: Literal["reply", "report"]
    review_id: ReviewId
    text: str = Field("", max_length=10_000)


class Execution(In):
    """Whether a standing yes is used, and whether it is only tried."""

    standing: bool = False
    dry_run: bool = False


class Revert(In):
    """Which places come back; none named means all."""

    places: list[ResultId] = Field(default_factory=list, max_length=500)


class ByHand(In):
    """What a hand did, and the address of what it made there."""

    result_id: ResultId
    link: str = Field("", max_length=2000)


class Wait(In):
    """Until when it is waited; then somebody is asked to look again."""

    until: AwareDatetime | None = None
    minutes: int | None = Field(None, ge=5, le=10_080)


@router.get("/incidents/{incident_id}/options")
async def list_options(incident_id: IncidentId, asker: MayRead, session: Reading) -> OptionsOut:
    """What can be done tonight, place by place, and how sure that is."""
    found = await options.of(session, await an_incident(session, asker, incident_id))
    return OptionsOut(
        goes=[option_out(one) for one in found.goes], stays=[stay_out(one) for one in found.stays]
    )


@router.get("/incidents/{incident_id}/actions")
async def list_actions(
    incident_id: IncidentId, asker: MayRead, session: Reading
) -> Page[ActionOut]:
    """What was decided in an incident, newest first."""
    await an_incident(session, asker, incident_id)
    found = await lifecycle.of_incident(session, incident_id)
    return page([await action_out(session, one) for one in found])


@router.post("/incidents/{incident_id}/actions", status_code=201)
async def propose_action(
    incident_id: IncidentId, body: TakeDown | OnReview, asker: MayWrite, session: Writing, _: Once
) -> ActionOut:
    """Write down what would be done. Nothing is done by this."""
    incident = await an_incident(session, asker, incident_id)
    if isinstance(body, OnReview):
        return await action_out(session, await _on_review(session, incident, body, asker))
    return await action_out(session, await take_down(session, incident, body.chosen, asker))


async def take_down(session: Writer, incident: Incident, chosen: list[str], asker: Asker) -> Action:
    """Propose what was chosen; Invalid when an option is not there any more."""
    found = await options.of(session, incident)
    by_key = {one.key: one for one in found.goes}
    gone = [key for key in chosen if key not in by_key]
    if gone:
        raise Invalid("This cannot be chosen any more.", hint="Look at the choices anew.")
    plans = [plan for key in dict.fromkeys(chosen) for plan in by_key[key].plans]
    stays = [one.name for one in found.stays]
    return await lifecycle.propose(
        session, incident, "take_down", plans, by=asker.actor, stays=stays
    )


async def _on_review(session: Writer, incident: Incident, body: OnReview, asker: Asker) -> Action:
    review = await session.get(Review, body.review_id)
    if review is None or review.client_id != incident.client_id:
        raise NotThere("This review does not belong to this client.")
    if body.kind == "reply" and not body.text:
        raise Invalid("The answer is empty.", hint="Write what should be said.")
    source = await session.get_one(Source, review.source_id)
    can = {one.verb: one for one in CATALOGUE[source.kind].capabilities}[body.kind]
    if can.how == "none":
        raise CapabilityMissing(can.reason)
    plan = Plan(
        name=source.name, verb=body.kind, what=body.text or can.reason, source_id=source.id,
        certainty="expected" if can.how == "real" and body.kind == "reply" else "by_hand",
        back_verb="unreply" if can.how == "real" and body.kind == "reply" else "",
        target=review.external_id, params={"text": body.text, "note": body.text},
        link=can.link or review.url or "",
    )  # fmt: skip
    return await lifecycle.propose(
        session, incident, body.kind, [plan], by=asker.actor, words=body.text
    )


@router.get("/actions/{action_id}")
async def get_action(
    action_id: ActionId, asker: MayRead, session: Reading, request: Request, response: Response
) -> ActionOut:
    """One action as it stands now, place by place."""
    out = await action_out(session, await an_action(session, asker, action_id))
    places = "-".join(f"{one.way[0]}{one.state}" for one in out.results)
    asked = f"{out.approval.version}{out.approval.state}" if out.approval else ""
    tagged(request, response, f"{out.version}-{places}-{asked}-{out.left_at}-{out.ask_at}")
    return out


@router.post("/actions/{action_id}/execute")
async def execute_action(
    action_id: ActionId, body: Execution, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """Do it now. It needs a yes that holds for exactly this; `dry_run` only says so."""
    action = await an_action(session, asker, action_id)
    if body.dry_run:
        await do.may_execute(session, action, standing=body.standing)
    else:
        await do.execute(session, action, by=asker.actor, standing=body.standing)
        await settle.settle(session, action.id)
    return await action_out(session, action)


@router.post("/actions/{action_id}/cancel")
async def cancel_action(
    action_id: ActionId, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """Do not do it, or stop the countdown."""
    action = await an_action(session, asker, action_id)
    await do.cancel(session, action, by=asker.actor)
    return await action_out(session, action)


@router.post("/actions/{action_id}/revert")
async def revert_action(
    action_id: ActionId, body: Revert, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """Put it back: all of it, or the places named."""
    action = await an_action(session, asker, action_id)
    await do.put_back(session, action, body.places, by=asker.actor)
    await settle.settle(session, action.id)
    return await action_out(session, action)


@router.post("/actions/{action_id}/retry")
async def retry_action(
    action_id: ActionId, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """Try the failed parts once more; what may have been sent is looked at first."""
    action = await an_action(session, asker, action_id)
    await do.retry(session, action, by=asker.actor)
    await settle.settle(session, action.id)
    return await action_out(session, action)


@router.post("/actions/{action_id}/accept")
async def accept_action(
    action_id: ActionId, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """What is done is enough."""
    action = await an_action(session, asker, action_id)
    await timeline.hold(session, action.incident_id)
    await lifecycle.accept(session, action, by=asker.actor)
    return await action_out(session, action)


@router.post("/actions/{action_id}/leave")
async def leave_action(
    action_id: ActionId, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """It stays down; nobody is asked for the way back any more."""
    action = await an_action(session, asker, action_id)
    await timeline.hold(session, action.incident_id)
    await lifecycle.leave(session, action, by=asker.actor)
    return await action_out(session, action)


@router.post("/actions/{action_id}/complete-manual")
async def complete_manual_action(
    action_id: ActionId, body: ByHand, asker: MayExecute, session: Writing, _: Once
) -> ActionOut:
    """A hand did its part at one place."""
    action = await an_action(session, asker, action_id)
    result = await session.get(Result, body.result_id)
    if result is None or result.action_id != action.id:
        raise NotThere("This place does not belong to this action.")
    await do.finish(session, result, body.link, by=asker.actor)
    await settle.settle(session, action.id)
    return await action_out(session, action)


@router.post("/incidents/{incident_id}/wait")
async def wait_and_look(
    incident_id: IncidentId, body: Wait, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """Wait and watch; somebody is asked to look again then."""
    incident = await an_incident(session, asker, incident_id)
    at = body.until or now() + timedelta(minutes=body.minutes or 30)
    if not now() < at <= now() + _LONGEST_WAIT:
        raise Invalid("That is not within the next seven days.", hint="Choose a nearer time.")
    await timeline.hold(session, incident.id)
    await incidents.wait(session, incident, at)
    await awake.here(session, incident.id, asker.actor)
    await awake.decided(session, incident.id)
    await timeline.write(session, incident.id, "waiting", by=asker.actor, at=at.isoformat())
    await session.flush()
    await session.refresh(incident)
    return await incident_out(session, incident)


async def an_action(session: Reader, asker: Asker, action_id: UUID) -> Action:
    """The action, if the asker may see its client; NotThere otherwise."""
    action = await session.get(Action, action_id)
    if action is None:
        raise NotThere
    asker.must_see(action.client_id)
    return action
