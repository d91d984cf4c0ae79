"""Where vendors call us: each proves who it is, and is believed no more than “look there now”."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api import hooks, push_token
from api.apps import app, plain
from api.clock import now
from api.database import Reader, Writer
from api.errors import BadSignature, LinkReplaced
from api.items import account_hint, google_hint, meta_hint
from api.lifecycle import hint as lifecycle
from api.lifecycle import source as sources
from api.models import Client, Source
from api.routes.asking import Reading, Writing, by_link, by_signature
from api.routes.shapes import Out
from api.routes.source_shapes import heard_at
from api.settings import settings
from api.signatures import BadSignature as Unsigned

router = APIRouter(prefix="/hooks", tags=["hooks"])

# The field of a place that names it to the vendor, by the kind of source.
OF_META = {"facebook": "page_id", "instagram": "ig_user_id"}
OF_TIKTOK = {"tiktok": "business"}
OF_X = {"x": "user_id"}

_CHALLENGE = r"^[A-Za-z0-9_.-]{1,256}$"


class Heard(Out):
    """Taken. What becomes of it, and whether anybody watches that place, is not told."""

    state: str = "heard"


@router.get("/meta", dependencies=[by_signature], response_class=Response)
async def answer_meta_handshake(
    mode: Annotated[str, Query(alias="hub.mode", max_length=40)],
    token: Annotated[str, Query(alias="hub.verify_token", max_length=1000)],
    challenge: Annotated[str, Query(alias="hub.challenge", pattern=_CHALLENGE)],
) -> Response:
    """Meta asks whether this address is ours, with the word that the operator gave it."""
    if mode != "subscribe" or not hooks.same(plain(settings.meta_verify_token), token):
        raise BadSignature("The word to verify does not fit.")
    return _text(challenge)


@router.post("/meta", dependencies=[by_signature])
async def hear_meta(request: Request, session: Writing) -> Heard:
    """Something changed at Pages or Instagram accounts."""
    body = await request.body()
    given = request.headers.get("x-hub-signature-256", "")
    _signed(lambda: hooks.check_meta(app("meta").get("secret", ""), given, body))
    told = [(one.place, one.about) for one in meta_hint.hints_of(body)]
    return await _hear(session, OF_META, told, _digest(body))


@router.post("/tiktok", dependencies=[by_signature])
async def hear_tiktok(request: Request, session: Writing) -> Heard:
    """Something changed among the comments of an account."""
    body = await request.body()
    given = request.headers.get("tiktok-signature", "")
    _signed(lambda: hooks.check_tiktok(app("tiktok").get("secret", ""), given, body, now()))
    told = account_hint.tiktok_hint(body)
    return await _hear(session, OF_TIKTOK, [told] if told else [], _digest(body))


@router.post("/google", dependencies=[by_signature])
async def hear_google(request: Request, session: Writing) -> Heard:
    """Pub/Sub pushes that a place has a new or changed review.

    What cannot be read is taken all the same: it would be sent again for a week.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        await push_token.verify(
            token if scheme.lower() == "bearer" else "",
            audience=settings.pubsub_audience, account=settings.pubsub_account,
        )  # fmt: skip
    except Unsigned as error:
        raise BadSignature(str(error)) from error
    delivery = google_hint.pushed(await request.body())
    if delivery is not None:
        await lifecycle.heard_of_google(session, [(delivery.id, delivery.hint)])
    return Heard()


@router.get("/x", dependencies=[by_signature])
async def answer_xcom_challenge(
    crc_token: Annotated[str, Query(max_length=256)],
) -> dict[str, str]:
    """X asks every hour whether this address still knows the secret of the app."""
    secret = plain(settings.x_consumer_secret)
    return {"response_token": _signed(lambda: hooks.answer_x(secret, crc_token))}


@router.post("/x", dependencies=[by_signature])
async def hear_xcom(request: Request, session: Writing) -> Heard:
    """Something happened to an account at X."""
    body = await request.body()
    given = request.headers.get("x-twitter-webhooks-signature", "")
    _signed(lambda: hooks.check_x(plain(settings.x_consumer_secret), given, body))
    account = account_hint.x_hint(body)
    return await _hear(session, OF_X, [(account, {})] if account else [], _digest(body))


@router.get("/yelp/{token}", dependencies=[by_link])
async def answer_yelp_verification(
    token: str, session: Reading, verification: Annotated[str, Query(pattern=_CHALLENGE)]
) -> dict[str, str]:
    """Yelp asks whether this address is ours, with a word that is said back."""
    await _of_secret(session, "yelp", token)
    return {"verification": verification}


@router.post("/yelp/{token}", dependencies=[by_link])
async def hear_yelp(token: str, request: Request, session: Writing) -> Heard:
    """Yelp signs nothing: the address is the secret, and its word only asks for a reading."""
    return await _hear_unsigned(session, "yelp", token, await request.body())


@router.post("/trustpilot/{token}", dependencies=[by_link])
async def hear_trustpilot(token: str, request: Request, session: Writing) -> Heard:
    """Trustpilot signs nothing: the address is the secret, and its word only asks for a reading."""
    return await _hear_unsigned(session, "trustpilot", token, await request.body())


def _signed(check: Callable[[], Any]) -> Any:
    """The answer of a check; BadSignature of the interface where it says no."""
    try:
        return check()
    except Unsigned as error:
        raise BadSignature(str(error)) from error


async def _hear(
    session: Writer, named_by: Mapping[str, str],
    told: Iterable[tuple[str, Mapping[str, str]]], delivery: str,
) -> Heard:  # fmt: skip
    """Ask for a reading of every source that was named, each thing once."""
    places = await lifecycle.places(session, named_by)
    for number, (account, about) in enumerate(told):
        for source_id in places.get(account, ()):
            await lifecycle.heard(session, source_id, f"{delivery}:{number}", dict(about))
    return Heard()


async def _hear_unsigned(session: Writer, kind: str, token: str, body: bytes) -> Heard:
    """Whoever learns the address cannot use up a day's requests: readings keep their distance."""
    source = await _of_secret(session, kind, token)
    apart = max(settings.poll_every_in_incident, sources.entry(source).every_in_incident)
    soon = source.last_ok_at + apart if source.last_ok_at else now()
    await lifecycle.heard(session, source.id, _digest(body), at=max(soon, now()))
    return Heard()


async def _of_secret(session: Reader, kind: str, token: str) -> Source:
    """The source of a secret address; dead and wrong ones get the same words."""
    source_id: UUID | None = heard_at(token)
    source = await session.get(Source, source_id) if source_id else None
    if source is None or source.kind != kind or source.removed_at:
        raise LinkReplaced("This address takes nothing in.", hint="Stop sending here.")
    client = await session.get_one(Client, source.client_id)
    if client.archived_at:
        raise LinkReplaced("This address takes nothing in.", hint="Stop sending here.")
    return source


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _text(said: str) -> Response:
    return Response(said, media_type="text/plain; charset=utf-8")
