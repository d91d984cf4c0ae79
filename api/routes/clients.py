"""Clients: the businesses that are looked after."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import EmailStr, Field, field_validator
from sqlmodel import col, func, select, update

from api import words
from api.clock import now
from api.database import Reader, Writer
from api.errors import InvalidTransition, NotThere
from api.ids import Prefixed
from api.lifecycle import incident as incidents
from api.lifecycle import warning
from api.models import Baseline, Client, Contact, Review, Source
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.lists import Page, Paging, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag, tagged_as_seen
from api.routes.zones import known_zone

router = APIRouter(prefix="/v1", tags=["clients"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("clients:read")]
MayWrite = Annotated[Asker, may("clients:write")]
ClientId = Annotated[UUID, Prefixed("cli")]
Sensitivity = Literal["calm", "normal", "sharp"]

_USUAL_OVER = timedelta(weeks=14)
_NOTICE_LASTS = timedelta(hours=24)


class Usual(Out):
    """What is normal here, and on how much history that rests."""

    per_week: float | None
    weeks_of_history: int
    sentence: str


class NoticeOut(Out):
    """What was too little to wake anybody, and when it was found."""

    sentence: str
    at: datetime


class ClientOut(Out):
    """One business."""

    id: ClientId
    object: str = "client"
    name: str
    town: str
    zone: str
    sensitivity: Sensitivity
    practice: bool
    word: str
    last_read_at: datetime | None
    open_incident_id: Annotated[UUID, Prefixed("inc")] | None
    usual: Usual
    notice: NoticeOut | None
    version: int


class OwnerIn(In):
    """Whom to ring first."""

    name: str = Field(min_length=1, max_length=120)
    phone: str | None = Field(None, max_length=40)
    email: EmailStr | None = None


class ClientIn(In):
    """A new client, with its owner when known."""

    name: str = Field(min_length=1, max_length=120)
    town: str = Field("", max_length=120)
    zone: str = "UTC"
    sensitivity: Sensitivity = "normal"
    owner: OwnerIn | None = None

    _zone = field_validator("zone")(known_zone)


class ClientPatch(In):
    """What may be changed; leave out what stays."""

    name: str | None = Field(None, min_length=1, max_length=120)
    town: str | None = Field(None, max_length=120)
    zone: str | None = None
    sensitivity: Sensitivity | None = None

    _zone = field_validator("zone")(known_zone)


@router.get("/clients")
async def list_clients(
    asker: MayRead,
    session: Reading,
    paging: Annotated[Paging, Depends()],
    q: Annotated[str, Query(max_length=200)] = "",
) -> Page[ClientOut]:
    """All clients, newest first."""
    query = select(Client).where(
        asker.sees(Client.id), col(Client.archived_at).is_(None),
        col(Client.name).icontains(q.replace("\0", ""), autoescape=True),
    )  # fmt: skip
    found, cursor = await paging.of(session, query, Client)
    return page([await client_out(session, client) for client in found], cursor)


@router.post("/clients", status_code=201)
async def create_client(
    body: ClientIn, asker: MayWrite, session: Writing, response: Response, _: Once
) -> ClientOut:
    """A new client."""
    asker.must_see_all()
    client = Client(**body.model_dump(exclude={"owner"}))
    session.add(client)
    await session.flush()
    if body.owner:
        owner = body.owner.model_dump()
        session.add(Contact(client_id=client.id, role="owner", may_approve=True, **owner))
    response.headers["ETag"] = tag(client.version)
    return await client_out(session, client)


@router.get("/clients/{client_id}")
async def get_client(
    client_id: ClientId, asker: MayRead, session: Reading, request: Request, response: Response
) -> ClientOut:
    """One client."""
    client = await a_client(session, asker, client_id)
    out = await client_out(session, client)
    tagged_as_seen(request, response, client.version, out)
    return out


@router.patch("/clients/{client_id}")
async def update_client(
    client_id: ClientId, body: ClientPatch, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> ClientOut:  # fmt: skip
    """Change a client's name, town, time zone or sensitivity."""
    client = await a_client(session, asker, client_id)
    await hold(session, client)
    expect(client.version, if_match, await client_out(session, client))
    client.sqlmodel_update(body.model_dump(exclude_unset=True, exclude_none=True))
    client.version += 1
    session.add(client)
    if body.sensitivity == "calm":
        said = words.calmer(client.name, asker.actor.name)
        await warning.changed_for_all(session, said, practice=client.practice)
    response.headers["ETag"] = tag(client.version)
    return await client_out(session, client)


