"""Incidents: what is happening, and what the manager says about it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from sqlmodel import col, select

from api import pulse
from api.database import Reader, Writer
from api.errors import NotThere
from api.lifecycle import incident as lifecycle
from api.lifecycle import timeline
from api.models import Client, Entry, Incident
from api.pages import chart
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.clients import ClientId
from api.routes.incident_shapes import (
    EntryOut,
    IncidentId,
    IncidentOut,
    entry_out,
    incident_out,
)  # fmt: skip
from api.routes.lists import Page, Paging, page
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import In, Out
from api.routes.versions import tagged

router = APIRouter(prefix="/v1", tags=["incidents"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("incidents:read")]
MayWrite = Annotated[Asker, may("incidents:write")]
State = Literal["triage", "active", "monitoring", "resolved", "closed", "dismissed"]


class Dismissal(In):
    """Why it was nothing."""

    reason: Literal["good_press", "we_posted", "same_person", "not_bad"]


class Note(In):
    """Words for the timeline, not for the client."""

    text: str = Field(min_length=1, max_length=4000)


class BucketOut(Out):
    """One column of the picture."""

    at: datetime
    count: int
    low: int
    unfinished: bool
    stale: bool


class Series(Out):
    """The picture as numbers."""

    title: str
    description: str
    bucket_seconds: int
    buckets: list[BucketOut]
    expected_low: int
    expected_high: int
    as_of: datetime


@router.get("/incidents")
async def list_incidents(
    asker: MayRead, session: Reading, paging: Annotated[Paging, Depends()],
    state: Annotated[list[State] | None, Query()] = None, client_id: ClientId | None = None,
) -> Page[IncidentOut]:  # fmt: skip
    """Incidents, newest first."""
    query = select(Incident).where(asker.sees(Incident.client_id))
    if state:
        query = query.where(col(Incident.state).in_(state))
    if client_id:
        query = query.where(Incident.client_id == client_id)
    found, cursor = await paging.of(session, query, Incident)
    return page([await incident_out(session, one) for one in found], cursor)


@router.get("/incidents/{incident_id}")
async def get_incident(
    incident_id: IncidentId, asker: MayRead, session: Reading, request: Request, response: Response
) -> IncidentOut:
    """One incident as it stands now."""
    out = await incident_out(session, await an_incident(session, asker, incident_id))
    tagged(request, response, f"{out.version}-{out.numbers.as_of:%H%M}")
    return out


@router.get("/incidents/{incident_id}/timeline")
async def list_timeline_entries(
    incident_id: IncidentId, asker: MayRead, session: Reading, paging: Annotated[Paging, Depends()]
) -> Page[EntryOut]:
    """What happened, newest first."""
    incident = await an_incident(session, asker, incident_id)
    client = await session.get_one(Client, incident.client_id)
    query = select(Entry).where(Entry.incident_id == incident_id)
    found, cursor = await paging.of(session, query, Entry)
    return page([entry_out(entry, client.zone) for entry in found], cursor)


@router.get("/incidents/{incident_id}/series")
async def get_incident_series(
    incident_id: IncidentId, asker: MayRead, session: Reading, request: Request, response: Response
) -> Series:
    """The pulse as numbers."""
    seen, zone = await _pulse(session, asker, incident_id)
    tagged(request, response, _shape(seen))
    return Series(
        title=chart.title(seen, zone), description=chart.description(seen),
        bucket_seconds=int(seen.width.total_seconds()),
        buckets=[BucketOut(**asdict(bucket)) for bucket in seen.buckets],
        expected_low=seen.expected_low, expected_high=seen.expected_high, as_of=seen.as_of,
    )  # fmt: skip


@router.get("/incidents/{incident_id}/chart.svg", response_class=Response)
async def get_incident_chart_svg(
    incident_id: IncidentId, asker: MayRead, session: Reading, request: Request
) -> Response:
    """The pulse as a picture; its colours come from the stylesheet."""
    seen, zone = await _pulse(session, asker, incident_id)
    response = Response(chart.draw(seen, zone), media_type="image/svg+xml")
    tagged(request, response, _shape(seen))
    return response


@router.post("/incidents/{incident_id}/confirm")
async def confirm_incident(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """It is real."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.confirm(session, incident, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/dismiss")
async def dismiss_incident(
    incident_id: IncidentId, body: Dismissal, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """False alarm. If it doubles, it rings again."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.dismiss(session, incident, body.reason, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/monitor")
async def monitor_incident(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """It is slowing."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.monitor(session, incident, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/resolve")
async def resolve_incident(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """It is over."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.resolve(session, incident, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/reopen")
async def reopen_incident(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """It was not over."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.reopen(session, incident, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/close")
async def close_incident(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """Put it away."""
    incident = await an_incident(session, asker, incident_id)
    await lifecycle.close(session, incident, by=asker.actor)
    return await _now(session, incident)


@router.post("/incidents/{incident_id}/notes", status_code=201)
async def create_note(
    incident_id: IncidentId, body: Note, asker: MayWrite, session: Writing, _: Once
) -> IncidentOut:
    """Write something onto the timeline."""
    incident = await an_incident(session, asker, incident_id)
    await timeline.write(session, incident.id, "note", by=asker.actor, text=body.text)
    return await _now(session, incident)


async def an_incident(session: Reader, asker: Asker, incident_id: UUID) -> Incident:
    """The incident, if the asker may see its client; NotThere otherwise."""
    incident = await session.get(Incident, incident_id)
    if incident is None:
        raise NotThere
    asker.must_see(incident.client_id)
    return incident


async def _now(session: Writer, incident: Incident) -> IncidentOut:
    await session.flush()
    await session.refresh(incident)
    return await incident_out(session, incident)


async def _pulse(session: Reader, asker: Asker, incident_id: UUID) -> tuple[pulse.Pulse, str]:
    incident = await an_incident(session, asker, incident_id)
    client = await session.get_one(Client, incident.client_id)
    return await pulse.of_incident(session, incident), client.zone


def _shape(seen: pulse.Pulse) -> str:
    """Changes when the picture would."""
    counts = "-".join(f"{bucket.count}" for bucket in seen.buckets)
    return f"{seen.as_of:%H%M}-{counts}-{len(seen.stale_sources)}"
