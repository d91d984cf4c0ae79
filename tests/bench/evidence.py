"""How soon a burst is saved as evidence, and how soon the file of it is there."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

from api import evidence
from api.clock import now
from api.database import transaction
from api.items import check_all
from api.lifecycle import intake
from api.models import Incident, Source
from tests.bench.figures import Figure, Limit, Size, measured
from tests.bench.ledger import a_ledger, a_source

REVIEWS, AT_ONCE = 500, 500
TEXT = "The soup was cold and the waiter laughed about it. " * 8


async def figures(_: Size) -> AsyncIterator[Figure]:
    async with a_ledger():
        for one in await _of(REVIEWS):
            yield one


async def _of(count: int) -> list[Figure]:
    """Saving holds the ledger, packing does not."""
    incident = await _burst(await a_source("push"), count)
    with measured() as saving:
        async with transaction() as session:
            await evidence.save(session, incident)
    async with transaction() as session:
        told = await evidence.bundle(session, incident)
    with measured() as packing:
        evidence.pack(told)
    aims = Limit("the aim", 1, "s"), Limit("the aim", 10, "s")
    return [
        Figure(f"{count} reviews saved as evidence", round(saving.seconds, 3), "s", aims[0]),
        Figure(
            f"the evidence of {count} reviews as a ZIP", round(packing.seconds, 3), "s", aims[1]
        ),
    ]


async def _burst(source: Source, count: int) -> Incident:
    async with transaction() as session:
        incident = Incident(
            client_id=source.client_id, title="A burst", sentence="", since=now(), opened_at=now()
        )
        session.add(incident)
        for some in _reviews(count):
            await intake.take(session, source, check_all(some, now()).items)
    return incident


def _reviews(count: int) -> Iterator[list[dict[str, object]]]:
    for start in range(0, count, AT_ONCE):
        yield [
            {"external_id": str(uuid4()), "stars": 1, "text": f"{number} {TEXT}", "author": "Kim"}
            for number in range(start, min(start + AT_ONCE, count))
        ]
