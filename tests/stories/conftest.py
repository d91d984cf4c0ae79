"""What the stories of this folder share."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.outside import Outside, outside_of
from tests.world import World


@pytest.fixture
async def outside(world: World) -> AsyncIterator[Outside]:
    """Every provider, set up by the operator."""
    async with outside_of(world) as found:
        yield found
