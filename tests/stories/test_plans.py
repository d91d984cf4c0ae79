"""The escalation plan: set for the agency or a client, frozen when an incident opens."""

from datetime import timedelta

from tests.stories.attacks import an_attack, the_incident
from tests.world import Person

ANY = {"If-Match": "*"}
MINUTE = timedelta(minutes=1)


async def _sets(person: Person, path: str, *steps: tuple[str, int]) -> None:
    body = {
        "steps": [
            {"who": who, "channels": ["webpush"], "wait_seconds": wait} for who, wait in steps
        ]
    }
    answer = await person.web.put(path, json=body, headers=ANY)
    assert answer.status_code == 200, answer.text
    await person.world.works()
    person.shows("Who can be woken has changed")
    for one in person.world.people.values():
        if one.phone:
            one.phone.shown.clear()


async def test_the_plan_of_the_agency_holds_where_a_client_has_none(world, mia, ben):
    await _sets(mia, "/v1/escalation-plan", ("second", 60), ("first", 60))
    client = await an_attack(world, ben)
    mia.stays_silent()
    await world.waits(MINUTE)
    mia.shows("Corner Bistro")
    attempts = (await the_incident(mia, client))["escalation"]["attempts"]
    assert [attempt["name"] for attempt in attempts] == ["Ben", "Mia"]


async def test_a_client_has_a_plan_of_its_own(world, mia, ben):
    await _sets(mia, "/v1/escalation-plan", ("first", 600))
    client = await world.looks_after("Corner Bistro", by=mia)
    await _sets(mia, f"/v1/clients/{client}/escalation-plan", ("everyone", 60))
    world.has_history()
    await world.waits(6 * MINUTE)
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(ben, within=7 * MINUTE)
    mia.shows("Corner Bistro")


async def test_a_place_where_nobody_stands_is_said_and_skipped_at_once(world, mia):
    await _sets(mia, "/v1/escalation-plan", ("third", 600), ("first", 60))
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    told = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    said = [entry["sentence"] for entry in sorted(told, key=lambda entry: entry["seq"])]
    skipped = said.index("Nobody stands at place 1 of the ladder. Going on at once.")
    assert said[skipped + 1] == "Rang Mia."


async def test_an_open_incident_keeps_the_plan_that_it_began_with(world, mia, ben):
    await _sets(mia, "/v1/escalation-plan", ("first", 60), ("second", 60))
    await an_attack(world, mia)
    await _sets(mia, "/v1/escalation-plan", ("first", 3600))
    await world.waits_until_it_rings(ben, within=2 * MINUTE)


async def test_without_its_plan_the_default_is_back(world, mia):
    first = await mia.web.get("/v1/escalation-plan")
    assert first.json()["is_default"]
    await _sets(mia, "/v1/escalation-plan", ("first", 60))
    assert not (await mia.get("/v1/escalation-plan"))["is_default"]
    gone = await mia.web.delete("/v1/escalation-plan", headers=ANY)
    assert gone.status_code == 204
    assert (await mia.get("/v1/escalation-plan"))["is_default"]


async def test_a_plan_that_names_nobody_known_or_nothing_known_is_refused(world, mia):
    for step in (
        {"who": "usr_" + "0" * 26, "channels": ["webpush"], "wait_seconds": 60},
        {"who": "somebody", "channels": ["webpush"], "wait_seconds": 60},
        {"who": "first", "channels": ["pigeon"], "wait_seconds": 60},
        {"who": "first", "channels": [], "wait_seconds": 60},
        {"who": "first", "channels": ["webpush"], "wait_seconds": 1},
    ):
        answer = await mia.web.put("/v1/escalation-plan", json={"steps": [step]}, headers=ANY)
        assert answer.status_code == 422, step
    assert (await mia.get("/v1/escalation-plan"))["is_default"]


async def test_handing_over_rings_that_person_next_and_goes_on_from_there(world, mia, ben):
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    path = f"/v1/escalations/{incident['escalation']['id']}"
    await mia.post(f"{path}/acknowledge")
    ben_id = (await ben.get("/v1/me"))["id"]
    await mia.post(f"{path}/hand-over", {"to": ben_id})
    await world.works()
    ben.shows("Corner Bistro")
    told = (await mia.get(f"/v1/incidents/{incident['id']}/timeline"))["data"]
    assert "Mia handed it to Ben. Ringing Ben now." in [entry["sentence"] for entry in told]
    nobody = await mia.web.post(
        f"{path}/hand-over", json={"to": "usr_" + "0" * 26}, headers={"Idempotency-Key": "x"}
    )
    assert nobody.status_code == 422
