"""A source that cannot be read is blind, never quiet, and after fifteen minutes it is told."""

from datetime import timedelta

from api.models import Source


async def _loses_its_feed(world, mia):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    world.site.misbehaves = "html"
    await world.waits(timedelta(minutes=7))
    source = (await mia.get(f"/v1/clients/{client}/sources"))["data"][0]
    now = await mia.get("/v1/now")
    world.site.misbehaves = None
    return client, source, now


async def test_a_feed_that_turns_to_html_is_blind_on_the_home_screen_with_the_reason(world, mia):
    _, source, now = await _loses_its_feed(world, mia)
    assert source["blind"]
    assert source["health"] == "bad_content"
    assert now["word"] == "not_safe"
    assert now["sources"]["blind"][0]["detail"] == source["health_detail"] != ""


async def test_fifteen_minutes_blind_is_told_once_and_no_more(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    world.site.misbehaves = 503
    await world.waits(timedelta(minutes=15))
    mia.stays_silent()
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    mia.shows("Corner Bistro: The feed cannot be read", "Blind since")
    await world.waits(timedelta(minutes=60))
    mia.buzzed(1)


async def test_what_was_written_while_it_was_blind_is_read_and_judged_afterwards(world, mia):
    client, _, _ = await _loses_its_feed(world, mia)
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=8))
    mia.shows("Corner Bistro: 3 new reviews")
    assert (await world.rows(Source))[0].failing_since is None
    assert (await mia.get(f"/v1/clients/{client}"))["word"] == "live"
