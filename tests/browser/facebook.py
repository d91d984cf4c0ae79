"""Facebook in a browser’s story: the stand-in of the Graph API, and a client with a Page there."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from api.clock import now
from api.database import transaction
from api.ids import decode
from api.lifecycle import account as accounts
from api.models import Source
from tests.browser.people import Manager
from tests.browser.services import a_loop
from tests.faults.instance import Instance, inside, until
from tests.platforms.graph_state import PAGE, WALL
from tests.platforms.graph_vendor import APP, GraphVendor


class SlowGraph(GraphVendor):
    """The Graph API that takes `seconds` for each answer, as it may on a bad night."""

    seconds = 0.0

    async def _answer(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.seconds)
        return await super()._answer(request)


@dataclass
class Facebook:
    """The stand-in in a loop of its own: a browser is driven from this one."""

    loop: asyncio.AbstractEventLoop
    vendor: SlowGraph

    def settings(self) -> dict[str, str]:
        """How an instance is told of it."""
        instead = dict.fromkeys(self.vendor.hosts, self.vendor.origin)
        return {
            "NIGHTDESK_META_APP_ID": APP["id"],
            "NIGHTDESK_META_APP_SECRET": APP["secret"],
            "NIGHTDESK_VENDOR_ADDRESSES": json.dumps(instead),
        }

    def stands(self, page: str = PAGE) -> bool:
        """Whether everybody can see the Page."""
        return bool(self.vendor.state.nodes[page]["is_published"])

    def is_as_before(self) -> None:
        """The Page can be seen, and answers come at once."""
        self.vendor.seconds = 0.0
        self.vendor.state.nodes[PAGE] |= {"is_published": True, "settings": dict(WALL)}

    def is_of(self, mia: Manager, client: str, name: str = "Facebook", page: str = PAGE) -> None:
        """The client has this Page, as signing in leaves it; returns once it was read."""
        added = _page_of(mia.instance, client, name, page)
        asyncio.run_coroutine_threadsafe(added, self.loop).result(10)

        def is_read() -> bool:
            found = mia.gets(f"/v1/clients/{client}/sources")["data"]
            return any(one["name"] == name and one["ready"] for one in found)

        assert until(is_read, 30), "the Page was never found ready"


async def _page_of(instance: Instance, client: str, name: str, page: str) -> None:
    async with inside(instance.environment), transaction() as session:
        client_id = decode("cli", client)
        account = await accounts.add(
            session, client_id, "facebook", "Crumb & Co",
            {"access_token": f"page-{page}", "user_token": "person"},
            expires_at=now() + timedelta(days=60),
        )  # fmt: skip
        source = Source(
            client_id=client_id, kind="facebook", name=name, account_id=account.id,
            place={"page_id": page, "name": "Crumb & Co"}, poll_at=now(), check_at=now(),
        )  # fmt: skip
        session.add(source)


@contextmanager
def a_facebook() -> Iterator[Facebook]:
    """Facebook with one Page; everything is gone afterwards."""
    with a_loop() as loop:
        vendor = SlowGraph()
        asyncio.run_coroutine_threadsafe(vendor.__aenter__(), loop).result(10)
        try:
            yield Facebook(loop, vendor)
        finally:
            asyncio.run_coroutine_threadsafe(vendor.__aexit__(), loop).result(10)
