"""A migrated SQLite ledger in a folder of its own, used by this process alone."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from api.database import transaction
from api.lifecycle import setup
from api.models import Client, Source
from tests.conftest import migrate
from tests.faults.instance import inside
from workers.drill_instance import own_environment


@asynccontextmanager
async def a_ledger() -> AsyncIterator[Path]:
    """Where its file is."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        environment = own_environment(Path(folder))
        migrate(**environment)
        async with inside(environment):
            await setup.prepare()
            yield Path(folder) / "nightdesk.sqlite3"


async def a_source(kind: str, url: str | None = None) -> Source:
    """A source of a client of its own."""
    async with transaction() as session:
        client = Client(name="Bistro", zone="UTC")
        session.add(client)
        await session.flush()
        source = Source(client_id=client.id, kind=kind, name="Source", url=url)
        session.add(source)
    return source
