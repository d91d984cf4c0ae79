"""Looks at every connected place as the night would find it: read-only, and said line by line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
from workers.platforms.calls import Calls, agreed_shape
from workers.platforms.connector import Action, Outcome

# A page may take a while to change; asked so often, with a rest of that many seconds.
_LOOKS, _REST = 10, 2.0
_Told = tuple[bool, str]


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


def _ways(*, may_write: bool) -> list[tuple[str, Callable[[Visit, Calls], Awaitable[_Told]]]]:
    ways: list[tuple[str, Callable[[Visit, Calls], Awaitable[_Told]]]] = [
        ("read", _read),
        ("could be acted on", _check),
    ]
    return [*ways, ("taken down and put back", _down_and_up)] if may_write else ways


async def _try(source: Source, way: Callable[[Visit, Calls], Awaitable[_Told]]) -> _Told:
    connector = CONNECTORS[source.kind]
    try:
        async with reading() as session:
            look = await visit(session, source)
        limit = 2 * _LOOKS * _REST + 4 * settings.read_timeout.total_seconds()
        async with calls(connector.judge) as out, asyncio.timeout(limit):
            with agreed_shape():
                return await way(look, out)
    except SourceTrouble as trouble:
        return False, trouble.detail
    except TimeoutError:
        return False, "There was no answer in time."


async def _read(look: Visit, out: Calls) -> _Told:
    fetched = await CONNECTORS[look.source.kind].fetch(out, look.place)
    missing = "".join(f" Not there: {verb}, {why}" for verb, why in (fetched.probed or {}).items())
    return True, ("There is something new." if fetched.body else "There is nothing new.") + missing


async def _check(look: Visit, out: Calls) -> _Told:
    checked = await CONNECTORS[look.source.kind].check(out, look.place)
    if checked.ready is None:
        return True, "There is nothing here to take down."
    return checked.ready, checked.ready_detail or "Yes."


async def _down_and_up(look: Visit, out: Calls) -> _Told:
    """Whatever happens after the first act, the way back is tried."""
    actor = ACTORS.get(look.source.kind)
    if actor is None:
        return False, "Nothing can be done here by us."
    down = await actor.act(out, look.place, Action("take_down", ""))
    seen = await _settled(look, out, Action("take_down", ""), down)
    back = Action("restore", "", down.before)
    up = await _settled(look, out, back, await actor.act(out, look.place, back))
    good = seen.state == up.state == "done"
    return good, f"Down: {seen.state}. {seen.detail} Back: {up.state}. {up.detail}"


async def _settled(look: Visit, out: Calls, action: Action, outcome: Outcome) -> Outcome:
    """What the platform shows in the end, for as long as it is still on its way."""
    for _ in range(_LOOKS):
        if outcome.state not in ("pending", "unknown"):
            break
        await asyncio.sleep(_REST)
        outcome = await ACTORS[look.source.kind].observe(out, look.place, action)
    return outcome


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
