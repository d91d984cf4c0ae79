"""The client's page behind its secret link: one response, no script, nothing changes by reading."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import col, select

from api import pulse, words
from api.clock import now
from api.database import Reader, transaction
from api.errors import LinkReplaced
from api.lifecycle import escalation as escalations
from api.lifecycle import link as lifecycle
from api.lifecycle.plan import ladder
from api.models import Client, Entry, Escalation, Incident, Source, User
from api.pages import chart, render
from api.pulse import clock_time, day_and_time
from api.routes.asking import Reading, by_link
from api.routes.incident_shapes import sentence_of
from api.routes.security import PAGE_HEADERS

router = APIRouter(tags=["client page"], include_in_schema=False)

# An incident that ended is shown this long; then the page is calm again.
_SHOWN_AFTER_END = timedelta(days=3)
_RHYTHM = timedelta(minutes=30)
# Without a script the page reads itself anew once a minute; there is nothing on it to lose.
_REFRESH_SECONDS = "60"


@router.get("/p/{token}", dependencies=[by_link])
async def get_client_page(token: str, session: Reading) -> Response:
    """What is happening, since when, who is on it, when we speak next."""
    try:
        link, client = await lifecycle.open_page(session, token)
    except LinkReplaced:
        return _page("replaced.html", {"people": []}, status=410)
    await _remember(link.id)
    incident = await _shown(session, client)
    if incident is None:
        return _page("calm.html", await _calm(session, client))
    return _page("incident.html", await _live(session, client, incident))


def _page(name: str, facts: dict[str, Any], *, status: int = 200) -> Response:
    html, style_hash = render(name, facts)
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Refresh": _REFRESH_SECONDS, **PAGE_HEADERS}
    return Response(html, status, headers, media_type="text/html")


async def _remember(link_id: UUID) -> None:
    """When the page was last opened is a fact about the link, not a change of anything."""
    async with transaction() as session:
        await lifecycle.opened(session, link_id)


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


async def _managers(session: Reader, *, practice: bool = False) -> list[User]:
    return await ladder(session, practice=practice)


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
        "since": _when(seen.since, client.zone),
        "chart": chart.draw(seen, client.zone, height=126),
        "rows": chart.table(seen, client.zone),
        "per": chart.per(seen.width),
        "who": _who(escalation, client.zone, incident),
        "next_update": _next_update(incident, client.zone),
        "updates": await _updates(session, incident, client.zone),
        "people": await _managers(session, practice=client.practice),
    }


def _when(at: Any, zone: str) -> str:
    return clock_time(at, zone) if now() - at < timedelta(hours=20) else day_and_time(at, zone)


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
        (_when(entry.created_at, zone), sentence_of(entry, zone, words.ENTRY_FOR_THE_OWNER))
        for entry in entries
    ]
    return [(at, sentence) for at, sentence in told if sentence][:20]


async def _calm(session: Reader, client: Client) -> dict[str, Any]:
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
        "people": await _managers(session, practice=client.practice),
    }
