"""Keys for programs: scopes, clients, an end; the secret is shown once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, field_validator
from sqlmodel import col, select

from api.clock import now
from api.crypto import digest
from api.errors import NotThere
from api.ids import Prefixed, encode
from api.lifecycle import people
from api.models import ApiKey
from api.routes.asking import FOR_KEYS, Asker, Reading, Writing, may
from api.routes.clients import ClientId
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out

router = APIRouter(prefix="/v1", tags=["api-keys"], route_class=LedgerRoute)

Admin = Annotated[Asker, may("admin")]
KeyId = Annotated[UUID, Prefixed("key")]


class ApiKeyOut(Out):
    """A key without its secret."""

    id: KeyId
    object: str = "api_key"
    name: str
    tail: str
    scopes: list[str]
    client_ids: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewApiKey(ApiKeyOut):
    """A key with its secret, this once."""

    secret: str


class ApiKeyIn(In):
    """What the key may do; no `client_ids` means all clients."""

    name: str = Field(min_length=1, max_length=120)
    scopes: list[str] = Field(min_length=1)
    client_ids: list[ClientId] | None = None
    expires_at: datetime | None = None

    @field_validator("scopes")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        if unknown := set(value) - set(FOR_KEYS):
            message = f"not a scope for keys: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return value


@router.get("/api-keys")
async def list_api_keys(asker: Admin, session: Reading) -> Page[ApiKeyOut]:
    """All keys, newest first."""
    found = await session.exec(
        select(ApiKey).where(col(ApiKey.practice).is_(False)).order_by(col(ApiKey.id).desc())
    )
    return page([ApiKeyOut.model_validate(key) for key in found])


@router.post("/api-keys", status_code=201)
async def create_api_key(body: ApiKeyIn, asker: Admin, session: Writing, _: Once) -> NewApiKey:
    """A new key."""
    secret = people.new_api_key()
    clients = None if body.client_ids is None else [encode("cli", one) for one in body.client_ids]
    key = ApiKey(
        name=body.name, token_hash=digest(secret), tail=secret[-4:], scopes=body.scopes,
        client_ids=clients, expires_at=body.expires_at,
    )  # fmt: skip
    session.add(key)
    await session.flush()
    return NewApiKey.model_validate(key.model_dump() | {"secret": secret})


@router.delete("/api-keys/{key_id}", status_code=204)
async def revoke_api_key(key_id: KeyId, asker: Admin, session: Writing) -> None:
    """This key opens nothing any more."""
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise NotThere
    key.revoked_at = now()
    session.add(key)
