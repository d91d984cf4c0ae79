"""The whole story: an attack, a call, a yes, a Page that goes down, words held until quiet."""

from datetime import timedelta

from api.models import Action, Approval, Incident, Statement
from tests.platforms.graph_state import PAGE
from tests.stories.attacks import the_incident
from tests.stories.places import has_a_page, stands
from tests.stories.test_take_down import says_yes

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORDS = (
    "On Tuesday a member of our team said something that we do not stand for. "
    "We have spoken with everyone who was there. We do not yet know all of it. "
    "We will say more here when we do."
)


async def attacked(world, mia):
    """A place that gets two reviews a week gets fifteen in an hour; gives the client."""
    world.has_history()
    client = await world.looks_after("Corner Bistro", by=mia)
    await has_a_page(world, client)
    for _ in range(3):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=8))
    mia.shows("Corner Bistro: 3 new reviews", "call Rosa")
    for _ in range(12):
        world.writes(1)
        await world.waits(3 * MINUTE)
    return client


async def takes_it_down(world, mia, incident, graph):
    escalation = incident["escalation"]["id"]
    await mia.post(f"/v1/escalations/{escalation}/acknowledge")
    action = (await says_yes(mia, incident))["action"]
    assert stands(graph)
    await mia.post(f"/v1/actions/{action['id']}/execute")
    await world.works()
    assert not stands(graph)
    return action


async def agrees_to_the_words(world, mia, incident, source):
    body = {"incident_id": incident["id"], "text": WORDS, "source_ids": [source]}
    statement = await mia.post("/v1/statements", body)
    await mia.post(f"/v1/statements/{statement['id']}/submit")
    await says_yes_to_the_words(mia, incident)
    until = {"until": {"quiet_for": "PT48H"}}
    held = await mia.post(f"/v1/statements/{statement['id']}/hold", until)
    assert held["state"] == "held"
    return statement


async def says_yes_to_the_words(mia, incident):
    [asked] = (await mia.get("/v1/approvals", state="requested"))["data"]
    assert asked["shown"]["text"] == WORDS
    spoken = {"answer": "yes", "contact_id": incident["owner"]["contact_id"]}
    await mia.post(f"/v1/approvals/{asked['id']}/record", spoken)


async def test_the_whole_story(world, mia, outside, graph):
    client = await attacked(world, mia)
    incident = await the_incident(mia, client)
    assert incident["numbers"]["new"] == 15
    action = await takes_it_down(world, mia, incident, graph)
    texts = [one.body for one in outside.twilio.messages]
    assert any("Facebook is down" in text for text in texts)

    [source] = (await mia.get("/v1/actions/" + action["id"]))["results"]
    statement = await agrees_to_the_words(world, mia, incident, source["source_id"])
    buzzed = len(mia.phone.shown)
    await world.waits(24 * HOUR, step=HOUR)
    titles = [one.notification["title"] for one in mia.phone.shown[buzzed:]]
    assert not any("Publish" in title for title in titles)

    await world.waits(72 * HOUR, step=HOUR)
    calm = await mia.get(f"/v1/incidents/{incident['id']}")
    assert calm["quiet_since"] is not None
    titles = [one.notification["title"] for one in mia.phone.shown[buzzed:]]
    assert any("48 h" in title for title in titles), titles
    assert graph.state.deeds["post", PAGE] == 0, "nothing goes out by itself"

    await self_check_the_yes(world, mia, incident, statement)
    await mia.post(f"/v1/statements/{statement['id']}/publish")
    await world.waits(25 * timedelta(seconds=1))
    assert graph.state.deeds["post", PAGE] == 0, "there is half a minute to stop it"
    await world.waits(timedelta(seconds=30))
    assert graph.state.deeds["post", PAGE] == 1
    assert (await world.row(Statement, statement["id"])).state == "published"

    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.works()
    assert stands(graph)
    await mia.post(f"/v1/incidents/{incident['id']}/resolve")
    report = await mia.get(f"/v1/incidents/{incident['id']}/report")
    assert report
    assert {one.state for one in await world.rows(Action)} == {"reverted", "succeeded"}
    assert {one.state for one in await world.rows(Incident)} == {"resolved"}


async def self_check_the_yes(world, mia, incident, statement):
    """After four days the yes is too old: it is asked for again, and only then it goes on."""
    refused = await mia.web.post(
        f"/v1/statements/{statement['id']}/publish", headers={"Idempotency-Key": "too-early"}
    )
    assert refused.json()["code"] == "approval-lapsed"
    assert {one.state for one in await world.rows(Approval)} == {"consumed", "lapsed"}
    await mia.post("/v1/approvals", {"statement_id": statement["id"]})
    await says_yes_to_the_words(mia, incident)
