"""A watchdog and the processes that it watches, inside a world whose clock the test moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from api.ids import new_id
from api.models import Event
from tests.faults.outside import Outside, outside_open
from tests.world import Person, World, configure
from workers.main import TIMETABLE, Process
from workers.watchdog import Watchdog

SECOND = timedelta(seconds=1)


@dataclass
class Watch:
    """One house: who works in it, who watches, and who waits outside."""

    world: World
    outside: Outside
    dog: Watchdog
    processes: list[Process]

    async def passes(self, seconds: float, *asleep: str) -> bool:
        """That long, then a sweep of everybody who is awake, then a look; whether all is well."""
        self.world.at += seconds * SECOND
        await self.works(*asleep)
        well = await self.dog.look()
        await _done(self.dog._stand_ins)
        await self.dog._dead_man.finish()
        for phone in self.world.push.phones:
            await phone.receipts_settled()
        return well

    async def works(self, *asleep: str) -> None:
        for process in self.processes:
            if process.name not in asleep:
                while await process.sweep():
                    await _done([process])
        await _done(self.processes)

    async def helped(self) -> list[str]:
        """The duties that the watchdog did in the place of others, each time it began to."""
        found = await self.world.rows(Event, type="watchdog.acted")
        return [event.data["object"]["id"] for event in found]


@asynccontextmanager
async def watching(world: World) -> AsyncIterator[Watch]:
    def steady() -> float:
        return world.at.timestamp()

    async with outside_open(steady) as outside:
        configure(dead_man_url=outside.url)
        dog = Watchdog(steady)
        yield Watch(world, outside, dog, [Process(name) for name in TIMETABLE])
        await dog.finish()


async def attacked(by: Person, name: str = "Corner Bistro") -> str:
    """A new client at which four one-star reviews come in at once; its id."""
    client = (await by.post("/v1/clients", {"name": name, "zone": "UTC"}))["id"]
    source = await by.post(f"/v1/clients/{client}/sources", {"kind": "push", "name": "Program"})
    lows = [{"external_id": str(new_id()), "stars": 1, "text": "Rude."} for _ in range(4)]
    await by.post(f"/v1/sources/{source['id']}/reviews", lows)
    return str(client)


async def _done(processes: list[Process]) -> None:
    await asyncio.gather(*(task for one in processes for task in one._tasks))
