"""Calm is measured and said; people end an incident, and a new wave rings again."""

from datetime import timedelta

from tests.stories.attacks import an_attack, the_incident


async def _is_handled(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await mia.post(f"/v1/incidents/{incident['id']}/confirm")
    await mia.post(f"/v1/incidents/{incident['id']}/monitor")
    return client


async def test_slowing_and_quiet_are_measured_and_said_and_nothing_ends(world, mia):
    client = await _is_handled(world, mia)
    await world.waits(timedelta(hours=2, minutes=30))
    assert any(said.startswith("Slowing since ") for said in await _timeline(mia, client))
    assert (await the_incident(mia, client))["quiet_since"] is None
    world.at += timedelta(hours=30)
    await world.works()
    incident = await the_incident(mia, client)
    assert incident["quiet_since"] is not None
    assert incident["state"] == "monitoring"
    assert (await _timeline(mia, client))[0].startswith("Quiet since ")


async def _timeline(mia, client):
    incident = await the_incident(mia, client)
    timeline = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    return [entry["sentence"] for entry in timeline]


async def test_a_second_wave_while_it_is_watched_rings_again(world, mia):
    client = await _is_handled(world, mia)
    await world.waits(timedelta(hours=2, minutes=30))
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    incident = await the_incident(mia, client)
    assert incident["state"] == "active"
    assert incident["quiet_since"] is None


async def test_a_second_wave_after_the_end_opens_the_same_incident_again(world, mia):
    client = await _is_handled(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/resolve")
    await world.waits(timedelta(hours=3))
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    assert (await the_incident(mia, client))["id"] == incident["id"]


async def test_whoever_had_it_is_rung_first_when_the_acknowledgement_runs_out(world, mia, ben):
    client = await an_attack(world, mia)
    await world.waits_until_it_rings(ben, within=timedelta(minutes=3))
    incident = await the_incident(mia, client)
    await ben.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await world.waits_until_it_rings(ben, within=timedelta(minutes=11))
    ben.shows("Still with us?")
    mia.buzzed(1)
    assert (await mia.get("/v1/now"))["incidents"][0]["acknowledged_by"] is None


async def test_still_on_it_gives_ten_more_minutes(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    path = f"/v1/escalations/{incident['escalation']['id']}"
    await mia.post(f"{path}/acknowledge")
    await world.waits(timedelta(minutes=8))
    await mia.post(f"{path}/extend")
    await world.waits(timedelta(minutes=8))
    mia.buzzed(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=3))
    mia.shows("Still with us?")


async def test_growth_is_told_once_per_doubling_to_whoever_has_it(world, mia, ben):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=3))
    mia.shows("Corner Bistro: now 6", "Still growing")
    world.writes(1)
    await world.waits(timedelta(minutes=3))
    mia.buzzed(2)
    ben.stays_silent()
