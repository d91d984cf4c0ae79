"""Measured calm: looks at an open incident when its burst may be slowing, or over."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import incident as lifecycle
from api.lifecycle import timeline
from api.models import Client, Incident
from api.models.incidents import OPEN_STATES
from workers.facts import met_since
from workers.follow import follow, look_at
from workers.rules.quiet import QUIET_AT_LEAST

_LEAST = timedelta(seconds=QUIET_AT_LEAST)


async def due(session: Reader) -> list[UUID]:
    """The open incidents whose burst may have slowed down or ended."""
    found = await session.exec(
        select(Incident.id).where(
            col(Incident.look_at) <= now(), col(Incident.state).in_(OPEN_STATES)
        )
    )
    return list(found)


async def cool_down(incident_id: UUID) -> None:
    """Say on the timeline that it slows, and since when it is quiet. People decide the rest."""
    async with transaction() as session:
        seen = await session.get(Incident, incident_id)
        client = seen and await _hold(session, seen.client_id)
        await timeline.hold(session, incident_id)
        incident = await session.get(Incident, incident_id, populate_existing=True)
        if client and incident and incident.look_at and incident.look_at <= now():
            await _measure(session, client, incident)


async def _hold(session: Writer, client_id: UUID) -> Client | None:
    return await session.get(
        Client, client_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def _measure(session: Writer, client: Client, incident: Incident) -> None:
    if client.detect_at is not None:
        return  # What waits to be judged comes first: its finding must not be settled unseen.
    watch = (await follow(session, client)).watch
    episode = watch.episode
    if episode.told_slowing and incident.slowing_at is None:
        await lifecycle.slowing(
            session, incident, datetime.fromtimestamp(episode.told_slowing, UTC)
        )
    if episode.opened:
        await lifecycle.look_again(session, incident, look_at(client, watch))
    else:
        await _calm(session, incident, datetime.fromtimestamp(episode.newest, UTC))


async def _calm(session: Writer, incident: Incident, newest: datetime) -> None:
    """Say it; of a burst that the watch does not know, by the newest low review of the ledger."""
    if newest < incident.since:
        lows = [
            one.at
            for one in await met_since(session, incident.client_id, incident.since)
            if one.low
        ]
        newest = max(lows, default=incident.since)
        if newest + _LEAST > now():
            await lifecycle.look_again(session, incident, newest + _LEAST)
            return
    await lifecycle.calm(session, incident, newest)
