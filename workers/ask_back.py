"""A clock asks for the way back: once a day, and as soon as it is measurably quiet."""

from uuid import UUID

from api import words_acting as words
from api.acting import tell
from api.acting.do import ASK_EVERY
from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import action as lifecycle
from api.lifecycle import down, timeline
from api.lifecycle import result as results
from api.models import Action, Client, Incident
from api.pulse import day_and_time


async def due(session: Reader) -> list[UUID]:
    """What has been down for a day, or since before it became quiet."""
    return await lifecycle.to_ask_about(session)


async def ask_back(action_id: UUID) -> None:
    """Ask the manager, by day, and again tomorrow while it is down."""
    async with transaction() as session:
        known = await session.get_one(Action, action_id)
        await timeline.hold(session, known.incident_id)
        action = await session.get_one(Action, action_id, populate_existing=True)
        if action.ask_at is None or action.ask_at > now():
            return
        stands = await down.stands(session, action)
        await lifecycle.ask_at(session, action_id, now() + ASK_EVERY if stands else None)
        if stands:
            await _ask(session, action)


async def _ask(session: Writer, action: Action) -> None:
    client = await session.get_one(Client, action.client_id)
    incident = await session.get_one(Incident, action.incident_id)
    places = [one for one in await results.of_action(session, action.id) if down.is_there(one)]
    names = words.listed([one.name for one in places])
    if incident.quiet_since:
        since = day_and_time(incident.quiet_since, client.zone)
        title, body = words.calm_and_down(client.name, names, since)
    else:
        since = day_and_time(action.started_at or action.created_at, client.zone)
        title, body = words.still_down(client.name, names, since)
    key = f"way_back:{action.id}:{now():%Y%m%d%H}"
    await tell.manager(session, incident, title, body, key=key, by_day=True)
