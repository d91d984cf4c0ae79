"""What the stories of this folder share."""

from collections.abc import AsyncIterator

import pytest

from tests.owner_browser import OwnersBrowser
from tests.stories.attacks import an_attack, the_incident
from tests.stories.outside import Outside, outside_of
from tests.stories.places import graph_of, has_a_page
from tests.world import World


@pytest.fixture
async def outside(world: World) -> AsyncIterator[Outside]:
    """Every provider, set up by the operator."""
    async with outside_of(world) as found:
        yield found


@pytest.fixture
async def graph(world):
    """Facebook, on the clock of this world."""
    async with graph_of(world) as running:
        yield running


@pytest.fixture
async def night(world, mia, graph, outside):
    """An attack on a client with a Page; gives the incident."""
    client = await an_attack(world, mia)
    await has_a_page(world, client)
    return await the_incident(mia, client)


@pytest.fixture
async def rosa(world, night):
    """The owner’s browser."""
    async with OwnersBrowser(world.app) as browser:
        yield browser
