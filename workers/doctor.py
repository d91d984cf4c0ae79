"""Looks at every connected place as the night would find it: read-only, and said line by line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from api.database import close, reading
from api.items.item import SourceTrouble
from api.models import Client, Source
from api.platforms import CATALOGUE
from api.settings import settings
from workers.places import Visit, calls, visit
from workers.platforms import ACTORS, CONNECTORS
from workers.platforms.acting import acted, observed
from workers.platforms.calls import Calls, agreed_shape
from workers.platforms.connector import Action, Outcome

# A page may take a while to change; asked so often, with a rest of that many seconds.
_LOOKS, _REST = 10, 2.0
# Elsewhere a take-down aims at one thing there, as at a video, and none is named here.
_AIMED_AT_THE_PLACE = ("facebook", "google")
_LATE = "There was no answer in time."
_Told = tuple[bool, str]
_Way = Callable[[Visit, Calls], Awaitable[_Told]]


class Line(NamedTuple):
    """One thing that was tried: at which place, what, and how it went."""

    place: str
    tried: str
    good: bool
    said: str

    def __str__(self) -> str:
        return f"{'ok' if self.good else 'NO'}  {self.place} · {self.tried}: {self.said}"


async def examine(*, write: UUID | None = None) -> AsyncIterator[Line]:
    """Read every connected place once, keep nothing, and change nothing.

    `write` names the one source that is taken down and put back; use a place that is no client's.
    """
    async with reading() as session:
        found = await session.exec(
            select(Source, Client.name)
            .join(Client, col(Client.id) == Source.client_id)
            .where(col(Source.removed_at).is_(None), col(Client.archived_at).is_(None))
            .order_by(col(Source.id))
        )
        sources = [(source, name) for source, name in found if source.kind in CONNECTORS]
    for source, name in sources:
        place = f"{name}, {CATALOGUE[source.kind].name}"
        for tried, way in _ways(may_write=source.id == write):
            good, said = await _try(source, way)
            yield Line(place, tried, good, said)


def _ways(*, may_write: bool) -> list[tuple[str, _Way]]:
    ways: list[tuple[str, _Way]] = [("read", _read), ("could be acted on", _check)]
    return [*ways, ("taken down and put back", _down_and_up)] if may_write else ways


async def _try(source: Source, way: _Way) -> _Told:
    connector = CONNECTORS[source.kind]
    try:
        async with reading() as session:
            look = await visit(session, source)
        async with calls(connector.judge) as out:
            with agreed_shape():
                return await way(look, out)
    except SourceTrouble as trouble:
        return False, trouble.detail
    except TimeoutError:
        return False, _LATE


def _in_time() -> asyncio.Timeout:
    """As long as all looks may take: around each way alone, so that none ends the way back."""
    return asyncio.timeout(_LOOKS * _REST + 4 * settings.read_timeout.total_seconds())


async def _read(look: Visit, out: Calls) -> _Told:
    async with _in_time():
        fetched = await CONNECTORS[look.source.kind].fetch(out, look.place)
    missing = "".join(f" Not there: {verb}, {why}" for verb, why in (fetched.probed or {}).items())
    return True, ("There is something new." if fetched.body else "There is nothing new.") + missing


async def _check(look: Visit, out: Calls) -> _Told:
    async with _in_time():
        checked = await CONNECTORS[look.source.kind].check(out, look.place)
    if checked.ready is None:
        return True, "There is nothing here to take down."
    return checked.ready, checked.ready_detail or "Yes."


async def _down_and_up(look: Visit, out: Calls) -> _Told:
    """Whatever happens after the first act, even an end of this program, it is put back."""
    kind, place = look.source.kind, look.place
    if kind not in _AIMED_AT_THE_PLACE:
        return False, "This place as a whole cannot be taken down by us. Nothing was tried."
    async with _in_time():
        before = await ACTORS[kind].before(out, place, Action("take_down", ""))
    try:
        down = await _done(look, out, Action("take_down", "", {"before": before}))
    finally:
        up = await _done(look, out, Action("restore", "", before))
    said = f"Down: {down.state}. {down.detail} Back: {up.state}. {up.detail}"
    if up.state != "done":
        said += " Look at it, and put it back by hand."
    return down.state == up.state == "done", said


async def _done(look: Visit, out: Calls, action: Action) -> Outcome:
    """Act once, and look for as long as it is on its way; raises nothing that a vendor does."""
    actor = ACTORS[look.source.kind]
    sent = seen = Outcome("unknown", _LATE)
    try:
        async with _in_time():
            sent = seen = await acted(actor, out, look.place, action)
            for _ in range(_LOOKS):
                if seen.state not in ("pending", "unknown"):
                    break
                await asyncio.sleep(_REST)
                seen = await observed(actor, out, look.place, action)
    except TimeoutError:
        seen = Outcome("unknown", _LATE)
    if seen.state == "done" or sent.detail in seen.detail:
        return seen
    return replace(seen, detail=f"{sent.detail} {seen.detail}")


def run(*, write: UUID | None) -> int:
    """Print every line; 1 when something is wrong."""

    async def printed() -> int:
        wrong = 0
        async for line in examine(write=write):
            print(line, flush=True)  # noqa: T201  what the operator asked for
            wrong += not line.good
        await close()
        return min(wrong, 1)

    return asyncio.run(printed())
