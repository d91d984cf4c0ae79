"""From the third low review at the door to the push that its service accepted."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp

from tests.bench.figures import Figure, Limit, Size, at, measured, timed
from tests.bench.pushes import a_push, bare_send
from tests.bench.town import Town, low

PATIENCE = 60.0


async def figures(town: Town, size: Size) -> AsyncIterator[Figure]:
    alarms = [await _alarm(town, number) for number in range(size.clients)]
    push = await a_push(town)
    async with aiohttp.ClientSession() as outside:
        await bare_send(push, outside)
        sends = await timed(lambda: bare_send(push, outside), size.clients)
    answers = await timed(lambda: town.web.get("/healthz"), size.clients)
    bare = [send + answer for send, answer in zip(sends, answers, strict=True)]
    for percent in (50, 99):
        limit = Limit(f"a bare request and a bare push, p{percent}", at(percent, bare), "ms")
        name = f"third low review to push accepted, p{percent} of {len(alarms)}"
        yield Figure(name, at(percent, alarms), "ms", limit)


async def _alarm(town: Town, number: int) -> float:
    """Seconds; the reviews before it are judged by the time that it comes."""
    client, source = await town.client(number)
    await town.sends(source, [low(1), low(2)])
    await asyncio.sleep(0.3)
    with measured() as watch:
        await town.sends(source, [low(3)])
        await rings_for(town, client.name)
    return watch.seconds


async def rings_for(town: Town, name: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            shown = await town.phone.next_message(PATIENCE)
            if shown.notification["title"].startswith(f"{name}:"):
                return
