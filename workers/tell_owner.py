"""One message to somebody at a client, sent by text or by mail and remembered either way."""

from datetime import timedelta
from uuid import UUID

import aiohttp

from api.database import Reader, reading, transaction
from api.ids import encode
from api.lifecycle import message as lifecycle
from api.models import Client, Contact, Message
from api.settings import settings
from workers.channels import CHANNELS
from workers.channels.mail import Letter
from workers.channels.sent import Sent
from workers.channels.sms import Text
from workers.channels.trouble import ChannelTrouble
from workers.orders import needed, twilio_account
from workers.rules.escalation import pause_before

# A word to the owner is worth an hour of trying; after that a person has to tell them.
_FOR = timedelta(hours=1)


async def due(session: Reader) -> list[UUID]:
    """What waits to be sent, or was claimed by somebody who died over it."""
    return await lifecycle.due(session)


async def tell_owner(message_id: UUID) -> None:
    """Send one. Whoever dies between sending and noting is followed by one that asks first."""
    async with transaction() as session:
        message = await lifecycle.claim(session, message_id)
    if message is None:
        return
    try:
        sent = await _send(message)
    except ChannelTrouble as trouble:
        await _note_trouble(message, trouble)
    else:
        async with transaction() as session:
            await lifecycle.sent(session, message, sent.reference)


async def _send(message: Message) -> Sent:
    async with reading() as session:
        contact = await session.get(Contact, message.contact_id)
        client = await session.get_one(Client, message.client_id)
    if contact is None:
        raise ChannelTrouble("This person is not on record any more.", permanent=True)
    if client.practice:
        return Sent("practice")
    order = _text(message, contact) if message.channel == "sms" else _letter(message, contact)
    async with aiohttp.ClientSession() as outside:
        try:
            sent: Sent = await CHANNELS[message.channel].send(order, outside)
        except ValueError as error:
            raise ChannelTrouble("This cannot be written like that.", permanent=True) from error
    return sent


def _text(message: Message, contact: Contact) -> Text:
    return Text(
        account=twilio_account(),
        to=contact.phone or "",
        body=lifecycle.text_of(message),
        status_url=f"{settings.origin}/v1/telephony/messages/{encode('msg', message.id)}/status",
        since=message.created_at,
        in_doubt=message.attempts > 1,
        timeout=_limit(),
    )


def _letter(message: Message, contact: Contact) -> Letter:
    host = settings.mail_from.rpartition("@")[2].rstrip(">") or "nightdesk.invalid"
    text = lifecycle.text_of(message)
    return Letter(
        smtp_url=needed(settings.smtp_url),
        sender=settings.mail_from,
        to=contact.email or "",
        subject="A message about your pages",
        body=text,
        message_id=f"{encode('msg', message.id)}@{host}",
        written_at=message.created_at,
        timeout=_limit(),
    )


async def _note_trouble(message: Message, trouble: ChannelTrouble) -> None:
    """Another try, the other way, or the word that a person has to tell them."""
    waited = lifecycle.waited(message)
    pause = pause_before(message.attempts, waited=waited, patience=_FOR, asked=trouble.retry_after)
    async with transaction() as session:
        if pause and not trouble.permanent:
            await lifecycle.try_again(session, message, trouble.detail, pause)
            return
        contact = await session.get(Contact, message.contact_id)
        if contact is None or not await lifecycle.by_other_way(session, message, contact):
            await lifecycle.fail(session, message, trouble.detail)


def _limit() -> float:
    return settings.send_timeout.total_seconds()
