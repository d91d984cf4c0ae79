"""A source as its connector sees it: ids and secrets out of the rows, and the guarded way out."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from ssl import SSLContext
from typing import Any

import httpx
from sqlmodel import col, select

from api.addresses import checked, fetch, guarded_client
from api.apps import app
from api.clock import now
from api.database import Reader
from api.items.item import SourceTrouble
from api.lifecycle import account as accounts
from api.lifecycle import incident
from api.models import Account, Client, Hint, Source
from api.platforms import CATALOGUE
from api.settings import settings
from workers.platforms.calls import Calls, Judge
from workers.platforms.connector import Mode, Place


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one source: the rows as they were, and what its connector is told."""

    source: Source
    client: Client
    account: Account | None
    place: Place


async def visit(session: Reader, source: Source) -> Visit:
    """Everything that a connector needs; SourceTrouble when the account is gone or used up."""
    client = await session.get_one(Client, source.client_id)
    account = await _account(session, source)
    hints = await session.exec(
        select(Hint)
        .where(Hint.source_id == source.id, col(Hint.taken_at).is_(None))
        .order_by(col(Hint.id).desc())
        .limit(100)
    )
    place = Place(
        ids=source.place,
        now=now(),
        url=source.url or "",
        secrets=_secrets(account, source),
        app=app(CATALOGUE[source.kind].family),
        cursor=source.cursor,
        mode=await _mode(session, source),
        hints=[hint.about for hint in hints],
        probed=source.probed,
    )
    return Visit(source, client, account, place)


async def _account(session: Reader, source: Source) -> Account | None:
    if source.account_id is None:
        return None
    account = await session.get_one(Account, source.account_id)
    if account.removed_at is not None:
        raise SourceTrouble("auth_expired", "The account was taken away. Connect it again.")
    budget = CATALOGUE[source.kind].daily_calls
    if budget is not None and accounts.spent_today(account) >= budget:
        detail = f"Today’s {budget} requests are used up."
        raise SourceTrouble("quota_exhausted", detail, retry_at=accounts.budget_back_at())
    return account


def _secrets(account: Account | None, source: Source) -> dict[str, Any]:
    """The account's, and over them those of the single place, as a Page has its own."""
    if account is None:
        return {}
    found = accounts.secrets_of(account)
    own: dict[str, Any] = found.pop("places", {}).get(source.place.get("secret"), {})
    return found | own


async def _mode(session: Reader, source: Source) -> Mode:
    if await incident.of_client(session, source.client_id):
        return "attack"
    return "reconcile" if source.whole_at is not None and source.whole_at <= now() else "calm"


@asynccontextmanager
async def calls(judge: Judge, *, practice: bool = False) -> AsyncIterator[Calls]:
    """The guarded way out for one look; the practice address is open to practice clients alone."""
    allowed = settings.allowed_addresses | ({settings.practice_address} if practice else set())
    timeout = settings.read_timeout.total_seconds()
    async with guarded_client(
        allowed=allowed, total_seconds=timeout, verify=_trusted(), instead=settings.vendor_addresses
    ) as outside:
        page = partial(fetch, outside, deadline=timeout)
        where = partial(_address, allowed)
        yield Calls(outside, now(), page, judge, resolve=where, trusted=_trusted())


async def _address(allowed: Collection[str], host: str, port: int) -> str:
    """One address of a mail server, checked like that of any website."""
    return (await checked(host, port, allowed))[0]


@cache
def _trusted() -> SSLContext:
    """Made once: reading the list of authorities takes longer than reading a feed."""
    return httpx.create_ssl_context(trust_env=False)
