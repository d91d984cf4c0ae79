"""The client's page behind its secret link: one response, no script, nothing changes by reading."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Response
from sqlmodel import col, select

from api import pulse, words, words_timeline
from api.clock import now
from api.database import Reader, transaction
from api.lifecycle import approval as approvals
from api.lifecycle import escalation as escalations
from api.lifecycle import link as lifecycle
from api.models import Client, Entry, Escalation, Incident, Report, Source
from api.pages import chart
from api.pulse import clock_time
from api.routes import owner_sees
from api.routes.asking import Reading, by_link
from api.routes.incident_shapes import sentence_of
from api.routes.owner_door import PageRoute, Visit, managers, name_of, page, visited
from api.routes.owner_question import when
from api.routes.owner_sees import Yours

router = APIRouter(tags=["client page"], include_in_schema=False, route_class=PageRoute)

# An incident that ended is shown this long; then the page is calm again.
_SHOWN_AFTER_END = timedelta(days=3)
_RHYTHM = timedelta(minutes=30)
# Without a script the page reads itself anew once a minute; there is nothing on it to lose.
_REFRESH, _WHILE_UNDER_WAY = 60, 5


@router.get("/p/{token}", dependencies=[by_link])
async def get_client_page(token: str, session: Reading) -> Response:
    """What is happening, since when, who is on it, what to answer, when we speak next."""
    visit = await visited(session, token)
    people = await managers(session, visit.client)
    yours = await owner_sees.of_page(session, visit, name_of(people))
    await _remember(visit, yours)
    incident = await _shown(session, visit.client)
    facts = await (_live(session, visit.client, incident) if incident else _calm(session, visit))
    facts |= {"people": people, "manager": name_of(people), "yours": yours}
    facts["may_answer"] = visit.may_answer
    facts["report"] = f"{token}/report" if incident and await _is_sent(session, incident) else ""
    name = "incident.html" if incident else "calm.html"
    return page(name, facts, refresh=_WHILE_UNDER_WAY if yours.under_way else _REFRESH)


async def _remember(visit: Visit, yours: Yours) -> None:
    """When something was looked at is a fact about it, not a change of anything."""
    async with transaction() as session:
        await lifecycle.opened(session, visit.link.id)
        for asked in yours.asked if visit.may_answer else ():
            await approvals.opened(session, asked.id)


async def _shown(session: Reader, client: Client) -> Incident | None:
    newest = (
        await session.exec(
            select(Incident)
            .where(Incident.client_id == client.id)
            .order_by(col(Incident.id).desc())
        )
    ).first()
    if newest and newest.ended_at and newest.ended_at < now() - _SHOWN_AFTER_END:
        return None
    return newest


async def _is_sent(session: Reader, incident: Incident) -> bool:
    """Whether there is a report that the owner was given."""
    sent = await session.exec(select(Report.sent_at).where(Report.incident_id == incident.id))
    return sent.first() is not None


async def _live(session: Reader, client: Client, incident: Incident) -> dict[str, Any]:
    seen = await pulse.of_incident(session, incident)
    escalation = await escalations.newest(session, incident.id)
    return {
        "client": client,
        "as_of": clock_time(now(), client.zone),
        "state": incident.state,
        "word": words.FOR_THE_OWNER[incident.state],
        "pulse": seen,
        "reviews": words.reviews(seen.new).split(" ", 1)[1],
        "since": when(seen.since, client.zone),
        "chart": chart.draw(seen, client.zone, height=126),
        "rows": chart.table(seen, client.zone),
        "per": chart.per(seen.width),
        "who": _who(escalation, client.zone, incident),
        "next_update": _next_update(incident, client.zone),
        "updates": await _updates(session, incident, client.zone),
    }


def _who(escalation: Escalation | None, zone: str, incident: Incident) -> str:
    if incident.ended_at:
        return ""
    if escalation is None or escalation.state == "exhausted":
        return words.NOT_REACHED
    name = escalations.who_has_it(escalation)
    if name and escalation.acknowledged_at:
        return words.on_it(name, clock_time(escalation.acknowledged_at, zone))
    return words.RINGING if escalation.state == "ringing" else words.WATCHED


def _next_update(incident: Incident, zone: str) -> str | None:
    """A promise on a half-hour grid that began when the incident opened."""
    if incident.ended_at:
        return None
    steps = (now() - incident.opened_at) // _RHYTHM + 1
    return clock_time(incident.opened_at + steps * _RHYTHM, zone)


async def _updates(session: Reader, incident: Incident, zone: str) -> list[tuple[str, str]]:
    entries = await session.exec(
        select(Entry).where(Entry.incident_id == incident.id).order_by(col(Entry.seq).desc())
    )
    told = [
        (when(entry.created_at, zone), sentence_of(entry, zone, words_timeline.ENTRY_FOR_THE_OWNER))
        for entry in entries
        if not _is_their_own_word(entry)
    ]
    return [(at, sentence) for at, sentence in told if sentence][:20]


def _is_their_own_word(entry: Entry) -> bool:
    """A yes makes an incident real; that the owner “deals with it” is no news to them."""
    return entry.kind == "confirm" and entry.actor_type == "contact"


async def _calm(session: Reader, visit: Visit) -> dict[str, Any]:
    client = visit.client
    sources = list(
        await session.exec(
            select(Source).where(
                Source.client_id == client.id, col(Source.removed_at).is_(None),
                col(Source.kind) != "file",
            )
        )
    )  # fmt: skip
    reads = [source.last_ok_at for source in sources if source.last_ok_at]
    blind = [source.name for source in sources if source.failing_since]
    return {
        "client": client,
        "as_of": clock_time(now(), client.zone),
        "looked": clock_time(max(reads), client.zone) if reads else None,
        "blind": blind,
        "sources": words.sources(len(sources)),
    }
