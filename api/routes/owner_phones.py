"""The phones from which a client's people may answer, and taking one of them out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.database import Reader
from api.errors import NotThere
from api.ids import Prefixed
from api.lifecycle import owner_phone as lifecycle
from api.models import Contact, OwnerPhone
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.contacts import ContactId
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import Out

router = APIRouter(prefix="/v1", tags=["approvals"], route_class=LedgerRoute)

MayRecord = Annotated[Asker, may("approvals:record")]
PhoneId = Annotated[UUID, Prefixed("phn")]


class OwnerPhoneOut(Out):
    """One browser that has shown whose it is; never its secret."""

    id: PhoneId
    object: str = "owner_phone"
    client_id: ClientId
    contact_id: ContactId
    contact_name: str
    verified_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@router.get("/clients/{client_id}/owner-phones")
async def list_owner_phones(
    client_id: ClientId, asker: MayRecord, session: Reading
) -> Page[OwnerPhoneOut]:
    """The phones that may answer for a client, newest first, revoked ones too."""
    await a_client(session, asker, client_id)
    found = await lifecycle.of_client(session, client_id)
    return page([await _out(session, one) for one in found])


@router.post("/owner-phones/{phone_id}/revoke")
async def revoke_owner_phone(
    phone_id: PhoneId, asker: MayRecord, session: Writing, _: Once
) -> OwnerPhoneOut:
    """This phone answers nothing any more."""
    phone = await session.get(OwnerPhone, phone_id)
    if phone is None:
        raise NotThere
    await a_client(session, asker, phone.client_id)
    await lifecycle.revoke(session, phone)
    return await _out(session, phone)


async def _out(session: Reader, phone: OwnerPhone) -> OwnerPhoneOut:
    contact = await session.get(Contact, phone.contact_id)
    name = contact.name if contact else ""
    return OwnerPhoneOut.model_validate(phone.model_dump() | {"contact_name": name})
