"""Accounts of clients at platforms: entered as a key or a mailbox, listed, taken away."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field
from sqlmodel import col, func, select

from api import words
from api.database import Reader
from api.errors import Invalid, NotThere
from api.ids import Prefixed
from api.lifecycle import account as lifecycle
from api.lifecycle import warning
from api.models import Account, Client, Source
from api.platforms import CATALOGUE, Asked, Entry
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId, a_client
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("sources:read")]
MayWrite = Annotated[Asker, may("sources:write")]
AccountId = Annotated[UUID, Prefixed("acc")]

# A service account of Google is 2.4 kB of JSON.
_LONGEST_SECRET = 10_000


class AccountOut(Out):
    """What a client let us use; its secrets are never shown.

    `expires_at` ends the token, which is renewed by itself; `ends_at` ends the sign-in. `sources`
    is how many are read with it.
    """

    id: AccountId
    object: str = "account"
    client_id: ClientId
    platform: str
    name: str
    scopes: list[str]
    expires_at: datetime | None
    ends_at: datetime | None
    detail: str
    sources: int
    version: int


class AccountIn(In):
    """A key or a mailbox: everything that the platform asks for, by name."""

    platform: str = Field(max_length=40)
    name: str = Field(min_length=1, max_length=120)
    secrets: dict[str, Annotated[str, Field(max_length=_LONGEST_SECRET)]] = Field(max_length=40)


@router.get("/clients/{client_id}/accounts")
async def list_accounts(client_id: ClientId, asker: MayRead, session: Reading) -> Page[AccountOut]:
    """The accounts of a client."""
    await a_client(session, asker, client_id)
    found = await session.exec(
        select(Account)
        .where(Account.client_id == client_id, col(Account.removed_at).is_(None))
        .order_by(col(Account.id))
    )
    return page([await _out(session, account) for account in found])


@router.post("/clients/{client_id}/accounts", status_code=201)
async def create_account(
    client_id: ClientId, body: AccountIn, asker: MayWrite, session: Writing,
    response: Response, _: Once,
) -> AccountOut:  # fmt: skip
    """Enter a key or a mailbox. What it opens is found out when a source of it is read."""
    await a_client(session, asker, client_id)
    secrets = _as_asked(_entered(body.platform), body.secrets)
    account = await lifecycle.enter(session, client_id, body.platform, body.name, secrets)
    response.headers["ETag"] = tag(account.version)
    return await _out(session, account)


@router.delete("/accounts/{account_id}", status_code=204)
async def delete_account(
    account_id: AccountId, asker: MayWrite, session: Writing, if_match: IfMatch
) -> None:
    """Forget its secrets at once. Its sources stay, cannot be read, and say so."""
    account = await an_account(session, asker, account_id)
    await hold(session, account)
    expect(account.version, if_match)
    client = await session.get_one(Client, account.client_id)
    await lifecycle.remove(session, account)
    said = words.account_removed(client.name, account.name, asker.actor.name)
    await warning.changed_for_all(session, said, practice=client.practice)


async def an_account(session: Reader, asker: Asker, account_id: UUID) -> Account:
    """The account, if the asker may see its client; NotThere otherwise, and once it is removed."""
    account = await session.get(Account, account_id)
    if account is None or account.removed_at:
        raise NotThere
    await a_client(session, asker, account.client_id)
    return account


def _entered(platform: str) -> Entry:
    entry = CATALOGUE.get(platform)
    if entry is None or entry.way not in ("key", "mailbox"):
        detail = "no key is entered there" if entry else "there is no such platform"
        raise _refused("/platform", detail)
    return entry


def _as_asked(entry: Entry, given: dict[str, str]) -> dict[str, str]:
    """What was asked and nothing else: whoever reads the places looks for these names."""
    asked = {one.name: one for one in entry.asked}
    for name in given.keys() - asked.keys():
        raise _refused("/secrets", f"{entry.name} asks for nothing called {name[:40]!r}")
    kept = {name: text.strip() for name, text in given.items() if text.strip()}
    missing = [one for one in asked.values() if not one.optional and one.name not in kept]
    if missing:
        raise Invalid(_is_missing(missing[0]), errors=[_missing(one) for one in missing])
    return kept


def _is_missing(one: Asked) -> str:
    return f"{one.label} is missing"


def _missing(one: Asked) -> dict[str, str]:
    return {"pointer": f"/secrets/{one.name}", "detail": _is_missing(one)}


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])


async def _out(session: Reader, account: Account) -> AccountOut:
    count = await session.exec(
        select(func.count())
        .select_from(Source)
        .where(Source.account_id == account.id, col(Source.removed_at).is_(None))
    )
    return AccountOut.model_validate(
        account.model_dump(exclude={"sealed"}) | {"sources": count.one()}
    )
