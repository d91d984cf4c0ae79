"""The door of the owner's page: whose link it is, whose phone, and how every page leaves."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api import words_owner as words
from api.acting import tell
from api.database import Reader
from api.errors import (
    ApprovalLapsed,
    ApprovalMissing,
    DigestChanged,
    ForeignOrigin,
    InvalidTransition,
    LinkReplaced,
    NotAllowed,
    NotThere,
    Refusal,
)
from api.ids import decode
from api.lifecycle import link as links
from api.lifecycle import owner_phone as phones
from api.lifecycle.plan import ladder
from api.lifecycle.timeline import Actor
from api.models import Approval, Client, Contact, Link, OwnerPhone, User
from api.pages import render
from api.routes.security import PAGE_HEADERS
from api.settings import settings

# One browser may belong to people at several clients: a cookie for each would never be found again.
COOKIE, TRY = "nightdesk_owner", "nightdesk_owner_try"
_MOST_SECRETS = 20
_TOO_LATE = (InvalidTransition, DigestChanged, ApprovalMissing, ApprovalLapsed)
_BETWEEN = "."


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of one private link."""

    token: str
    link: Link
    client: Client

    @property
    def may_answer(self) -> bool:
        """Whether this link lets its holder answer, once their phone is known."""
        return self.link.capability != "view"

    def at(self, *parts: str) -> str:
        """An address under this link."""
        return "/".join(("/p", self.token, *parts))


@dataclass(frozen=True, slots=True)
class Known:
    """A phone that has shown whose it is, and that person."""

    phone: OwnerPhone
    contact: Contact

    @property
    def actor(self) -> Actor:
        """Who acts, as the timeline names them."""
        return Actor("contact", self.contact.id, self.contact.name)


async def visited(session: Reader, token: str) -> Visit:
    """The client behind a link; LinkReplaced for every link that opens nothing."""
    return Visit(token, *await links.open_page(session, token))


async def answering(session: Reader, token: str) -> Visit:
    """The same for a link that may answer; NotAllowed for one that only reads."""
    visit = await visited(session, token)
    if not visit.may_answer:
        raise NotAllowed(words.NOT_FOR_THIS_LINK)
    return visit


async def known_phone(session: Reader, request: Request, visit: Visit) -> Known | None:
    """Whose phone this is, while that person may still say yes for this client."""
    tokens = secrets_of(request)
    phone = await phones.known(session, visit.client.id, tokens) if tokens else None
    if phone is None:
        return None
    people = await tell.approvers(session, visit.client.id)
    found = next((one for one in people if one.id == phone.contact_id), None)
    return Known(phone, found) if found else None


async def an_approval(session: Reader, visit: Visit, named: str) -> Approval:
    """A question to this client; NotThere for another client's, as for one that never was."""
    try:
        found = await session.get(Approval, decode("apr", named))
    except ValueError:
        found = None
    if found is None or found.client_id != visit.client.id:
        raise NotThere
    return found


def secrets_of(request: Request) -> list[str]:
    """What this browser's cookie holds, newest first."""
    return [one for one in request.cookies.get(COOKIE, "").split(_BETWEEN) if one][:_MOST_SECRETS]


def remember(response: Response, request: Request, token: str) -> None:
    """This browser is known from now on: at this client too, and still at its others."""
    kept = [token, *(one for one in secrets_of(request) if one != token)]
    value = _BETWEEN.join(kept[:_MOST_SECRETS])
    _set(response, COOKIE, value, int(phones.KNOWN_FOR.total_seconds()))
    response.delete_cookie(TRY, path="/p")


def remember_try(response: Response, token: str) -> None:
    """The code that was sent counts in this browser alone."""
    _set(response, TRY, token, int(phones.CODE_FOR.total_seconds()))


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/p", httponly=True, samesite="strict",
        secure=settings.origin.startswith("https://"),
    )  # fmt: skip


def from_here(request: Request) -> None:
    """ForeignOrigin when a browser says that another site sent this.

    Our pages send no referrer, so browsers call their origin `null`: then Sec-Fetch-Site counts.
    What tells neither is old, and is held by the secret in the address and the strict cookie.
    """
    origin = request.headers.get("origin", "null")
    site = request.headers.get("sec-fetch-site", "same-origin")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if site not in ("same-origin", "none") or origin not in {"null", settings.origin, here}:
        raise ForeignOrigin


async def managers(session: Reader, client: Client) -> list[User]:
    """Who helps at all hours, first to last."""
    return await ladder(session, practice=client.practice)


def name_of(people: list[User]) -> str:
    """The first of them, or a word for whoever it is."""
    return people[0].name if people else words.YOUR_MANAGER


def page(
    name: str, facts: dict[str, Any], *, status: int = 200, refresh: int | None = None
) -> Response:
    """One whole answer; `refresh` (seconds) for pages on which nobody types."""
    html, style_hash = render(name, facts)
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, **PAGE_HEADERS}
    if refresh:
        headers["Refresh"] = str(refresh)
    return Response(html, status, headers, media_type="text/html")


def see(path: str) -> Response:
    """What a form leads to: a reload of it repeats nothing."""
    return RedirectResponse(path, 303, PAGE_HEADERS)


def _said(said: str, hint: str, status: int, back: str = "") -> Response:
    facts = {"said": said, "hint": hint, "back": back, "people": []}
    return page("said.html", facts, status=status)


def _refused(request: Request, error: Refusal) -> Response:
    """A refusal in words; what only came too late leads to the page that says what is true."""
    home = f"/p/{request.path_params['token']}"
    if isinstance(error, LinkReplaced):
        return page("replaced.html", {"people": []}, status=410)
    if isinstance(error, NotThere):
        return _said(words.NOT_THERE, words.NOT_THERE_HINT, 404, home)
    if isinstance(error, NotAllowed):
        return _said(error.detail, words.NOT_FOR_THIS_LINK_HINT, 403, home)
    if isinstance(error, ForeignOrigin):
        return _said(words.FOREIGN, words.FOREIGN_HINT, 403)
    if isinstance(error, _TOO_LATE):
        return see(request.url.path)
    raise error


class PageRoute(APIRoute):
    """Answers in pages, refusals too: an owner never meets a line of JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler; its transaction is rolled back before the refusal is told."""
        handle = super().get_route_handler()

        async def in_words(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as error:
                return _refused(request, error)
            except RequestValidationError:
                return _said(words.TOO_LONG, words.TOO_LONG_HINT, 422)

        return in_words
