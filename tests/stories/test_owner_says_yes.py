"""The owner says yes on the page: two taps on a known phone, done, read back, told in figures."""

import asyncio
import re
from datetime import timedelta

from api.ids import encode
from api.models import Action, Approval, Entry, Message, OwnerPhone
from tests import illnesses
from tests.platforms.graph_state import PAGE
from tests.stories.owners_night import is_asked, is_known, newest_link, the_approval, types_the_code
from tests.stories.places import stands

MINUTE = timedelta(minutes=1)


async def test_from_the_link_over_the_code_to_a_page_that_is_down(
    world, mia, night, graph, outside, rosa
):
    link = await is_asked(world, mia, night, outside)
    asked = await the_approval(world)
    await rosa.opens(link)
    rosa.sees(f"Your choice, code {asked.code}", "We suggest: take down Facebook.")
    rosa.sees("The feed stays up; we cannot switch that off.", "No answer is not a yes.")
    await rosa.taps("Approve")
    rosa.sees("First: is it you?", "We text a code to …11 to be sure that it is you.")
    assert stands(graph)
    await types_the_code(world, outside, rosa)
    rosa.sees("Take down Facebook.", f"Code {asked.code}", "Hidden in seconds. Can be put back.")
    await rosa.taps("Yes, take it down")
    assert rosa.path == link.removeprefix("http://nightdesk.test")
    rosa.sees("We began at", f"You agreed to {asked.code}.")
    assert rosa.answer.headers["refresh"] == "5"
    await world.works()
    assert not stands(graph)
    await rosa.opens(link)
    rosa.sees("Facebook is hidden. We looked.", f"You agreed to {asked.code}.", "Put it back")
    assert re.search(r"Done \d\d:\d\d\.", rosa.page.text)
    assert re.search(r"Hidden \d\d:\d\d:\d\d\. We looked \d\d:\d\d:\d\d\.", rosa.page.text)
    [approval] = await world.rows(Approval)
    [phone] = await world.rows(OwnerPhone)
    assert (approval.state, approval.how, approval.contact_name) == ("consumed", "page", "Rosa")
    assert (approval.phone_id, phone.last_used_at) == (phone.id, world.at)
    [begun] = await world.rows(Entry, kind="executing")
    assert (begun.actor_type, begun.actor_name) == ("contact", "Rosa")
    mia.reads("down, Facebook")


async def test_on_a_known_phone_two_taps_take_it_down_and_a_second_pair_does_nothing(
    world, mia, night, graph, outside, rosa
):
    await is_known(world, mia, night, outside, rosa)
    asked = await the_approval(world)
    await rosa.taps("Approve")
    twice = dict(rosa.page.forms["yes"].fields)
    await rosa.taps("Yes, take it down")
    await rosa.sends(f"{rosa.path}/answer/{encode('apr', asked.id)}", twice)
    rosa.sees("We began at")
    await world.works()
    assert graph.state.deeds["unpublish", PAGE] == 1
    assert len(await world.rows(Entry, kind="executing")) == 1
    assert len(await world.rows(Message, kind="agreed")) == 1


async def test_of_answers_in_the_same_moment_one_counts(world, mia, night, graph, outside, rosa):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    yes = rosa.page.forms["yes"]
    sent = [yes.fields | {"answer": answer} for answer in ("yes", "no", "yes", "no", "yes")]
    seen = await asyncio.gather(*[rosa.web.post(yes.action, data=one) for one in sent])
    assert {one.status_code for one in seen} == {200}
    [approval] = await world.rows(Approval)
    [action] = await world.rows(Action)
    assert (approval.state, action.state) in (("consumed", "executing"), ("declined", "cancelled"))
    await world.works()
    assert stands(graph) == (approval.state == "declined")
    assert graph.state.deeds["unpublish", PAGE] == (approval.state == "consumed")
    answered = await world.rows(Entry)
    assert sum(one.kind in ("approved", "declined") for one in answered) == 1
    await rosa.opens(link)
    rosa.sees("You agreed to" if approval.state == "consumed" else "You said no at")


async def test_not_now_is_as_easy_and_nothing_is_done(world, mia, night, graph, outside, rosa):
    await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Not now")
    rosa.sees("Not now.", "It was: take down Facebook.")
    rosa.types("words", "My brother speaks to them first.")
    await rosa.taps("Tell Mia: not now")
    rosa.sees("You said no at", "Nothing is done.")
    await world.works()
    assert stands(graph)
    assert [one.state for one in await world.rows(Action)] == ["cancelled"]
    [no] = await world.rows(Approval)
    assert (no.state, no.words) == ("declined", "My brother speaks to them first.")
    mia.reads("Rosa said no")


