"""The words are agreed tonight and held until it is quiet; then a person is asked, and decides."""

from datetime import timedelta

import pytest

from api.database import transaction
from api.models import Client, Notification, Result, Source, Statement, User
from tests.platforms.graph_state import PAGE
from tests.stories.attacks import an_attack, the_incident
from tests.stories.places import graph_of, has_a_page

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WORDS = "We know that a glass broke that evening. We do not know yet how it came to it."


@pytest.fixture
async def graph(world):
    async with graph_of(world) as running:
        yield running


async def does(mia, statement, verb, body=None, *, expect=200):
    return await mia.post(f"/v1/statements/{statement['id']}/{verb}", body, expect=expect)


async def look(mia, statement):
    return await mia.get(f"/v1/statements/{statement['id']}")


async def is_handled(world, mia):
    """An attack that somebody has taken up and that slows down."""
    client = await an_attack(world, mia)
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge")
    await mia.post(f"/v1/incidents/{incident['id']}/confirm")
    await mia.post(f"/v1/incidents/{incident['id']}/monitor")
    return client


async def is_agreed(mia, client, **facts):
    """Words that the owner has said yes to."""
    incident = await the_incident(mia, client)
    body = {"incident_id": incident["id"], "text": WORDS} | facts
    draft = await mia.post("/v1/statements", body)
    asked = (await does(mia, draft, "submit"))["approval"]["id"]
    yes = {"answer": "yes", "contact_id": incident["owner"]["contact_id"]}
    await mia.post(f"/v1/approvals/{asked}/record", yes)
    return draft


async def later(world, time):
    """A leap, and then what is due."""
    world.at += time
    await world.works()


async def kinds(mia, client):
    incident = await the_incident(mia, client)
    timeline = await mia.get(f"/v1/incidents/{incident['id']}/timeline")
    return [entry["kind"] for entry in timeline["data"]]


async def asked_of(world):
    """What the question said, each time it was asked."""
    found = await world.rows(Notification, kind="told")
    return [one for one in found if one.step_key.startswith("release:")]


async def test_held_until_quiet_asked_once_and_published_by_a_person_alone(
    world, mia, graph, outside
):
    client = await is_handled(world, mia)
    page = await has_a_page(world, client)
    draft = await is_agreed(mia, client, source_ids=[page])
    held = await does(mia, draft, "hold", {"until": {"quiet_for": "PT48H"}})
    assert held["hold"]["calm"]["sentence"] == "0 of 48 quiet hours, 0 whole nights"
    await later(world, 30 * HOUR)
    await later(world, 6 * MINUTE)
    clock = (await look(mia, draft))["hold"]["calm"]
    assert (clock["hours_so_far"], clock["nights_so_far"], clock["is_due"]) == (30, 1, False)
    await later(world, 18 * HOUR)
    await later(world, 6 * MINUTE)
    due = await look(mia, draft)
    assert (due["state"], due["hold"]["calm"]["is_due"]) == ("held", True)
    assert due["hold"]["due_since"] is not None
    mia.shows("Corner Bistro: quiet for 48 h. Publish?", "Publish, hold longer, or throw away?")
    await later(world, 3 * HOUR)
    assert len(await asked_of(world)) == 1
    assert await world.rows(Result) == [], "nothing goes out by the clock"
    await does(mia, draft, "publish")
    await later(world, 29 * SECOND)
    assert await world.rows(Result, state="done") == []
    await later(world, 2 * SECOND)
    out = await look(mia, draft)
    assert (out["state"], [one["place"] for one in out["links"]]) == ("published", ["Facebook"])
    assert out["links"][0]["url"].startswith("https://www.facebook.com/")
    posts = [one for one in graph.state.nodes.values() if one.get("message") == WORDS]
    assert len(posts) == 1
    assert graph.state.nodes[PAGE]["is_published"]
    assert (await kinds(mia, client)).count("statement_due") == 1


async def test_a_second_wave_takes_the_question_back_and_counts_from_the_beginning(world, mia):
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT48H"}})
    await later(world, 30 * HOUR)
    await later(world, 19 * HOUR)
    assert (await look(mia, draft))["hold"]["due_since"] is not None
    for _ in range(4):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    await later(world, MINUTE)
    again = await look(mia, draft)
    assert (again["state"], again["hold"]["due_since"]) == ("held", None)
    assert again["hold"]["calm"]["hours_so_far"] == 0
    assert "statement_not_due" in await kinds(mia, client)
    await later(world, 47 * HOUR)
    assert (await look(mia, draft))["hold"]["due_since"] is None


async def test_at_night_the_question_waits_and_a_wave_in_the_night_takes_it_back(world, mia):
    async with transaction() as session:
        user = await session.get_one(User, mia.user.id)
        user.quiet_from, user.quiet_until = "22:00", "07:30"
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT48H"}})
    await later(world, 30 * HOUR)
    buzzed = len(mia.phone.shown)
    await later(world, 18 * HOUR)
    await later(world, 6 * MINUTE)
    assert (await look(mia, draft))["hold"]["due_since"] is not None
    mia.buzzed(buzzed)
    [question] = await asked_of(world)
    assert question.state == "queued"
    for _ in range(4):
        world.writes(1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=7))
    await later(world, MINUTE)
    [question] = await asked_of(world)
    assert question.state == "superseded"


