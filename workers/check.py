"""Checks once a day, without changing anything, whether each place could be acted on tonight."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

from api.clock import now
from api.database import Reader, reading, transaction
from api.items.item import SourceTrouble
from api.lifecycle import source as lifecycle
from api.models import Source
from api.settings import settings
from workers.places import Visit, calls, visit
from workers.platforms import CONNECTORS
from workers.platforms.calls import agreed_shape
from workers.platforms.connector import Checked

# Trouble that ends by itself, and when to ask again.
PASSES = ("transient", "rate_limited", "quota_exhausted")
_SOON = timedelta(minutes=5)


async def due(session: Reader) -> list[UUID]:
    """The sources whose daily check is due."""
    return await lifecycle.to_check(session)


async def check(source_id: UUID) -> None:
    """Check one source: claim, ask, remember. What cannot be asked is not ready."""
    async with transaction() as session:
        source = await lifecycle.claim_check(session, source_id)
    if source is None:
        return
    try:
        checked = await _checked(source)
    except SourceTrouble as trouble:
        await _later(source, trouble)
        return
    every = settings.check_every * random.uniform(0.9, 1.0)  # noqa: S311  spreading load
    async with transaction() as session:
        await lifecycle.checked(
            session, source, ready=checked.ready, detail=checked.ready_detail,
            probed=dict(checked.probed), next_at=now() + every,
        )  # fmt: skip


async def _checked(source: Source) -> Checked:
    try:
        async with reading() as session:
            look = await visit(session, source)
        return await _ask(look)
    except SourceTrouble as trouble:
        if trouble.health in PASSES or _may_be_renewed(source, trouble):
            raise
        return Checked(ready=False if _acts(source) else None, ready_detail=trouble.detail)


def _may_be_renewed(source: Source, trouble: SourceTrouble) -> bool:
    """A token that ended since the last reading: the next reading renews it, or says so."""
    return trouble.health == "auth_expired" and source.health == "ok"


async def _later(source: Source, trouble: SourceTrouble) -> None:
    """A vendor that is ill for a moment says nothing about tonight: what was known stays."""
    async with transaction() as session:
        at = max(trouble.retry_at or now(), now() + _SOON)
        await lifecycle.check_again(session, source, at)


async def _ask(look: Visit) -> Checked:
    connector = CONNECTORS[look.source.kind]
    async with calls(connector.judge, practice=look.client.practice) as out:
        try:
            async with asyncio.timeout(settings.read_timeout.total_seconds()):
                with agreed_shape():
                    return await connector.check(out, look.place)
        except TimeoutError:
            raise SourceTrouble("transient", "The check took longer than it may.") from None


def _acts(source: Source) -> bool:
    can = lifecycle.entry(source).capabilities
    return any(one.verb == "take_down" and one.how == "real" for one in can)
