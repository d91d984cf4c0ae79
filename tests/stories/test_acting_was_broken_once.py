"""What once went wrong between a yes and a deed, kept so that it does not come back."""

from datetime import timedelta

from api.models import Approval
from tests.platforms.graph_state import PAGE
from tests.stories.places import stands
from tests.stories.test_take_down import action_of, says_yes, takes_down

MINUTE = timedelta(minutes=1)
KEY = {"Idempotency-Key": "k"}


async def counting(mia, night):
    """Words that the owner agreed to, half a minute before they go out; the action's id."""
    places = [one["id"] for one in (await sources_of(mia, night)) if one["kind"] == "facebook"]
    body = {"incident_id": night["id"], "text": "We are looking into it.", "source_ids": places}
    statement = await mia.post("/v1/statements", body)
    await mia.post(f"/v1/statements/{statement['id']}/submit")
    [asked] = (await mia.get("/v1/approvals", state="requested"))["data"]
    spoken = {"answer": "yes", "contact_id": night["owner"]["contact_id"]}
    await mia.post(f"/v1/approvals/{asked['id']}/record", spoken)
    await mia.post(f"/v1/statements/{statement['id']}/publish")
    [action] = (await mia.get(f"/v1/incidents/{night['id']}/actions"))["data"]
    return action, asked


async def sources_of(mia, night):
    return (await mia.get(f"/v1/clients/{night['client_id']}/sources"))["data"]


async def test_nobody_begins_words_before_their_half_minute_is_over(world, mia, graph, night):
    action, asked = await counting(mia, night)
    assert "execute" not in action["allowed"]
    await mia.post(f"/v1/approvals/{asked['id']}/revoke")
    refused = await mia.web.post(f"/v1/actions/{action['id']}/execute", json={}, headers=KEY)
    assert refused.status_code == 409
    await world.waits(MINUTE)
    assert graph.state.deeds["post", PAGE] == 0


async def test_an_old_yes_is_no_yes_for_another_try(world, mia, graph, night):
    action = (await says_yes(mia, night))["action"]
    tokens = dict(graph.state.tokens)
    graph.state.tokens.clear()
    await mia.post(f"/v1/actions/{action['id']}/execute")
    await world.waits(MINUTE)
    graph.state.tokens.update(tokens)
    await world.waits(timedelta(hours=3), step=timedelta(minutes=30))
    refused = await mia.web.post(f"/v1/actions/{action['id']}/retry", headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval-lapsed")
    await world.works()
    assert stands(graph)


async def test_what_is_down_is_not_taken_down_again(world, mia, graph, night):
    first = (await says_yes(mia, night))["action"]
    second = (await says_yes(mia, night))["action"]
    await mia.post(f"/v1/actions/{first['id']}/execute")
    refused = await mia.web.post(f"/v1/actions/{second['id']}/execute", json={}, headers=KEY)
    assert (refused.status_code, "down already" in refused.json()["detail"]) == (409, True)
    await world.works()
    options = await mia.get(f"/v1/incidents/{night['id']}/options")
    assert "Facebook" not in [one["name"] for one in options["goes"]]
    await mia.post(f"/v1/actions/{first['id']}/revert")
    await world.works()
    assert stands(graph)


async def test_a_way_back_that_failed_is_not_forgotten(world, mia, graph, night):
    action = await takes_down(mia, night)
    await world.works()
    tokens = dict(graph.state.tokens)
    graph.state.tokens.clear()
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.waits(MINUTE)
    failed = await action_of(mia, action)
    assert (failed["state"], failed["ask_at"] is not None) == ("failed", True)
    refused = await mia.web.post(f"/v1/incidents/{night['id']}/resolve", headers=KEY)
    assert refused.status_code == 409
    graph.state.tokens.update(tokens)
    await mia.post(f"/v1/actions/{action['id']}/retry")
    await world.waits(MINUTE)
    assert (await action_of(mia, action))["state"] == "reverted"
    assert stands(graph)


async def test_only_a_hand_can_go_on_where_only_a_hand_is_waited_for(mia, graph, night):
    action = (await says_yes(mia, night, chosen=["website"]))["action"]
    begun = await mia.post(f"/v1/actions/{action['id']}/execute")
    assert (begun["state"], "retry" in begun["allowed"]) == ("partially_succeeded", False)
    refused = await mia.web.post(f"/v1/actions/{action['id']}/retry", headers=KEY)
    assert refused.status_code == 409


async def test_nobody_is_asked_about_what_is_done(world, mia, graph, night):
    action = await takes_down(mia, night)
    await world.works()
    refused = await mia.web.post("/v1/approvals", json={"action_id": action["id"]}, headers=KEY)
    assert refused.status_code == 409


async def test_a_no_is_for_what_it_was_said_about(world, mia, graph, night):
    first = (await says_yes(mia, night, chosen=["website"]))["action"]
    second = (await says_yes(mia, night))["action"]
    no = {"contact_id": night["owner"]["contact_id"], "outcome": "said_no"}
    await mia.post(f"/v1/incidents/{night['id']}/calls", no | {"action_id": second["id"]})
    states = [(await action_of(mia, one))["state"] for one in (first, second)]
    assert states == ["ready", "cancelled"]
    given = {one.subject_id: one.state for one in await world.rows(Approval)}
    assert sorted(given.values()) == ["approved", "revoked"]


async def test_a_yes_comes_from_somebody_who_may_say_it(mia, night):
    waiter = {"name": "Vera", "phone": "+43 660 222 22 22", "may_approve": False}
    vera = await mia.post(f"/v1/clients/{night['client_id']}/contacts", waiter)
    said = {"contact_id": vera["id"], "outcome": "said_yes", "chosen": ["website"]}
    refused = await mia.web.post(f"/v1/incidents/{night['id']}/calls", json=said, headers=KEY)
    assert (refused.status_code, "Vera may not say yes" in refused.text) == (422, True)


async def test_a_time_without_a_zone_is_refused_in_words(mia, night):
    wish = {"until": "2026-05-12T05:00:00"}
    refused = await mia.web.post(f"/v1/incidents/{night['id']}/wait", json=wish, headers=KEY)
    assert refused.status_code == 422
