"""The owner says yes on the phone: the Page goes down, once, is read back, and comes back."""

from datetime import timedelta

from api.models import Action, Approval, Evidence, Message, Result
from tests import illnesses
from tests.platforms.graph_state import PAGE
from tests.stories.attacks import an_attack, the_incident
from tests.stories.places import has_a_page, stands

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def sheet_of(mia, incident):
    return await mia.get(f"/v1/incidents/{incident['id']}/call-sheet")


async def says_yes(mia, incident, **more):
    """What the call sheet suggested was read out, and the owner agreed."""
    sheet = await sheet_of(mia, incident)
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    script = "\n".join(line["text"] for line in sheet["lines"])
    call = {"contact_id": sheet["contact"]["contact_id"], "outcome": "said_yes"}
    body = call | {"chosen": chosen, "read_out": script} | more
    return await mia.post(f"/v1/incidents/{incident['id']}/calls", body)


async def takes_down(mia, incident):
    action = (await says_yes(mia, incident))["action"]
    return await mia.post(f"/v1/actions/{action['id']}/execute")


async def action_of(mia, action):
    return await mia.get(f"/v1/actions/{action['id']}")


async def test_the_call_sheet_says_what_is_so_and_nothing_else(mia, night):
    sheet = await sheet_of(mia, night)
    said = [line["text"] for line in sheet["lines"]]
    assert said[0].startswith("Rosa, it’s Mia, who looks after your pages.")
    assert "3 new reviews" in said[1]
    assert any("take down Facebook for now" in line for line in said)
    assert any("The feed stays up" in line for line in said)
    assert said[-1] == "Is that okay?"
    assert not any("customer list" in line for line in said), "there is no list to speak of"


async def test_from_the_yes_to_a_page_that_is_read_back(world, mia, graph, outside, night):
    told = await says_yes(mia, night)
    action = told["action"]
    assert (action["state"], action["approval"]["state"]) == ("ready", "approved")
    assert stands(graph)
    begun = await mia.post(f"/v1/actions/{action['id']}/execute")
    assert begun["state"] == "executing"
    await world.works()
    done = await action_of(mia, action)
    assert (done["state"], [one["state"] for one in done["results"]]) == ("succeeded", ["done"])
    assert not stands(graph)
    assert graph.state.deeds["unpublish", PAGE] == 1
    assert (await mia.get(f"/v1/incidents/{night['id']}"))["state"] == "active"
    [call] = await world.rows(Approval)
    assert (call.how, call.state, str(call.contact_name)) == ("phone", "consumed", "Rosa")
    texts = [one.body for one in outside.twilio.messages]
    assert any("you agreed at" in text and "by phone: take down Facebook" in text for text in texts)
    assert any("Facebook is down" in text for text in texts)


async def test_everything_is_saved_before_anything_goes(world, mia, graph, night):
    await takes_down(mia, night)
    saved = await world.rows(Evidence)
    assert len(saved) == 3
    assert stands(graph), "it is saved in the transaction in which it begins"


async def test_put_it_back_and_it_is_as_it_was(world, mia, graph, night):
    before = dict(graph.state.nodes[PAGE]["settings"])
    action = await takes_down(mia, night)
    await world.works()
    assert graph.state.nodes[PAGE]["settings"] != before
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await world.works()
    assert (await action_of(mia, action))["state"] == "reverted"
    assert stands(graph)
    assert graph.state.nodes[PAGE]["settings"] == before


