"""Asks every source for news, and keeps what came raw until it is taken in."""

from functools import cache, partial
from ssl import SSLContext
from uuid import UUID

import httpx

from api.addresses import fetch, guarded_client
from api.clock import now
from api.database import Reader, reading, transaction
from api.ids import new_id
from api.items.item import SourceTrouble
from api.lifecycle import intake
from api.lifecycle import source as lifecycle
from api.models import Client, Source
from api.settings import settings
from workers.platforms import feed


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
        fetched = await _fetch(source)
    except SourceTrouble as trouble:
        await _note_trouble(source, trouble)
    else:
        await _keep(source, fetched)


async def _fetch(source: Source) -> feed.Fetched | None:
    async with reading() as session:
        client = await session.get_one(Client, source.client_id)
    practice = {settings.practice_address} if client.practice else set()
    allowed = settings.allowed_addresses | practice
    timeout = settings.read_timeout.total_seconds()
    async with guarded_client(allowed=allowed, verify=_trusted()) as outside:
        get = partial(fetch, outside, deadline=timeout)
        return await feed.fetch(get, source.url or "", source.cursor, now())


@cache
def _trusted() -> SSLContext:
    """Made once: reading the list of authorities takes longer than reading a feed."""
    return httpx.create_ssl_context(trust_env=False)


async def _keep(source: Source, fetched: feed.Fetched | None) -> None:
    """The body and the cursor are written together: what is behind the cursor is never lost."""
    async with transaction() as session:
        client = await session.get_one(Client, source.client_id)
        next_at = now() + await lifecycle.rhythm(session, client)
        if fetched is None:
            await lifecycle.seen(session, source, poll_at=next_at)
            return
        await intake.keep(session, source, f"poll:{new_id()}", fetched.body, fetched.content_type)
        url = fetched.moved_to or source.url
        await lifecycle.polled(session, source, poll_at=next_at, cursor=fetched.cursor, url=url)


async def _note_trouble(source: Source, trouble: SourceTrouble) -> None:
    async with transaction() as session:
        client = await session.get_one(Client, source.client_id)
        next_at = now() + await lifecycle.rhythm(session, client)
        if trouble.retry_at:
            next_at = max(next_at, trouble.retry_at)
        await lifecycle.trouble(session, source, trouble.health, trouble.detail, next_at=next_at)