async def test_after_a_night_the_question_comes_when_the_morning_begins(world, mia):
    async with transaction() as session:
        user = await session.get_one(User, mia.user.id)
        user.quiet_from, user.quiet_until = "22:00", "07:30"
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT48H"}})
    await later(world, 30 * HOUR)
    await later(world, 18 * HOUR)
    await later(world, 6 * MINUTE)
    buzzed = len(mia.phone.shown)
    morning = world.at.replace(hour=5, minute=30, second=0, microsecond=0)
    await later(world, morning - world.at - MINUTE)
    mia.buzzed(buzzed)
    await later(world, MINUTE)
    mia.shows("quiet for 48 h")
    mia.buzzed(buzzed + 1)


async def test_what_was_resolved_still_gets_its_question(world, mia):
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT24H"}})
    incident = await the_incident(mia, client)
    await mia.post(f"/v1/incidents/{incident['id']}/resolve")
    await later(world, 23 * HOUR)
    assert (await look(mia, draft))["hold"]["due_since"] is None
    await later(world, 11 * HOUR)
    assert (await look(mia, draft))["hold"]["due_since"] is not None
    mia.shows("quiet for 24 h")


async def test_until_a_time_it_is_asked_at_that_time(world, mia):
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    at = (world.at + 5 * HOUR).isoformat()
    await does(mia, draft, "hold", {"until": {"at": at}})
    await later(world, 5 * HOUR - MINUTE)
    assert await asked_of(world) == []
    await later(world, MINUTE)
    assert (await look(mia, draft))["hold"]["due_since"] is not None
    mia.shows("the time of your statement has come")
    longer = await does(mia, draft, "hold", {"until": {"manual": True}})
    assert (longer["hold"]["kind"], longer["hold"]["due_since"]) == ("hand", None)
    await later(world, 80 * HOUR)
    assert len(await asked_of(world)) == 1


async def test_what_cannot_be_read_is_not_quiet(world, mia):
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT24H"}})
    await later(world, 30 * HOUR)
    await goes_blind(world, world.at)
    await later(world, 6 * HOUR)
    waiting = (await look(mia, draft))["hold"]
    assert (waiting["due_since"], waiting["calm"]["is_due"]) == (None, False)
    assert waiting["calm"]["blind"] == ["The counter"]
    await goes_blind(world, None)
    await later(world, 6 * MINUTE)
    assert (await look(mia, draft))["hold"]["due_since"] is not None


async def goes_blind(world, since):
    """A second place that is not read, since then."""
    [feed] = await world.rows(Source, kind="feed")
    async with transaction() as session:
        known = await world.rows(Source, name="The counter")
        place = (
            known[0] if known else Source(client_id=feed.client_id, kind="push", name="The counter")
        )
        place.failing_since = since
        await session.merge(place)


async def test_whoever_is_asked_is_told_when_the_yes_is_too_old(world, mia):
    client = await is_handled(world, mia)
    draft = await is_agreed(mia, client)
    await does(mia, draft, "hold", {"until": {"quiet_for": "PT96H"}})
    await later(world, 30 * HOUR)
    await later(world, 68 * HOUR)
    mia.shows("quiet for 96 h", "the owner is asked again first")
    assert (await does(mia, draft, "publish", expect=409))["code"] == "approval-lapsed"
    assert (await world.rows(Statement))[0].state == "held"


async def two_that_read_the_same(world, mia):
    """Two clients with one feed, both attacked, both resolved: one hears sharper, one does not."""
    world.has_history()
    sharp = await world.looks_after("Corner Bistro", by=mia)
    plain = await world.looks_after("Other Bistro", by=mia)
    for _ in range(3):
        world.writes(1)
    await world.waits(7 * MINUTE)
    for client in (sharp, plain):
        incident = await the_incident(mia, client)
        await mia.post(f"/v1/incidents/{incident['id']}/confirm")
        await mia.post(f"/v1/incidents/{incident['id']}/resolve")
    async with transaction() as session:
        for row in await world.rows(Client, name="Other Bistro"):
            row.sharper_until = None
            await session.merge(row)
    return sharp, plain


async def noticed(mia, client):
    return (await the_incident(mia, client))["state"] in ("triage", "active")


async def lows_until_noticed(world, mia, clients, every):
    """How many low reviews it took at each, one after the other."""
    took = dict.fromkeys(clients, 0)
    for number in range(1, 30):
        world.writes(1)
        await later(world, every)
        for client in clients:
            if not took[client] and await noticed(mia, client):
                took[client] = number
        if all(took.values()):
            break
    return [took[client] for client in clients]


async def test_for_a_week_a_second_wave_is_heard_sooner(world, mia):
    clients = await two_that_read_the_same(world, mia)
    await later(world, timedelta(days=4))
    sharp, plain = await lows_until_noticed(world, mia, clients, 8 * HOUR)
    assert sharp < plain


async def test_after_a_week_it_is_heard_as_always(world, mia):
    clients = await two_that_read_the_same(world, mia)
    await later(world, timedelta(days=7, hours=1))
    sharp, plain = await lows_until_noticed(world, mia, clients, 8 * HOUR)
    assert sharp == plain
