"""Meta's Graph API on a bad night: many Pages, slow and lost answers, failing after the effect."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests import illnesses
from tests.platforms.graph_vendor import GraphVendor

_FIRST_PAGE = 2_000_000_000


@dataclass(frozen=True)
class Weather:
    """In seconds: how long an answer takes, how late an effect comes, how long a pause lasts."""

    quickest: float
    slowest: float
    late: float
    pause: float


SHOWERS = Weather(0.01, 0.2, 0.5, 0.3)
STORM = Weather(0.05, 1.0, 3.0, 2.0)


class IllGraph(GraphVendor):
    """So many `pages`; every request meets one of the ways below, by chance.

    What took effect is in `state.log`. `asked` counts the requests that were to change something,
    by Page, and `met` what became of them.
    """

    def __init__(self, dice: random.Random, weather: Weather, pages: int) -> None:
        super().__init__()
        self.dice, self.weather = dice, weather
        self.pages = [str(_FIRST_PAGE + number) for number in range(pages)]
        for page in self.pages:
            self.state.page(page, account=f"{page}1")
        self.asked: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self._busy: dict[str, float] = {}
        self._late: set[asyncio.Task[None]] = set()

    async def _answer(self, request: web.Request) -> web.Response:
        """Whoever asked may be dead by now: what was asked for takes effect all the same."""
        self.log.clear()
        await asyncio.sleep(self._delay())
        page, changes = _page_of(request), request.method != "GET"
        self.asked[page] += changes
        if time.monotonic() < self._busy.get(page, 0.0):
            return _plain(await self.throttled(self, request))
        ways = _CHANGING if changes else _READING
        [way] = self.dice.choices(list(ways), list(ways.values()))
        if changes:
            self.met[way.__name__.strip("_").replace("_", " ")] += 1
        return _plain(await way(self, request))

    async def well(self, request: web.Request) -> web.Response:
        """As Graph answers when nothing is wrong."""
        return await super()._answer(request)

    def later(self, request: web.Request) -> None:
        """It takes effect, and only after a while."""

        async def take() -> None:
            await asyncio.sleep(self.weather.late * self.dice.random())
            await self.well(request)

        task = asyncio.create_task(take())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def pauses(self, page: str) -> None:
        """For a moment this Page is asked for too often."""
        self._busy[page] = time.monotonic() + self.weather.pause

    def _delay(self) -> float:
        """Mostly quick, now and then slow."""
        spread = self.weather.slowest - self.weather.quickest
        return float(self.weather.quickest + spread * self.dice.random() ** 3)


_Way = Callable[[IllGraph, web.Request], Awaitable[web.StreamResponse]]


async def _well(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    return await graph.well(request)


async def _lost_before(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    return await illnesses.reset(graph, request)


async def _lost_after(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    await graph.well(request)
    return await illnesses.reset(graph, request)


async def _lost_and_late(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    graph.later(request)
    return await illnesses.reset(graph, request)


async def _failed_before(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    return await graph.broken(graph, request)


async def _failed_after(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    await graph.well(request)
    return await graph.broken(graph, request)


async def _silent_before(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    return await illnesses.hang(graph, request)


async def _silent_after(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    await graph.well(request)
    return await illnesses.hang(graph, request)


async def _busy(graph: IllGraph, request: web.Request) -> web.StreamResponse:
    graph.pauses(_page_of(request))
    return await graph.throttled(graph, request)


_CHANGING: dict[_Way, int] = {
    _well: 64, _lost_before: 5, _lost_after: 9, _lost_and_late: 3, _failed_before: 3,
    _failed_after: 9, _silent_before: 2, _silent_after: 2, _busy: 3,
}  # fmt: skip
_READING: dict[_Way, int] = {
    _well: 95, _lost_before: 2, _failed_before: 1, _silent_before: 1, _busy: 1,
}  # fmt: skip


def _page_of(request: web.Request) -> str:
    return request.match_info["path"].partition("/")[0]


def _plain(answer: web.StreamResponse) -> web.Response:
    assert isinstance(answer, web.Response)
    return answer
