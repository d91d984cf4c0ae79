"""A person signs a client in at a platform: asked, answered, finished; each attempt once."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.crypto import digest, new_token, seal, unseal
from api.database import Reader, Writer, emit
from api.errors import LinkReplaced
from api.ids import encode, new_id
from api.lifecycle import watching
from api.lifecycle.moves import Moves, move, try_to_move
from api.models import Account, Connection
from api.queue import after_commit

MOVES: Moves = (
    ("waiting", "answer", "answered"),
    ("waiting", "refuse", "failed"),
    ("waiting", "expire", "expired"),
    ("answered", "finish", "connected"),
    ("answered", "fail", "failed"),
)
# Signing in with a second factor takes minutes; a state that lives longer is a risk.
_OPEN_FOR = timedelta(minutes=15)
_TRYING = timedelta(minutes=1)


async def start(
    session: Writer, client_id: UUID, user_id: UUID, platform: str, secrets: Mapping[str, Any]
) -> tuple[Connection, str]:
    """Begin; the answer is the row and the `state` that must come back (RFC 6749, 10.12)."""
    state = new_token()
    connection = Connection(
        id=new_id(), client_id=client_id, user_id=user_id, platform=platform,
        token_hash=digest(state), sealed=b"", expires_at=now() + _OPEN_FOR,
    )  # fmt: skip
    connection.sealed = _sealed(connection, secrets)
    session.add(connection)
    await session.flush()
    return connection, state


def secrets_of(connection: Connection) -> dict[str, Any]:
    """What was sealed: the PKCE verifier, later the platform's answer, then its grant alone."""
    found: dict[str, Any] = json.loads(unseal(connection.sealed, row=_row(connection)))
    return found


async def by_state(session: Reader, state: str) -> Connection:
    """The attempt that this answer belongs to, over or not; LinkReplaced when it is unknown."""
    found = await session.exec(select(Connection).where(Connection.token_hash == digest(state)))
    connection = found.first()
    if connection is None:
        raise LinkReplaced("This sign-in is over.", hint="Begin again from the client.")
    return connection


def waits(connection: Connection) -> bool:
    """Whether an answer still counts: the first one, in time."""
    ends = connection.expires_at
    return connection.state == "waiting" and ends is not None and ends > now()


async def answered(session: Writer, connection: Connection, answer: Mapping[str, str]) -> None:
    """The person came back with a code: a worker changes it for a token."""
    kept = secrets_of(connection) | {"answer": dict(answer)}
    sealed = _sealed(connection, kept)
    moved = await try_to_move(
        session, Connection, MOVES, connection.id, "answer", sealed=sealed, finish_at=now()
    )
    if moved:
        after_commit(session, "connect", connection.id)


async def refused(session: Writer, connection: Connection, detail: str) -> None:
    """The person said no there, or the platform did."""
    await try_to_move(
        session, Connection, MOVES, connection.id, "refuse", detail=detail, sealed=b""
    )


async def expire(session: Writer) -> None:
    """Nobody came back in time: what was begun is over, and its secrets are forgotten."""
    found = await session.exec(
        select(Connection.id).where(
            Connection.state == "waiting", col(Connection.expires_at) <= now()
        )
    )
    for connection_id in list(found):
        await try_to_move(session, Connection, MOVES, connection_id, "expire", sealed=b"")


async def to_finish(session: Reader) -> list[UUID]:
    """The attempts whose code waits to be changed for a token."""
    found = await session.exec(
        select(Connection.id).where(
            Connection.state == "answered", col(Connection.finish_at) <= now()
        )
    )
    return list(found)


async def claim(session: Writer, connection_id: UUID) -> Connection | None:
    """Take one for a minute; None when it is not due."""
    claimed = await session.exec(
        update(Connection)
        .where(
            col(Connection.id) == connection_id,
            col(Connection.state) == "answered",
            col(Connection.finish_at) <= now(),
        )
        .values(finish_at=now() + _TRYING)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Connection, connection_id, populate_existing=True)


async def granted(session: Writer, connection: Connection, grant: Mapping[str, Any]) -> None:
    """The code became a grant, kept here until its places are listed; that is due at once.

    Whoever lost the claim meanwhile keeps nothing. The code works no more and is forgotten.
    """
    kept = await session.exec(
        update(Connection)
        .where(
            col(Connection.id) == connection.id,
            col(Connection.state) == "answered",
            col(Connection.finish_at) == connection.finish_at,
        )
        .values(sealed=_sealed(connection, {"grant": dict(grant)}), finish_at=now())
    )
    if kept.rowcount == 1:
        after_commit(session, "connect", connection.id)


async def finished(
    session: Writer, connection: Connection, account: Account, choices: Sequence[Mapping[str, Any]]
) -> None:
    """There is an account; the person chooses what of it is watched, unless it was before.

    Raises InvalidTransition when the attempt was over meanwhile: roll the account back with it.
    """
    await move(
        session, Connection, MOVES, connection.id, "finish",
        account_id=account.id, choices=[dict(one) for one in choices], sealed=b"",
    )  # fmt: skip
    await watching.hand_over(session, account, choices)
    facts = {"id": encode("acc", account.id), "object": "account", "platform": account.platform}
    emit(session, "account.connected", client_id=connection.client_id, object=facts)


async def failed(session: Writer, connection: Connection, detail: str) -> None:
    """The platform gave no token: the person begins again. Who lost the claim says nothing."""
    claim = await session.exec(
        select(Connection.finish_at).where(Connection.id == connection.id).with_for_update()
    )
    if claim.one() == connection.finish_at:
        await try_to_move(
            session, Connection, MOVES, connection.id, "fail", detail=detail, sealed=b""
        )


def _row(connection: Connection) -> str:
    return f"connection:{connection.client_id}:{connection.id}"


def _sealed(connection: Connection, secrets: Mapping[str, Any]) -> bytes:
    return seal(json.dumps(dict(secrets)).encode(), row=_row(connection))
