"""Coming in: the first person, sign-in and sign-out, and who I am."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import EmailStr, Field, field_validator

from api.ids import Prefixed
from api.lifecycle import people, setup
from api.models import User
from api.routes.asking import (
    COOKIE,
    Asker,
    Reading,
    Writing,
    anyone,
    may,
    same_origin,
)
from api.routes.once import LedgerRoute
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag
from api.routes.zones import known_zone
from api.settings import settings
from api.wall import time_of

router = APIRouter(prefix="/v1", tags=["session"], route_class=LedgerRoute)

Me = Annotated[Asker, may("me")]


class UserOut(Out):
    """A person of the agency."""

    id: Annotated[UUID, Prefixed("usr")]
    object: str = "user"
    name: str
    email: str
    phone: str | None
    zone: str
    role: str
    quiet_from: str
    quiet_until: str
    version: int


class MeIn(In):
    """What a person may change of themselves; quiet hours hold warnings back, never alarms."""

    name: str | None = Field(None, min_length=1, max_length=120)
    phone: str | None = Field(None, max_length=40)
    zone: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value is None else known_zone(value)

    @field_validator("quiet_from", "quiet_until")
    @classmethod
    def _hours(cls, value: str | None) -> str | None:
        if value is not None:
            time_of(value)
        return value


class SetupOut(Out):
    """Whether the first person is still to come."""

    needed: bool


class FirstPerson(In):
    """The one-time link's token and who sets this up."""

    token: str
    name: str = Field(min_length=1, max_length=120)
    email: EmailStr
    phone: str | None = Field(None, max_length=40)
    password: str = Field(min_length=10, max_length=1000)
    zone: str = "UTC"

    _zone = field_validator("zone")(known_zone)


class SignInIn(In):
    """E-mail and password."""

    email: str = Field(max_length=320)
    password: str = Field(max_length=1000)


@router.get("/setup", dependencies=[anyone])
async def get_setup(session: Reading) -> SetupOut:
    """Whether nobody lives here yet."""
    return SetupOut(needed=await setup.needed(session))


@router.post("/setup", status_code=201, dependencies=[anyone, Depends(same_origin)])
async def finish_setup(body: FirstPerson, session: Writing, response: Response) -> UserOut:
    """Make the first person, with the token of the one-time link."""
    await setup.check_token(session, body.token)
    user = await people.add(
        session, name=body.name, email=body.email, password=body.password, role="owner",
        phone=body.phone, zone=body.zone,
    )  # fmt: skip
    _set_cookie(response, await people.sign_in(session, user))
    return UserOut.model_validate(user)


@router.post("/session", status_code=201, dependencies=[anyone, Depends(same_origin)])
async def create_session(
    body: SignInIn, session: Writing, request: Request, response: Response
) -> UserOut:
    """Sign in on this browser."""
    address = request.client.host if request.client else ""
    user = await people.check_password(body.email, body.password, address=address)
    _set_cookie(response, await people.sign_in(session, user))
    return UserOut.model_validate(user)


@router.delete("/session", status_code=204)
async def delete_session(asker: Me, session: Writing, request: Request, response: Response) -> None:
    """Sign out on this browser."""
    await people.sign_out(session, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE)


@router.get("/me")
async def get_me(asker: Me, response: Response) -> UserOut:
    """Who is signed in here."""
    response.headers["ETag"] = tag(me(asker).version)
    return UserOut.model_validate(me(asker))


@router.patch("/me")
async def update_me(
    body: MeIn, asker: Me, session: Writing, if_match: IfMatch, response: Response
) -> UserOut:
    """Change my own settings; what is left out stays."""
    user = await session.get_one(User, me(asker).id)
    await hold(session, user)
    expect(user.version, if_match, UserOut.model_validate(user))
    given = body.model_dump(exclude_unset=True)
    user.sqlmodel_update({name: value for name, value in given.items() if value or name == "phone"})
    if "zone" in given:
        user.arm_at = None
    user.version += 1
    session.add(user)
    await session.flush()
    response.headers["ETag"] = tag(user.version)
    return UserOut.model_validate(user)


def me(asker: Asker) -> User:
    """The person behind a scope that only people have."""
    assert asker.user is not None, "the scope `me` belongs to people alone"  # noqa: S101
    return asker.user


def _set_cookie(response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE, token,
        max_age=int(settings.signed_in_for.total_seconds()),
        httponly=True, samesite="lax", secure=settings.origin.startswith("https://"),
    )  # fmt: skip
