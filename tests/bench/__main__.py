"""`python -m tests.bench`: measure Nightdesk here; a JSON line a figure, each beside its limit."""

import asyncio
import sys
from collections.abc import AsyncIterator

from tests.bench import alarm, evidence, intake, judge, mail, page, platforms, polls, pushes
from tests.bench.figures import TINY, Figure, Size
from tests.bench.town import a_town


async def _all(size: Size) -> AsyncIterator[Figure]:
    async with a_town() as town:
        for part in (alarm, intake, page, pushes):
            async for figure in part.figures(town, size):
                yield figure
    for part in (polls, platforms, mail, evidence):
        async for figure in part.figures(size):
            yield figure
    for figure in judge.figures(size):
        yield figure


async def _print(size: Size) -> None:
    async for figure in _all(size):
        print(figure.line(), flush=True)


if __name__ == "__main__":
    asyncio.run(_print(TINY if "--tiny" in sys.argv else Size()))
