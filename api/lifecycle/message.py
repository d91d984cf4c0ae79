"""Messages to the people of a client: each leaves once, and one that does not is told of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.crypto import new_token, seal, unseal
from api.database import Reader, Writer
from api.ids import new_id
from api.lifecycle import device, timeline
from api.lifecycle.moves import Moves, try_to_move
from api.models import Client, Contact, Message
from api.queue import after_commit
from api.settings import settings

MOVES: Moves = (
    ("queued", "send", "sent"),
    ("queued", "fail", "failed"),
    ("queued", "withdraw", "withdrawn"),
    ("sent", "fail", "failed"),
)

_WAYS = {"sms": "text", "email": "e-mail"}


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: its kind, a key under which it leaves once, and its incident."""

    kind: str
    key: str
    incident_id: UUID | None = None


def ways(contact: Contact) -> list[str]:
    """How this person can be written to, best first; empty where nothing is set up for it."""
    texts = settings.twilio_token is not None and bool(settings.twilio_number)
    mails = settings.smtp_url is not None and bool(settings.mail_from)
    found = ["sms"] if texts and device.dialable(contact.phone or "") else []
    return found + (["email"] if mails and contact.email else [])


async def way_to(session: Reader, contact: Contact) -> str | None:
    """The best way; in practice a text that nobody is sent, None where nothing is set up."""
    client = await session.get_one(Client, contact.client_id)
    return "sms" if client.practice else next(iter(ways(contact)), None)


async def tell(session: Writer, contact: Contact, text: str, about: About) -> Message | None:
    """Queue one message by the best way; None when there is no way, which the timeline tells."""
    known = await session.exec(select(Message).where(Message.once_key == about.key))
    if already := known.first():
        return already
    way = await way_to(session, contact)
    if way is None:
        await _untold(session, about, contact.name, "There is no way to write to them.")
        return None
    message = Message(
        id=new_id(), client_id=contact.client_id, incident_id=about.incident_id,
        contact_id=contact.id, contact_name=contact.name, channel=way, kind=about.kind,
        once_key=about.key, sealed=b"", send_at=now(),
    )  # fmt: skip
    message.sealed = seal(text.encode(), row=_row(message))
    session.add(message)
    await session.flush()
    after_commit(session, "tell_owner", message.id)
    return message


def text_of(message: Message) -> str:
    """The words, out of their seal."""
    return unseal(message.sealed, row=_row(message)).decode()


async def due(session: Reader) -> list[UUID]:
    """What waits to be sent, or was claimed by somebody who died over it."""
    found = await session.exec(
        select(Message.id).where(Message.state == "queued", col(Message.send_at) <= now())
    )
    return list(found)


async def claim(session: Writer, message_id: UUID) -> Message | None:
    """Take one for as long as the lease lasts."""
    claimed = await session.exec(
        update(Message)
        .where(
            col(Message.id) == message_id,
            col(Message.state) == "queued",
            col(Message.send_at) <= now(),
        )
        .values(
            claim=new_token(), send_at=now() + settings.send_lease, attempts=Message.attempts + 1
        )
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Message, message_id, populate_existing=True)


async def sent(session: Writer, message: Message, reference: str | None) -> None:
    """It left; how it went may be told later."""
    told = {"sent_at": now(), "reference": reference, "error": None}
    moved = await try_to_move(session, Message, MOVES, message.id, "send", **told)
    if moved and message.incident_id:
        facts: dict[str, Any] = {"name": message.contact_name, "way": _WAYS[message.channel]}
        await timeline.write(
            session, message.incident_id, "owner_told", **facts, about=message.kind
        )


async def try_again(session: Writer, message: Message, why: str, pause: timedelta) -> None:
    """Later once more, on the same way."""
    await session.exec(
        update(Message)
        .where(col(Message.id) == message.id, col(Message.claim) == message.claim)
        .values(send_at=now() + pause, error=why)
    )


async def fail(session: Writer, message: Message, why: str) -> None:
    """It will not arrive: somebody has to tell them in another way."""
    if await try_to_move(session, Message, MOVES, message.id, "fail", error=why):
        about = About(message.kind, message.once_key, message.incident_id)
        await _untold(session, about, message.contact_name, why)


async def by_other_way(session: Writer, message: Message, contact: Contact) -> bool:
    """The same words by mail where a text message cannot be had; False when there is no mail."""
    if message.channel != "sms" or "email" not in ways(contact):
        return False
    moved = await session.exec(
        update(Message)
        .where(col(Message.id) == message.id, col(Message.state) == "queued")
        .values(channel="email", send_at=now(), attempts=0)
    )
    return bool(moved.rowcount == 1)


async def newest(session: Reader, incident_id: UUID, kind: str) -> Message | None:
    """The last message of one kind in an incident."""
    found = await session.exec(
        select(Message)
        .where(Message.incident_id == incident_id, Message.kind == kind)
        .order_by(col(Message.id).desc())
    )
    return found.first()


async def count_since(session: Reader, contact_id: UUID, kind: str, since: datetime) -> int:
    """How many of one kind this person was sent since then."""
    found = await session.exec(
        select(Message.id).where(
            Message.contact_id == contact_id, Message.kind == kind,
            col(Message.created_at) >= since,
        )
    )  # fmt: skip
    return len(list(found))


async def _untold(session: Writer, about: About, name: str, why: str) -> None:
    if about.incident_id:
        facts: dict[str, Any] = {"name": name, "detail": why, "about": about.kind}
        await timeline.write(session, about.incident_id, "owner_not_told", **facts)


def _row(message: Message) -> str:
    return f"message:{message.client_id}:{message.id}"


def waited(message: Message) -> timedelta:
    """For how long it has been tried."""
    return now() - message.created_at
