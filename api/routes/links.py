"""Private links to a client's page; a secret is shown once, when it is made."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from api.database import Reader
from api.errors import NotThere
from api.ids import Prefixed
from api.lifecycle import link as lifecycle
from api.models import Link
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.settings import settings

router = APIRouter(prefix="/v1", tags=["links"], route_class=LedgerRoute)

MayWrite = Annotated[Asker, may("links:write")]
LinkId = Annotated[UUID, Prefixed("lnk")]


class LinkOut(Out):
    """A link without its secret."""

    id: LinkId
    object: str = "link"
    client_id: ClientId
    capability: str
    created_at: datetime
    last_opened_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None


class NewLink(LinkOut):
    """A link with its address, this once."""

    url: str


class LinkIn(In):
    """What the link lets its holder do."""

    capability: Literal["view", "approve", "approve_emergency"] = "view"


class RotateIn(In):
    """Whether the old link stops at once, or opens ten more minutes."""

    revoke: Literal["now", "later"] = "later"


@router.get("/clients/{client_id}/links")
async def list_client_links(
    client_id: ClientId, asker: MayWrite, session: Reading
) -> Page[LinkOut]:
    """The links of a client, newest first; never their secrets."""
    await a_client(session, asker, client_id)
    found = await session.exec(
        select(Link).where(Link.client_id == client_id).order_by(col(Link.id).desc())
    )
    return page([LinkOut.model_validate(link) for link in found])


@router.post("/clients/{client_id}/links", status_code=201)
async def create_client_link(
    client_id: ClientId, body: LinkIn, asker: MayWrite, session: Writing, _: Once
) -> NewLink:
    """A new private link."""
    await a_client(session, asker, client_id)
    return _new(*await lifecycle.create(session, client_id, body.capability))


@router.post("/links/{link_id}/rotate", status_code=201)
async def rotate_client_link(
    link_id: LinkId, body: RotateIn, asker: MayWrite, session: Writing, _: Once
) -> NewLink:
    """Replace a link by a new one."""
    link = await _link(session, asker, link_id)
    return _new(*await lifecycle.rotate(session, link, at_once=body.revoke == "now"))


@router.post("/links/{link_id}/revoke")
async def revoke_client_link(
    link_id: LinkId, asker: MayWrite, session: Writing, _: Once
) -> LinkOut:
    """This link opens nothing any more."""
    link = await _link(session, asker, link_id)
    await lifecycle.revoke(session, link)
    return LinkOut.model_validate(link)


def _new(link: Link, token: str) -> NewLink:
    return NewLink.model_validate(link.model_dump() | {"url": f"{settings.origin}/p/{token}"})


async def _link(session: Reader, asker: Asker, link_id: UUID) -> Link:
    link = await session.get(Link, link_id)
    if link is None:
        raise NotThere
    await a_client(session, asker, link.client_id)
    return link
