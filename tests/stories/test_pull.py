"""Where nobody outside can call us, Google is asked what it has told, and the place is read."""

from datetime import timedelta

import pytest
from aiohttp import web
from pydantic import SecretStr

from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.play_vendor import key_file
from tests.platforms.test_google_pull import PLACE, SUBSCRIPTION, PubSub
from tests.stories.test_places_of_vendors import connected
from tests.world import configure


class Telling(PubSub):
    """The subscription, and where its key becomes a token."""

    hosts = (*PubSub.hosts, "oauth2.googleapis.com")

    def build(self, router: web.UrlDispatcher) -> None:
        super().build(router)
        router.add_post("/token", self._token)

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "good", "expires_in": 3600})


@pytest.fixture
async def telling(world):
    async with Telling() as vendor:
        yield vendor


@pytest.fixture
async def google(world, telling):
    async with GoogleVendor() as vendor:
        instead = {host: one.origin for one in (vendor, telling) for host in one.hosts}
        configure(
            vendor_addresses=instead,
            pubsub_subscription=SUBSCRIPTION, pubsub_key=SecretStr(key_file()),
        )  # fmt: skip
        yield vendor


async def test_what_google_has_told_makes_the_place_read_within_half_a_minute(
    world, mia, google, telling
):
    await connected(world, mia)
    await world.works()
    listed = len(google.log)
    telling.tells("m1", {"type": "NEW_REVIEW", "location": PLACE})
    await world.waits(timedelta(seconds=60))
    assert len(google.log) == listed + 1
    assert telling.waiting == {}
