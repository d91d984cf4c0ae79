"""Lists come in pages, with cursors that know what they were made for."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import tuple_
from sqlmodel import col

from api.database import Reader
from api.errors import InvalidCursor
from api.routes.shapes import Out

T = TypeVar("T")


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
