"""A false alarm is silent from then on, unless it doubles."""

from datetime import timedelta

from tests.stories.attacks import an_attack, the_incident


async def test_a_dismissal_silences_and_further_single_reviews_stay_silent(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    body = {"reason": "good_press"}
    closed = await mia.post(f"/v1/incidents/{incident['id']}/dismiss", body)
    assert closed["state"] == "dismissed"
    assert closed["escalation"]["state"] == "cancelled"

    world.writes(1)
    await world.waits(timedelta(minutes=20))
    mia.buzzed(1)


async def test_a_dismissed_burst_that_doubles_rings_again(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "same_person"})
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    again = await the_incident(mia, client)
    assert again["id"] == incident["id"]
    assert again["state"] == "triage"
    timeline = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    assert "reopen" in [entry["kind"] for entry in timeline]


async def test_a_day_after_a_dismissal_the_same_reviews_are_no_news(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "not_bad"})
    await world.waits(timedelta(hours=7))
    world.writes(1)
    await world.waits(timedelta(minutes=10))
    mia.buzzed(1)


async def test_what_is_over_cannot_be_dismissed_and_the_answer_says_what_is_true(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    path = f"/v1/incidents/{incident['id']}"
    await mia.post(f"{path}/confirm")
    await mia.post(f"{path}/resolve")
    refused = await mia.post(f"{path}/dismiss", {"reason": "not_bad"}, expect=409)
    assert refused["code"] == "invalid-transition"
    assert refused["current_state"] == "resolved"
    assert refused["allowed"] == ["reopen", "close"]


async def test_what_goes_on_after_a_dismissal_rings_when_the_watch_for_a_doubling_is_over(
    world, mia
):
    client = await an_attack(world, mia)
    for _ in range(20):
        world.writes(1)
    await world.waits(timedelta(minutes=6))
    first = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{first['id']}/dismiss", {"reason": "good_press"})
    before = len(mia.phone.shown)
    for _ in range(8):
        for _ in range(3):
            world.writes(1)
            await world.waits(timedelta(minutes=20))
    assert len(mia.phone.shown) > before
    assert (await the_incident(mia, client))["state"] == "triage"
