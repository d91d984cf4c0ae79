"""What a route uses in a line: remembered answers, versions, and lists with cursors."""

import base64
import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, field_validator
from sqlalchemy import tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from api.crypto import seal, sign, unseal
from api.database import Reader, Writer
from api.errors import (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InvalidCursor,
    NotThere,
    PreconditionRequired,
    Refusal,
    VersionConflict,
)
from api.models import Answer
from api.routes.asking import COOKIE, Writing


class Out(BaseModel):
    """Everything that is answered: unknown fields never, attributes of rows welcome."""

    model_config = ConfigDict(from_attributes=True, extra="ignore")


# NUL has no room in PostgreSQL; signs that turn the direction would turn the lines around a name.
_UNREADABLE = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class In(BaseModel):
    """Everything that is sent: unknown fields are ignored, strings are trimmed and never huge."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, str_max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def _readable(cls, value: Any) -> Any:
        return value.translate(_UNREADABLE) if isinstance(value, str) else value


T = TypeVar("T")


# --- the same wish twice -------------------------------------------------------------------------


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


# --- versions ------------------------------------------------------------------------------------


class NotModified(Refusal):
    """The asker has the newest already."""

    status, code, title = 304, "not-modified", "Nothing new"


def tag(version: object) -> str:
    """A strong ETag."""
    return f'"{version}"'


def tagged(request: Request, response: Response, version: object) -> None:
    """Set the ETag; NotModified when the asker has it already."""
    response.headers["ETag"] = tag(version)
    if request.headers.get("if-none-match", "").removeprefix("W/") == tag(version):
        raise NotModified(ETag=tag(version))


def tagged_as_seen(request: Request, response: Response, version: int, out: BaseModel) -> None:
    """The same for what also shows things that change without a new version."""
    seen = hashlib.sha256(out.model_dump_json().encode()).hexdigest()[:12]
    tagged(request, response, f"{version}-{seen}")


def _if_match(if_match: Annotated[str | None, Header()] = None) -> str:
    if not if_match:
        raise PreconditionRequired
    return if_match.strip().removeprefix("W/").strip('"')


IfMatch = Annotated[str, Depends(_if_match)]


async def hold(session: Writer, row: Any) -> None:
    """Wait for whoever else is changing this row, and take it as they left it; NotThere if gone."""
    found = await session.get(
        type(row), row.id, populate_existing=True, with_for_update={"key_share": True}
    )
    if found is None:
        raise NotThere


def expect(version: object, if_match: str, newer: BaseModel | None = None) -> None:
    """VersionConflict, with the newer version for a merge, unless it is the expected one.

    What an ETag says after the version is not about what can be changed.
    """
    if if_match != "*" and if_match.split("-", maxsplit=1)[0] != str(version):
        raise VersionConflict(newer=newer.model_dump(mode="json") if newer else None)


# --- lists ---------------------------------------------------------------------------------------


class Paging:
    """`limit` and `cursor` of a list; the cursor is opaque and knows the list's filters."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1)] = 50,
        cursor: str | None = None,
    ) -> None:
        self.request, self.response = request, response
        self.limit = min(limit, 100)
        self.cursor = cursor

    @property
    def _filters(self) -> str:
        query = self.request.query_params.multi_items()
        filters = sorted(item for item in query if item[0] not in {"cursor", "limit"})
        wish = json.dumps([self.request.url.path, filters])
        return hashlib.sha256(wish.encode()).hexdigest()[:16]

    def _after(self) -> tuple[datetime, UUID] | None:
        if self.cursor is None:
            return None
        try:
            at, row_id, filters = json.loads(base64.urlsafe_b64decode(self.cursor.encode()))
            position = datetime.fromisoformat(at).astimezone(UTC), UUID(row_id)
        except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise InvalidCursor from error
        if filters != self._filters:
            raise InvalidCursor
        return position

    async def of(self, session: Reader, query: Any, table: Any) -> tuple[list[Any], str | None]:
        """One page, newest first by (created_at, id), and the cursor of the next."""
        after = self._after()
        place = tuple_(col(table.created_at), col(table.id))
        if after is not None:
            query = query.where(place < after)
        query = query.order_by(col(table.created_at).desc(), col(table.id).desc())
        rows = list(await session.exec(query.limit(self.limit + 1)))
        if len(rows) <= self.limit:
            return rows, None
        last = rows[self.limit - 1]
        row = last if hasattr(last, "created_at") else last[0]
        return rows[: self.limit], self._cursor(row)

    def _cursor(self, row: Any) -> str:
        place = json.dumps([row.created_at.isoformat(), str(row.id), self._filters])
        cursor = base64.urlsafe_b64encode(place.encode()).decode()
        url = self.request.url.include_query_params(cursor=cursor)
        self.response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return cursor


class Page(Out, Generic[T]):
    """One page of a list."""

    data: list[T]
    next_cursor: str | None = None
    has_more: bool = False


def page(data: list[T], next_cursor: str | None = None) -> Page[T]:
    """The answer of a list."""
    return Page(data=data, next_cursor=next_cursor, has_more=next_cursor is not None)
