"""The third bad review wakes the manager, once."""

from datetime import timedelta

from api.models import Incident, Notification, Review
from tests.stories.attacks import three_bad_reviews


async def test_the_third_bad_review_in_an_hour_wakes_the_manager_once(world, mia, ben):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    for _ in range(2):
        world.writes(1)
        await world.waits(timedelta(minutes=10))
    mia.stays_silent()

    world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))

    mia.shows("Corner Bistro: 3 new reviews, normal is 1", "call Rosa")
    mia.buzzed(1)
    ben.stays_silent()
    incidents = (await mia.get("/v1/incidents", client_id=client))["data"]
    assert len(incidents) == 1
    assert incidents[0]["sentence"].endswith("3 of 3 are one star.")


async def test_a_wave_of_praise_wakes_nobody(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for _ in range(40):
        world.writes(5)
        await world.waits(timedelta(minutes=1))
    mia.stays_silent()
    assert await world.rows(Incident) == []


async def test_old_reviews_that_are_met_today_wake_nobody(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for days in range(3, 20):
        world.writes(1, ago=timedelta(days=days))
    await world.waits(timedelta(minutes=10))
    mia.stays_silent()
    assert len(await world.rows(Review, stars=1)) == 17


async def test_an_edit_from_good_to_bad_counts_when_it_was_made(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for number in range(3):
        old = world.site.reviews[number]
        world.site.reviews[number] = type(old)(
            old.external_id, "I was paid for five stars.", old.at, 1, old.author
        )
    await world.waits(timedelta(minutes=6))
    mia.shows("3 new reviews")
    edited = [review for review in await world.rows(Review) if review.earlier]
    assert [review.earlier[0]["stars"] for review in edited] == [5, 5, 5]


async def test_nobody_answers_so_the_backup_is_woken_and_then_all_again(world, mia, ben):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    await three_bad_reviews(world, mia)
    ben.stays_silent()

    await world.waits(timedelta(minutes=2))
    ben.shows("Corner Bistro")

    await world.waits(timedelta(minutes=9, seconds=30))
    mia.buzzed(2)
    ben.buzzed(2)


async def test_one_tap_silences_everyone_and_says_who_has_it(world, mia, ben):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    await three_bad_reviews(world, mia)
    await world.waits_until_it_rings(ben, within=timedelta(minutes=3))
    incident = (await mia.get("/v1/incidents", client_id=client))["data"][0]

    answer = await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")

    assert answer["by_name"] == "Ben"
    await world.waits(timedelta(minutes=1))
    mia.reads("Ben is on it", "You can sleep")
    mia.buzzed(1)
    again = await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    assert again["by_name"] == "Ben"
    await world.waits(timedelta(minutes=5))
    ben.buzzed(1)


async def test_an_acknowledgement_without_a_sign_rings_again_after_ten_minutes(world, mia, ben):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    await three_bad_reviews(world, mia)
    incident = (await mia.get("/v1/incidents", client_id=client))["data"][0]
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")

    await world.waits(timedelta(minutes=11))

    mia.shows("Still with us?")
    ben.stays_silent()


async def test_a_phone_that_gives_no_receipt_makes_the_backup_ring_early(world, mia, ben):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    mia.phone.sends_receipts = False
    await three_bad_reviews(world, mia)
    await world.waits(timedelta(seconds=15))
    ben.stays_silent()
    await world.waits(timedelta(seconds=30))
    ben.buzzed(1)


async def test_a_phone_that_is_gone_is_retired_and_the_backup_rings_at_once(world, mia, ben):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    await mia.phone.unsubscribe()
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(ben, within=timedelta(minutes=7))
    device = (await mia.get("/v1/me/devices"))["data"][0]
    assert device["state"] == "retired"
    failed = await world.rows(Notification, state="failed")
    assert len(failed) == 1
