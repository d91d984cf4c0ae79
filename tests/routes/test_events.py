"""The event log: complete, in order, and thin."""

import asyncio
from contextlib import suppress

from api.database import emit, transaction
from tests.routes.places import TEXT, a_source, furnished, pushes, review


async def test_the_numbers_have_no_holes_while_many_write_and_one_reads(world, mia):
    sources = [await a_source(mia, f"Place {n}") for n in range(6)]
    seen: list[int] = []
    writing = asyncio.gather(
        *(
            pushes(mia, source, review(batch, stars=5))
            for batch in range(8)
            for _, source in sources
        )
    )
    while not writing.done() or len(seen) < 48:
        page = await mia.get("/v1/events", after_seq=seen[-1] if seen else 0)
        seen += [event["seq"] for event in page["data"]]
        assert seen == list(range(1, len(seen) + 1)), "an event was overtaken"
        await asyncio.sleep(0)
        if writing.done():
            await writing
    assert len(seen) == 48


async def test_a_wish_that_fails_takes_no_number(small_world, boss):
    with suppress(RuntimeError):
        async with transaction() as session:
            emit(session, "client.lost", object={})
            raise RuntimeError
    _, source = await a_source(boss)
    await pushes(boss, source, review(1))
    seen = (await boss.get("/v1/events"))["data"]
    assert [(event["seq"], event["type"]) for event in seen] == [(1, "review.received")]


async def test_events_are_thin(small_world, boss):
    ids = await furnished(small_world, boss, "Corner Bistro")
    await boss.post(f"/v1/incidents/{ids['incident_id']}/notes", {"text": "Ask the lawyer."})
    await boss.post(f"/v1/escalations/{ids['escalation_id']}/acknowledge")
    await boss.post(f"/v1/incidents/{ids['incident_id']}/confirm")
    seen = (await boss.get("/v1/events"))["data"]
    assert {"incident.created", "incident.confirmed", "escalation.acknowledged"} <= {
        event["type"] for event in seen
    }
    for private in (TEXT, "Guest", "Corner Bistro", "+43", "lawyer", "owner"):
        assert private not in str(seen)


async def test_the_list_is_cut_and_can_be_asked_on(small_world, boss):
    _, source = await a_source(boss)
    for number in range(5):
        await pushes(boss, source, review(number))
    pages, after = [], 0
    while data := (await boss.get("/v1/events", after_seq=after, limit=2))["data"]:
        pages.append(len(data))
        after = data[-1]["seq"]
    assert pages == [2, 2, 1]
    assert (await boss.web.get("/v1/events?limit=201")).status_code == 422
