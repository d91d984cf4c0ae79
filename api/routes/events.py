"""The event log: what happened, in order, as a list and as a live stream."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from api.database import last_seq, reading
from api.models import Event
from api.routes.asking import Asker, Reading, may, still_may
from api.routes.lists import Page, page
from api.routes.once import LedgerRoute
from api.routes.shapes import Out

router = APIRouter(prefix="/v1", tags=["events"], route_class=LedgerRoute)

MayRead = Annotated[Asker, may("events:read")]
# A number that both databases can hold.
Seq = Annotated[int, Query(ge=0, lt=10**18)]
_SEQ = re.compile("[0-9]{1,18}")

# Half a second between looks: under a person's notice, and one indexed query per open screen.
_LOOK_SECONDS = 0.5
_PING_EVERY = 30
_AT_ONCE = 200
_ending = threading.Event()


class EventOut(Out):
    """One event; thin by rule: no review text, no name, no number of a person."""

    seq: int
    type: str
    timestamp: datetime
    data: dict[str, Any]


def end_streams(*_: Any) -> None:
    """The server goes: streams end within half a second instead of holding it back."""
    _ending.set()


@router.get("/events")
async def list_events(
    asker: MayRead, session: Reading, after_seq: Seq = 0,
    limit: Annotated[int, Query(ge=1, le=_AT_ONCE)] = 100,
) -> Page[EventOut]:  # fmt: skip
    """Events after a number, oldest first. Ask again with the last `seq` until none comes."""
    found = await session.exec(_after(asker, after_seq).limit(limit))
    return page([_out(event) for event in found])


@router.get("/events/stream", response_class=StreamingResponse)
async def stream_events(
    asker: MayRead, request: Request, after_seq: Seq | None = None,
    last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:  # fmt: skip
    """The same as Server-Sent Events; starts after Last-Event-ID, after_seq, or now."""
    start = int(last_event_id) if _SEQ.fullmatch(last_event_id) else after_seq
    return StreamingResponse(
        _stream(asker, request, start),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(asker: Asker, request: Request, after: int | None) -> AsyncIterator[str]:
    async with reading() as session:
        seq = await last_seq(session) if after is None else after
    yield f": from {seq}\n\n"
    looks = 0
    while not (_ending.is_set() or await request.is_disconnected()):
        async with reading() as session:
            if looks % _PING_EVERY == 0 and not await still_may(request, session, "events:read"):
                return
            events = list(await session.exec(_after(asker, seq).limit(_AT_ONCE)))
        for event in events:
            seq = event.seq
            yield _line(event)
        looks += 1
        if looks % _PING_EVERY == 0:
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK_SECONDS)


def _line(event: Event) -> str:
    out = _out(event).model_dump(mode="json")
    return f"id: {event.seq}\nevent: {event.type}\ndata: {json.dumps(out)}\n\n"


def _after(asker: Asker, seq: int) -> Any:
    return (
        select(Event).where(Event.seq > seq, asker.sees(Event.client_id)).order_by(col(Event.seq))
    )


def _out(event: Event) -> EventOut:
    return EventOut(seq=event.seq, type=event.type, timestamp=event.at, data=event.data)
