"""The escalation plan of the agency or of a client: read, replaced, forgotten."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, field_validator
from sqlmodel import col, select

from api import words
from api.database import Reader
from api.errors import Invalid, NotThere
from api.ids import decode
from api.lifecycle import plan as lifecycle
from api.lifecycle import warning
from api.models import Client, User
from api.models.devices import CHANNELS
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId
from api.routes.once import LedgerRoute
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, tag

router = APIRouter(prefix="/v1", tags=["on-call"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("oncall:read")]
MayWrite = Annotated[Asker, may("oncall:write")]

Channel = Literal["webpush", "voice", "sms", "pushover", "ntfy", "email", "apprise"]
_MOST_STEPS = 30
_LONGEST_WAIT = 3600


class PlanStep(In):
    """One step: whom to ring, over which channels, and for how many seconds to wait then."""

    who: str = Field(max_length=40)
    channels: list[Channel] = Field(min_length=1, max_length=len(CHANNELS))
    wait_seconds: int = Field(ge=5, le=_LONGEST_WAIT)
    unless_shown: bool = False

    @field_validator("who")
    @classmethod
    def _known_word(cls, value: str) -> str:
        if value not in {*lifecycle.PLACES, lifecycle.EVERYONE}:
            decode("usr", value)
        return value


class PlanIn(In):
    """The whole ladder, in order; at its end it begins again."""

    steps: list[PlanStep] = Field(min_length=1, max_length=_MOST_STEPS)


class PlanOut(Out):
    """What holds; `is_default` when nothing else was set. `version` 0 belongs to the default."""

    object: str = "escalation_plan"
    client_id: ClientId | None
    is_default: bool
    steps: list[dict[str, Any]]
    version: int


@router.get("/escalation-plan")
async def get_escalation_plan(asker: MayRead, session: Reading, response: Response) -> PlanOut:
    """The plan of the agency."""
    return await _answer(session, None, response)


@router.put("/escalation-plan")
async def replace_escalation_plan(
    body: PlanIn, asker: MayWrite, session: Writing, if_match: IfMatch, response: Response
) -> PlanOut:
    """Set the plan of the agency. An incident that is open keeps the one it began with."""
    asker.must_see_all()
    return await _replace(session, None, body, if_match, response, asker.actor.name)


@router.delete("/escalation-plan", status_code=204)
async def delete_escalation_plan(asker: MayWrite, session: Writing, if_match: IfMatch) -> None:
    """Back to the default."""
    asker.must_see_all()
    await _forget(session, None, if_match, asker.actor.name)


@router.get("/clients/{client_id}/escalation-plan")
async def get_client_escalation_plan(
    client_id: ClientId, asker: MayRead, session: Reading, response: Response
) -> PlanOut:
    """The plan that holds for a client: its own, else that of the agency."""
    await _client(session, asker, client_id)
    return await _answer(session, client_id, response)


@router.put("/clients/{client_id}/escalation-plan")
async def replace_client_escalation_plan(
    client_id: ClientId, body: PlanIn, asker: MayWrite, session: Writing, if_match: IfMatch,
    response: Response,
) -> PlanOut:  # fmt: skip
    """Set the plan of one client."""
    await _client(session, asker, client_id)
    return await _replace(session, client_id, body, if_match, response, asker.actor.name)


@router.delete("/clients/{client_id}/escalation-plan", status_code=204)
async def delete_client_escalation_plan(
    client_id: ClientId, asker: MayWrite, session: Writing, if_match: IfMatch
) -> None:
    """Back to the plan of the agency."""
    await _client(session, asker, client_id)
    await _forget(session, client_id, if_match, asker.actor.name)


async def _answer(session: Reader, client_id: UUID | None, response: Response) -> PlanOut:
    own = await lifecycle.kept(session, client_id)
    row = own or await lifecycle.in_force(session, client_id)
    version = own.version if own else 0
    response.headers["ETag"] = tag(version)
    return PlanOut(
        client_id=client_id,
        is_default=row is None,
        steps=row.steps if row else _default(),
        version=version,
    )


def _default() -> list[dict[str, Any]]:
    """Each person of the ladder in turn is rung like this; the first one stands for all."""
    return [{**step, "people": None, "who": "first"} for step in lifecycle.default_steps()]


async def _replace(
    session: Writing, client_id: UUID | None, body: PlanIn, if_match: str, response: Response,
    by: str,
) -> PlanOut:  # fmt: skip
    await lifecycle.hold(session)
    own = await lifecycle.kept(session, client_id)
    expect(own.version if own else 0, if_match)
    await _known_people(session, [step.who for step in body.steps if step.who.startswith("usr_")])
    await lifecycle.replace(session, client_id, [step.model_dump() for step in body.steps])
    await _say(session, client_id, by)
    return await _answer(session, client_id, response)


async def _forget(session: Writing, client_id: UUID | None, if_match: str, by: str) -> None:
    await lifecycle.hold(session)
    own = await lifecycle.kept(session, client_id)
    expect(own.version if own else 0, if_match)
    if own is None:
        raise NotThere
    await lifecycle.forget(session, own)
    await _say(session, client_id, by)


async def _say(session: Writing, client_id: UUID | None, by: str) -> None:
    client = await session.get_one(Client, client_id) if client_id else None
    await warning.changed_for_all(session, words.plan_changed(by, client.name if client else None))


async def _known_people(session: Reader, names: list[str]) -> None:
    wanted = {decode("usr", name) for name in names}
    found = await session.exec(
        select(User.id).where(col(User.id).in_(wanted), col(User.practice).is_(False))
    )
    if wanted - set(found):
        raise Invalid("The plan names somebody who is not here.")


async def _client(session: Reader, asker: Asker, client_id: UUID) -> None:
    asker.must_see(client_id)
    if await session.get(Client, client_id) is None:
        raise NotThere
