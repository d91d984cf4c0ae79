"""Shows whose phone this is: a code to who is on record, typed in the browser that asked for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from api import words_owner as words
from api.acting import tell
from api.database import Reader
from api.errors import NotThere, RateLimited
from api.ids import decode, encode
from api.lifecycle import message as messages
from api.lifecycle import owner_phone as phones
from api.models import Contact, OwnerPhone
from api.pulse import clock_time
from api.routes.asking import Writing, by_link
from api.routes.owner_door import (
    TRY,
    PageRoute,
    Visit,
    answering,
    from_here,
    managers,
    page,
    remember,
    remember_try,
    see,
)
from api.routes.shapes import In

router = APIRouter(
    tags=["client page"], include_in_schema=False, route_class=PageRoute, dependencies=[by_link]
)
# Where a code may lead: the pages that need to know whose phone this is, and no other address.
_LEADS_TO = {
    "answer": "apr", "not-now": "apr", "other-words": "apr", "not-right": "apr", "back": "act",
}  # fmt: skip


class Whom(In):
    """Who gets the code, and the page that asked for it."""

    contact_id: str = ""
    to: str = ""


class Typed(In):
    """The code as it was typed."""

    code: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to whom a code can go."""

    id: str
    way: str
    masked: str
    label: str
    next_code: str


@router.post("/p/{token}/verify")
async def post_verify(
    token: str, whom: Annotated[Whom, Form()], request: Request, session: Writing
) -> Response:
    """Send a code. Too soon or too often, none goes out, and the page says when the next can."""
    from_here(request)
    visit = await answering(session, token)
    response = see(_back(visit, whom.to))
    contact = await _chosen(session, visit, whom.contact_id)
    try:
        remember_try(response, await phones.begin(session, visit.link, contact))
    except RateLimited:
        return response
    return response


@router.post("/p/{token}/verify/confirm")
async def post_verify_confirm(
    token: str, typed: Annotated[Typed, Form()], request: Request, session: Writing
) -> Response:
    """Compare the code; right or wrong, the page that asked for it is next."""
    from_here(request)
    visit = await answering(session, token)
    response = see(_back(visit, typed.to))
    secret = request.cookies.get(TRY, "")
    begun = await phones.try_of(session, visit.client.id, secret)
    code = "".join(sign for sign in typed.code if sign.isdigit())
    if begun and await phones.confirm(session, begun, code):
        remember(response, request, secret)
    return response


async def verify_page(session: Reader, request: Request, visit: Visit) -> Response:
    """Whose phone is it? The code to type, whom to send one to, or that there is no way."""
    people = await managers(session, visit.client)
    to = "/".join(request.url.path.split("/")[3:])
    facts: dict[str, Any] = {
        "home": visit.at(), "to": to, "send": visit.at("verify"), "people": people,
        "confirm": visit.at("verify", "confirm"), "we_send": words.we_send,
        "no_way": words.NO_WAY, "say_it": words.SAY_IT,
    }  # fmt: skip
    can = await _people(session, visit)
    begun = await phones.try_of(session, visit.client.id, request.cookies.get(TRY, ""))
    sent = await _sent(session, visit, begun) if begun and not phones.is_over(begun) else None
    if sent:
        return page("code.html", facts | sent)
    return page("verify.html", facts | {"can": can, "over": words.CODE_OVER if begun else ""})


async def _people(session: Reader, visit: Visit) -> list[Person]:
    """Those who may say yes and can be written to."""
    found = []
    for contact in await tell.approvers(session, visit.client.id):
        if ways := messages.ways(contact):
            at = await phones.next_code_at(session, contact.id)
            found.append(_person(contact, ways[0], _not_before(at, visit)))
    return found


def _person(contact: Contact, way: str, not_before: str) -> Person:
    masked = _masked(contact, way)
    label = words.to_whom(way, contact.name, masked)
    return Person(encode("ctc", contact.id), way, masked, label, not_before)


def _masked(contact: Contact, way: str) -> str:
    if way == "sms":
        return words.masked_number(contact.phone or "")
    return words.masked_mail(contact.email or "")


def _not_before(at: datetime | None, visit: Visit) -> str:
    return words.next_code(clock_time(at, visit.client.zone)) if at else ""


async def _sent(session: Reader, visit: Visit, begun: OwnerPhone) -> dict[str, Any] | None:
    """What the page with the field says; None when that person is gone."""
    contact = await session.get(Contact, begun.contact_id)
    message = await phones.message_of(session, begun)
    if contact is None or message is None or begun.code_ends_at is None:
        return None
    zone = visit.client.zone
    at = await phones.next_code_at(session, contact.id)
    ends = clock_time(begun.code_ends_at, zone)
    left = phones.TRIES - begun.tries
    masked = _masked(contact, message.channel)
    return {
        "said": words.sent_to(masked, clock_time(message.created_at, zone), ends),
        "wrong": f"{words.WRONG_CODE} {words.tries_left(left)}" if begun.tries else "",
        "failed": words.NOT_SENT if message.state == "failed" else "",
        "contact_id": encode("ctc", contact.id),
        "next_code": _not_before(at, visit),
    }


async def _chosen(session: Reader, visit: Visit, named: str) -> Contact:
    """One of those who may say yes; NotThere for anybody else."""
    try:
        contact_id = decode("ctc", named)
    except ValueError:
        raise NotThere from None
    for contact in await tell.approvers(session, visit.client.id):
        if contact.id == contact_id and messages.ways(contact):
            return contact
    raise NotThere


def _back(visit: Visit, to: str) -> str:
    """The page that asked for the code; the private page itself for any other address."""
    name, _, row = to.partition("/")
    if name not in _LEADS_TO:
        return visit.at()
    try:
        decode(_LEADS_TO[name], row)
    except ValueError:
        return visit.at()
    return visit.at(name, row)
