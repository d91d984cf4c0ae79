"""The one way a state changes: a guarded UPDATE whose rows are counted."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.database import Reader, Writer
from api.errors import InvalidTransition, NotThere

Moves = tuple[tuple[str, str, str], ...]


def allowed(moves: Moves, state: str, *, verbs: Iterable[str] | None = None) -> list[str]:
    """The verbs that are possible from a state, in the table's order; optionally only some."""
    found = dict.fromkeys(verb for came_from, verb, _ in moves if came_from == state)
    return [verb for verb in found if verbs is None or verb in verbs]


async def move(
    session: Writer, table: Any, moves: Moves, row_id: UUID, verb: str, **columns: Any
) -> str:
    """Make one move and say the new state; InvalidTransition tells what is true instead.

    Whoever comes second in the same moment counts zero rows and is told, not overwritten.
    """
    for came_from, named, to in moves:
        if named == verb and await _moved(session, table, row_id, came_from, to, columns):
            return to
    state = await _state(session, table, row_id)
    raise InvalidTransition(
        f"This is {state} now, so “{verb}” is not possible.",
        current_state=state,
        allowed=allowed(moves, state),
    )


async def try_to_move(
    session: Writer, table: Any, moves: Moves, row_id: UUID, verb: str, **columns: Any
) -> bool:
    """The same for a clock, to whom coming too late is no news."""
    for came_from, named, to in moves:
        if named == verb and await _moved(session, table, row_id, came_from, to, columns):
            return True
    return False


async def _moved(
    session: Writer, table: Any, row_id: UUID, came_from: str, to: str, columns: dict[str, Any]
) -> bool:
    changed = await session.exec(
        update(table)
        .where(col(table.id) == row_id, col(table.state) == came_from)
        .values(state=to, **columns)
        .execution_options(synchronize_session="fetch")
    )
    return bool(changed.rowcount == 1)


async def _state(session: Reader, table: Any, row_id: UUID) -> str:
    state: str | None = (await session.exec(select(table.state).where(table.id == row_id))).first()
    if state is None:
        raise NotThere
    return state
