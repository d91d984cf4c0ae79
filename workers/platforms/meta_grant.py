"""Signing in at Meta: a code becomes a person's token for two months, and each Page has its own.

A Page's token that comes from such a token has no end of its own; it dies with a password, a role
or the app. Renewing therefore asks for the Pages' tokens again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Found, Granted
from workers.platforms.meta_errors import judge
from workers.platforms.meta_http import Graph
from workers.platforms.meta_token import token_of

_NEWER = timedelta(days=1)
_PAGE = "id,name,access_token,link"
_INSTAGRAM = "instagram_business_account{id,username}"


async def exchange(
    calls: Calls, app: Mapping[str, str], answer: Mapping[str, str], now: datetime
) -> Granted:
    """The code for a short token, that for a long one. A code works once."""
    asked = {"code": answer.get("code", ""), "redirect_uri": answer.get("redirect_uri", "")}
    if answer.get("verifier"):
        asked["code_verifier"] = answer["verifier"]
    calls = replace(calls, judge=judge)
    short = await _token(calls, app, asked)
    return await _long(calls, app, str(short["access_token"]), now)


async def renew(
    calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any], now: datetime
) -> Granted:
    """A newer token of the person's, and with it newer ones of the Pages that were chosen.

    A token that is dead cannot be renewed: auth_expired, and the person signs in again. Where Meta
    gives no later end, it is not asked again: the Pages' own tokens outlive the person's.
    """
    calls = replace(calls, judge=judge)
    granted = await _long(calls, app, str(secrets.get("user_token", "")), now)
    pages = await _pages(Graph(calls, app, granted.secrets["user_token"]))
    tokens = {str(page["id"]): page.get("access_token") for page in pages}
    kept = {
        name: dict(own) | _newer(tokens.get(str(own.get("page_id"))))
        for name, own in (secrets.get("places") or {}).items()
    }
    secrets = dict(granted.secrets) | {"places": kept}
    ends = granted.expires_at
    return replace(
        granted, secrets=secrets, expires_at=ends if ends and ends > now + _NEWER else None
    )


async def places(
    calls: Calls, app: Mapping[str, str], secrets: Mapping[str, Any]
) -> Sequence[Found]:
    """Every Page that the person has a part in, and the Instagram account behind it."""
    graph = Graph(replace(calls, judge=judge), app, str(secrets.get("user_token", "")))
    found: list[Found] = []
    for page in await _pages(graph):
        if page.get("access_token"):
            found += _found(page)
    return found


def _found(page: Mapping[str, Any]) -> list[Found]:
    own, name = str(page["id"]), str(page.get("name", ""))
    secrets = {"access_token": page["access_token"], "page_id": own}
    ids = {"page_id": own, "name": name}
    link = page.get("link") or f"https://www.facebook.com/{own}"
    found = [Found("facebook", name, ids, link, secrets)]
    account = page.get("instagram_business_account")
    if account:
        username = str(account.get("username", name))
        ids = {"ig_user_id": str(account["id"]), "page_id": own}
        link = f"https://www.instagram.com/{username}"
        found.append(Found("instagram", username, ids, link, secrets))
    return found


async def _pages(graph: Graph) -> list[Mapping[str, Any]]:
    """With the Instagram accounts where that was allowed; without them where it was not."""
    try:
        return await _listed(graph, f"{_PAGE},{_INSTAGRAM}")
    except SourceTrouble as trouble:
        if trouble.health not in ("permission", "unavailable_capability", "bad_content"):
            raise
    return await _listed(graph, _PAGE)


async def _listed(graph: Graph, fields: str) -> list[Mapping[str, Any]]:
    pages = graph.pages("me/accounts", fields=fields, limit=100)
    return [one async for page in pages for one in page.get("data", [])]


async def _long(calls: Calls, app: Mapping[str, str], short: str, now: datetime) -> Granted:
    asked = {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
    told = await _token(calls, app, asked)
    token = str(told["access_token"])
    known = await token_of(Graph(calls, app, token))
    seconds = told.get("expires_in")
    ends = now + timedelta(seconds=seconds) if isinstance(seconds, int) else known.expires_at
    return Granted({"user_token": token}, known.scopes, ends, known.ends_at)


async def _token(
    calls: Calls, app: Mapping[str, str], asked: Mapping[str, str]
) -> Mapping[str, Any]:
    """Ask for a token with everything in the body, where no log of an address can hold it."""
    own = {"client_id": app.get("id", ""), "client_secret": app.get("secret", "")}
    url = Graph(calls, app, "").url("oauth/access_token")
    told = (await calls.ask("POST", url, data={**own, **asked})).object
    if not told.get("access_token"):
        raise SourceTrouble("auth_expired", "Meta gave no sign-in. Begin again.", permanent=True)
    return told


def _newer(token: object) -> dict[str, Any]:
    return {"access_token": token} if token else {}
