"""The ladder is frozen when it begins, and somebody who cannot be rung costs no time."""

import asyncio
from datetime import timedelta

from api.models import Escalation
from tests.illnesses import reply
from tests.stories.attacks import an_attack, the_incident, three_bad_reviews


async def test_a_change_of_the_order_at_three_in_the_morning_does_not_change_who_is_rung(
    world, mia, ben
):
    client = await an_attack(world, mia)
    answer = await mia.web.get("/v1/on-call")
    ids = [rung["user_id"] for rung in answer.json()["ladder"]]
    changed = await mia.web.put(
        "/v1/on-call", json={"user_ids": ids[:1]}, headers={"If-Match": answer.headers["etag"]}
    )
    assert changed.status_code == 200
    await world.waits(timedelta(minutes=2, seconds=30))
    ben.shows("Corner Bistro")
    attempts = (await the_incident(mia, client))["escalation"]["attempts"]
    assert [attempt["name"] for attempt in attempts] == ["Mia", "Ben"]


async def test_somebody_without_a_phone_is_said_on_the_timeline_and_skipped_at_once(world, mia):
    ben = await world.hires("Ben")
    cleo = await world.hires("Cleo")
    await cleo.gets_a_phone()
    client = await an_attack(world, mia)
    await world.waits_until_it_rings(cleo, within=timedelta(minutes=2, seconds=30))
    incident = await the_incident(mia, client)
    timeline = (await ben.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    assert "Ben has no phone that can be rung. Going on at once." in [
        e["sentence"] for e in timeline
    ]


async def test_with_nobody_on_call_it_is_said_and_tried_again(world):
    dora = await world.hires("Dora", role="owner", on_call=False)
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=dora)
    for _ in range(3):
        world.writes(1)
    await world.waits(timedelta(minutes=7))
    incident = await the_incident(dora, client)
    assert incident["escalation"]["state"] == "exhausted"
    timeline = (await dora.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    assert "Nobody is on call. Nobody could be rung." in [entry["sentence"] for entry in timeline]


async def test_somebody_who_comes_on_call_to_an_empty_ladder_is_rung_at_the_next_round(world):
    dora = await world.hires("Dora", role="owner", on_call=False)
    world.has_history()
    await world.looks_after("Corner Bistro", by=dora)
    for _ in range(3):
        world.writes(1)
    await world.waits(timedelta(minutes=7))
    mia = await world.hires("Mia")
    await mia.gets_a_phone()
    await world.waits_until_it_rings(mia, within=timedelta(minutes=6))


async def test_two_people_who_tap_in_the_same_second_learn_the_same_name(world, mia, ben):
    client = await an_attack(world, mia)
    await world.waits_until_it_rings(ben, within=timedelta(minutes=3))
    path = f"/v1/escalations/{(await the_incident(mia, client))['escalation']['id']}/acknowledge"
    answers = await asyncio.gather(
        mia.web.post(path, headers={"Idempotency-Key": "m"}),
        ben.web.post(path, headers={"Idempotency-Key": "b"}),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json()["by_name"] for answer in answers}) == 1
    assert len({row.acknowledged_by for row in await world.rows(Escalation)}) == 1


async def test_an_alarm_that_is_stale_after_an_outage_is_not_sent(world, mia):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    world.push.misbehave(reply(503), times=None)
    for _ in range(3):
        world.writes(1)
    await world.waits(timedelta(minutes=7))
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "not_bad"})
    world.push.behave()
    await world.waits(timedelta(minutes=30))
    mia.stays_silent()


async def test_another_client_is_judged_and_rung_apart(world, mia):
    await an_attack(world, mia)
    await world.looks_after("Other Place", by=mia)
    await three_bad_reviews(world, mia)
    titles = {shown.notification["title"].split(":")[0] for shown in mia.phone.shown}
    assert titles == {"Corner Bistro", "Other Place"}
