"""Tells the people of a client and the manager what was decided and what was done."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api import words_acting as words
from api.clock import now
from api.database import Reader, Writer
from api.ids import encode
from api.lifecycle import escalation as escalations
from api.lifecycle import link as links
from api.lifecycle import message as messages
from api.lifecycle import ringing, warning
from api.lifecycle.message import About
from api.lifecycle.plan import ladder
from api.models import Action, Approval, Client, Contact, Incident, User
from api.pulse import clock_time
from api.settings import settings

# A link in a message opens its page for a week; the standing one of the client goes on.
_LINK_FOR = timedelta(days=7)


async def approvers(session: Reader, client_id: UUID) -> list[Contact]:
    """Who may say yes, in ring order; the first person where nobody is marked."""
    found = list(
        await session.exec(
            select(Contact)
            .where(Contact.client_id == client_id)
            .order_by(col(Contact.ring_order), col(Contact.id))
        )
    )
    return [one for one in found if one.may_approve] or found[:1]


async def private_page(session: Writer, client_id: UUID, path: str = "") -> str:
    """The address of a fresh private link with the right to answer."""
    link, token = await links.create(session, client_id, "approve")
    link.expires_at = now() + _LINK_FOR
    session.add(link)
    return f"{settings.origin}/p/{token}{path}"


async def asked(session: Writer, approval: Approval, *, again: bool = False) -> int:
    """The question, to everybody who may answer it, again at most once a minute; how many it is."""
    told = 0
    turn = f":{now():%Y%m%d%H%M}" if again else ""
    client = await session.get_one(Client, approval.client_id)
    for contact in await approvers(session, client.id):
        link = await private_page(session, client.id)
        text = words.asks(contact.name, client.name, approval.code, link)
        about = About("asked", f"asked:{approval.id}:{contact.id}{turn}", approval.incident_id)
        told += await messages.tell(session, contact, text, about) is not None
    return told


async def agreed(session: Writer, approval: Approval) -> None:
    """What was just agreed, at once, to the one who agreed: a check on us, and proof."""
    contact = await _contact(session, approval)
    if contact is None:
        return
    client = await session.get_one(Client, approval.client_id)
    link = await private_page(session, client.id)
    at = clock_time(approval.decided_at or now(), client.zone)
    if approval.subject == "statement":
        text = words.agreed_words(client.name, approval.code, at, link)
    else:
        places = words.listed([one["name"] for one in approval.shown["places"]])
        text = words.agreed(client.name, places, at, approval.how or "", link)
    about = About("agreed", f"agreed:{approval.id}", approval.incident_id)
    await messages.tell(session, contact, text, about)


async def owner(session: Writer, action: Action, text: str, kind: str) -> None:
    """One message to the first who may approve; `{link}` becomes their private page."""
    found = await approvers(session, action.client_id)
    if found:
        link = await private_page(session, action.client_id)
        about = About(kind, f"{kind}:{action.id}:{action.version}", action.incident_id)
        await messages.tell(session, found[0], text.replace("{link}", link), about)


async def manager(
    session: Writer, incident: Incident, title: str, body: str, *, key: str, by_day: bool = False
) -> None:
    """A push to whoever has it, else to the first on the ladder; `by_day` spares the night."""
    path = f"/incidents/{encode('inc', incident.id)}"
    facts: dict[str, Any] = {"title": title, "body": body, "path": path}
    for user in await _who(session, incident):
        if by_day:
            told = await warning.warn(session, user, "told", key=key, line=f"{title}.", facts=facts)
        else:
            told = await ringing.ring_devices(session, user.id, "told", key=key, facts=facts)
        if told:
            return


async def _who(session: Reader, incident: Incident) -> list[User]:
    people = await ladder(session, practice=incident.practice)
    escalation = await escalations.newest(session, incident.id)
    has_it = escalation.acknowledged_by if escalation else None
    return sorted(people, key=lambda user: user.id != has_it)


async def _contact(session: Reader, approval: Approval) -> Contact | None:
    return await session.get(Contact, approval.contact_id) if approval.contact_id else None
