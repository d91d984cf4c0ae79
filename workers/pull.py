"""Asks Google every half minute what it has told of reviews, where nobody outside can call us."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from api.apps import plain
from api.clock import now
from api.database import Reader, transaction
from api.ids import new_id
from api.items.item import SourceTrouble
from api.lifecycle import hint as lifecycle
from api.models import Heartbeat
from api.settings import settings
from workers.places import calls
from workers.platforms import google_pull, google_service

_NAME, _EVERY = "pull", timedelta(seconds=30)


async def due(session: Reader) -> list[UUID]:
    """Every half minute, where a subscription is set; by the row that the last round left."""
    if not settings.pubsub_subscription or settings.pubsub_key is None:
        return []
    last = await session.get(Heartbeat, _NAME)
    return [] if last and last.at > now() - _EVERY else [new_id()]


async def pull(_: UUID) -> None:
    """Keep what was heard, then say so: what is not acknowledged comes again.

    Trouble costs promptness alone: every place is read at its own rhythm all the same.
    """
    async with transaction() as session:
        await session.merge(Heartbeat(name=_NAME, at=now()))
    try:
        await _pull()
    except SourceTrouble:
        return


async def _pull() -> None:
    subscription = settings.pubsub_subscription
    async with calls(google_pull.judge) as out:
        key = plain(settings.pubsub_key)
        token = await google_service.token(out, key, google_pull.SCOPE)
        heard = await google_pull.pull(out, token, subscription)
        await _keep(heard)
        await google_pull.acknowledge(out, token, subscription, heard)


async def _keep(heard: Sequence[google_pull.Heard]) -> None:
    async with transaction() as session:
        await lifecycle.heard_of_google(session, [(one.id, one.hint) for one in heard])