async def test_no_answer_is_not_a_yes_even_a_second_late(world, mia, night, graph, outside, rosa):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    late = dict(rosa.page.forms["yes"].fields)
    path = rosa.path
    world.at = (await the_approval(world)).expires_at
    await rosa.sends(path, late)
    rosa.sees("No answer is not a yes. Nothing was done.")
    await world.works()
    await rosa.opens(link)
    rosa.sees("No answer is not a yes. Nothing was done.")
    rosa.does_not_see("Approve")
    assert stands(graph)
    assert [one.state for one in await world.rows(Approval)] == ["expired"]


async def test_what_was_taken_back_a_moment_ago_is_said_and_not_done(
    world, mia, night, graph, outside, rosa
):
    await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    asked = encode("apr", (await the_approval(world)).id)
    await mia.post(f"/v1/approvals/{asked}/withdraw")
    await rosa.taps("Yes, take it down")
    rosa.sees("The question was taken back. Nothing was done.")
    await world.works()
    assert stands(graph)


async def test_a_place_that_does_not_answer_is_told_as_it_is(
    world, mia, night, graph, outside, rosa
):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    graph.misbehave(illnesses.reply(503), times=None)
    await rosa.taps("Yes, take it down")
    await world.waits(2 * MINUTE)
    await rosa.opens(link)
    rosa.sees("Not done.", "Not done: Facebook.")
    rosa.does_not_see("is hidden", "We looked", "Put it back")
    mia.reads("not done at Facebook")


async def test_put_it_back_asks_the_manager_and_does_nothing_by_itself(
    world, mia, night, graph, outside, rosa
):
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    await rosa.taps("Yes, take it down")
    await world.works()
    await rosa.opens(link)
    await rosa.taps("Put it back")
    rosa.sees("Put back Facebook?", "Mia is told at once")
    buzzed = len(mia.phone.received)
    again = dict(rosa.page.forms["ask"].fields)
    path = rosa.path
    await rosa.taps("Yes, ask Mia")
    rosa.sees("Rosa asked at", "to put it back. Mia was told.")
    rosa.sees("Rosa asked to put it back: Facebook.")
    await rosa.sends(path, again)
    await world.works()
    assert not stands(graph)
    mia.reads("Rosa asks to put it back now")
    assert len(mia.phone.received) == buzzed + 1
    assert len(await world.rows(Entry, kind="asked_back")) == 1


async def test_at_night_the_wish_waits_for_the_morning_unless_it_is_urgent(
    world, mia, night, graph, outside, rosa
):
    await mia.web.patch(
        "/v1/me", json={"quiet_from": "22:00", "quiet_until": "07:00"}, headers={"If-Match": "*"}
    )
    link = await is_known(world, mia, night, outside, rosa)
    await rosa.taps("Approve")
    await rosa.taps("Yes, take it down")
    await world.works()
    await rosa.opens(link)
    await rosa.taps("Put it back")
    rosa.sees("It is night. We put it back in the morning unless it is urgent.")
    buzzed = len(mia.phone.received)
    await rosa.taps("Yes, in the morning")
    rosa.sees("to put it back. Mia is told in the morning.")
    await world.works()
    assert len(mia.phone.received) == buzzed
    await rosa.taps("Put it back")
    await rosa.taps("It is urgent: tell Mia now")
    await world.works()
    mia.reads("Rosa asks to put it back now")
    assert not stands(graph)


async def test_a_yes_that_was_noted_wrongly_is_told_back_within_a_tap(
    world, mia, night, graph, outside, rosa
):
    await is_known(world, mia, night, outside, rosa)
    contact = night["owner"]["contact_id"]
    asked = encode("apr", (await the_approval(world)).id)
    said = {"answer": "yes", "contact_id": contact, "how": "phone"}
    await mia.post(f"/v1/approvals/{asked}/record", said)
    await world.works()
    assert "Not right?" in outside.twilio.messages[-1].body
    await rosa.opens(newest_link(outside))
    rosa.sees("Not begun yet.", "by phone: take down Facebook. Not right?")
    await rosa.taps("Not right?")
    rosa.sees("Is this not right?", "This yes does not count any more then.")
    await rosa.taps("This is not right")
    rosa.sees("The yes was taken back. It does not count any more.")
    await world.works()
    mia.reads("Rosa says: not right")
    [approval] = await world.rows(Approval)
    assert (approval.state, approval.objected_at) == ("revoked", world.at)
    assert stands(graph)
    assert len(await world.rows(Entry, kind="not_right")) == 1
