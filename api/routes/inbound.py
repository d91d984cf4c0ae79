"""Where senders deliver: the signature is checked, the envelope is kept, nothing more."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from api.clock import now
from api.crypto import unseal
from api.database import Reader
from api.errors import BadSignature, LinkReplaced
from api.ids import Prefixed
from api.lifecycle import intake as lifecycle
from api.models import Client, Source
from api.routes.asking import Writing, by_signature
from api.routes.once import LedgerRoute
from api.routes.shapes import Out
from api.routes.sources import secret_row
from api.signatures import BadSignature as Unsigned
from api.signatures import verify

router = APIRouter(tags=["inbound"], route_class=LedgerRoute)


class Received(Out):
    """Kept, or known from before; both are fine."""

    state: str


@router.post("/in/{source_id}", status_code=202, dependencies=[by_signature])
async def receive_webhook(
    source_id: Annotated[UUID, Prefixed("src")], session: Writing, request: Request
) -> Received:
    """Standard Webhooks 1.0: reviews as `{"type": "review.created", "data": {…}}`."""
    body = await request.body()
    source = await _source(session, source_id)
    secret = unseal(source.secret_sealed or b"", row=secret_row(source)).decode()
    try:
        message_id = verify([secret], request.headers, body, now())
    except Unsigned as error:
        raise BadSignature(str(error)) from error
    kind = request.headers.get("content-type", "application/json")
    kept = await lifecycle.keep(session, source, message_id, body, kind)
    return Received(state="received" if kept else "known")


async def _source(session: Reader, source_id: UUID) -> Source:
    """A webhook source; a removed one answers 410, which asks the sender to stop."""
    source = await session.get(Source, source_id)
    if source is None or source.kind != "webhook" or source.removed_at:
        raise LinkReplaced("This address takes nothing in.", hint="Stop sending here.")
    client = await session.get_one(Client, source.client_id)
    if client.archived_at:
        raise LinkReplaced("This address takes nothing in.", hint="Stop sending here.")
    return source
