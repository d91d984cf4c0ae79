"""What Meta says of a token: whose it is, what it may do, on which Page, and until when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.connector import Place
from workers.platforms.meta_errors import old_sign_in
from workers.platforms.meta_http import Graph


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is USER or PAGE; `only_on` names the Pages of a right that was not given for all.

    `expires_at` ends the token, `ends_at` the access to anybody's data (aware UTC, None: no end).
    """

    kind: str
    scopes: tuple[str, ...]
    only_on: Mapping[str, frozenset[str]]
    expires_at: datetime | None
    ends_at: datetime | None


async def token_of(graph: Graph) -> Token:
    """Ask Meta about the graph's own token (debug_token); auth_expired when it is dead."""
    app = app_graph(graph)
    told = (await app.get("debug_token", input_token=graph.token)).get("data") or {}
    if told.get("is_valid") is not True:
        raise old_sign_in((told.get("error") or {}).get("subcode"))
    granular = told.get("granular_scopes") or []
    return Token(
        kind=str(told.get("type", "")).upper(),
        scopes=tuple(str(scope) for scope in told.get("scopes") or ()),
        only_on={one["scope"]: _ids(one) for one in granular if one.get("target_ids")},
        expires_at=_moment(told.get("expires_at")),
        ends_at=_moment(told.get("data_access_expires_at")),
    )


def app_graph(graph: Graph) -> Graph:
    """The same way, as the app itself."""
    own, secret = graph.app.get("id"), graph.app.get("secret")
    if not own or not secret:
        words = "The app at Meta is not set up. Set its id and secret."
        raise SourceTrouble("permission", words, permanent=True)
    return Graph(graph.calls, graph.app, f"{own}|{secret}")


def missing(token: Token, page: str, rights: Iterable[str]) -> str:
    """A sentence on what stands in the way of using these rights on that Page; empty: nothing."""
    if token.kind == "USER":
        return "This is a person’s sign-in: with it Facebook shows nothing. Choose the Page again."
    for right in rights:
        if right not in token.scopes or page not in token.only_on.get(right, {page}):
            return f"The right “{right}” is missing. Connect again and leave every switch on."
    return ""


async def tasks_on(graph: Graph, place: Place, page: str) -> Collection[str] | None:
    """What whoever signed in may do on the Page; None where that cannot be told any more."""
    person = place.secrets.get("user_token")
    if not person:
        return None
    asking = Graph(graph.calls, graph.app, person)
    try:
        async for found in asking.pages("me/accounts", fields="id,tasks", limit=100):
            for one in found.get("data", []):
                if str(one["id"]) == page:
                    return one.get("tasks") or []
    except SourceTrouble as trouble:
        # The Page's own token outlives the person's.
        if trouble.health != "auth_expired":
            raise
        return None
    return []


def _ids(granted: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(one) for one in granted["target_ids"])


def _moment(seconds: object) -> datetime | None:
    """Meta writes 0 for a token without an end."""
    known = isinstance(seconds, int) and 0 < seconds < 10**11
    return datetime.fromtimestamp(int(str(seconds)), UTC) if known else None
