"""What is printed: one figure a line, beside what bounds it in the same run."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limit:
    """What nothing of this kind can be better than here and now."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    versus: Limit

    def line(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Size:
    """How much of everything is done."""

    clients: int = 60
    batches: int = 40
    pushes: int = 400
    polls: int = 200
    judgements: int = 50
    pages: int = 100


TINY = Size(clients=2, batches=2, pushes=4, polls=4, judgements=1, pages=2)


class Watch:
    """Seconds that a `with measured()` block took."""

    seconds = 0.0


@contextmanager
def measured() -> Iterator[Watch]:
    watch, begun = Watch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - begun


async def timed(do: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Seconds of each of so many calls, one after the other."""
    found = []
    for _ in range(times):
        with measured() as watch:
            await do()
        found.append(watch.seconds)
    return found


def at(percent: int, found: list[float]) -> float:
    """A percentile of some seconds, in milliseconds."""
    place = min(len(found) - 1, int(len(found) * percent / 100))
    return round(sorted(found)[place] * 1000, 2)


def per_second(count: int, seconds: float) -> float:
    return round(count / seconds, 1)
