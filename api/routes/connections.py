"""Signing a client in at a platform: OAuth 2.0 code flow with PKCE (RFC 6749, 7636, 9700)."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.responses import RedirectResponse

from api import words
from api.apps import app, set_up
from api.crypto import new_token
from api.database import Reader, Writer
from api.errors import (
    Invalid,
    InvalidTransition,
    LinkReplaced,
    NotAllowed,
    NotThere,
    Refusal,
)
from api.ids import Prefixed, encode
from api.lifecycle import connection as lifecycle
from api.lifecycle import people
from api.models import Client, Connection
from api.pages import render
from api.platforms import CATALOGUE, Authorisation, Entry
from api.routes.accounts import AccountId
from api.routes.asking import COOKIE, OF_ROLE, Asker, Reading, Writing, by_link, may
from api.routes.clients import ClientId, a_client
from api.routes.once import LedgerRoute, Once
from api.routes.security import PAGE_HEADERS
from api.routes.shapes import In, Out
from api.settings import settings

router = APIRouter(tags=["connections"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("sources:read")]
MayWrite = Annotated[Asker, may("sources:write")]
ConnectionId = Annotated[UUID, Prefixed("con")]
Given = Annotated[str, Query(max_length=8192)]

# TikTok has its own word for the id of an app, commas between scopes, and no address of ours
# without a slash at its end (Login Kit for Web).
_TIKTOK = "tiktok"


class ConnectionIn(In):
    """Where to sign in."""

    platform: str = Field(max_length=40)


class NewConnection(Out):
    """Where the person says yes, until when."""

    id: ConnectionId
    object: str = "connection"
    authorise_url: str
    expires_at: datetime | None


class ChoiceOut(Out):
    """One place that the sign-in may be used for."""

    number: int
    kind: str
    name: str
    place: dict[str, Any]
    url: str


class ConnectionOut(Out):
    """How far it is: waiting, answered, connected, failed (`detail` says why) or expired."""

    id: ConnectionId
    object: str = "connection"
    client_id: ClientId
    platform: str
    state: str
    detail: str
    choices: list[ChoiceOut]
    account_id: AccountId | None
    expires_at: datetime | None


@router.post("/v1/clients/{client_id}/connections", status_code=201)
async def create_connection(
    client_id: ClientId, body: ConnectionIn, asker: MayWrite, session: Writing, _: Once
) -> NewConnection:
    """Begin to sign in. Open `authorise_url` in this browser: the answer counts here alone."""
    await a_client(session, asker, client_id)
    if asker.user is None:
        raise NotAllowed(words.A_PERSON_SIGNS_IN)
    entry, asked = _signed_in_to(body.platform)
    verifier = new_token()
    secrets = {"verifier": verifier, "redirect_uri": _back(entry)}
    connection, state = await lifecycle.start(
        session, client_id, asker.user.id, entry.kind, secrets
    )
    return NewConnection(
        id=connection.id,
        authorise_url=_authorise_url(entry, asked, state, verifier),
        expires_at=connection.expires_at,
    )


def _signed_in_to(platform: str) -> tuple[Entry, Authorisation]:
    entry = CATALOGUE.get(platform)
    if entry is None or entry.authorisation is None:
        place = {"pointer": "/platform", "detail": words.NO_SIGN_IN}
        raise Invalid(words.NO_SIGN_IN, errors=[place])
    if not set_up(entry):
        raise InvalidTransition(words.not_set_up(entry.name), hint=words.NOT_SET_UP_HINT)
    return entry, entry.authorisation


def _back(entry: Entry) -> str:
    slash = "/" if entry.family == _TIKTOK else ""
    return f"{settings.origin}/connect/callback{slash}"


def _authorise_url(entry: Entry, asked: Authorisation, state: str, verifier: str) -> str:
    own = app(entry.family)
    scopes, more = " ".join(asked.scopes), dict(asked.extra)
    if entry.family == _TIKTOK:
        scopes, more["client_key"] = ",".join(asked.scopes), own["id"]
    url: str = prepare_grant_uri(
        asked.authorise_url.format(version=own.get("version", "")), own["id"], "code",
        redirect_uri=_back(entry), scope=scopes, state=state,
        code_challenge=create_s256_code_challenge(verifier), code_challenge_method="S256", **more,
    )  # fmt: skip
    return url


@router.get("/v1/connections/{connection_id}")
async def get_connection(
    connection_id: ConnectionId, asker: MayRead, session: Reading
) -> ConnectionOut:
    """How far a sign-in is, and which places it may be used for."""
    connection = await session.get(Connection, connection_id)
    if connection is None:
        raise NotThere
    await a_client(session, asker, connection.client_id)
    late = connection.state == "waiting" and not lifecycle.waits(connection)
    facts = connection.model_dump(exclude={"sealed", "token_hash"})
    return ConnectionOut.model_validate(facts | ({"state": "expired"} if late else {}))


@router.get("/connect/callback", dependencies=[by_link], response_class=Response)
@router.get("/connect/callback/", dependencies=[by_link], include_in_schema=False)
async def finish_connection(
    request: Request, session: Writing, state: Given = "", code: Given = "",
    auth_code: Given = "", error: Given = "",
) -> Response:  # fmt: skip
    """Where platforms send people back to; goes on to the app, which says what became of it.

    The state is secret, works once, and belongs to the person who began: an answer that somebody
    else is led here with connects nothing (RFC 9700, 4.7).
    """
    try:
        connection = await lifecycle.by_state(session, state)
        await _same_person(session, request, connection)
    except (LinkReplaced, NotAllowed) as refusal:
        return _page(refusal)
    if lifecycle.waits(connection):
        await _take(session, connection, code or auth_code, error)
    client, own = encode("cli", connection.client_id), encode("con", connection.id)
    return RedirectResponse(f"/clients/{client}/connect/{own}", 303)


async def _same_person(session: Reader, request: Request, connection: Connection) -> None:
    """Whoever began it, still signed in on this browser, and still allowed to."""
    user = await people.signed_in(session, request.cookies.get(COOKIE, ""))
    if user is None or user.id != connection.user_id or "sources:write" not in OF_ROLE[user.role]:
        raise NotAllowed(words.OTHER_PERSON, hint=words.OTHER_PERSON_HINT)
    client = await session.get_one(Client, connection.client_id)
    if client.archived_at:
        raise LinkReplaced(words.SIGN_IN_OVER, hint=words.BEGIN_AGAIN)


async def _take(session: Writer, connection: Connection, code: str, error: str) -> None:
    if code:
        kept = lifecycle.secrets_of(connection)
        await lifecycle.answered(session, connection, kept | {"code": code})
    else:
        await lifecycle.refused(session, connection, _why(connection, error))


def _page(refusal: Refusal) -> Response:
    """A person stands here with a browser, and not the app."""
    facts = {"said": refusal.detail, "hint": refusal.advice, "people": []}
    html, style_hash = render("refused.html", facts)
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, **PAGE_HEADERS}
    return Response(html, refusal.status, headers, media_type="text/html")


def _why(connection: Connection, error: str) -> str:
    """What to say of a refusal; the code comes from outside and is shown only when it is one."""
    platform = CATALOGUE[connection.platform].name
    if error in ("access_denied", "user_denied"):
        return words.say(words.SAID_NO, platform=platform)
    if re.fullmatch(r"[a-z_]{1,40}", error):
        return words.say(words.REFUSED_THERE, platform=platform, code=error.replace("_", " "))
    return words.say(words.NO_ANSWER, platform=platform)
