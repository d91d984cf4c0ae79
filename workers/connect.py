"""Changes the code that a person brought back for a token, and asks what it may be used for."""

from uuid import UUID

from api.apps import app
from api.clock import now
from api.database import Reader, transaction
from api.items.item import SourceTrouble
from api.lifecycle import account as accounts
from api.lifecycle import connection as lifecycle
from api.models import Connection
from api.platforms import CATALOGUE
from workers.places import calls
from workers.platforms import GRANTERS
from workers.platforms.calls import agreed_shape, status_trouble
from workers.platforms.connector import Found, Granted


async def due(session: Reader) -> list[UUID]:
    """The answers that wait to be used."""
    return await lifecycle.to_finish(session)


async def connect(connection_id: UUID) -> None:
    """Finish one attempt. A code works once: after a lost answer the person begins again."""
    async with transaction() as session:
        connection = await lifecycle.claim(session, connection_id)
    if connection is None:
        return
    try:
        granted, found = await _ask(connection)
    except SourceTrouble as trouble:
        async with transaction() as session:
            await lifecycle.failed(session, connection, trouble.detail)
        return
    await _keep(connection, granted, found)


async def _ask(connection: Connection) -> tuple[Granted, list[Found]]:
    family = CATALOGUE[connection.platform].family
    granter, own = GRANTERS[family], app(family)
    answer = lifecycle.secrets_of(connection)["answer"]
    async with calls(status_trouble) as out:
        with agreed_shape():
            granted = await granter.exchange(out, own, answer, now())
            return granted, list(await granter.places(out, own, granted.secrets))


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
