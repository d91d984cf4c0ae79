"""Changes the code that a person brought back for a token, then asks what it may be used for."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from api.apps import app
from api.clock import now
from api.database import Reader, transaction
from api.errors import InvalidTransition
from api.items.item import SourceTrouble
from api.lifecycle import account as accounts
from api.lifecycle import connection as lifecycle
from api.models import Connection
from api.platforms import CATALOGUE
from workers.places import calls
from workers.platforms import GRANTERS
from workers.platforms.calls import Calls, agreed_shape, status_trouble
from workers.platforms.connector import Found, Granted

# Seconds for each of the two steps: less than the minute for which an attempt is claimed.
LONGEST = 45.0
_PASSES = ("transient", "rate_limited")


async def due(session: Reader) -> list[UUID]:
    """The answers that wait to be used."""
    return await lifecycle.to_finish(session)


async def connect(connection_id: UUID) -> None:
    """Finish one attempt: the code for a grant, once, then its places, as often as it takes.

    A code works once: after a lost answer the person begins again. A list that fails for a moment
    is asked for again every minute, until the attempt has run out.
    """
    connection = await _claimed(connection_id)
    if connection is not None and "grant" not in lifecycle.secrets_of(connection):
        await _exchange(connection)
        connection = await _claimed(connection_id)
    if connection is not None:
        await _list(connection)


async def _claimed(connection_id: UUID) -> Connection | None:
    async with transaction() as session:
        return await lifecycle.claim(session, connection_id)


async def _exchange(connection: Connection) -> None:
    family = CATALOGUE[connection.platform].family
    answer = lifecycle.secrets_of(connection)["answer"]
    try:
        async with _in_time(connection) as out:
            granted = await GRANTERS[family].exchange(out, app(family), answer, now())
    except SourceTrouble as trouble:
        await _fail(connection, trouble)
        return
    async with transaction() as session:
        await lifecycle.granted(session, connection, _as_json(granted))


async def _list(connection: Connection) -> None:
    family = CATALOGUE[connection.platform].family
    granted = _from_json(lifecycle.secrets_of(connection)["grant"])
    try:
        async with _in_time(connection) as out:
            found = list(await GRANTERS[family].places(out, app(family), granted.secrets))
    except SourceTrouble as trouble:
        if trouble.health not in _PASSES or _ran_out(connection):
            await _fail(connection, trouble)
        return
    try:
        await _keep(connection, granted, found)
    except InvalidTransition:
        # Another worker listed them too and was faster: the account of this one is rolled back.
        return


@asynccontextmanager
async def _in_time(connection: Connection) -> AsyncIterator[Calls]:
    """The way out for one step; all that goes wrong there is SourceTrouble."""
    async with calls(status_trouble) as out:
        try:
            async with asyncio.timeout(LONGEST):
                with agreed_shape():
                    yield out
        except TimeoutError:
            name = CATALOGUE[connection.platform].name
            detail = f"{name} took longer than it may. Begin again."
            raise SourceTrouble("transient", detail) from None


def _ran_out(connection: Connection) -> bool:
    return connection.expires_at is None or connection.expires_at <= now()


async def _fail(connection: Connection, trouble: SourceTrouble) -> None:
    async with transaction() as session:
        await lifecycle.failed(session, connection, trouble.detail)


async def _keep(connection: Connection, granted: Granted, found: list[Found]) -> None:
    """Secrets of single places (a Page has its own) stay with the account, sealed."""
    secrets = dict(granted.secrets) | {
        "places": {f"{one.kind}:{number}": dict(one.secrets) for number, one in enumerate(found)}
    }
    choices = [
        {
            "number": number,
            "kind": one.kind,
            "name": one.name,
            "place": dict(one.ids),
            "url": one.url,
        }
        for number, one in enumerate(found)
    ]
    async with transaction() as session:
        account = await accounts.add(
            session, connection.client_id, connection.platform,
            CATALOGUE[connection.platform].name, secrets,
            scopes=list(granted.scopes), expires_at=granted.expires_at, ends_at=granted.ends_at,
        )  # fmt: skip
        await lifecycle.finished(session, connection, account, choices)


def _as_json(granted: Granted) -> dict[str, Any]:
    return {
        "secrets": dict(granted.secrets),
        "scopes": list(granted.scopes),
        "expires_at": granted.expires_at and granted.expires_at.isoformat(),
        "ends_at": granted.ends_at and granted.ends_at.isoformat(),
    }


def _from_json(kept: Mapping[str, Any]) -> Granted:
    expires_at, ends_at = (
        at and datetime.fromisoformat(at) for at in (kept["expires_at"], kept["ends_at"])
    )
    return Granted(kept["secrets"], kept["scopes"], expires_at, ends_at)