async def test_without_a_yes_nothing_goes_down(world, mia, graph, night):
    sheet = await sheet_of(mia, night)
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    body = {"kind": "take_down", "chosen": chosen}
    action = await mia.post(f"/v1/incidents/{night['id']}/actions", body)
    refused = await mia.web.post(
        f"/v1/actions/{action['id']}/execute", json={}, headers={"Idempotency-Key": "k"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "approval-missing")
    await world.works()
    assert stands(graph)
    assert graph.state.deeds["unpublish", PAGE] == 0


async def test_a_yes_grows_old_and_does_nothing_by_itself(world, mia, graph, night):
    action = (await says_yes(mia, night))["action"]
    await world.waits(timedelta(hours=2, minutes=5))
    assert stands(graph)
    again = await action_of(mia, action)
    assert (again["state"], again["approval"]["state"]) == ("awaiting_approval", "lapsed")
    refused = await mia.web.post(
        f"/v1/actions/{action['id']}/execute", json={}, headers={"Idempotency-Key": "k"}
    )
    assert refused.json()["code"] == "approval-lapsed"


async def test_the_same_yes_is_used_once(mia, night):
    action = (await says_yes(mia, night))["action"]
    await mia.post(f"/v1/actions/{action['id']}/execute")
    again = await mia.web.post(
        f"/v1/actions/{action['id']}/execute", json={}, headers={"Idempotency-Key": "other"}
    )
    assert again.status_code == 409


async def test_a_lost_answer_is_looked_at_and_never_sent_again(world, mia, graph, night):
    action = (await says_yes(mia, night))["action"]
    graph.misbehave(illnesses.reset, times=1, path=f"/v26.0/{PAGE}", method="POST", delivers=True)
    await mia.post(f"/v1/actions/{action['id']}/execute")
    await world.waits(30 * SECOND)
    assert (await action_of(mia, action))["state"] == "succeeded"
    assert graph.state.deeds["unpublish", PAGE] == 1


async def test_a_page_that_says_yes_and_stays_is_told_as_what_it_is(world, mia, graph, night):
    graph.state.stubborn.add(PAGE)
    action = await takes_down(mia, night)
    await world.waits(2 * MINUTE)
    found = await action_of(mia, action)
    assert found["state"] == "failed"
    [place] = found["results"]
    assert place["state"] == "lost"
    assert "visible" in place["detail"]
    assert place["allowed"] == ["retry", "finish"]
    mia.shows("not done at Facebook")


async def test_a_token_that_died_has_its_words_and_a_way_by_hand(world, mia, graph, night):
    action = (await says_yes(mia, night))["action"]
    graph.state.tokens.clear()
    await mia.post(f"/v1/actions/{action['id']}/execute")
    await world.waits(MINUTE)
    found = await action_of(mia, action)
    assert (found["state"], found["results"][0]["state"]) == ("failed", "refused")
    assert found["results"][0]["detail"]
    by_hand = {"result_id": found["results"][0]["id"]}
    done = await mia.post(f"/v1/actions/{action['id']}/complete-manual", by_hand)
    assert (done["state"], done["results"][0]["done_by"]) == ("succeeded", "Mia")
    await world.works()
    mia.reads("down, Facebook", "Done by hand. Nothing was read back.")
    await mia.post(f"/v1/actions/{action['id']}/revert")
    await mia.post(f"/v1/actions/{action['id']}/complete-manual", by_hand)
    told = (await mia.get(f"/v1/incidents/{night['id']}/timeline"))["data"]
    assert "Mia put it back by hand: Facebook." in [one["sentence"] for one in told]


async def test_what_is_down_is_asked_about_every_day_and_stops_a_resolve(world, mia, graph, night):
    action = await takes_down(mia, night)
    await world.works()
    refused = await mia.web.post(
        f"/v1/incidents/{night['id']}/resolve", headers={"Idempotency-Key": "k"}
    )
    assert refused.status_code == 409
    assert "down" in refused.json()["detail"]
    buzzed = len(mia.phone.shown)
    await world.waits(timedelta(hours=25), step=timedelta(minutes=30))
    titles = [one.notification["title"] for one in mia.phone.shown[buzzed:]]
    assert "Corner Bistro: still down, Facebook" in titles
    assert not any("new reviews" in title for title in titles), "it is decided: nobody is rung"
    await mia.post(f"/v1/actions/{action['id']}/leave")
    await mia.post(f"/v1/incidents/{night['id']}/resolve")


async def test_what_was_said_on_the_phone_stands_in_the_timeline(world, mia, night):
    contact = (await sheet_of(mia, night))["contact"]["contact_id"]
    call = {"contact_id": contact, "outcome": "wants_to_think", "words": "After the lunch."}
    await mia.post(f"/v1/incidents/{night['id']}/calls", call)
    told = (await mia.get(f"/v1/incidents/{night['id']}/timeline"))["data"]
    assert "Mia called Rosa: wants to think. After the lunch." in [one["sentence"] for one in told]


async def test_the_third_missed_call_offers_the_link(world, mia, outside, night):
    sheet = await sheet_of(mia, night)
    body = {"contact_id": sheet["contact"]["contact_id"], "outcome": "no_answer"}
    for _ in range(3):
        await mia.post(f"/v1/incidents/{night['id']}/calls", body)
    sheet = await sheet_of(mia, night)
    assert (sheet["missed"], sheet["send_link"]) == (3, True)
    whom = {"contact_id": body["contact_id"]}
    assert (await mia.post(f"/v1/incidents/{night['id']}/send-link", whom))["by"] == "sms"
    await world.works()
    assert any("please look at this page" in one.body for one in outside.twilio.messages)
    assert [one.state for one in await world.rows(Message)] == ["sent"]


async def test_an_owner_who_cannot_be_written_to_is_said_and_stops_nothing(world, mia, graph):
    client = await an_attack(world, mia)
    await has_a_page(world, client)
    incident = await the_incident(mia, client)
    await takes_down(mia, incident)
    await world.works()
    assert not stands(graph)
    told_of = await mia.get(f"/v1/incidents/{incident['id']}/timeline")
    assert any("could not be written to" in one["sentence"] for one in told_of["data"])


async def test_a_standing_yes_is_used_by_a_tap(world, mia, graph, night):
    sheet = await sheet_of(mia, night)
    option = next(one for one in sheet["options"]["goes"] if one["suggested"])
    agreed = {
        "contact_id": sheet["contact"]["contact_id"], "source_ids": [option["source_id"]],
        "until": (world.at + timedelta(days=90)).isoformat(),
    }  # fmt: skip
    await mia.post(f"/v1/clients/{night['client_id']}/standing-approvals", agreed)
    assert (await sheet_of(mia, night))["standing"].startswith("You may act without asking")
    body = {"kind": "take_down", "chosen": [option["key"]]}
    action = await mia.post(f"/v1/incidents/{night['id']}/actions", body)
    await world.waits(MINUTE)
    assert stands(graph), "nothing happens without a tap"
    await mia.post(f"/v1/actions/{action['id']}/execute", {"standing": True})
    await world.works()
    assert not stands(graph)
    [given] = await world.rows(Approval)
    assert (given.how, given.state) == ("standing", "consumed")
    assert {one.state for one in await world.rows(Action)} == {"succeeded"}
    assert {one.state for one in await world.rows(Result)} == {"done"}


async def test_when_it_is_over_nobody_is_asked_any_more(world, mia, graph, night):
    sheet = await sheet_of(mia, night)
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    body = {"kind": "take_down", "chosen": chosen}
    action = await mia.post(f"/v1/incidents/{night['id']}/actions", body)
    await mia.post("/v1/approvals", {"action_id": action["id"]})
    await mia.post(f"/v1/incidents/{night['id']}/dismiss", {"reason": "not_bad"})
    assert (await action_of(mia, action))["state"] == "cancelled"
    [asked] = await world.rows(Approval)
    assert (asked.state, asked.ended_why) == ("superseded", "The incident is over.")
