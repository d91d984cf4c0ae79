"""Vendors that call us, and the keys they prove it with; a sign-in as a worker leaves it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from pydantic import SecretStr
from sqlmodel import col, update

from api import clock, push_token
from api.database import transaction
from api.ids import decode, encode
from api.lifecycle import account, connection
from api.models import Connection, Source
from tests.channels.provider import Provider
from tests.world import configure

APP, VERIFY, CONSUMER = "app-secret", "a word that we agreed on", "consumer-secret"
AUDIENCE = "http://nightdesk.test/hooks/google"
ROBOT = "push@project.iam.gserviceaccount.com"
SETTINGS: dict[str, Any] = {
    "meta_app_id": "1", "meta_app_secret": SecretStr(APP),
    "meta_verify_token": SecretStr(VERIFY),
    "tiktok_app_id": "1", "tiktok_app_secret": SecretStr(APP),
    "x_consumer_secret": SecretStr(CONSUMER),
    "google_client_id": "app-1", "google_client_secret": SecretStr(APP),
    "pubsub_audience": AUDIENCE, "pubsub_account": ROBOT,
}  # fmt: skip


class Keys(Provider):
    """Where Google publishes its keys; `turn_over` makes another one, `pushes` signs with it."""

    def build(self, router: web.UrlDispatcher) -> None:
        self.turns = 0
        self.turn_over()
        router.add_get("/oauth2/v3/certs", self._certs)

    def turn_over(self) -> None:
        self.turns += 1
        self.key = RSAKey.generate_key(2048, {"kid": f"key-{self.turns}"}, private=True)

    async def _certs(self, _: web.Request) -> web.Response:
        told = KeySet([self.key]).as_dict(private=False)
        return web.json_response(told, headers={"Cache-Control": "public, max-age=20000"})

    def token(self, *, key: RSAKey | None = None, **claims: Any) -> str:
        at = int(clock.now().timestamp())
        said = {
            "iss": "https://accounts.google.com", "aud": AUDIENCE, "sub": "1", "email": ROBOT,
            "email_verified": True, "iat": at, "exp": at + 3600,
        }  # fmt: skip
        said = {name: value for name, value in (said | claims).items() if value is not None}
        signer = key or self.key
        return jwt.encode({"alg": "RS256", "kid": signer.kid}, said, signer)


@asynccontextmanager
async def google_keys():
    """Google's keys for as long as a test takes."""
    push_token.ring.cache_clear()
    async with Keys() as keys:
        configure(vendor_addresses={"www.googleapis.com": keys.origin})
        yield keys
    push_token.ring.cache_clear()


def pushed(location: str, message: str = "1") -> bytes:
    """A message of Pub/Sub about one place."""
    data = json.dumps({"type": "NEW_REVIEW", "location": location}).encode()
    told = {"message": {"data": base64.b64encode(data).decode(), "messageId": message}}
    return json.dumps(told).encode()


def of_meta(body: bytes, secret: str = APP) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={mac}"}


def of_tiktok(body: bytes, secret: str = APP) -> dict[str, str]:
    at = str(int(clock.now().timestamp()))
    mac = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Tiktok-Signature": f"t={at},s={mac}"}


def of_x(body: bytes, secret: str = CONSUMER) -> dict[str, str]:
    mac = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {"x-twitter-webhooks-signature": f"sha256={mac}"}


async def signed_in_there(person, client: str, platform: str, *choices: dict[str, Any]):
    """The sign-in of a client, as a worker leaves it: its connection and its account."""
    async with transaction() as session:
        row, _ = await connection.start(
            session, decode("cli", client), person.user.id, platform, {"verifier": "v"}
        )
        await connection.answered(session, row, {"code": "c"})
    async with transaction() as session:
        held = await account.add(
            session, decode("cli", client), platform, platform.title(), {"access_token": "t"}
        )
        await connection.finished(session, row, held, list(choices))
    return encode("con", row.id), encode("acc", held.id)


def choice(number: int, kind: str, **place: str) -> dict[str, Any]:
    return {"number": number, "kind": kind, "name": f"{kind} {number}", "place": place, "url": ""}


async def watched(person, client: str, platform: str, kind: str, **place: str) -> str:
    """A source of a place that a sign-in has found; its next reading is an hour away."""
    _, held = await signed_in_there(person, client, platform, choice(0, kind, **place))
    body = {"kind": kind, "name": kind, "account_id": held, "choice": 0}
    made = await person.post(f"/v1/clients/{client}/sources", body)
    await rests(made["id"])
    return str(made["id"])


async def rests(source: str) -> None:
    """Its next reading is an hour away."""
    async with transaction() as session:
        await session.exec(
            update(Source)
            .where(col(Source.id) == decode("src", source))
            .values(poll_at=clock.now() + timedelta(hours=1))
        )


async def as_over(connection_id: str) -> None:
    """Nobody came back in time."""
    async with transaction() as session:
        await session.exec(
            update(Connection)
            .where(col(Connection.id) == decode("con", connection_id))
            .values(expires_at=clock.now())
        )


async def a_place(mia, kind, **place):
    """A source whose next reading is an hour away, as its place was found."""
    client = (await mia.post("/v1/clients", {"name": "Corner"}))["id"]
    source = (await mia.post(f"/v1/clients/{client}/sources", {"kind": "push", "name": kind}))["id"]
    async with transaction() as session:
        row = await session.get_one(Source, (await mia.world.row(Source, source)).id)
        row.kind, row.place, row.poll_at = kind, place, clock.now() + timedelta(hours=1)
        session.add(row)
    return client, source


async def call(world, path, body, headers):
    async with world.web() as web:
        return await web.post(f"/hooks/{path}", content=body, headers=headers)


async def is_due(world, source):
    return (await world.row(Source, source)).poll_at <= clock.now()
