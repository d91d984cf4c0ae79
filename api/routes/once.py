"""The same wish twice is done once: answers are remembered by Idempotency-Key."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from api.crypto import seal, sign, unseal
from api.database import Reader, Writer
from api.errors import IdempotencyKeyMissing, IdempotencyKeyReused
from api.models import Answer
from api.routes.asking import COOKIE, Writing


class Replay(Exception):
    """An answer that was given before to the same key."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body


def _asker(request: Request) -> str:
    who = request.headers.get("authorization") or request.cookies.get(COOKIE, "")
    return hashlib.sha256(who.encode()).hexdigest()


async def once(
    request: Request,
    session: Writing,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> None:
    """Do it once per key: the answer is written in the transaction of the deed itself.

    A second call with the key waits for the first to commit, then gets the first one's answer.
    """
    if not idempotency_key:
        raise IdempotencyKeyMissing
    wish = f"{request.method} {request.url.path}".encode() + b"\0" + await request.body()
    fingerprint = sign("wish", hashlib.sha256(wish).hexdigest())
    answer = Answer(asker=_asker(request), key=idempotency_key, fingerprint=fingerprint)
    if await _is_first(session, answer):
        request.state.answer = await session.get_one(Answer, answer.id)
        return
    known = await _known(session, answer)
    if known.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    raise Replay(known.status, unseal(known.body, row=_row(known)))


Once = Annotated[None, Depends(once)]


async def _is_first(session: Writer, answer: Answer) -> bool:
    """Take the key; of two that come at the same moment, the second waits here for the first."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    taken = await session.exec(
        insert(Answer).values(answer.model_dump()).on_conflict_do_nothing(
            index_elements=["asker", "key"]
        )
    )  # fmt: skip
    return bool(taken.rowcount)


async def _known(session: Reader, answer: Answer) -> Answer:
    found = select(Answer).where(Answer.asker == answer.asker, Answer.key == answer.key)
    return (await session.exec(found)).one()


def _row(answer: Answer) -> str:
    """What a remembered answer is bound to: it may hold a secret that is shown once."""
    return f"answer:{answer.id}"


class LedgerRoute(APIRoute):
    """Remembers the answer of a route that asked for it, while its transaction is open."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, and the note of what it answered."""
        handle = super().get_route_handler()

        async def remember(request: Request) -> Response:
            response = await handle(request)
            answer: Answer | None = getattr(request.state, "answer", None)
            if answer is not None:
                answer.status = response.status_code
                answer.body = seal(bytes(response.body), row=_row(answer))
            return response

        return remember
