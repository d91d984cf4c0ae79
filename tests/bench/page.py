"""How heavy the owner's page is, and how soon it is there."""

from collections.abc import AsyncIterator

from api.database import transaction
from api.lifecycle import link
from tests.bench.alarm import rings_for
from tests.bench.figures import Figure, Limit, Size, at, timed
from tests.bench.town import Town, low

# What a server may send before the first acknowledgement: ten segments (RFC 6928).
FIRST_FLIGHT = 14_600


async def figures(town: Town, size: Size) -> AsyncIterator[Figure]:
    client, source = await town.client(9999)
    await town.sends(source, [low(number) for number in range(12)])
    await rings_for(town, client.name)
    async with transaction() as session:
        _, token = await link.create(session, client.id, "view")
    page = await town.web.get(f"/p/{token}")
    page.raise_for_status()
    pages = await timed(lambda: town.web.get(f"/p/{token}"), size.pages)
    bare = await timed(lambda: town.web.get("/healthz"), size.pages)
    flight = Limit("one first flight of TCP", FIRST_FLIGHT, "bytes")
    yield Figure("the owner's page in an incident", len(page.content), "bytes", flight)
    for percent in (50, 99):
        limit = Limit(
            f"the smallest answer of the same server, p{percent}", at(percent, bare), "ms"
        )
        yield Figure(
            f"the owner's page in an incident, p{percent}", at(percent, pages), "ms", limit
        )
