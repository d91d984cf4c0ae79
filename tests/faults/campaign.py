"""Kills whatever runs at random moments while alarms flow, and counts what came of it."""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import migrate
from tests.faults.alarms import Alarms, alarms_at
from tests.faults.household import NAMES, Household, household
from tests.faults.promises import Promise, at
from tests.push_service import PushService
from workers import redis_server
from workers.drill_instance import own_environment

_STORM = 10
_APART = (0.06, 0.22)
_PATIENCE = 90.0


@dataclass(frozen=True)
class Size:
    """How many alarms, how many kills among them, how many alarms at once."""

    alarms: int
    kills: int
    at_once: int = 6


@dataclass
class Campaign:
    """One run: alarms, and kills among them."""

    size: Size
    alarms: Alarms
    house: Household
    dice: random.Random
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    seconds: float = 0.0

    async def run(self) -> None:
        await self.alarms.make_clients(self.size.alarms)
        begun = time.monotonic()
        helpers = [asyncio.create_task(self.alarms.listen()), asyncio.create_task(self._kill_on())]
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.size.at_once):
                    group.create_task(self._send_on())
            self.seconds = time.monotonic() - begun
            await helpers[1]
            await self.alarms.all_seen_to()
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _send_on(self) -> None:
        while self.alarms.fresh:
            await self.alarms.one(_PATIENCE)

    async def _kill_on(self) -> None:
        """In storms of ten kills, fewer where there are few, each when its share has begun."""
        storm = max(1, min(_STORM, self.size.kills // 4))
        for number in range(self.size.kills):
            if number % storm == 0:
                await self._begun(math.floor(number / self.size.kills * self.size.alarms))
            await asyncio.sleep(self.dice.uniform(*_APART))
            name = self.dice.choice(NAMES)
            await self.house.kill(name)
            self.kills[name] += 1

    async def _begun(self, count: int) -> None:
        while len(self.alarms.begun) < count:
            await asyncio.sleep(self.dice.uniform(*_APART))

    def about(self) -> str:
        killed = ", ".join(f"{name} {count}" for name, count in self.kills.items())
        found = self.alarms.seconds()
        return (
            f"{len(self.alarms.begun)} alarms in {self.seconds:.0f} s, "
            f"{sum(self.kills.values())} kills ({killed}), {self.alarms.cut_off} requests cut off; "
            f"acknowledged to buzzed p50 {at(50, found):.2f} s, p99 {at(99, found):.2f} s, "
            f"longest {max(found):.2f} s"
        )

    async def promises(self) -> list[Promise]:
        kills = sum(self.kills.values())
        return [
            Promise("alarms lost", self.alarms.lost(), 0),
            Promise("second buzzes at the phone", self.alarms.second_buzzes(), 0),
            Promise("reviews or incidents kept twice", await self.alarms.kept_twice(), 0),
            Promise("transport repeats, one per kill", self.alarms.repeats(), kills),
        ]


@asynccontextmanager
async def campaign(
    folder: Path, size: Size, seed: int, *, seen_to_after: float, **more: str
) -> AsyncIterator[Campaign]:
    """A campaign that is prepared and not begun, on the database that `more` names, or SQLite.

    Let a person come to an incident later than a lease lasts: whatever would travel twice, has.
    """
    async with PushService() as push:
        hosts = f'["{push.origin.removeprefix("http://")}"]'
        redis = redis_server.start(folder / "data")
        own = {"NIGHTDESK_REDIS_URL": redis.url, "NIGHTDESK_PUSH_HOSTS": hosts}
        environment = {**own_environment(folder / "data"), **own, **more}
        try:
            migrate(**_settings(environment))
            async with (
                alarms_at(environment, push, seen_to_after) as alarms,
                household(environment, folder / "said.txt") as house,
            ):
                await _ready(alarms)
                yield Campaign(size, alarms, house, random.Random(seed))
        finally:
            redis.stop()


async def _ready(alarms: Alarms) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            with suppress(httpx.TransportError):
                if (await alarms.web.get("/readyz")).is_success:
                    return
            await asyncio.sleep(_APART[0])


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if "NIGHTDESK" in name}
