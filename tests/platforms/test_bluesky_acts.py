"""What is done at Bluesky: posts, blocks, reports, and the gates of threads."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.bluesky_vendor import GATE, OWN, POST, BlueskyVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import bluesky, bluesky_acts, bluesky_server
from workers.platforms.connector import Action, Place

PLACE = Place(ids={}, now=NOW, secrets={"handle": "crumb.example", "password": "good"})


@pytest.fixture
async def vendor():
    bluesky_server.forget()
    async with BlueskyVendor() as running:
        yield running


async def acts(vendor, action, what=bluesky_acts.act, place=PLACE):
    async with calls_to(vendor, bluesky.judge) as calls:
        return await what(calls, place, action)


async def seen(vendor, action, place=PLACE):
    return await acts(vendor, action, bluesky_acts.observe, place)


def writes_to(vendor, method):
    return [one for one in vendor.log if one.path.endswith(method)]


def reply_to(vendor):
    return Action("reply", vendor.uri("a1"), {"text": "We are sorry. https://crumb.example/now."})


async def test_a_reply_stands_in_the_thread_and_its_link_can_be_followed(vendor):
    vendor.reasons["a1"] = "reply"
    vendor.writes("a1")
    done = await acts(vendor, reply_to(vendor))
    assert (done.state, done.made) == ("done", (await seen(vendor, reply_to(vendor))).made)
    [record] = vendor.records.values()
    assert record["reply"]["root"]["uri"] == f"at://{OWN}/{POST}/p1"
    assert record["reply"]["parent"]["uri"] == vendor.uri("a1")
    assert record["facets"][0]["features"][0]["uri"] == "https://crumb.example/now"


SAID = Action("publish", "", {"text": "We closed the shop for today."})


@pytest.mark.parametrize("verb", ["reply", "publish"])
async def test_a_post_whose_answer_was_lost_is_read_back(vendor, verb):
    vendor.writes("a1")
    action = reply_to(vendor) if verb == "reply" else SAID
    vendor.misbehave(illnesses.reset, path="createRecord", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, action)
    assert told.value.health == "outcome_unknown"
    assert (await seen(vendor, action)).state == "done"
    assert len(writes_to(vendor, "createRecord")) == 1


async def test_a_post_that_never_arrived_is_said_to_be_missing(vendor):
    vendor.says("p1", {"text": SAID.params["text"], "createdAt": "2026-11-01T00:00:00.000Z"})
    assert (await seen(vendor, SAID)).state == "rejected"
    await acts(vendor, SAID)
    assert (await seen(vendor, SAID)).state == "done"


async def test_a_reply_to_a_post_that_is_gone_is_rejected(vendor):
    assert (await acts(vendor, reply_to(vendor))).state == "rejected"
    assert not writes_to(vendor, "createRecord")


async def test_a_post_that_is_too_long_is_not_sent(vendor):
    assert (await acts(vendor, replace(SAID, params={"text": "ä" * 301}))).state == "rejected"
    assert not vendor.log or not writes_to(vendor, "createRecord")


async def test_own_posts_are_taken_back_and_others_are_not(vendor):
    vendor.writes("a1")
    await acts(vendor, reply_to(vendor))
    back = Action("unreply", vendor.uri("a1"))
    assert (await seen(vendor, back)).state == "rejected"
    assert (await acts(vendor, back)).state == "done"
    assert not vendor.records
    assert (await acts(vendor, back)).state == "done"
    assert (await seen(vendor, back)).state == "done"
    gone = Action("unreply", f"at://{OWN}/{POST}/long-gone")
    assert (await acts(vendor, gone)).state == "done"
    assert (await seen(vendor, gone)).state == "done"
    for target in (vendor.uri("a1"), f"at://{OWN}/{POST}/p1"):
        assert (await acts(vendor, Action("delete", target))).state == "by_hand"


async def test_a_person_is_blocked_once_and_let_back(vendor):
    block, unblock = Action("block", vendor.uri("a1")), Action("unblock", "did:plc:kim")
    assert (await acts(vendor, block)).state == "done"
    assert (await acts(vendor, block)).state == "done"
    assert len(vendor.records) == 1
    assert (await seen(vendor, block)).state == "done"
    assert (await seen(vendor, unblock)).state == "rejected"
    assert (await acts(vendor, unblock)).state == "done"
    assert (await seen(vendor, unblock)).state == "done"


async def test_a_report_names_the_post_and_cannot_be_read_back(vendor):
    vendor.writes("a1")
    report = Action("report", vendor.uri("a1"), {"category": "spam", "text": "Forty of these."})
    assert (await acts(vendor, report)).state == "done"
    [sent] = vendor.reports
    assert sent["reasonType"] == "com.atproto.moderation.defs#reasonSpam"
    assert sent["subject"]["uri"] == vendor.uri("a1")
    assert (await seen(vendor, report)).state == "unknown"
    assert (await acts(vendor, replace(report, target=vendor.uri("gone")))).state == "done"


CLOSE = Action("close_comments", "", {"newest": 3})


def three_posts(vendor):
    for name in ("p1", "p2", "p3", "p4"):
        vendor.says(name)
    vendor.says("p5", {"text": "An answer.", "reply": {"parent": {"uri": "at://x/y/z"}}})
    followers = [{"$type": f"{GATE}#followerRule"}]
    gate = {"$type": GATE, "post": f"at://{OWN}/{POST}/p3", "allow": followers}
    vendor.says("p3", gate | {"hiddenReplies": ["at://old"]}, collection=GATE)
    return gate


async def test_the_newest_threads_are_closed_and_opened_as_they_were(vendor):
    gate = three_posts(vendor)
    assert (await seen(vendor, CLOSE)).state == "pending"
    closed = await acts(vendor, CLOSE)
    assert closed.state == "done"
    assert (await seen(vendor, CLOSE)).state == "done"
    gates = {name: one for (kind, name), one in vendor.records.items() if kind == GATE}
    assert set(gates) == {"p2", "p3", "p4"}
    assert all(one["allow"] == [] for one in gates.values())
    assert gates["p3"]["hiddenReplies"] == ["at://old"]

    opening = Action("open_comments", "", closed.before)
    assert (await seen(vendor, opening)).state == "pending"
    assert (await acts(vendor, opening)).state == "done"
    assert (await seen(vendor, opening)).state == "done"
    left = {name: one for (kind, name), one in vendor.records.items() if kind == GATE}
    assert left == {"p3": gate | {"hiddenReplies": ["at://old"]}}


async def test_what_was_before_is_not_lost_with_the_answer(vendor):
    three_posts(vendor)
    vendor.misbehave(illnesses.reset, path="applyWrites", delivers=True)
    closed = await acts(vendor, CLOSE)
    assert closed.state == "unknown"
    assert closed.before["gates"]["p3"]["allow"] == [{"$type": f"{GATE}#followerRule"}]
    assert (await seen(vendor, CLOSE)).state == "done"
    assert len(writes_to(vendor, "applyWrites")) == 1
    again = await acts(vendor, replace(CLOSE, params={"newest": 3, "before": closed.before}))
    assert (again.state, again.before) == ("done", closed.before)
    assert len(writes_to(vendor, "applyWrites")) == 1


async def test_a_second_closing_leaves_a_post_alone_that_came_meanwhile(vendor):
    three_posts(vendor)
    closed = await acts(vendor, CLOSE)
    vendor.says("p6")
    again = replace(CLOSE, params={"newest": 3, "before": closed.before})
    assert (await seen(vendor, again)).state == "done"
    assert (await acts(vendor, again)).before == closed.before
    assert (GATE, "p6") not in vendor.records


async def test_a_closing_that_is_refused_changes_nothing(vendor):
    three_posts(vendor)
    vendor.misbehave(vendor.forbidden, path="applyWrites")
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, CLOSE)
    assert told.value.health == "permission"
    assert sum(kind == GATE for kind, _ in vendor.records) == 1


def hide(vendor, verb="hide"):
    return Action(verb, vendor.uri("a1"))


async def a_reply(vendor):
    vendor.says("p1")
    vendor.reasons["a1"] = "reply"
    vendor.writes("a1")


async def test_a_reply_under_our_post_is_hidden_and_shown(vendor):
    await a_reply(vendor)
    assert (await seen(vendor, hide(vendor))).state == "pending"
    assert (await acts(vendor, hide(vendor))).state == "done"
    assert (await seen(vendor, hide(vendor))).state == "done"
    assert vendor.records[GATE, "p1"]["hiddenReplies"] == [vendor.uri("a1")]
    assert "allow" not in vendor.records[GATE, "p1"]
    assert (await acts(vendor, hide(vendor))).state == "done"
    assert len(writes_to(vendor, "putRecord")) == 1
    assert (await acts(vendor, hide(vendor, "unhide"))).state == "done"
    assert (await seen(vendor, hide(vendor, "unhide"))).state == "done"


async def test_a_hiding_whose_answer_was_lost_is_read_back(vendor):
    await a_reply(vendor)
    vendor.misbehave(illnesses.reset, path="putRecord", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, hide(vendor))
    assert told.value.health == "outcome_unknown"
    assert (await seen(vendor, hide(vendor))).state == "done"
    assert len(writes_to(vendor, "putRecord")) == 1


async def test_a_reply_hidden_while_a_thread_was_closed_stays_hidden(vendor):
    await a_reply(vendor)
    closed = await acts(vendor, CLOSE)
    await acts(vendor, hide(vendor))
    await acts(vendor, Action("open_comments", "", closed.before))
    gate = vendor.records[GATE, "p1"]
    assert gate["hiddenReplies"] == [vendor.uri("a1")]
    assert "allow" not in gate


async def test_what_stands_elsewhere_cannot_be_hidden_and_what_is_gone_is(vendor):
    vendor.writes("a1")
    assert (await acts(vendor, hide(vendor))).state == "by_hand"
    vendor.removes("a1")
    assert (await acts(vendor, hide(vendor))).state == "done"


async def test_the_daily_check_only_asks(vendor):
    async with calls_to(vendor, bluesky.judge) as calls:
        assert (await bluesky.check(calls, PLACE)).ready is None
    assert {one.path.rpartition(".")[2] for one in vendor.log} == {
        "createSession",
        "getUnreadCount",
    }


async def test_what_bluesky_cannot_do_is_left_to_a_hand(vendor):
    assert (await acts(vendor, Action("take_down", ""))).state == "by_hand"
    assert (await seen(vendor, Action("take_down", ""))).state == "by_hand"
