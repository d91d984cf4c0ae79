"""Calls to the people of a client: the sheet to read from, and what they said."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api import call_sheet, words_acting
from api.acting import ask, awake, do, follow, tell
from api.call_sheet import SEND_LINK_AFTER
from api.clock import now
from api.database import Writer
from api.errors import Invalid, NotAllowed
from api.lifecycle import action as actions
from api.lifecycle import approval as approvals
from api.lifecycle import message as messages
from api.lifecycle import timeline
from api.lifecycle.approval import Answer
from api.lifecycle.message import About
from api.models import Action, Call, Contact, Incident
from api.routes.action_shapes import (
    ActionId,
    ActionOut,
    OptionsOut,
    action_out,
    option_out,
    stay_out,
)
from api.routes.actions import an_action, take_down
from api.routes.approvals import a_contact, must_approve
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.incident_shapes import ContactId, IncidentId
from api.routes.incidents import an_incident
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import tagged

router = APIRouter(prefix="/v1", tags=["calls"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("incidents:read")]
MayWrite = Annotated[Asker, may("incidents:write")]


class LineOut(Out):
    """One thing to say, and which part of the screen shows it."""

    text: str
    proof: str


class WhomOut(Out):
    """Somebody who can be rung."""

    contact_id: ContactId
    name: str
    phone: str | None
    role: str
    may_approve: bool
    verified_at: datetime | None


class CallSheetOut(Out):
    """What to say to whom, and what to ask then."""

    contact: WhomOut | None
    contacts: list[WhomOut]
    lines: list[LineOut]
    questions: list[str]
    options: OptionsOut
    standing: str
    missed: int
    send_link: bool
    may_write: bool


class CallIn(In):
    """A call and how it went; a yes names what it was for: an action, or keys of the options."""

    contact_id: ContactId
    outcome: Literal[
        "called", "said_yes", "said_no", "wants_to_think", "no_answer", "wrong_number"
    ] = "called"
    read_out: str = Field("", max_length=8000)
    words: str = Field("", max_length=4000)
    action_id: ActionId | None = None
    chosen: list[str] = Field(default_factory=list, max_length=100)


class CallOut(Out):
    """A call that was written down, and what it made ready."""

    object: str = "call"
    outcome: str
    contact_name: str
    at: datetime
    action: ActionOut | None


class Whom(In):
    """Who is written to."""

    contact_id: ContactId


class LinkSent(Out):
    """Whether there was a way to write to them, and which."""

    sent: bool
    by: str


@router.get("/incidents/{incident_id}/call-sheet")
async def get_call_sheet(
    incident_id: IncidentId, asker: MayRead, session: Reading, request: Request, response: Response
) -> CallSheetOut:
    """The script with the facts of this moment; a line without its fact is not there."""
    incident = await an_incident(session, asker, incident_id)
    found = await call_sheet.of(session, incident, asker.actor.name)
    tagged(request, response, f"{now():%H%M}-{incident.version}-{found.missed}")
    return CallSheetOut(
        contact=_whom(found.contact) if found.contact else None,
        contacts=[_whom(one) for one in found.contacts],
        lines=[LineOut.model_validate(one) for one in found.lines],
        questions=list(found.questions), standing=found.standing, missed=found.missed,
        send_link=found.missed >= SEND_LINK_AFTER, may_write=found.may_write,
        options=OptionsOut(
            goes=[option_out(one) for one in found.options.goes],
            stays=[stay_out(one) for one in found.options.stays],
        ),
    )  # fmt: skip


@router.post("/incidents/{incident_id}/calls", status_code=201)
async def record_call(
    incident_id: IncidentId, body: CallIn, asker: MayWrite, session: Writing, _: Once
) -> CallOut:
    """Write down a call. A yes makes ready what it was for, and the owner gets it in writing."""
    incident = await an_incident(session, asker, incident_id)
    if body.outcome in ("said_yes", "said_no") and "approvals:record" not in asker.scopes:
        raise NotAllowed("This needs the scope approvals:record.", scope="approvals:record")
    contact = await a_contact(session, incident.client_id, body.contact_id)
    await timeline.hold(session, incident.id)
    await must_approve(session, contact, "yes" if body.outcome == "said_yes" else "")
    call = await _keep(session, incident, contact, body, asker)
    await awake.here(session, incident.id, asker.actor)
    does = {"said_yes": _yes, "said_no": _no}
    action = None
    if does.get(body.outcome):
        action = await does[body.outcome](session, incident, body, call, asker)
    return CallOut(
        outcome=call.outcome, contact_name=call.contact_name, at=call.created_at,
        action=await action_out(session, action) if action else None,
    )  # fmt: skip


async def _keep(
    session: Writer, incident: Incident, contact: Contact, body: CallIn, asker: Asker
) -> Call:
    call = Call(
        incident_id=incident.id, contact_id=contact.id, contact_name=contact.name,
        phone=contact.phone or "", outcome=body.outcome, read_out=body.read_out, words=body.words,
        by_id=asker.actor.id, by_name=asker.actor.name,
    )  # fmt: skip
    session.add(call)
    await session.flush()
    facts: dict[str, Any] = {"name": contact.name, "words": body.words}
    await timeline.write(session, incident.id, body.outcome, by=asker.actor, **facts)
    return call


async def _yes(
    session: Writer, incident: Incident, body: CallIn, call: Call, asker: Asker
) -> Action:
    action = await _action_of(session, incident, body, asker)
    if action.state == "proposed":
        await actions.ask(session, action, by=asker.actor)
    answer = Answer("phone", call.contact_id, call.contact_name, call.id, words=body.words)
    await ask.spoken(session, actions.subject(action), answer, by=asker.actor)
    return action


async def _action_of(session: Writer, incident: Incident, body: CallIn, asker: Asker) -> Action:
    if body.action_id:
        action = await an_action(session, asker, body.action_id)
        if action.incident_id != incident.id:
            raise Invalid("This action belongs to another incident.")
        return action
    if not body.chosen:
        raise Invalid("A yes to what?", hint="Name the places that were read out.")
    return await take_down(session, incident, body.chosen, asker)


async def _no(
    session: Writer, incident: Incident, body: CallIn, call: Call, asker: Asker
) -> Action | None:
    """What waits for an answer, or has a yes that was not used, is not done; with an id, only that.

    Where nothing waits, it is only written down.
    """
    answer = Answer("phone", call.contact_id, call.contact_name, call.id, words=body.words)
    meant = None
    for action in await actions.of_incident(session, incident.id):
        asked = await approvals.newest_of(session, action.id)
        if asked is None or (body.action_id and action.id != body.action_id):
            continue
        if asked.state == "requested":
            await follow.on_no(session, asked, answer, by=asker.actor)
            meant = action
        elif asked.state == "approved" and action.state == "ready":
            await do.cancel(session, action, by=asker.actor)
            meant = action
    return meant


@router.post("/incidents/{incident_id}/send-link", status_code=202)
async def send_owner_link(
    incident_id: IncidentId, body: Whom, asker: MayWrite, session: Writing, _: Once
) -> LinkSent:
    """“Please look at this page”, by text or mail, when nobody answers the phone."""
    incident = await an_incident(session, asker, incident_id)
    contact = await a_contact(session, incident.client_id, body.contact_id)
    await timeline.hold(session, incident.id)
    link = await tell.private_page(session, incident.client_id)
    text = words_acting.LINK_INTRO.format(name=contact.name, link=link)
    key = f"link:{incident.id}:{contact.id}:{now():%Y%m%d%H%M}"
    message = await messages.tell(session, contact, text, About("link", key, incident.id))
    return LinkSent(sent=message is not None, by=message.channel if message else "")


def _whom(contact: Contact) -> WhomOut:
    return WhomOut.model_validate(contact.model_dump() | {"contact_id": contact.id})
