"""Which place a new source is: ids that belong to the account that it is read with."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from api.database import Reader
from api.errors import Invalid
from api.lifecycle import account as accounts
from api.lifecycle import watching
from api.models import Account, Connection
from api.platforms import CATALOGUE, Entry
from api.routes.source_shapes import SourceIn

_AT_ITS_ADDRESS = ("feed", "page")
_AT_AN_ADDRESS_TOO = (*_AT_ITS_ADDRESS, "reddit")


Place = tuple[dict[str, Any], str | None]


async def chosen(session: Reader, client_id: UUID, body: SourceIn) -> Place:
    """The place and its address as they are kept; Invalid when something does not fit, and what."""
    entry = CATALOGUE[body.kind]
    _check_address(entry, body)
    if entry.way in ("own", "nothing"):
        if body.account_id is not None or body.choice is not None:
            raise _refused("account_id", f"{entry.name} is read without an account")
        return body.place, body.url or None
    account = await _account(session, client_id, entry, body.account_id)
    if entry.way != "account":
        return _entered(entry, account, body.place), body.url or None
    return _found(body, await _choices(session, account))


def _check_address(entry: Entry, body: SourceIn) -> None:
    if entry.kind in _AT_ITS_ADDRESS and not body.url:
        raise _refused("url", f"a {entry.name.lower()} needs an address")
    if entry.way == "own" and (body.url or body.place):
        raise _refused("url", "a feed needs an address, this kind has none")
    if entry.way == "nothing" and not (body.url or body.place):
        raise _refused("url", f"paste a link of {entry.name}")
    if body.url and entry.way == "nothing" and entry.kind not in _AT_AN_ADDRESS_TOO:
        raise _refused("url", f"{entry.name} is not read at an address")


async def _account(
    session: Reader, client_id: UUID, entry: Entry, account_id: UUID | None
) -> Account:
    if account_id is None:
        raise _refused("account_id", f"connect {entry.name} first")
    account = await session.get(Account, account_id)
    if account is None or account.client_id != client_id or account.removed_at:
        raise _refused("account_id", "this client has no such account")
    if CATALOGUE[account.platform].family != entry.family:
        raise _refused("account_id", f"this account is not one of {entry.name}")
    return account


def _entered(entry: Entry, account: Account, place: dict[str, Any]) -> dict[str, Any]:
    """What was entered with the key and is no secret: it names the place.

    Nobody can add to it later: a key that was entered for one server is never sent to another.
    """
    secrets, asked = accounts.secrets_of(account), {one.name: one for one in entry.asked}
    ids = {name: value for name, value in place.items() if name not in asked}
    for name in asked.keys() & secrets.keys():
        if not asked[name].secret:
            ids[name] = secrets[name]
    if entry.kind == "x":
        # X puts the id of the account in front of its token, and names it so when it calls us.
        owner, found, _ = str(secrets.get("access_token", "")).partition("-")
        ids |= {"user_id": owner} if found and owner.isdigit() else {}
    return ids


async def _choices(session: Reader, account: Account) -> list[dict[str, Any]]:
    found = await session.exec(
        select(Connection.choices).where(Connection.account_id == account.id)
    )
    return [one for choices in found for one in choices]


def _found(body: SourceIn, choices: list[dict[str, Any]]) -> Place:
    """One of the places that the sign-in was found to open, and no other."""
    for one in choices:
        named = body.choice == one["number"] if body.choice is not None else _named(body, one)
        if named and one["kind"] == body.kind:
            place = watching.marked(one["kind"], one["number"], one["place"])
            return place, body.url or one["url"] or None
    pointer = "place" if body.choice is None else "choice"
    raise _refused(pointer, "the sign-in does not open this place")


def _named(body: SourceIn, one: dict[str, Any]) -> bool:
    return watching.same(body.place, one["place"])


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/{pointer}", "detail": detail}])
