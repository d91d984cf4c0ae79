"""The report after an incident, read from its timeline, reviews, actions and statements alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from api import pulse
from api.clock import now
from api.database import Reader
from api.lifecycle import report as lifecycle
from api.models import Action, Client, Entry, Incident, Result, Statement
from api.models import Report as Words
from api.report.counting import Numbers, Rating, Still, count
from api.report.steps import Step, steps

__all__ = ["Report", "report"]

_SAID = ("in_review", "approved", "held", "publishing", "published", "failed", "retracted")


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, true at `as_of`; `words` is what people added, `down` the places still down."""

    incident: Incident
    client: Client
    as_of: datetime
    pulse: pulse.Pulse
    numbers: Numbers
    steps: Sequence[Step]
    entries: Sequence[Entry]
    still: Still
    rating: Rating
    down: Sequence[str]
    statements: Sequence[Statement]
    words: Words


async def report(session: Reader, incident: Incident) -> Report:
    """Read it anew: nothing of it but people’s own words is kept anywhere."""
    at = now()
    entries = await _entries(session, incident)
    numbers, still, rating = await count(session, incident, at)
    return Report(
        incident=incident,
        client=await session.get_one(Client, incident.client_id),
        as_of=at,
        pulse=await _arc(session, incident),
        numbers=numbers,
        steps=steps(incident, entries),
        entries=entries,
        still=still,
        rating=rating,
        down=await _down(session, incident),
        statements=await _statements(session, incident),
        words=await lifecycle.of_incident(session, incident),
    )


async def _entries(session: Reader, incident: Incident) -> list[Entry]:
    query = select(Entry).where(Entry.incident_id == incident.id).order_by(col(Entry.seq))
    return list(await session.exec(query))


async def _arc(session: Reader, incident: Incident) -> pulse.Pulse:
    """The whole burst until calm or the end; then its last column is as finished as the others."""
    end = incident.quiet_since or incident.ended_at
    if end is None:
        return await pulse.of_incident(session, incident)
    until_calm = Incident(**incident.model_dump() | {"ended_at": max(end, incident.since)})
    seen = await pulse.of_incident(session, until_calm)
    return replace(seen, buckets=[replace(one, unfinished=False) for one in seen.buckets])


async def _down(session: Reader, incident: Incident) -> list[str]:
    """Places that were taken down, were read to be so, and are not back."""
    found = await session.exec(
        select(Result.name)
        .join(Action, col(Action.id) == col(Result.action_id))
        .where(
            Action.incident_id == incident.id,
            Action.kind == "take_down",
            Result.way == "there",
            Result.state == "done",
        )
        .order_by(col(Result.id))
    )
    return list(dict.fromkeys(found))


async def _statements(session: Reader, incident: Incident) -> list[Statement]:
    found = await session.exec(
        select(Statement)
        .where(Statement.incident_id == incident.id, col(Statement.state).in_(_SAID))
        .order_by(col(Statement.id))
    )
    return list(found)
