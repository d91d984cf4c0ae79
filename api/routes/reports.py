"""The report after an incident: read as JSON, HTML or PDF, completed, sent to the owner."""

import asyncio
import hashlib
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from api import words_report
from api.database import Reader, Writer, reading
from api.ids import encode
from api.lifecycle import report as lifecycle
from api.models import Client, Incident
from api.report import page, paper
from api.report import report as read_report
from api.routes.asking import Asker, Writing, may
from api.routes.incident_shapes import IncidentId
from api.routes.incidents import an_incident
from api.routes.once import LedgerRoute, Once
from api.routes.report_shapes import ReportIn, ReportOut, report_out
from api.routes.versions import IfMatch, expect, tag, tagged

router = APIRouter(prefix="/v1", tags=["reports"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("incidents:read")]
MayWrite = Annotated[Asker, may("incidents:write")]

_JSON, _HTML, _PDF = "application/json", "text/html", "application/pdf"
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {_HTML: {}, _PDF: {}}, "description": "By Accept: JSON, HTML or PDF"}
}


@router.get("/incidents/{incident_id}/report", response_model=ReportOut, responses=_FORMS)
async def get_report(
    incident_id: IncidentId, asker: MayRead, request: Request, response: Response
) -> ReportOut | Response:
    """What happened, what we did and when, what is still there; JSON, HTML or PDF by Accept."""
    async with reading() as session:
        report = await read_report(session, await an_incident(session, asker, incident_id))
    form = _wanted(request.headers.get("accept", ""))
    vary = {"Vary": "Accept"}
    if form == _HTML:
        html, style_hash = page.html(report)
        return Response(html, headers=page_headers(style_hash) | vary, media_type=_HTML)
    if form == _PDF:
        drawn = await asyncio.to_thread(paper.pdf, report)
        name = f'inline; filename="report-{encode("inc", incident_id)}.pdf"'
        return Response(drawn, headers={"Content-Disposition": name} | vary, media_type=_PDF)
    response.headers.update(vary)
    out = report_out(report)
    tagged(request, response, _as_seen(out))
    return out


@router.put("/incidents/{incident_id}/report")
async def save_report(
    incident_id: IncidentId, body: ReportIn, asker: MayWrite, session: Writing,
    if_match: IfMatch, response: Response,
) -> ReportOut:  # fmt: skip
    """What helped, what did not, what changes, words to the staff; the rest is read anew."""
    incident = await an_incident(session, asker, incident_id)
    kept = await lifecycle.held(session, incident)
    expect(kept.version, if_match, await _now(session, incident))
    said = body.model_dump(mode="json")
    await lifecycle.save(session, kept, lifecycle.Words(**said))
    return await _tagged(session, incident, response)


@router.post("/incidents/{incident_id}/report/send")
async def send_report(
    incident_id: IncidentId, asker: MayWrite, session: Writing, response: Response, _: Once
) -> ReportOut:
    """Let the owner read it on their private page, and write to them that it is there."""
    incident = await an_incident(session, asker, incident_id)
    client = await session.get_one(Client, incident.client_id)
    say = partial(words_report.is_ready, client.name)
    await lifecycle.send(session, incident, say, by=asker.actor)
    return await _tagged(session, incident, response)


def page_headers(style_hash: str) -> dict[str, str]:
    """One style, no script, nothing from anywhere."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy}


def _wanted(accept: str) -> str:
    """The first of our three forms with the highest weight (RFC 9110, 12.5.1); else JSON."""
    weights = {kind: weight for part in accept.split(",") for kind, weight in [_weight(part)]}
    known = {form: weights.get(form, 0.0) for form in (_JSON, _HTML, _PDF)}
    best = max(known, key=lambda form: known[form])
    return best if known[best] > 0 else _JSON


def _weight(part: str) -> tuple[str, float]:
    kind, *more = (word.strip().lower() for word in part.split(";"))
    given = next((word[2:] for word in more if word.startswith("q=")), "1")
    try:
        return kind, float(given)
    except ValueError:
        return kind, 0.0


def _as_seen(out: ReportOut) -> str:
    """Changes when anything but the moment of reading does."""
    seen = out.model_dump_json(exclude={"as_of"}).encode()
    return f"{out.version}-{hashlib.sha256(seen).hexdigest()[:12]}"


async def _now(session: Reader, incident: Incident) -> ReportOut:
    return report_out(await read_report(session, incident))


async def _tagged(session: Writer, incident: Incident, response: Response) -> ReportOut:
    await session.flush()
    await session.refresh(incident)
    out = await _now(session, incident)
    response.headers["ETag"] = tag(_as_seen(out))
    return out
