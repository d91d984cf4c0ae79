"""Approvals: asking the owner, writing down what was said, and what was agreed in daylight."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, Field
from sqlmodel import col, select

from api.acting import ask, follow, tell
from api.clock import now
from api.database import Reader, Writer
from api.errors import Invalid, NotThere
from api.ids import Prefixed, encode
from api.lifecycle import approval as lifecycle
from api.lifecycle import statement as statements
from api.lifecycle import timeline
from api.lifecycle.approval import Answer
from api.models import Approval, Contact, Source, StandingApproval, Statement
from api.routes.action_shapes import ActionId, ApprovalId, ApprovalOut, StatementId, approval_out
from api.routes.actions import an_action
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.incident_shapes import ContactId
from api.routes.lists import Page, Paging, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.source_shapes import SourceId
from api.routes.versions import tagged

router = APIRouter(prefix="/v1", tags=["approvals"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("approvals:read")]
MayWrite = Annotated[Asker, may("approvals:write")]
MayRecord = Annotated[Asker, may("approvals:record")]
StandingId = Annotated[UUID, Prefixed("sty")]
State = Literal[
    "requested", "approved", "declined", "changes_requested", "expired", "withdrawn",
    "superseded", "consumed", "revoked", "lapsed",
]  # fmt: skip


class About(In):
    """What the owner is asked about: an action or a statement."""

    action_id: ActionId | None = None
    statement_id: StatementId | None = None


class Spoken(In):
    """What somebody at the client said, how, and in which words."""

    answer: Literal["yes", "no", "changes"]
    contact_id: ContactId
    how: Literal["phone", "in_person"] = "phone"
    words: str = Field("", max_length=4000)


class Why(In):
    """Why a yes is taken back."""

    why: str = Field("The client took it back.", min_length=1, max_length=400)


class StandingIn(In):
    """What was agreed in daylight: with whom, for which places, until when."""

    contact_id: ContactId
    source_ids: list[SourceId] = Field(min_length=1, max_length=100)
    until: AwareDatetime
    how: Literal["phone", "in_person", "in_writing"] = "in_writing"


class StandingOut(Out):
    """A yes that was agreed in daylight."""

    id: StandingId
    object: str = "standing_approval"
    client_id: ClientId
    source_ids: list[str]
    contact_name: str
    agreed_how: str
    agreed_at: datetime | None
    until: datetime | None
    by_name: str
    revoked_at: datetime | None


@router.get("/approvals")
async def list_approvals(
    asker: MayRead, session: Reading, paging: Annotated[Paging, Depends()],
    state: Annotated[list[State] | None, Query()] = None, client_id: ClientId | None = None,
) -> Page[ApprovalOut]:  # fmt: skip
    """Questions to owners and their answers, newest first."""
    query = select(Approval).where(asker.sees(Approval.client_id))
    if state:
        query = query.where(col(Approval.state).in_(state))
    if client_id:
        query = query.where(Approval.client_id == client_id)
    found, cursor = await paging.of(session, query, Approval)
    return page([approval_out(one) for one in found], cursor)


@router.post("/approvals", status_code=201)
async def request_approval(body: About, asker: MayWrite, session: Writing, _: Once) -> ApprovalOut:
    """Ask the owner by a private link; what was asked before about the same counts no more."""
    if (body.action_id is None) == (body.statement_id is None):
        raise Invalid("Name one thing: an action or a statement.")
    if body.action_id:
        action = await an_action(session, asker, body.action_id)
        return approval_out(await ask.about_action(session, action, by=asker.actor))
    statement = await _statement(session, asker, body.statement_id)
    await statements.submit(session, statement, by=asker.actor)
    asked = await statements.subject(session, statement)
    return approval_out(await ask.by_link(session, asked, by=asker.actor))


async def _statement(session: Writer, asker: Asker, statement_id: UUID | None) -> Statement:
    found = await session.get(Statement, statement_id) if statement_id else None
    if found is None:
        raise NotThere
    asker.must_see(found.client_id)
    return await statements.take(session, found.id)


@router.get("/approvals/{approval_id}")
async def get_approval(
    approval_id: ApprovalId, asker: MayRead, session: Reading, request: Request, response: Response
) -> ApprovalOut:
    """One question and what became of it."""
    found = await _approval(session, asker, approval_id)
    tagged(request, response, f"{found.version}-{found.state}")
    return approval_out(found)


@router.post("/approvals/{approval_id}/record")
async def record_approval(
    approval_id: ApprovalId, body: Spoken, asker: MayRecord, session: Writing, _: Once
) -> ApprovalOut:
    """Write down what was said; the owner gets it in writing at once."""
    found = await _approval(session, asker, approval_id)
    contact = await a_contact(session, found.client_id, body.contact_id)
    if body.answer == "changes" and found.subject == "action":
        raise Invalid("Only words can be changed.", hint="Record a no, and propose another one.")
    await must_approve(session, contact, body.answer)
    answer = Answer(body.how, contact.id, contact.name, words=body.words)
    does = {"yes": follow.on_yes, "no": follow.on_no, "changes": follow.on_changes}
    await does[body.answer](session, found, answer, by=asker.actor)
    return approval_out(found)


@router.post("/approvals/{approval_id}/remind")
async def remind_approver(
    approval_id: ApprovalId, asker: MayWrite, session: Writing, _: Once
) -> ApprovalOut:
    """Send the question once more."""
    found = await _approval(session, asker, approval_id)
    return approval_out(await ask.remind(session, found))


@router.post("/approvals/{approval_id}/withdraw")
async def withdraw_approval(
    approval_id: ApprovalId, asker: MayWrite, session: Writing, _: Once
) -> ApprovalOut:
    """Do not ask any more."""
    found = await _approval(session, asker, approval_id)
    await timeline.hold(session, found.incident_id)
    await lifecycle.withdraw(session, found, by=asker.actor)
    await follow.yes_is_gone(session, found, by=asker.actor)
    return approval_out(found)


@router.post("/approvals/{approval_id}/revoke")
async def revoke_approval(
    approval_id: ApprovalId, body: Why, asker: MayRecord, session: Writing, _: Once
) -> ApprovalOut:
    """Take a yes back before it is used."""
    found = await _approval(session, asker, approval_id)
    await follow.on_revoke(session, found, body.why, by=asker.actor)
    return approval_out(found)


@router.get("/clients/{client_id}/standing-approvals")
async def list_standing_approvals(
    client_id: ClientId, asker: MayRead, session: Reading
) -> Page[StandingOut]:
    """What may be done without asking, newest first."""
    await a_client(session, asker, client_id)
    found = await session.exec(
        select(StandingApproval)
        .where(StandingApproval.client_id == client_id)
        .order_by(col(StandingApproval.id).desc())
    )
    return page([_standing_out(one) for one in found])


@router.post("/clients/{client_id}/standing-approvals", status_code=201)
async def create_standing_approval(
    client_id: ClientId, body: StandingIn, asker: MayRecord, session: Writing, _: Once
) -> StandingOut:
    """Write down what was agreed in daylight. Using it still takes a person’s tap."""
    await a_client(session, asker, client_id)
    if body.until <= now():
        raise Invalid("Its time is over already.", hint="Choose a day ahead.")
    contact = await a_contact(session, client_id, body.contact_id)
    for source_id in body.source_ids:
        source = await session.get(Source, source_id)
        if source is None or source.client_id != client_id:
            raise NotThere("This place does not belong to this client.")
    standing = StandingApproval(
        client_id=client_id, source_ids=[str(one) for one in body.source_ids],
        contact_id=contact.id, contact_name=contact.name, agreed_how=body.how, agreed_at=now(),
        until=body.until, by_name=asker.actor.name,
    )  # fmt: skip
    session.add(standing)
    await session.flush()
    return _standing_out(standing)


@router.post("/standing-approvals/{standing_id}/revoke")
async def revoke_standing_approval(
    standing_id: StandingId, asker: MayRecord, session: Writing, _: Once
) -> StandingOut:
    """From now on it is asked again."""
    standing = await session.get(StandingApproval, standing_id)
    if standing is None:
        raise NotThere
    asker.must_see(standing.client_id)
    standing.revoked_at = standing.revoked_at or now()
    session.add(standing)
    return _standing_out(standing)


def _standing_out(standing: StandingApproval) -> StandingOut:
    named = [encode("src", UUID(one)) for one in standing.source_ids]
    return StandingOut.model_validate(standing.model_dump() | {"source_ids": named})


async def a_contact(session: Reader, client_id: UUID, contact_id: UUID) -> Contact:
    """Somebody at this client; NotThere otherwise."""
    contact = await session.get(Contact, contact_id)
    if contact is None or contact.client_id != client_id:
        raise NotThere("This person does not belong to this client.")
    return contact


async def must_approve(session: Reader, contact: Contact, answer: str) -> None:
    """A yes comes from somebody who may say it; anybody at the client may say no."""
    may = {one.id for one in await tell.approvers(session, contact.client_id)}
    if answer == "yes" and contact.id not in may:
        raise Invalid(
            f"{contact.name} may not say yes for this client.",
            hint="Ask somebody who may, or allow it on the client’s page.",
        )


async def _approval(session: Reader, asker: Asker, approval_id: UUID) -> Approval:
    found = await session.get(Approval, approval_id)
    if found is None:
        raise NotThere
    asker.must_see(found.client_id)
    return found
