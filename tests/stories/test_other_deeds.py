"""What else is done for a client: comments closed and hidden, an answer, a report by hand."""

from datetime import datetime, timedelta

import pytest

from api.database import transaction
from api.ids import decode, encode
from api.lifecycle import account as accounts
from api.models import Action, Client, Review, Source
from tests.platforms.graph_state import ACCOUNT, MEDIUM, PAGE, POST
from tests.stories.attacks import an_attack, the_incident
from tests.stories.places import has_a_page, stands
from tests.stories.test_take_down import action_of, says_yes

SECOND = timedelta(seconds=1)


@pytest.fixture
async def night(world, mia, graph, outside):
    client = await an_attack(world, mia)
    return await the_incident(mia, client)


async def has_instagram(world, client):
    async with transaction() as session:
        account = await accounts.add(
            session, decode("cli", client), "instagram", "Instagram",
            {"access_token": f"page-{PAGE}", "user_token": "person"},
            expires_at=world.at + timedelta(days=60),
        )  # fmt: skip
        source = Source(
            client_id=decode("cli", client), kind="instagram", name="Instagram",
            account_id=account.id, place={"ig_user_id": ACCOUNT, "page_id": PAGE},
        )  # fmt: skip
        session.add(source)
    return encode("src", source.id)


async def chosen(mia, incident, *keys):
    """A yes for these options, and nothing else; the action, executed."""
    action = (await says_yes(mia, incident, chosen=list(keys)))["action"]
    return await mia.post(f"/v1/actions/{action['id']}/execute")


async def options(mia, incident):
    found = await mia.get(f"/v1/incidents/{incident['id']}/options")
    return {one["name"]: one for one in found["goes"]}, found["stays"]


async def test_comments_on_instagram_are_closed_and_opened_as_they_were(world, mia, graph, night):
    graph.state.medium("18000000000000001")["is_comment_enabled"] = False
    source = await has_instagram(world, night["client_id"])
    action = await chosen(mia, night, f"{source}:close_comments")
    await world.works()
    assert (await action_of(mia, action))["state"] == "succeeded"
    assert graph.state.nodes[MEDIUM]["is_comment_enabled"] is False
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.works()
    assert (await action_of(mia, action))["state"] == "reverted"
    assert graph.state.nodes[MEDIUM]["is_comment_enabled"] is True
    assert graph.state.nodes["18000000000000001"]["is_comment_enabled"] is False


async def comments_on(world, source, *names):
    """Low comments of the burst, as a reading takes them in."""
    client = (await world.row(Source, source)).client_id
    async with transaction() as session:
        for name in names:
            session.add(
                Review(
                    client_id=client, source_id=decode("src", source), external_id=name,
                    kind="comment", text="Never again.", counts_at=world.at, seen_at=world.at,
                    told_at=world.at, created_at=world.at, content_hash=name,
                )
            )  # fmt: skip


async def test_comments_are_hidden_in_bulk_and_shown_again(world, mia, graph, night):
    source = await has_a_page(world, night["client_id"])
    names = [f"{PAGE}_9{number}" for number in range(5)]
    for name in names:
        graph.state.comment(name, POST, "Never again.")
    await comments_on(world, source, *names)
    goes, _ = await options(mia, night)
    assert "5 comments on Facebook" in goes
    assert goes["5 comments on Facebook"]["suggested"] is False
    action = await chosen(mia, night, f"{source}:hide")
    await world.works()
    done = await action_of(mia, action)
    assert (done["state"], len(done["results"])) == ("succeeded", 5)
    assert all(graph.state.nodes[name]["is_hidden"] for name in names)
    assert stands(graph), "the Page itself was not part of the yes"
    some = [one["id"] for one in done["results"][:2]]
    await mia.post(f"/v1/actions/{action['id']}/revert", {"places": some})
    await world.works()
    left = await action_of(mia, action)
    assert (left["state"], "revert" in left["allowed"]) == ("succeeded", True)
    assert sum(graph.state.nodes[name]["is_hidden"] for name in names) == 3
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.works()
    assert (await action_of(mia, action))["state"] == "reverted"
    assert not any(graph.state.nodes[name]["is_hidden"] for name in names)


