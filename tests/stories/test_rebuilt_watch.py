"""What is usual for a client can be forgotten and rebuilt from the ledger, to the last bit."""

from datetime import timedelta

from sqlmodel import select

from api.database import transaction
from api.ids import decode
from api.models import Baseline, Client
from tests.stories.attacks import an_attack, the_incident
from workers.follow import follow


async def _state(client: str, *, anew: bool) -> bytes:
    async with transaction() as session:
        row = await session.get_one(Client, decode("cli", client))
        if anew:
            found = await session.exec(select(Baseline).where(Baseline.client_id == row.id))
            found.one().state = None
            await session.flush()
        followed = await follow(session, row)
        assert followed.row.state
        return followed.row.state


async def test_the_watch_after_a_long_story_is_the_one_that_the_ledger_tells(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "not_bad"})
    await world.waits(timedelta(minutes=20))
    for stars in (5, 1, 4):
        world.writes(stars)
        await world.waits(timedelta(minutes=6))
    world.site.misbehaves = 503
    await world.waits(timedelta(minutes=25))
    world.site.misbehaves = None
    world.writes(1)
    await world.waits(timedelta(minutes=40))
    assert await _state(client, anew=False) == await _state(client, anew=True)


async def test_a_story_judged_at_each_review_is_the_story_judged_at_once(world, mia):
    client = await an_attack(world, mia)
    await world.waits(timedelta(minutes=10))
    followed = await _state(client, anew=False)
    await world.restarts()
    assert await _state(client, anew=True) == followed
