"""On call: who is rung, in which order, and whether the phone would ring now."""

import hashlib
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import EmailStr, Field, field_validator
from sqlmodel import col, select, update

from api import words
from api.clock import now
from api.database import Reader, Writer
from api.errors import Invalid, NotThere
from api.lifecycle import device as devices
from api.lifecycle import escalation as lifecycle
from api.lifecycle import people, warning
from api.lifecycle.plan import ladder
from api.models import Escalation, Incident, User
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.incident_shapes import EscalationId, EscalationOut, UserId, escalation_out
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.session import UserOut
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, tag
from api.routes.zones import known_zone

router = APIRouter(prefix="/v1", tags=["on-call"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("oncall:read")]
MayWrite = Annotated[Asker, may("oncall:write")]
# Whoever may work on an incident may take it up.
MayTakeUp = Annotated[Asker, may("incidents:write")]
Admin = Annotated[Asker, may("admin")]


class Rung(Out):
    """One step of the ladder and how sure its phones are."""

    user_id: UserId
    name: str
    order: int
    phone: str | None
    devices_live: int
    last_confirmed_at: datetime | None
    channels: list[str]
    broken: list[str]
    hours_readable: bool


class OnCall(Out):
    """Who is rung when something burns, first to last."""

    as_of: datetime
    ladder: list[Rung]


class Order(In):
    """The new order; whoever is left out is not rung."""

    user_ids: list[UserId] = Field(max_length=50)


class HandOver(In):
    """Who is rung instead."""

    to: UserId


class NewUser(In):
    """Somebody else of the agency."""

    name: str = Field(min_length=1, max_length=120)
    email: EmailStr
    phone: str | None = Field(None, max_length=40)
    password: str = Field(min_length=10, max_length=1000)
    zone: str = "UTC"
    role: str = Field("manager", pattern="^(owner|manager|helper)$")

    _zone = field_validator("zone")(known_zone)


@router.get("/on-call")
async def get_on_call(asker: MayRead, session: Reading, response: Response) -> OnCall:
    """Who is rung now."""
    found = await rungs(session)
    response.headers["ETag"] = tag(_version(found))
    return OnCall(as_of=now(), ladder=found)


@router.put("/on-call")
async def replace_on_call(
    body: Order, asker: MayWrite, session: Writing, if_match: IfMatch, response: Response
) -> OnCall:
    """Change the order. An incident that is open keeps the order it began with."""
    known = {user.id for user in await _held(session)}
    asker.must_see_all()
    expect(_version(await rungs(session)), if_match)
    if not body.user_ids or not known.issuperset(body.user_ids):
        raise Invalid("At least one known person must be on call.")
    before = await ladder(session, practice=False)
    await _order(session, body.user_ids)
    off = [user for user in before if user.id not in body.user_ids]
    said = words.order_changed(asker.actor.name, [user.name for user in off])
    await warning.changed_for_all(session, said, also=[user.id for user in off])
    found = await rungs(session)
    response.headers["ETag"] = tag(_version(found))
    return OnCall(as_of=now(), ladder=found)


async def _held(session: Writer) -> list[User]:
    """Two who change the order at once: the second waits, and then finds another version."""
    real = select(User).where(col(User.practice).is_(False)).order_by(col(User.id))
    return list(await session.exec(real.with_for_update(key_share=True)))


async def _order(session: Writer, user_ids: list[UUID]) -> None:
    real = col(User.practice).is_(False)
    await session.exec(update(User).where(real).values(ring_order=None))
    for order, user_id in enumerate(dict.fromkeys(user_ids)):
        await session.exec(update(User).where(col(User.id) == user_id).values(ring_order=order))


@router.get("/users")
async def list_users(asker: MayRead, session: Reading) -> Page[UserOut]:
    """The people of the agency."""
    asker.must_see_all()
    return page([UserOut.model_validate(user) for user in await _people(session)])


@router.post("/users", status_code=201)
async def create_user(body: NewUser, asker: Admin, session: Writing, _: Once) -> UserOut:
    """Another person; last on the ladder."""
    return UserOut.model_validate(await people.add(session, **body.model_dump()))


@router.get("/escalations/{escalation_id}")
async def get_escalation(
    escalation_id: EscalationId, asker: MayRead, session: Reading
) -> EscalationOut:
    """Every attempt to reach somebody."""
    return await escalation_out(session, await _escalation(session, asker, escalation_id))


@router.post("/escalations/{escalation_id}/acknowledge")
async def acknowledge_escalation(
    escalation_id: EscalationId, asker: MayTakeUp, session: Writing, _: Once
) -> EscalationOut:
    """“I'm on it”. If somebody has it already, the answer says who."""
    row = await _escalation(session, asker, escalation_id)
    await lifecycle.acknowledge(session, row, by=asker.actor)
    return await escalation_out(session, row)


@router.post("/escalations/{escalation_id}/hand-over")
async def hand_over_escalation(
    escalation_id: EscalationId, body: HandOver, asker: MayTakeUp, session: Writing, _: Once
) -> EscalationOut:
    """Ring somebody else now; whoever had it has it no more."""
    row = await _escalation(session, asker, escalation_id)
    to = await session.get(User, body.to)
    incident = await session.get_one(Incident, row.incident_id)
    if to is None or to.practice != incident.practice:
        raise Invalid("There is nobody like that to hand it to.")
    await lifecycle.hand_over(session, row, to, by=asker.actor)
    return await escalation_out(session, row)


@router.post("/escalations/{escalation_id}/extend")
async def extend_acknowledgement(
    escalation_id: EscalationId, asker: MayTakeUp, session: Writing, _: Once
) -> EscalationOut:
    """“Still on it”: ten more minutes."""
    row = await _escalation(session, asker, escalation_id)
    await lifecycle.extend(session, row, by=asker.actor)
    return await escalation_out(session, row)


async def rungs(session: Reader) -> list[Rung]:
    """The ladder of today."""
    found = []
    for order, user in enumerate(await ladder(session, practice=False)):
        live = await devices.live_of(session, user.id)
        proofs = [device.last_confirmed_at for device in live if device.last_confirmed_at]
        found.append(
            Rung(
                user_id=user.id, name=user.name, order=order, phone=user.phone,
                devices_live=len(live), last_confirmed_at=max(proofs, default=None),
                channels=sorted({device.channel for device in live}),
                broken=[device.label or words.A_PHONE for device in live if device.broken_at],
                hours_readable=warning.hours_readable(user),
            )
        )  # fmt: skip
    return found


def _version(ladder: list[Rung]) -> str:
    return hashlib.sha256(",".join(str(one.user_id) for one in ladder).encode()).hexdigest()[:16]


async def _people(session: Reader) -> list[User]:
    found = await session.exec(
        select(User).where(col(User.practice).is_(False)).order_by(col(User.id))
    )
    return list(found)


async def _escalation(session: Reader, asker: Asker, escalation_id: UUID) -> Escalation:
    row = await session.get(Escalation, escalation_id)
    if row is None:
        raise NotThere
    incident = await session.get_one(Incident, row.incident_id)
    asker.must_see(incident.client_id)
    return row