async def test_what_worked_here_before_is_called_proven(world, mia, graph, night):
    source = await has_a_page(world, night["client_id"])
    goes, stays = await options(mia, night)
    assert (goes["Facebook"]["certainty"], goes["Facebook"]["suggested"]) == ("expected", True)
    assert goes["Website"]["certainty"] == "by_hand"
    assert [one["name"] for one in stays] == ["The feed"]
    action = await chosen(mia, night, f"{source}:take_down")
    await world.works()
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.works()
    goes, _ = await options(mia, night)
    assert goes["Facebook"]["certainty"] == "proven"


async def test_an_answer_waits_half_a_minute_and_can_be_stopped(world, mia, graph, night):
    source = await has_a_page(world, night["client_id"])
    graph.state.comment(f"{PAGE}_91", POST, "Never again.")
    await comments_on(world, source, f"{PAGE}_91")
    [review] = await world.rows(Review, kind="comment")
    body = {"kind": "reply", "review_id": encode("rev", review.id), "text": "Please write to us."}
    assert (await _answered(world, mia, graph, night, body, stops=True))["state"] == "cancelled"
    assert graph.state.deeds["reply", f"{PAGE}_91"] == 0
    assert (await _answered(world, mia, graph, night, body, stops=False))["state"] == "succeeded"
    assert graph.state.deeds["reply", f"{PAGE}_91"] == 1


async def _answered(world, mia, graph, night, body, *, stops):
    action = await mia.post(f"/v1/incidents/{night['id']}/actions", body)
    begun = await mia.post(f"/v1/actions/{action['id']}/execute")
    assert begun["state"] == "counting_down"
    await world.waits(20 * SECOND)
    assert graph.state.deeds["reply", f"{PAGE}_91"] == 0
    if stops:
        await mia.post(f"/v1/actions/{action['id']}/cancel")
    await world.waits(20 * SECOND)
    return await action_of(mia, action)


async def test_a_report_is_a_hand_step_with_a_link(world, mia, graph, night):
    await has_a_page(world, night["client_id"])
    review = (await world.rows(Review))[0]
    body = {"kind": "report", "review_id": encode("rev", review.id)}
    refused = await mia.web.post(
        f"/v1/incidents/{night['id']}/actions", json=body, headers={"Idempotency-Key": "k"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "capability-missing")
    source = next(one for one in await world.rows(Source) if one.kind == "facebook")
    await comments_on(world, encode("src", source.id), f"{PAGE}_92")
    [comment] = await world.rows(Review, kind="comment")
    body["review_id"] = encode("rev", comment.id)
    action = await mia.post(f"/v1/incidents/{night['id']}/actions", body)
    begun = await mia.post(f"/v1/actions/{action['id']}/execute")
    [place] = begun["results"]
    assert (begun["state"], place["state"]) == ("partially_succeeded", "by_hand")
    assert place["link"].startswith("https://")
    done = await mia.post(f"/v1/actions/{action['id']}/complete-manual", {"result_id": place["id"]})
    assert done["state"] == "succeeded"


async def test_waiting_is_a_decision_with_an_end(world, mia, night):
    told = await mia.post(f"/v1/incidents/{night['id']}/wait", {"minutes": 30})
    assert datetime.fromisoformat(told["ask_at"]) == world.at + timedelta(minutes=30)
    buzzed = len(mia.phone.shown)
    await world.waits(timedelta(minutes=29))
    assert len(mia.phone.shown) == buzzed
    await world.waits(timedelta(minutes=2))
    mia.shows("Corner Bistro: look again")
    assert (await mia.get(f"/v1/incidents/{night['id']}"))["ask_at"] is None


async def test_a_doubling_rings_again_after_everybody_went_to_sleep(world, mia, graph, night):
    source = await has_a_page(world, night["client_id"])
    await chosen(mia, night, f"{source}:take_down")
    await world.works()
    await world.waits(timedelta(minutes=6))
    buzzed = len(mia.phone.shown)
    for _ in range(4):
        world.writes(1)
    await world.waits(timedelta(minutes=3))
    titles = [one.notification["title"] for one in mia.phone.shown[buzzed:]]
    assert any("new reviews" in title for title in titles), titles


async def test_practice_touches_nothing(world, mia, graph, night):
    source = await has_a_page(world, night["client_id"])
    async with transaction() as session:
        found = await session.get_one(Source, decode("src", source))
        client = await session.get_one(Client, found.client_id)
        client.practice = True
        session.add(client)
    action = await chosen(mia, night, f"{source}:take_down")
    await world.works()
    done = await action_of(mia, action)
    assert done["results"][0]["detail"] == "Practice. Nothing was touched."
    assert stands(graph)
    assert {one.state for one in await world.rows(Action)} == {"succeeded"}
