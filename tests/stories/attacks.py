"""How most stories begin: a quiet place, and three one-star reviews at once."""

from datetime import timedelta
from typing import Any

from tests.world import Person, World


async def an_attack(world: World, mia: Person, name: str = "Corner Bistro") -> str:
    """A client with half a year of history is attacked; Mia's phone has rung. Gives its id."""
    world.has_history()
    client = await world.looks_after(name, by=mia)
    await three_bad_reviews(world, mia)
    return client


async def three_bad_reviews(world: World, mia: Person) -> None:
    """Three one-star reviews at once; returns when Mia's phone has rung."""
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))


async def the_incident(by: Person, client: str) -> dict[str, Any]:
    """The newest incident of a client as this person sees it."""
    found = await by.get("/v1/incidents", client_id=client)
    newest: dict[str, Any] = found["data"][0]
    return newest
