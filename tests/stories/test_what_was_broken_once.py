"""Each of these once lost an alarm, rang for nothing, or said something untrue."""

from datetime import timedelta

from api.database import transaction
from api.models import Client, Intake, Notification, Review, Source
from tests.illnesses import reply
from tests.stories.attacks import an_attack, the_incident


async def test_one_straggler_after_measured_calm_rings_nobody(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await mia.post(f"/v1/incidents/{incident['id']}/confirm")
    await mia.post(f"/v1/incidents/{incident['id']}/monitor")
    await world.waits(timedelta(hours=3))
    rung = len(mia.phone.shown)
    world.writes(1)
    await world.waits(timedelta(minutes=4))
    mia.buzzed(rung)
    assert (await the_incident(mia, client))["state"] == "monitoring"


async def test_somebody_added_behind_a_person_without_a_phone_is_rung_in_the_next_round(world):
    mia = await world.hires("Mia", role="owner")
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    for _ in range(3):
        world.writes(1)
    await world.waits(timedelta(minutes=7))
    ben = await world.hires("Ben")
    await ben.gets_a_phone()
    await world.waits_until_it_rings(ben, within=timedelta(minutes=6))


async def test_a_blind_source_that_could_not_be_told_to_one_is_told_to_another(world, mia, ben):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    await mia.phone.unsubscribe()
    world.site.misbehaves = 503
    await world.waits_until_it_rings(ben, within=timedelta(minutes=30))
    ben.shows("The feed cannot be read")


async def test_a_blind_source_is_told_when_the_push_service_is_back(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    world.site.misbehaves = 503
    world.push.misbehave(reply(503), times=None)
    await world.waits(timedelta(minutes=24))
    mia.stays_silent()
    world.push.behave()
    await world.waits_until_it_rings(mia, within=timedelta(minutes=10))
    mia.shows("The feed cannot be read")


async def test_a_receipt_that_comes_after_the_tap_still_proves_the_phone(world, mia):
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    mia.phone.sends_receipts = False
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    data = mia.phone.shown[0].notification["data"]
    answer = await mia.web.post(data["receipt_url"], json={"receipt": data["receipt"]})
    assert answer.status_code == 204
    assert (await mia.get("/v1/now"))["my_phone"]["state"] == "proved"
    alarms = await world.rows(Notification, kind="alarm")
    assert [alarm.state for alarm in alarms] == ["confirmed"]


async def test_growth_is_told_when_a_program_said_that_it_has_it(world, mia):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    scopes = ["incidents:write", "incidents:read"]
    key = await mia.post("/v1/api-keys", {"name": "keypad", "scopes": scopes})
    async with world.web() as program:
        answer = await program.post(
            f"/v1/escalations/{incident['escalation']['id']}/acknowledge",
            headers={"Authorization": f"Bearer {key['secret']}", "Idempotency-Key": "k"},
        )
    assert answer.json()["by_name"] == "keypad"
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=4))
    mia.shows("now 6")


async def test_a_client_with_an_open_incident_is_not_archived_and_nothing_of_it_is_lost(world, mia):
    client = await an_attack(world, mia)
    refused = await mia.web.delete(f"/v1/clients/{client}", headers={"If-Match": "*"})
    assert refused.status_code == 409
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/dismiss", {"reason": "not_bad"})
    gone = await mia.web.delete(f"/v1/clients/{client}", headers={"If-Match": "*"})
    assert gone.status_code == 204
    for _ in range(6):
        world.writes(1)
    await world.waits(timedelta(minutes=15))
    mia.shows("Mia archived Corner Bistro")
    mia.buzzed(2)


async def test_an_older_incident_is_not_reopened_beside_an_open_one(world, mia):
    client = await an_attack(world, mia)
    old = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{old['id']}/confirm")
    await mia.post(f"/v1/incidents/{old['id']}/resolve")
    await mia.post(f"/v1/incidents/{old['id']}/close")
    for _ in range(8):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    assert (await the_incident(mia, client))["id"] != old["id"]
    newer = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{newer['id']}/dismiss", {"reason": "not_bad"})
    await world.waits(timedelta(hours=7))
    refused = await mia.post(f"/v1/incidents/{old['id']}/reopen", expect=409)
    assert refused["code"] == "invalid-transition"


async def test_a_delivery_whose_writing_fails_is_counted_and_kept_for_a_person(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    async with transaction() as session:
        source = (await world.rows(Source))[0]
        broken = Intake(
            source_id=source.id, external_id="x", body=b"[]", content_type="application/json",
            take_in_at=world.at,
        )  # fmt: skip
        session.add(broken)
    await world.works()
    kept = next(intake for intake in await world.rows(Intake) if intake.external_id == "x")
    assert kept.state == "failed"
    assert kept.result["detail"]
    assert len(await world.rows(Review)) == 52
    assert (await world.rows(Client))[0].archived_at is None
