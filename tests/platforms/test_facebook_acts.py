"""What is done on a Facebook Page: each act once, read back, and never believed to be done."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.graph_state import PAGE, POST
from tests.platforms.graph_vendor import GraphVendor, error
from tests.platforms.test_facebook import PLACE
from tests.platforms.vendor import calls_to, told
from workers.platforms import facebook_acts
from workers.platforms.connector import Action
from workers.platforms.meta_errors import judge

COMMENT, STORY, PERSON = "9010978_1", "122130000000001", "7788"
HIDE = Action("hide", COMMENT)
DELETE = Action("delete", COMMENT)
REPLY = Action("reply", COMMENT, {"text": "We are sorry.\nPlease call us."})
BLOCK = Action("block", PERSON)
PUBLISH = Action("publish", PAGE, {"text": "We have heard you."})


@pytest.fixture
async def vendor():
    async with GraphVendor() as running:
        running.state.comment(COMMENT, POST, "Boycott them!")
        running.state.add("story", STORY, of=PAGE)
        yield running


async def does(vendor, action, how=facebook_acts.act):
    async with calls_to(vendor, judge) as calls:
        return await how(calls, PLACE, action)


async def sees(vendor, action):
    return await does(vendor, action, facebook_acts.observe)


EACH = [
    (HIDE, "hide"),
    (DELETE, "delete"),
    (REPLY, "reply"),
    (BLOCK, "block"),
    (PUBLISH, "post"),
    (Action("reply", STORY, {"text": "Sorry."}), "reply"),
    (Action("hide", POST), "hide"),
]


@pytest.mark.parametrize(("action", "verb"), EACH)
async def test_what_is_done_is_seen_when_it_is_read_back(vendor, action, verb):
    assert (await sees(vendor, action)).state == "rejected"
    done = await does(vendor, action)
    seen = await sees(vendor, action)
    assert (done.state, seen.state) == ("done", "done")
    assert seen.made == done.made
    assert vendor.state.deeds[verb, action.target] == 1


@pytest.mark.parametrize(("action", "verb"), EACH)
@pytest.mark.parametrize(
    "fault",
    [illnesses.reset, illnesses.hang, illnesses.reply(502), told(400, error(2, "Try again."))],
)
async def test_an_act_whose_answer_was_lost_is_read_back_and_sent_once(vendor, action, verb, fault):
    method = "DELETE" if action.verb == "delete" else "POST"
    vendor.misbehave(fault, method=method, delivers=True)
    async with calls_to(vendor, judge, seconds=0.3) as calls:
        with pytest.raises(SourceTrouble) as lost:
            await facebook_acts.act(calls, PLACE, action)
    assert lost.value.health == "outcome_unknown"
    assert (await sees(vendor, action)).state == "done"
    assert sum(vendor.state.deeds.values()) == 1


@pytest.mark.parametrize(("action", "verb"), EACH)
async def test_an_act_that_was_lost_on_the_way_is_not_called_done(vendor, action, verb):
    vendor.misbehave(illnesses.reset, method="DELETE" if verb == "delete" else "POST")
    with pytest.raises(SourceTrouble) as lost:
        await does(vendor, action)
    assert lost.value.health == "outcome_unknown"
    assert (await sees(vendor, action)).state == "rejected"
    assert not vendor.state.deeds


@pytest.mark.parametrize("action", [HIDE, DELETE])
async def test_what_is_gone_already_is_done(vendor, action):
    del vendor.state.nodes[COMMENT]
    assert (await does(vendor, action)).state == "done"


@pytest.mark.parametrize("action", [HIDE, DELETE])
async def test_what_we_may_not_touch_is_not_taken_for_gone(vendor, action):
    vendor.state.protected.add(COMMENT)
    assert (await does(vendor, action)).state == "rejected"
    assert COMMENT in vendor.state.nodes


async def test_hiding_is_undone(vendor):
    await does(vendor, HIDE)
    unhide = Action("unhide", COMMENT)
    assert (await sees(vendor, unhide)).state == "rejected"
    assert (await does(vendor, unhide)).state == "done"
    assert vendor.state.nodes[COMMENT]["is_hidden"] is False
    del vendor.state.nodes[COMMENT]
    assert (await does(vendor, unhide)).state == "rejected"


async def test_only_the_pages_own_words_are_taken_back(vendor):
    assert (await does(vendor, Action("unreply", COMMENT))).state == "rejected"
    assert COMMENT in vendor.state.nodes
    made = (await does(vendor, REPLY)).made
    for back in (Action("unreply", made), Action("unreply", COMMENT, {"made": made})):
        assert (await does(vendor, back)).state == "done"
        assert (await sees(vendor, back)).state == "done"
    assert made not in vendor.state.nodes
    assert vendor.state.deeds["delete", made] == 1


async def test_blocking_is_undone(vendor):
    await does(vendor, BLOCK)
    unblock = Action("unblock", PERSON)
    assert (await sees(vendor, unblock)).state == "rejected"
    assert (await does(vendor, unblock)).state == "done"
    assert (await sees(vendor, unblock)).state == "done"
    assert vendor.state.blocked[PAGE] == set()


@pytest.mark.parametrize("action", [REPLY, PUBLISH])
async def test_words_that_are_there_already_are_looked_for_and_not_sent_again(vendor, action):
    first = await does(vendor, action)
    with pytest.raises(SourceTrouble) as duplicate:
        await does(vendor, action)
    assert duplicate.value.health == "outcome_unknown"
    assert (await sees(vendor, action)).made == first.made


async def test_somebody_elses_same_words_are_not_our_reply(vendor):
    vendor.state.comment("9010978_2", COMMENT, REPLY.params["text"])
    assert (await sees(vendor, REPLY)).state == "rejected"


@pytest.mark.parametrize("verb", ["hide", "unhide", "delete"])
async def test_a_recommendation_is_for_a_hand(vendor, verb):
    outcome = await does(vendor, Action(verb, STORY))
    assert outcome.state == "by_hand"
    assert not vendor.log


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (Action("report", COMMENT), "by_hand"),
        (Action("close_comments", POST), "by_hand"),
        (Action("open_comments", POST), "by_hand"),
        (Action("unreply", "1_1/../me"), "rejected"),
        (Action("unreply", COMMENT, {"made": "1?x=1"}), "rejected"),
        (Action("reply", "ab" * 32, {"text": "Sorry."}), "by_hand"),
        (Action("hide", "1_1/../me"), "rejected"),
        (Action("block", "7?x=1"), "rejected"),
    ],
)
async def test_what_cannot_be_done_there_sends_nothing(vendor, action, state):
    for how in (facebook_acts.act, facebook_acts.observe):
        outcome = await does(vendor, action, how)
        assert outcome.state == state
        assert outcome.detail.endswith(".")
    assert not vendor.log


@pytest.mark.parametrize(
    ("fault", "health"),
    [
        ("expired", "auth_expired"),
        ("forbidden", "permission"),
        ("throttled", "rate_limited"),
        ("blocked", "policy_blocked"),
    ],
)
async def test_a_refusal_is_named_and_nothing_was_done(vendor, fault, health):
    blocked = told(400, error(368, "The action attempted has been deemed abusive"))
    vendor.misbehave(getattr(vendor, fault, blocked), times=None)
    for action in (HIDE, DELETE, REPLY, BLOCK, PUBLISH):
        before = len(vendor.log)
        with pytest.raises(SourceTrouble) as refused:
            await does(vendor, action)
        assert refused.value.health == health
        assert len(vendor.log) == before + 1
    assert not vendor.state.deeds


async def test_a_meta_that_says_no_without_an_error_is_read_back(vendor):
    vendor.misbehave(told(200, {"success": False}), method="POST")
    with pytest.raises(SourceTrouble) as lost:
        await does(vendor, replace(HIDE))
    assert lost.value.health == "outcome_unknown"
