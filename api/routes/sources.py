"""Sources: where a client's reviews come from, and how well they can be seen."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlmodel import col, select

from api import words
from api.addresses import check_address
from api.clock import now
from api.crypto import seal
from api.database import Reader
from api.errors import NotThere
from api.lifecycle import source as lifecycle
from api.lifecycle import warning, watching
from api.models import Client, Source
from api.queue import after_commit
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In
from api.routes.source_places import chosen
from api.routes.source_shapes import NewSource, SourceId, SourceIn, SourceOut, source_out
from api.routes.versions import IfMatch, expect, hold, tag, tagged_as_seen
from api.settings import settings
from api.signatures import new_secret

router = APIRouter(prefix="/v1", tags=["sources"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("sources:read")]
MayWrite = Annotated[Asker, may("sources:write")]


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
    return page([await source_out(session, source, asker) for source in found])


@router.post("/clients/{client_id}/sources", status_code=201)
async def create_source(
    client_id: ClientId, body: SourceIn, asker: MayWrite, session: Writing,
    response: Response, _: Once,
) -> NewSource:  # fmt: skip
    """Watch one more place. A webhook's secret is shown in this answer and never again.

    A place of an account that is watched already is read with the newer account from now on.
    """
    client = await a_client(session, asker, client_id)
    _practice_only(body, client)
    place, url = await chosen(session, client_id, body)
    source = await watching.already(
        session, client_id, body.kind, place, url=url, account_id=body.account_id
    )
    secret = None
    if source is None:
        source = Source(client_id=client_id, kind=body.kind, name=body.name, url=url)
        secret = _give_secret(source) if body.kind == "webhook" else None
        await watching.begin(session, source, place, body.account_id)
    else:
        await watching.again(session, source, place, body.account_id)
    response.headers["ETag"] = tag(source.version)
    out = await source_out(session, source, asker)
    return NewSource.model_validate(out.model_dump() | {"secret": secret})


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
    out = await source_out(session, source, asker)
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
    expect(source.version, if_match, await source_out(session, source, asker))
    source.name, source.version = body.name, source.version + 1
    session.add(source)
    response.headers["ETag"] = tag(source.version)
    return await source_out(session, source, asker)


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
    if watching.polled(source.kind):
        source.poll_at = now()
        session.add(source)
        after_commit(session, "poll", source.id)
    return await source_out(session, source, asker)


async def a_source(session: Reader, asker: Asker, source_id: UUID) -> Source:
    """The source, if the asker may see its client; NotThere otherwise."""
    source = await session.get(Source, source_id)
    if source is None or source.removed_at:
        raise NotThere
    await a_client(session, asker, source.client_id)
    return source
