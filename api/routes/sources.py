"""Sources: where a client's reviews come from, and how well they can be seen."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, field_validator, model_validator
from sqlmodel import col, func, select

from api import words
from api.addresses import check_address
from api.clock import now
from api.crypto import seal
from api.database import Reader
from api.errors import NotThere
from api.ids import Prefixed, encode, new_id
from api.lifecycle import source as lifecycle
from api.lifecycle import warning
from api.models import Client, Review, Source
from api.queue import after_commit
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag, tagged_as_seen
from api.settings import settings
from api.signatures import new_secret

router = APIRouter(prefix="/v1", tags=["sources"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("sources:read")]
MayWrite = Annotated[Asker, may("sources:write")]
SourceId = Annotated[UUID, Prefixed("src")]


class Capability(Out):
    """One thing that can be done there: really, by hand, or not at all, and why."""

    verb: str
    how: str
    reason: str


class SourceOut(Out):
    """One source and its health."""

    id: SourceId
    object: str = "source"
    client_id: ClientId
    kind: str
    name: str
    url: str | None
    health: str
    health_detail: str
    blind: bool
    failing_since: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    review_count: int
    capabilities: list[Capability]
    version: int


class NewSource(SourceOut):
    """With what is shown once: the secret that a sender signs with, and where it sends to."""

    secret: str | None = None
    webhook_url: str | None = None


class SourceIn(In):
    """A new source; a feed needs its address."""

    kind: Literal["feed", "webhook", "push", "file"]
    name: str = Field(min_length=1, max_length=120)
    url: str | None = Field(None, max_length=2000)

    @field_validator("url")
    @classmethod
    def _outward(cls, value: str | None) -> str | None:
        if value is not None:
            check_address(value, settings.allowed_addresses | {settings.practice_address})
        return value

    @model_validator(mode="after")
    def _feed_has_address(self) -> "SourceIn":
        if (self.kind == "feed") != (self.url is not None):
            message = "a feed needs an address, the other kinds have none"
            raise ValueError(message)
        return self


class SourcePatch(In):
    """What may be changed; leave out what stays."""

    name: str = Field(min_length=1, max_length=120)


@router.get("/clients/{client_id}/sources")
async def list_sources(client_id: ClientId, asker: MayRead, session: Reading) -> Page[SourceOut]:
    """The sources of a client."""
    await a_client(session, asker, client_id)
    found = await session.exec(
        select(Source)
        .where(Source.client_id == client_id, col(Source.removed_at).is_(None))
        .order_by(col(Source.id))
    )
    return page([await _out(session, source) for source in found])


@router.post("/clients/{client_id}/sources", status_code=201)
async def create_source(
    client_id: ClientId, body: SourceIn, asker: MayWrite, session: Writing,
    response: Response, _: Once,
) -> NewSource:  # fmt: skip
    """Watch one more place. A webhook's secret is shown in this answer and never again."""
    client = await a_client(session, asker, client_id)
    _practice_only(body, client)
    source = Source(id=new_id(), client_id=client_id, **body.model_dump())
    secret = _give_secret(source) if body.kind == "webhook" else None
    if body.kind == "feed":
        source.poll_at = now()
        after_commit(session, "poll", source.id)
    session.add(source)
    await session.flush()
    response.headers["ETag"] = tag(source.version)
    address = f"{settings.origin}/in/{encode('src', source.id)}" if secret else None
    facts = (await _out(session, source)).model_dump() | {"secret": secret, "webhook_url": address}
    return NewSource.model_validate(facts)


def _practice_only(body: SourceIn, client: Client) -> None:
    """The drill's own address is for practice clients; for all others it is as private as any."""
    if body.url and not client.practice:
        check_address(body.url, settings.allowed_addresses)


def secret_row(source: Source) -> str:
    """What a webhook's secret is bound to."""
    return f"source:{source.id}"


def _give_secret(source: Source) -> str:
    secret = new_secret()
    source.secret_sealed = seal(secret.encode(), row=secret_row(source))
    return secret


@router.get("/sources/{source_id}")
async def get_source(
    source_id: SourceId, asker: MayRead, session: Reading, request: Request, response: Response
) -> SourceOut:
    """One source."""
    source = await a_source(session, asker, source_id)
    out = await _out(session, source)
    tagged_as_seen(request, response, source.version, out)
    return out


@router.patch("/sources/{source_id}")
async def update_source(
    source_id: SourceId, body: SourcePatch, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> SourceOut:  # fmt: skip
    """Give a source another name."""
    source = await a_source(session, asker, source_id)
    await hold(session, source)
    expect(source.version, if_match, await _out(session, source))
    source.name, source.version = body.name, source.version + 1
    session.add(source)
    response.headers["ETag"] = tag(source.version)
    return await _out(session, source)


@router.delete("/sources/{source_id}", status_code=204)
async def delete_source(
    source_id: SourceId, asker: MayWrite, session: Writing, if_match: IfMatch
) -> None:
    """Read this source no more; its reviews stay."""
    source = await a_source(session, asker, source_id)
    await hold(session, source)
    expect(source.version, if_match)
    source.removed_at, source.poll_at, source.tell_at = now(), None, None
    source.version += 1
    session.add(source)
    await session.flush()
    await lifecycle.note_sight(session, source.client_id)
    client = await session.get_one(Client, source.client_id)
    said = words.source_removed(client.name, source.name, asker.actor.name)
    await warning.changed_for_all(session, said, practice=client.practice)


@router.post("/sources/{source_id}/poll", status_code=202)
async def poll_source(source_id: SourceId, asker: MayWrite, session: Writing, _: Once) -> SourceOut:
    """Read this source now."""
    source = await a_source(session, asker, source_id)
    if source.kind == "feed":
        source.poll_at = now()
        session.add(source)
        after_commit(session, "poll", source.id)
    return await _out(session, source)


async def a_source(session: Reader, asker: Asker, source_id: UUID) -> Source:
    """The source, if the asker may see its client; NotThere otherwise."""
    source = await session.get(Source, source_id)
    if source is None or source.removed_at:
        raise NotThere
    await a_client(session, asker, source.client_id)
    return source


async def _out(session: Reader, source: Source) -> SourceOut:
    count = await session.exec(
        select(func.count()).select_from(Review).where(Review.source_id == source.id)
    )
    return SourceOut.model_validate(
        source.model_dump(exclude={"secret_sealed", "cursor"})
        | {
            "blind": lifecycle.blind(source),
            "next_poll_at": source.poll_at,
            "review_count": count.one(),
            "capabilities": [Capability(**one) for one in words.CAPABILITIES],
        }
    )
