"""Places at Facebook as a story meets them: a Page behind the stand-in of the Graph API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from api.database import transaction
from api.ids import decode, encode
from api.lifecycle import account as accounts
from api.models import Source
from tests.platforms.graph_state import PAGE
from tests.platforms.graph_vendor import APP, GraphVendor
from tests.world import World, configure


@asynccontextmanager
async def graph_of(world: World) -> AsyncIterator[GraphVendor]:
    """Facebook, on the clock of this world."""
    async with GraphVendor() as vendor:
        vendor.clock = lambda: world.at
        configure(
            vendor_addresses=dict.fromkeys(vendor.hosts, vendor.origin),
            meta_app_id=APP["id"], meta_app_secret=SecretStr(APP["secret"]),
        )  # fmt: skip
        yield vendor


async def has_a_page(world: World, client: str, *, name: str = "Facebook", page: str = PAGE) -> str:
    """A client's Page, as signing in leaves it; gives the source's id."""
    client_id = decode("cli", client)
    async with transaction() as session:
        account = await accounts.add(
            session, client_id, "facebook", "Crumb & Co",
            {"access_token": f"page-{page}", "user_token": "person"},
            expires_at=world.at + timedelta(days=60),
        )  # fmt: skip
        source = Source(
            client_id=client_id, kind="facebook", name=name, account_id=account.id,
            place={"page_id": page, "name": "Crumb & Co"}, poll_at=world.at, check_at=world.at,
        )  # fmt: skip
        session.add(source)
    await world.works()
    return encode("src", source.id)


def stands(graph: GraphVendor, page: str = PAGE) -> bool:
    """Whether everybody can see the Page."""
    shown: Any = graph.state.nodes[page]["is_published"]
    return bool(shown)
