"""Asks what becomes of a held statement when its condition is met: it never publishes anything."""

from uuid import UUID

from api import words_statements as words
from api.database import Reader, Writer, transaction
from api.errors import Refusal
from api.ids import encode
from api.lifecycle import approval as approvals
from api.lifecycle import holding
from api.lifecycle import statement as statements
from api.lifecycle.plan import ladder
from api.models import Client, Statement


async def due(session: Reader) -> list[UUID]:
    """The held statements to be looked at."""
    return await holding.to_look_at(session)


async def release(statement_id: UUID) -> None:
    """Ask the first person who can be reached; a second wave takes the question back."""
    async with transaction() as session:
        statement = await holding.look(session, statement_id)
        if statement is not None:
            await _ask(session, statement)


async def _ask(session: Writer, statement: Statement) -> None:
    client = await session.get_one(Client, statement.client_id)
    hours = statement.quiet_hours if statement.hold == "quiet" else None
    title = words.release_title(client.name, hours)
    body = words.release_body(yes_holds=await _yes_holds(session, statement))
    path = f"/statements/{encode('stm', statement.id)}"
    for user in await ladder(session, practice=client.practice):
        if await holding.ask(session, statement, user, title, body, path):
            return


async def _yes_holds(session: Reader, statement: Statement) -> bool:
    try:
        await approvals.holding(session, await statements.subject(session, statement))
    except Refusal:
        return False
    return True
