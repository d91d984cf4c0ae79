"""How many reviews are taken in per second, a hundred at a time."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from api.clock import now
from api.database import transaction
from api.items import check_all
from api.lifecycle import intake
from tests.bench.figures import Figure, Limit, Size, measured, per_second
from tests.bench.ledger import a_ledger, a_source
from tests.bench.town import Town

BATCH = 100
TEXT = "The soup was cold and the waiter laughed about it. " * 3


async def figures(town: Town, size: Size) -> AsyncIterator[Figure]:
    async with a_ledger() as file:
        direct = await _direct(size.batches)
        limit = Limit("bare executemany of the same rows", _bare(file, size.batches), "per s")
    door = await _through_the_door(town, size.batches)
    yield Figure("reviews taken in through the API", door, "per s", limit)
    yield Figure("reviews taken in by the ledger alone", direct, "per s", limit)


async def _through_the_door(town: Town, batches: int) -> float:
    _, source = await town.client(0)
    await town.sends(source, _reviews())
    sent = [_reviews() for _ in range(batches)]
    with measured() as watch:
        for reviews in sent:
            await town.sends(source, reviews)
    return per_second(batches * BATCH, watch.seconds)


async def _direct(batches: int) -> float:
    source = await a_source("push")
    taken = [check_all(_reviews(), now()).items for _ in range(batches + 1)]
    async with transaction() as session:
        await intake.take(session, source, taken.pop())
    with measured() as watch:
        for items in taken:
            async with transaction() as session:
                await intake.take(session, source, items)
    return per_second(batches * BATCH, watch.seconds)


def _bare(file: Path, batches: int) -> float:
    """The same rows under new ids into the same table of the same file, each batch committed."""
    ledger = sqlite3.connect(file, isolation_level=None)
    ledger.execute("PRAGMA synchronous=FULL")
    ledger.execute("PRAGMA foreign_keys=ON")
    found = ledger.execute(f"SELECT * FROM review LIMIT {BATCH}")
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    insert = f"INSERT INTO review VALUES ({','.join(f':{column}' for column in columns)})"
    renewed = [[_renewed(row) for row in rows] for _ in range(batches)]
    with measured() as watch:
        for batch in renewed:
            ledger.execute("BEGIN IMMEDIATE")
            ledger.executemany(insert, batch)
            ledger.execute("COMMIT")
    ledger.close()
    return per_second(batches * BATCH, watch.seconds)


def _renewed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"id": uuid4().hex, "external_id": str(uuid4())}


def _reviews() -> list[dict[str, Any]]:
    at = now().isoformat()
    return [
        {"external_id": str(uuid4()), "stars": 4, "title": "Fine", "text": TEXT, "created_at": at}
        for _ in range(BATCH)
    ]
