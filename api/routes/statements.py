"""Statements: written, checked, agreed, held until it is quiet, published, and taken back."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import col, select

from api import words_statements as words
from api.acting import ask
from api.database import Reader, Writer
from api.errors import NotThere
from api.lifecycle import holding, publishing, statement_facts, statement_text
from api.lifecycle import statement as lifecycle
from api.models import Source, Statement, StatementVersion
from api.routes.action_shapes import StatementId
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId
from api.routes.incident_shapes import IncidentId
from api.routes.incidents import an_incident
from api.routes.lists import Page, Paging, page
from api.routes.once import LedgerRoute, Once
from api.routes.statement_bodies import HoldIn, StatementIn, StatementPatch, refused, until_of
from api.routes.statement_shapes import (
    DifferenceOut,
    StatementLine,
    StatementOut,
    TemplateOut,
    VersionOut,
    line_out,
    piece_out,
    statement_out,
    template_out,
    version_out,
)
from api.routes.versions import IfMatch, expect, tag, tagged_as_seen
from api.statements.difference import difference
from api.statements.templates import TEMPLATES, Facts, fill

router = APIRouter(prefix="/v1", tags=["statements"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("statements:read")]
MayWrite = Annotated[Asker, may("statements:write")]
MayExecute = Annotated[Asker, may("actions:execute")]
State = Literal[
    "draft", "in_review", "approved", "held", "publishing", "published", "failed", "retracted",
    "discarded",
]  # fmt: skip


@router.get("/statements")
async def list_statements(
    asker: MayRead, session: Reading, paging: Annotated[Paging, Depends()],
    state: Annotated[list[State] | None, Query()] = None, client_id: ClientId | None = None,
    incident_id: IncidentId | None = None,
) -> Page[StatementLine]:  # fmt: skip
    """Statements, newest first."""
    query = select(Statement).where(asker.sees(Statement.client_id))
    if state:
        query = query.where(col(Statement.state).in_(state))
    if client_id:
        query = query.where(Statement.client_id == client_id)
    if incident_id:
        query = query.where(Statement.incident_id == incident_id)
    found, cursor = await paging.of(session, query, Statement)
    return page([await line_out(session, one) for one in found], cursor)


@router.post("/statements", status_code=201)
async def create_statement(
    body: StatementIn, asker: MayWrite, session: Writing, response: Response, _: Once
) -> StatementOut:
    """Begin a draft."""
    incident = await an_incident(session, asker, body.incident_id)
    template = TEMPLATES[body.template or "holding"]
    text = body.text or fill(template.text, await statement_facts.facts(session, incident))
    statement = await lifecycle.create(
        session, incident, text, by=asker.actor, template=body.template or "",
        source_ids=await _own(session, incident.client_id, body.source_ids),
    )  # fmt: skip
    response.headers["ETag"] = tag(statement.version)
    return await statement_out(session, statement)


@router.get("/statements/{statement_id}")
async def get_statement(
    statement_id: StatementId, asker: MayRead, session: Reading, request: Request,
    response: Response,
) -> StatementOut:  # fmt: skip
    """One statement, its words read with what is known now."""
    statement = await _seen(session, asker, statement_id)
    out = await statement_out(session, statement)
    tagged_as_seen(request, response, statement.version, out)
    return out


@router.patch("/statements/{statement_id}")
async def update_statement(
    statement_id: StatementId, body: StatementPatch, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> StatementOut:  # fmt: skip
    """Change the words or the places: a draft again, with a new version."""
    statement = await _held(session, asker, statement_id)
    expect(statement.version, if_match, await statement_out(session, statement))
    places = statement.source_ids
    if body.source_ids is not None:
        places = await _own(session, statement.client_id, body.source_ids)
    text = body.text or statement.text
    await lifecycle.edit(session, statement, text, places, by=asker.actor)
    response.headers["ETag"] = tag(statement.version)
    return await statement_out(session, statement)


@router.get("/statements/{statement_id}/versions")
async def list_statement_versions(
    statement_id: StatementId,
    asker: MayRead,
    session: Reading,
    paging: Annotated[Paging, Depends()],
) -> Page[VersionOut]:
    """All versions of the words, newest first."""
    await _seen(session, asker, statement_id)
    query = select(StatementVersion).where(StatementVersion.statement_id == statement_id)
    found, cursor = await paging.of(session, query, StatementVersion)
    return page([version_out(one) for one in found], cursor)


@router.get("/statements/{statement_id}/difference")
async def get_statement_difference(
    statement_id: StatementId, asker: MayRead, session: Reading,
    older: Annotated[int | None, Query(ge=1)] = None,
    newer: Annotated[int | None, Query(ge=1)] = None,
) -> DifferenceOut:  # fmt: skip
    """What changed between two versions; without numbers, between the last two."""
    statement = await _seen(session, asker, statement_id)
    last = newer or statement.number
    first = older or max(1, last - 1)
    texts = {one.number: one.text for one in await statement_text.versions(session, statement.id)}
    if first not in texts or last not in texts:
        raise NotThere(words.NOT_THERE_ANY_MORE)
    pieces = [piece_out(one) for one in difference(texts[first], texts[last])]
    return DifferenceOut(older=first, newer=last, pieces=pieces)


@router.post("/statements/{statement_id}/submit")
async def submit_statement(
    statement_id: StatementId, asker: MayWrite, session: Writing, _: Once
) -> StatementOut:
    """Ask the owner about exactly these words; what is blank or too long is refused."""
    statement = await _held(session, asker, statement_id)
    await lifecycle.submit(session, statement, by=asker.actor)
    shown = await lifecycle.subject(session, statement)
    await ask.by_link(session, shown, by=asker.actor)
    return await _now(session, statement)


@router.post("/statements/{statement_id}/hold")
async def hold_statement(
    statement_id: StatementId, body: HoldIn, asker: MayWrite, session: Writing, _: Once
) -> StatementOut:
    """Hold it until it is quiet, until a time, or by hand; held already, hold it longer.

    Refused with the reason when people speak of illness, injury, discrimination, a child or the
    police, unless `despite` says that this was read.
    """
    statement = await _held(session, asker, statement_id)
    until = until_of(body.until)
    await holding.hold(session, statement, until, by=asker.actor, despite=body.despite)
    return await _now(session, statement)


@router.post("/statements/{statement_id}/publish")
async def publish_statement(
    statement_id: StatementId, asker: MayExecute, session: Writing, _: Once
) -> StatementOut:
    """Count down half a minute and publish; the yes must hold for exactly these words, now."""
    statement = await _held(session, asker, statement_id)
    await publishing.publish(session, statement, by=asker.actor)
    return await _now(session, statement)


@router.post("/statements/{statement_id}/stop")
async def stop_publishing(
    statement_id: StatementId, asker: MayExecute, session: Writing, _: Once
) -> StatementOut:
    """Stop the countdown: nothing goes out."""
    statement = await _held(session, asker, statement_id)
    await publishing.stop(session, statement, by=asker.actor)
    return await _now(session, statement)


@router.post("/statements/{statement_id}/retract")
async def retract_statement(
    statement_id: StatementId, asker: MayExecute, session: Writing, _: Once
) -> StatementOut:
    """Take it back: the first time the owner is asked, after their yes a hand has taken it down."""
    statement = await _held(session, asker, statement_id)
    may = await publishing.may_take_back(session, statement)
    if may or statement.state != "published":
        await publishing.taken_back(session, statement, by=asker.actor)
    else:
        await publishing.must_not_wait(session, statement)
        shown = await lifecycle.subject(session, statement)
        await ask.by_link(session, shown, by=asker.actor)
    return await _now(session, statement)


@router.post("/statements/{statement_id}/discard")
async def discard_statement(
    statement_id: StatementId, asker: MayWrite, session: Writing, _: Once
) -> StatementOut:
    """Throw it away: a question about it is over, its versions stay."""
    statement = await _held(session, asker, statement_id)
    await lifecycle.discard(session, statement, by=asker.actor)
    return await _now(session, statement)


@router.get("/statement-templates")
async def list_statement_templates(
    asker: MayRead, session: Reading, incident_id: IncidentId | None = None
) -> Page[TemplateOut]:
    """Texts to begin with; with an incident, filled with what is known of it."""
    known = Facts()
    if incident_id:
        incident = await an_incident(session, asker, incident_id)
        known = await statement_facts.facts(session, incident)
    return page([template_out(one, fill(one.text, known)) for one in TEMPLATES.values()])


async def _own(session: Reader, client_id: UUID, wanted: list[UUID]) -> list[str]:
    """The places as they are kept, each once; Invalid for one that is not of this client."""
    once = list(dict.fromkeys(wanted))
    found = await session.exec(
        select(Source.id).where(
            col(Source.id).in_(once), Source.client_id == client_id,
            col(Source.removed_at).is_(None),
        )
    )  # fmt: skip
    if len(set(found)) != len(once):
        raise refused("/source_ids", "This client has no such place.")
    return [str(one) for one in once]


async def _seen(session: Reader, asker: Asker, statement_id: UUID) -> Statement:
    """The statement, if the asker may see its client; NotThere otherwise."""
    statement = await session.get(Statement, statement_id)
    if statement is None:
        raise NotThere
    asker.must_see(statement.client_id)
    return statement


async def _held(session: Writer, asker: Asker, statement_id: UUID) -> Statement:
    """The same, held until the commit."""
    await _seen(session, asker, statement_id)
    return await lifecycle.take(session, statement_id)


async def _now(session: Writer, statement: Statement) -> StatementOut:
    await session.flush()
    await session.refresh(statement)
    return await statement_out(session, statement)
