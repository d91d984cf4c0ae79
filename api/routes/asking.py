"""Who may ask: every route names a scope, a link, a receipt, or says that anybody may."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, true
from sqlmodel import col

from api.database import Reader, Writer, reading, transaction
from api.errors import ForeignOrigin, NotAllowed, NotThere, Refusal, SignInNeeded
from api.ids import decode
from api.lifecycle import people
from api.lifecycle.timeline import Actor
from api.models import User
from api.settings import settings

COOKIE = "nightdesk"

SCOPES = (
    "me", "clients:read", "clients:write", "links:write", "sources:read", "sources:write",
    "reviews:read", "reviews:write", "incidents:read", "incidents:write", "oncall:read",
    "oncall:write", "events:read", "actions:execute", "approvals:read", "approvals:write",
    "approvals:record", "statements:read", "statements:write", "admin",
)  # fmt: skip
OF_ROLE = {
    "owner": frozenset(SCOPES),
    "manager": frozenset(SCOPES) - {"admin"},
    # A helper reads, drafts and takes an alarm up; deeds and recorded answers are not for them.
    "helper": frozenset(s for s in SCOPES if s.endswith(":read"))
    | {"me", "incidents:write", "statements:write"},
}
FOR_KEYS = tuple(scope for scope in SCOPES if scope not in {"me", "admin"})


@dataclass(frozen=True, slots=True)
class Asker:
    """A person or a program, with what it may do and which clients it may see (None: all)."""

    actor: Actor
    scopes: frozenset[str]
    clients: frozenset[UUID] | None = None
    user: User | None = None

    def sees(self, column: Any) -> ColumnElement[bool]:
        """The WHERE clause that keeps other people's clients out of every query."""
        return true() if self.clients is None else col(column).in_(self.clients)

    def must_see_all(self) -> None:
        """NotAllowed for a key that was made for some clients alone."""
        if self.clients is not None:
            raise NotAllowed("This key was made for some clients alone.")

    def must_see(self, client_id: UUID | None) -> None:
        """NotThere for a client outside this key: the answer does not tell that it exists."""
        if self.clients is not None and client_id not in self.clients:
            raise NotThere


async def _reading() -> AsyncGenerator[Reader]:
    async with reading() as session:
        yield session


async def _writing() -> AsyncGenerator[Writer]:
    async with transaction() as session:
        yield session


# scope="function": the commit comes before the answer leaves, or "acknowledged" could be shown
# for a commit that then fails.
Reading = Annotated[Reader, Depends(_reading, scope="function")]
Writing = Annotated[Writer, Depends(_writing, scope="function")]


async def _who(request: Request, session: Reader) -> Asker:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _program(session, secret)
    token = request.cookies.get(COOKIE, "")
    user = await people.signed_in(session, token) if token else None
    if user is None:
        raise SignInNeeded
    _same_origin(request)
    actor = Actor("user", user.id, user.name)
    return Asker(actor, OF_ROLE[user.role], user=user)


async def _program(session: Reader, secret: str) -> Asker:
    key = await people.key(session, secret)
    if key is None:
        raise SignInNeeded("This API key is unknown, revoked or expired.")
    clients = key.client_ids
    return Asker(
        Actor("key", key.id, key.name),
        frozenset(key.scopes),
        None if clients is None else frozenset(decode("cli", one) for one in clients),
    )


def _same_origin(request: Request) -> None:
    """A cookie travels by itself; what it may change must come from our own pages."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    origin = request.headers.get("origin", "")
    own = {settings.origin, f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if origin not in own or not urlsplit(origin).hostname:
        raise ForeignOrigin


def same_origin(request: Request) -> None:
    """The same for routes that make a cookie."""
    if request.headers.get("origin"):
        _same_origin(request)


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of whoever calls it; the tests read it from every route."""

    kind: str
    scope: str = ""


def may(scope: str) -> Any:
    """Annotate the asker with it: signed in, or with a key, and with this scope."""

    async def check(request: Request) -> Asker:
        # Its own short look: a caller that waits to write must not hold a second connection.
        async with reading() as session:
            asker = await _who(request, session)
        if scope not in asker.scopes:
            raise NotAllowed(f"This needs the scope {scope}.", scope=scope)
        return asker

    return Depends(marked(check, Access("scope", scope)))


async def still_may(request: Request, session: Reader, scope: str) -> bool:
    """Whether whoever asked long ago may still: for answers that go on and on."""
    try:
        return scope in (await _who(request, session)).scopes
    except Refusal:
        return False


def marked(check: Callable[..., Any], access: Access) -> Callable[..., Any]:
    """Write the access onto the check itself, where a walk over the routes finds it."""
    check.access = access  # type: ignore[attr-defined]
    return check


def _proves(kind: str) -> Any:
    """A route that checks something else than a scope in its own body, and says so here."""

    def check() -> None:
        return None

    return Depends(marked(check, Access(kind)))


anyone = _proves("anyone")
by_link = _proves("link")
by_receipt = _proves("receipt")
by_signature = _proves("signature")
