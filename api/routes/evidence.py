"""Evidence of an incident: save the reviews as they stand, and take them away as one file."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Response

from api import evidence
from api.database import reading
from api.ids import encode
from api.routes.asking import Asker, Writing, may
from api.routes.incident_shapes import IncidentId
from api.routes.incidents import an_incident
from api.routes.once import LedgerRoute, Once
from api.routes.shapes import Out

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("incidents:read")]
MayWrite = Annotated[Asker, may("incidents:write")]

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}, "description": "The ZIP, the same for the same rows"}
}


class Saved(Out):
    """How many reviews were saved just now; the others were saved before."""

    incident_id: IncidentId
    object: str = "evidence"
    saved: int


@router.post("/incidents/{incident_id}/evidence", status_code=201)
async def save_evidence(
    incident_id: IncidentId, asker: MayWrite, session: Writing, _: Once
) -> Saved:
    """Save every review of this incident that is not saved yet, as it stands now."""
    incident = await an_incident(session, asker, incident_id)
    saved = await evidence.save(session, incident, by=asker.actor)
    return Saved(incident_id=incident_id, saved=saved)


@router.get("/incidents/{incident_id}/evidence.zip", response_class=Response, responses=_ZIP)
async def get_evidence_zip(incident_id: IncidentId, asker: MayRead) -> Response:
    """What was saved: pages, a PDF, JSON, and hashes that `sha256sum -c SHA256SUMS` checks."""
    async with reading() as session:
        incident = await an_incident(session, asker, incident_id)
        told = await evidence.bundle(session, incident)
    packed = await asyncio.to_thread(evidence.pack, told)
    name = f"evidence-{encode('inc', incident_id)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed, headers=headers, media_type="application/zip")
