"""Kills whatever runs at random moments while Pages go down and come back, and counts the harm."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.lifecycle import setup
from tests.bench.town import _people
from tests.conftest import migrate
from tests.faults.deeds import Book, book, doubled, uncalled_for
from tests.faults.household import NAMES, Household, household
from tests.faults.ill_graph import IllGraph, Weather
from tests.faults.instance import inside
from tests.faults.promises import Promise, at
from tests.faults.take_downs import Desk, Place, Stuck, attacked, signed_in
from tests.platforms.graph_vendor import APP
from tests.push_service import PushService
from workers import redis_server
from workers.drill_instance import own_environment

_APART = (0.06, 0.22)
# Whoever begins a deed and whoever does it are killed most.
_OFTEN = {"web door": 3, "reader": 1, "ringer": 5, "watchdog": 1}
_MINUTE = 60.0
_READY_WITHIN = 90.0
_SAID_NO = {"approval-missing", "approval-lapsed"}


@dataclass(frozen=True)
class Size:
    """How many Pages, how many kills, and how many of them at once at most.

    In seconds: the rest between two storms of kills, and how long a person waits before the action
    counts as stuck for good.
    """

    pages: int
    kills: int
    at_once: int
    rest: tuple[float, float]
    patience: float


@dataclass
class Campaign:
    """One run: nights at many clients, and kills among them."""

    size: Size
    desk: Desk
    house: Household
    dice: random.Random
    places: list[Place] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    stuck: int = 0
    seconds: float = 0.0
    book: Book = field(default_factory=Book)

    async def run(self) -> None:
        pages = self.desk.graph.pages
        self.places = await asyncio.gather(*(attacked(self.desk, page) for page in pages))
        begun = time.monotonic()
        killing = asyncio.create_task(self._kill_on())
        looking = asyncio.create_task(self.desk.look_on())
        try:
            await asyncio.gather(*(self._nights(place, killing) for place in self.places))
            await killing
        finally:
            killing.cancel()
            looking.cancel()
            await asyncio.gather(killing, looking, return_exceptions=True)
        self.seconds = time.monotonic() - begun
        self.book = await book()

    async def _nights(self, place: Place, killing: asyncio.Task[None]) -> None:
        """One after the other until the last kill; the last one comes to its end in peace."""
        with suppress(Stuck):
            while not killing.done():
                await place.one_night()
            return
        self.stuck += 1

    async def _kill_on(self) -> None:
        names, weights = list(_OFTEN), list(_OFTEN.values())
        while (left := self.size.kills - sum(self.kills.values())) > 0:
            await asyncio.sleep(self.dice.uniform(*self.size.rest))
            for _ in range(min(left, self.dice.randint(1, self.size.at_once))):
                await asyncio.sleep(self.dice.uniform(*_APART))
                [name] = self.dice.choices(names, weights)
                await self.house.kill(name)
                self.kills[name] += 1

    def about(self) -> str:
        killed = ", ".join(f"{name} {count}" for name, count in self.kills.items())
        graph, desk = self.desk.graph, self.desk
        asked, took_effect = graph.asked.total(), len(graph.state.log)
        return (
            f"{self.book.started} Pages taken down in {self.seconds:.0f} s, "
            f"{sum(self.kills.values())} kills ({killed}), {desk.cut_off} taps cut off\n"
            f"  there {_times(self.book.seconds('executing'))}\n"
            f"  back  {_times(self.book.seconds('reverting'))}\n"
            f"  how it ended: {_counted(desk.ends)}\n"
            f"  refused: {_counted(desk.refusals)}\n"
            f"  Graph was asked {asked} times to change something, {took_effect} took effect; "
            f"it met {_counted(graph.met)}"
        )

    def promises(self) -> list[Promise]:
        state, tries = self.desk.graph.state, self.desk.tries
        taken = sum(count for why, count in self.desk.refusals.items() if why not in _SAID_NO)
        unasked = self.book.without_a_yes + uncalled_for(state, tries)
        late = sum(leg.seconds > _MINUTE for leg in self.book.legs if leg.ended)
        longest = max((leg.seconds for leg in self.book.legs if leg.ended), default=0.0)
        return [
            Promise("deeds done twice", doubled(state) + self.desk.taken_twice, 0),
            Promise("deeds without a yes", unasked, 0),
            Promise("answers to a tap without a yes other than no", taken, 0),
            Promise("stuck for more than a minute", late + self.stuck, 0),
            Promise("seconds until the slowest had settled", longest, _MINUTE),
            Promise("wishes without an end", self.book.without_an_end, 0),
            Promise("told as done and not so at the Page", len(self.desk.untrue), 0),
        ]


def _times(found: list[float]) -> str:
    if not found:
        return "never"
    return (
        f"p50 {at(50, found):.1f} s, p99 {at(99, found):.1f} s, longest {max(found):.1f} s, "
        f"{len(found)} times"
    )


def _counted(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items())) or "nothing"


@asynccontextmanager
async def campaign(
    folder: Path, size: Size, weather: Weather, seed: int, **more: str
) -> AsyncIterator[Campaign]:
    """A campaign that is prepared and not begun, on the database that `more` names, or SQLite."""
    dice = random.Random(seed)
    async with PushService() as push, IllGraph(dice, weather, size.pages) as graph:
        redis = redis_server.start(folder / "data")
        own = {
            "NIGHTDESK_REDIS_URL": redis.url,
            "NIGHTDESK_PUSH_HOSTS": json.dumps([push.origin.removeprefix("http://")]),
            "NIGHTDESK_VENDOR_ADDRESSES": json.dumps(dict.fromkeys(graph.hosts, graph.origin)),
            "NIGHTDESK_META_APP_ID": APP["id"],
            "NIGHTDESK_META_APP_SECRET": APP["secret"],
        }
        environment = {**own_environment(folder / "data"), **own, **more}
        url = f"http://127.0.0.1:{environment['NIGHTDESK_PORT']}"
        try:
            migrate(**{name: one for name, one in environment.items() if "NIGHTDESK" in name})
            async with inside(environment), household(environment, folder / "said.txt") as house:
                await setup.prepare()
                await _people(await push.phone(url))
                await _ready(url)
                async with signed_in(url, "mia@agency.test", "correct horse") as web:
                    desk = Desk(web, graph, dice, size.patience)
                    yield Campaign(size, desk, house, dice)
        finally:
            redis.stop()


async def _ready(url: str) -> None:
    async with asyncio.timeout(_READY_WITHIN), httpx.AsyncClient(trust_env=False) as web:
        while True:
            with suppress(httpx.TransportError):
                if (await web.get(f"{url}/readyz")).is_success:
                    return
            await asyncio.sleep(_APART[0])
