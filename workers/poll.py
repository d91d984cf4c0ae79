"""Asks every source for news, and keeps what came raw until it is taken in."""

import asyncio
from uuid import UUID

from api.clock import now
from api.database import Reader, reading, transaction
from api.ids import new_id
from api.items.item import SourceTrouble
from api.lifecycle import account as accounts
from api.lifecycle import hint, intake
from api.lifecycle import source as lifecycle
from api.models import Account, Client, Source
from api.settings import settings
from workers import renew
from workers.places import Visit, calls, visit
from workers.platforms import CONNECTORS
from workers.platforms.calls import agreed_shape
from workers.platforms.connector import Fetched

# What a person reads when reading failed for a reason that the source has nothing to do with.
_OUR_FAULT = "We could not read this place. The log says more."
_PATIENCE, _A_MOMENT = 20, 0.25


async def due(session: Reader) -> list[UUID]:
    """The sources whose next reading is due."""
    return await lifecycle.due(session)


async def poll(source_id: UUID) -> None:
    """Read one source: claim, fetch, keep. A worker that dies meanwhile leaves a lease behind."""
    async with transaction() as session:
        source = await lifecycle.claim(session, source_id)
    if source is None:
        return
    try:
        look, fetched = await _look(source)
    except SourceTrouble as trouble:
        await _note_trouble(source, trouble)
    except Exception:
        await _note_trouble(source, SourceTrouble("transient", _OUR_FAULT))
        raise
    else:
        await _keep(look, fetched)


async def _look(source: Source) -> tuple[Visit, Fetched]:
    """Fetch; a sign-in that is not taken any more is renewed once and tried again."""
    look = await _visit(source)
    try:
        return look, await _fetch(look)
    except SourceTrouble as trouble:
        if trouble.health != "auth_expired" or look.account is None:
            raise
        async with transaction() as session:
            await accounts.renew_now(session, look.account)
        if not (await renew.renew(look.account.id) or await _renewed_by_others(look.account)):
            raise
    look = await _visit(source)
    return look, await _fetch(look)


async def _renewed_by_others(account: Account) -> bool:
    """Several places share one sign-in: who comes second waits a moment for who renews it."""
    for _ in range(_PATIENCE):
        async with reading() as session:
            now_is = await session.get_one(Account, account.id, populate_existing=True)
        if now_is.version != account.version:
            return True
        if now_is.detail or now_is.renew_at is None or now_is.renew_at <= now():
            return False
        await asyncio.sleep(_A_MOMENT)
    return False


async def _visit(source: Source) -> Visit:
    async with reading() as session:
        return await visit(session, source)


async def _fetch(look: Visit) -> Fetched:
    connector = CONNECTORS[look.source.kind]
    async with calls(connector.judge, practice=look.client.practice) as out:
        try:
            async with asyncio.timeout(settings.read_timeout.total_seconds()):
                with agreed_shape():
                    return await connector.fetch(out, look.place)
        except TimeoutError:
            detail = "Reading took longer than it may."
            raise SourceTrouble("transient", detail) from None
        finally:
            await _spend(look, out.spent)


async def _spend(look: Visit, spent: int) -> None:
    if look.account is not None and lifecycle.entry(look.source).daily_calls is not None:
        async with transaction() as session:
            await accounts.spend(session, look.account.id, spent)


async def _keep(look: Visit, fetched: Fetched) -> None:
    """The body and the cursor are written together: what is behind the cursor is never lost."""
    source = look.source
    async with transaction() as session:
        next_at = now() + await lifecycle.rhythm(session, look.client, source)
        if fetched.not_before:
            next_at = max(next_at, fetched.not_before)
        columns = {"poll_at": next_at, "cursor": dict(fetched.cursor)}
        if look.place.mode == "reconcile" or source.whole_at is None:
            columns["whole_at"] = now() + lifecycle.WHOLE_EVERY
        if fetched.probed is not None:
            columns["probed"] = dict(fetched.probed)
        await hint.taken(session, source.id, until=look.place.now)
        if await hint.waits(session, source.id):
            columns["poll_at"] = max(fetched.not_before or now(), now() + hint.APART)
        if fetched.body is None:
            await lifecycle.seen(session, source, **columns)
            return
        await intake.keep(session, source, f"poll:{new_id()}", fetched.body, fetched.content_type)
        columns["url"] = fetched.moved_to or source.url
        await lifecycle.polled(session, source, **columns)


async def _note_trouble(source: Source, trouble: SourceTrouble) -> None:
    async with transaction() as session:
        client = await session.get_one(Client, source.client_id)
        next_at = now() + await lifecycle.rhythm(session, client, source)
        if trouble.retry_at:
            next_at = max(next_at, trouble.retry_at)
        await lifecycle.trouble(
            session, source, trouble.health, trouble.detail, next_at=next_at, reread=False
        )