@router.delete("/clients/{client_id}", status_code=204)
async def archive_client(
    client_id: ClientId, asker: MayWrite, session: Writing, if_match: IfMatch
) -> None:
    """Stop looking after a client. Its sources are read no more; its history stays."""
    client = await a_client(session, asker, client_id)
    await hold(session, client)
    expect(client.version, if_match)
    if await incidents.of_client(session, client_id):
        raise InvalidTransition(
            "An incident of this client is open.",
            hint="End it first, then archive the client.",
        )
    client.archived_at, client.version = now(), client.version + 1
    session.add(client)
    await _stop_reading(session, client_id)
    said = words.client_archived(client.name, asker.actor.name)
    await warning.changed_for_all(session, said, practice=client.practice)


async def _stop_reading(session: Writer, client_id: UUID) -> None:
    await session.exec(
        update(Source).where(col(Source.client_id) == client_id).values(poll_at=None, tell_at=None)
    )


async def a_client(session: Reader, asker: Asker, client_id: UUID) -> Client:
    """The client, if the asker may see it; NotThere otherwise."""
    asker.must_see(client_id)
    client = await session.get(Client, client_id)
    if client is None or client.archived_at:
        raise NotThere
    return client


async def client_out(session: Reader, client: Client) -> ClientOut:
    """With its word: live, blind, quiet, or no sources yet."""
    incident = await incidents.of_client(session, client.id)
    sources = list(
        await session.exec(
            select(Source).where(Source.client_id == client.id, col(Source.removed_at).is_(None))
        )
    )
    reads = [source.last_ok_at for source in sources if source.last_ok_at]
    return ClientOut.model_validate(
        client.model_dump()
        | {
            "word": _word(sources, live=incident is not None),
            "last_read_at": max(reads, default=None),
            "open_incident_id": incident.id if incident else None,
            "usual": await usual(session, client.id),
            "notice": await _notice(session, client.id),
        }
    )


def _word(sources: list[Source], *, live: bool) -> str:
    if live:
        return "live"
    if all(source.kind == "file" for source in sources):
        return "no_sources"
    return "blind" if any(source.failing_since for source in sources) else "quiet"


async def _notice(session: Reader, client_id: UUID) -> NoticeOut | None:
    """The newest finding that was too small to wake anybody; a day later nobody asks for it."""
    found = await session.exec(
        select(Baseline.notice, Baseline.noticed_at).where(
            Baseline.client_id == client_id,
            col(Baseline.noticed_at) > now() - _NOTICE_LASTS,
        )
    )
    row = found.first()
    return NoticeOut.model_validate({"sentence": row[0]["sentence"], "at": row[1]}) if row else None


async def usual(session: Reader, client_id: UUID) -> Usual:
    """Reviews a week over the last fourteen weeks, or over what there is."""
    count, first = (
        await session.exec(
            select(func.count(), func.min(Review.created_at)).where(
                Review.client_id == client_id,
                col(Review.created_at) > now() - _USUAL_OVER,
            )
        )
    ).one()
    if not count or first is None:
        return Usual(per_week=None, weeks_of_history=0, sentence=words.NO_HISTORY)
    weeks = max((now() - first) / timedelta(weeks=1), 1.0)
    per_week = round(count / weeks, 1)
    return Usual(
        per_week=per_week, weeks_of_history=int(weeks), sentence=words.usual(per_week, int(weeks))
    )
