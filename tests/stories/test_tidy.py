"""What has served its time is forgotten; what is still needed stays."""

from datetime import timedelta

from api.models import Answer, Event, Intake, Review


async def test_after_a_month_answers_and_deliveries_are_gone_and_reviews_are_not(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    assert await world.rows(Answer)
    assert await world.rows(Intake)
    old = {event.seq for event in await world.rows(Event)}
    world.site.misbehaves = 304
    world.at += timedelta(days=31)
    await world.works()
    assert await world.rows(Answer) == []
    assert await world.rows(Intake) == []
    assert old.isdisjoint({event.seq for event in await world.rows(Event)})
    assert len(await world.rows(Review)) == 52
