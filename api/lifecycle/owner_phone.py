"""The phones of owners: a code, sent to who is on record, shows whose browser it is, for a year."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select, update

from api import words_acting
from api.clock import now
from api.crypto import digest, new_token, sign, signature_fits
from api.database import Reader, Writer
from api.errors import RateLimited
from api.ids import new_id
from api.lifecycle import message as messages
from api.lifecycle.message import About
from api.models import Contact, Link, Message, OwnerPhone

CODE_FOR, TRIES = timedelta(minutes=10), 5
KNOWN_FOR = timedelta(days=365)
# One code a minute and five an hour: whoever has the link must not make a phone buzz all night.
_PAUSE, _HOUR, _MOST_AN_HOUR = timedelta(minutes=1), timedelta(hours=1), 5
_TRIES_KEPT = timedelta(days=1)
_USE = "owner-code"


async def begin(session: Writer, link: Link, contact: Contact) -> str:
    """Send a code to this person; gives the secret of the browser that has asked for it.

    RateLimited, with `retry_after` in seconds, when that was too soon or too often.
    """
    await session.exec(
        select(Contact.id).where(Contact.id == contact.id).with_for_update(key_share=True)
    )
    at = await next_code_at(session, contact.id)
    if at is not None:
        raise RateLimited("A code was sent already.", retry_after=int((at - now()).total_seconds()))
    await _forget_tries(session, contact.id)
    token, code = new_token(), f"{secrets.randbelow(10**6):06}"
    phone = OwnerPhone(
        id=new_id(), client_id=link.client_id, link_id=link.id, contact_id=contact.id,
        token_hash=digest(token), code_ends_at=now() + CODE_FOR,
    )  # fmt: skip
    phone.code_hash = sign(_USE, str(phone.id), code)
    session.add(phone)
    await session.flush()
    await messages.tell(session, contact, words_acting.code_is(code), _about(phone))
    return token


async def next_code_at(session: Reader, contact_id: UUID) -> datetime | None:
    """When this person may be sent another code; None when that is at once."""
    found = await session.exec(
        select(Message.created_at)
        .where(
            Message.contact_id == contact_id, Message.kind == "code",
            col(Message.created_at) > now() - _HOUR,
        )
        .order_by(col(Message.created_at).desc())
        .limit(_MOST_AN_HOUR)
    )  # fmt: skip
    sent = list(found)
    ends = [sent[0] + _PAUSE] if sent else []
    if len(sent) == _MOST_AN_HOUR:
        ends.append(sent[-1] + _HOUR)
    return max((end for end in ends if end > now()), default=None)


async def _forget_tries(session: Writer, contact_id: UUID) -> None:
    await session.exec(
        delete(OwnerPhone).where(
            col(OwnerPhone.contact_id) == contact_id,
            col(OwnerPhone.verified_at).is_(None),
            col(OwnerPhone.code_ends_at) < now() - _TRIES_KEPT,
        )
    )


async def message_of(session: Reader, phone: OwnerPhone) -> Message | None:
    """The message with the code: it says by which way it goes, and whether it left."""
    found = await session.exec(select(Message).where(Message.once_key == _about(phone).key))
    return found.first()


async def try_of(session: Reader, client_id: UUID, token: str) -> OwnerPhone | None:
    """The try that this browser began at this client, over or not; None once it is verified."""
    found = await _with(session, client_id, [token])
    return next((one for one in found if one.verified_at is None), None)


def is_over(phone: OwnerPhone) -> bool:
    """Whether its code counts no more: by time, by wrong tries, or because it was taken back."""
    ended = phone.code_ends_at is None or phone.code_ends_at <= now()
    return ended or phone.tries >= TRIES or phone.revoked_at is not None


async def confirm(session: Writer, phone: OwnerPhone, code: str) -> bool:
    """Whether this was the code; each try is counted before it is compared."""
    counted = await session.exec(
        update(OwnerPhone)
        .where(
            col(OwnerPhone.id) == phone.id, col(OwnerPhone.tries) < TRIES,
            col(OwnerPhone.verified_at).is_(None), col(OwnerPhone.revoked_at).is_(None),
            col(OwnerPhone.code_ends_at) > now(),
        )
        .values(tries=OwnerPhone.tries + 1)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if counted.rowcount != 1 or not signature_fits(phone.code_hash, _USE, str(phone.id), code):
        return False
    await session.exec(
        update(OwnerPhone)
        .where(col(OwnerPhone.id) == phone.id)
        .values(verified_at=now(), code_hash="", code_ends_at=None)
    )
    await _number_works(session, phone)
    return True


async def _number_works(session: Writer, phone: OwnerPhone) -> None:
    """A code that came by text message has tested the number as well; a mail has not."""
    sent = await message_of(session, phone)
    if sent is not None and sent.channel == "sms":
        await session.exec(
            update(Contact)
            .where(col(Contact.id) == phone.contact_id, col(Contact.verified_at).is_(None))
            .values(verified_at=now(), version=Contact.version + 1)
        )


async def known(session: Reader, client_id: UUID, tokens: list[str]) -> OwnerPhone | None:
    """The verified phone of this client behind one of these secrets; another client's is none."""
    found = await _with(session, client_id, tokens)
    return next((one for one in found if _is_known(one)), None)


def _is_known(phone: OwnerPhone) -> bool:
    since = phone.verified_at
    return since is not None and since > now() - KNOWN_FOR and phone.revoked_at is None


async def _with(session: Reader, client_id: UUID, tokens: list[str]) -> list[OwnerPhone]:
    found = await session.exec(
        select(OwnerPhone)
        .where(
            OwnerPhone.client_id == client_id,
            col(OwnerPhone.token_hash).in_([digest(token) for token in tokens]),
        )
        .order_by(col(OwnerPhone.id).desc())
    )
    return list(found)


async def used(session: Writer, phone: OwnerPhone) -> None:
    """An answer came from it."""
    await session.exec(
        update(OwnerPhone).where(col(OwnerPhone.id) == phone.id).values(last_used_at=now())
    )


async def of_client(session: Reader, client_id: UUID) -> list[OwnerPhone]:
    """The phones that have shown whose they are, newest first, revoked ones too."""
    found = await session.exec(
        select(OwnerPhone)
        .where(OwnerPhone.client_id == client_id, col(OwnerPhone.verified_at).is_not(None))
        .order_by(col(OwnerPhone.id).desc())
    )
    return list(found)


async def revoke(session: Writer, phone: OwnerPhone) -> None:
    """This phone answers nothing any more."""
    phone.revoked_at = phone.revoked_at or now()
    session.add(phone)


async def revoke_of(session: Writer, contact_id: UUID) -> None:
    """All phones and tries of one person: they left, or their number is another."""
    await session.exec(
        update(OwnerPhone)
        .where(col(OwnerPhone.contact_id) == contact_id, col(OwnerPhone.revoked_at).is_(None))
        .values(revoked_at=now())
    )


def _about(phone: OwnerPhone) -> About:
    return About("code", f"code:{phone.id}")
