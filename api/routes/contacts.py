"""Whom to ring at a client."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import EmailStr, Field
from sqlmodel import col, select

from api.database import Reader
from api.errors import NotThere
from api.ids import Prefixed
from api.lifecycle import owner_phone as phones
from api.models import Contact
from api.routes.asking import Asker, Reading, Writing
from api.routes.clients import ClientId, MayRead, MayWrite, a_client
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag

router = APIRouter(prefix="/v1", tags=["contacts"], route_class=LedgerRoute)

ContactId = Annotated[UUID, Prefixed("ctc")]


class ContactOut(Out):
    """One person at a client."""

    id: ContactId
    object: str = "contact"
    client_id: ClientId
    name: str
    phone: str | None
    email: str | None
    role: str
    ring_order: int
    may_approve: bool
    language: str
    hours: str
    verified_at: datetime | None
    version: int


class ContactIn(In):
    """A person at a client."""

    name: str = Field(min_length=1, max_length=120)
    phone: str | None = Field(None, max_length=40)
    email: EmailStr | None = None
    role: str = Field("other", max_length=40)
    ring_order: int = Field(0, ge=0, le=100)
    may_approve: bool = False
    language: str = Field("en", max_length=10)
    hours: str = Field("", max_length=120)


class ContactPatch(In):
    """What may be changed; leave out what stays."""

    name: str | None = Field(None, min_length=1, max_length=120)
    phone: str | None = Field(None, max_length=40)
    email: EmailStr | None = None
    ring_order: int | None = Field(None, ge=0, le=100)
    may_approve: bool | None = None
    language: str | None = Field(None, max_length=10)
    hours: str | None = Field(None, max_length=120)


@router.get("/clients/{client_id}/contacts")
async def list_contacts(client_id: ClientId, asker: MayRead, session: Reading) -> Page[ContactOut]:
    """The people of a client in ring order."""
    await a_client(session, asker, client_id)
    found = await of_client(session, client_id)
    return page([ContactOut.model_validate(contact) for contact in found])


@router.post("/clients/{client_id}/contacts", status_code=201)
async def create_contact(
    client_id: ClientId, body: ContactIn, asker: MayWrite, session: Writing,
    response: Response, _: Once,
) -> ContactOut:  # fmt: skip
    """Another person at a client."""
    await a_client(session, asker, client_id)
    contact = Contact(client_id=client_id, **body.model_dump())
    session.add(contact)
    await session.flush()
    response.headers["ETag"] = tag(contact.version)
    return ContactOut.model_validate(contact)


@router.patch("/contacts/{contact_id}")
async def update_contact(
    contact_id: ContactId, body: ContactPatch, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> ContactOut:  # fmt: skip
    """Change a person. Another number was never tested, and its phones must show whose they are."""
    contact = await _contact(session, asker, contact_id)
    await hold(session, contact)
    expect(contact.version, if_match, ContactOut.model_validate(contact))
    changes = body.model_dump(exclude_unset=True)
    if changes.get("phone", contact.phone) != contact.phone:
        changes["verified_at"] = None
    if any(old and changes.get(name, old) != old for name, old in _reached_by(contact)):
        await phones.revoke_of(session, contact.id)
    contact.sqlmodel_update(changes | {"version": contact.version + 1})
    session.add(contact)
    response.headers["ETag"] = tag(contact.version)
    return ContactOut.model_validate(contact)


@router.delete("/contacts/{contact_id}", status_code=204)
async def delete_contact(
    contact_id: ContactId, asker: MayWrite, session: Writing, if_match: IfMatch
) -> None:
    """Ring this person no more."""
    contact = await _contact(session, asker, contact_id)
    await hold(session, contact)
    expect(contact.version, if_match)
    await phones.revoke_of(session, contact.id)
    await session.delete(contact)


def _reached_by(contact: Contact) -> list[tuple[str, str | None]]:
    """Where a code may have gone."""
    return [("phone", contact.phone), ("email", contact.email)]


async def of_client(session: Reader, client_id: UUID) -> list[Contact]:
    """The people of a client in ring order."""
    found = await session.exec(
        select(Contact)
        .where(Contact.client_id == client_id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    return list(found)


async def _contact(session: Reader, asker: Asker, contact_id: UUID) -> Contact:
    contact = await session.get(Contact, contact_id)
    if contact is None:
        raise NotThere
    await a_client(session, asker, contact.client_id)
    return contact
