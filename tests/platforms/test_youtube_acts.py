"""YouTube: each act is done once and read back, and a lost answer is settled by reading."""

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.vendor import NOW, calls_to
from tests.platforms.youtube_vendor import OWNER, YouTubeVendor
from workers.platforms import ACTORS, youtube, youtube_acts
from workers.platforms.connector import Action, Place

PLACE = Place(ids={"channel": OWNER}, now=NOW, secrets={"access_token": "good"})
HIDE, UNHIDE = Action("hide", "a1"), Action("unhide", "a1")
DELETE, BLOCK = Action("delete", "a1"), Action("block", "a1")
REPLY = Action("reply", "a1", {"text": "We are sorry."})
DOWN = Action("take_down", "v1")
ALL = [HIDE, DELETE, BLOCK, REPLY, DOWN]


@pytest.fixture
async def vendor():
    async with YouTubeVendor() as running:
        for name in ("a0", "a1", "a2", "a3", "a4"):
            running.writes(name)
        yield running


async def acts(vendor, action, what=youtube_acts.act, place=PLACE):
    async with calls_to(vendor, youtube.judge) as calls:
        return await what(calls, place, action)


async def sees(vendor, action):
    return await acts(vendor, action, youtube_acts.observe)


def written(vendor):
    return [one for one in vendor.log if one.method != "GET"]


def name(action):
    return action.verb


def test_acts_are_done_by_their_kind():
    assert ACTORS["youtube"] is youtube_acts


@pytest.mark.parametrize("action", ALL, ids=name)
async def test_an_act_is_done_and_read_back(vendor, action):
    assert (await sees(vendor, action)).state == "rejected"
    assert (await acts(vendor, action)).state == "done"
    assert (await sees(vendor, action)).state == "done"
    assert len(written(vendor)) == 1


@pytest.mark.parametrize("action", ALL, ids=name)
async def test_a_lost_answer_is_settled_by_reading(vendor, action):
    method = {"take_down": "PUT", "delete": "DELETE"}.get(action.verb, "POST")
    vendor.misbehave(illnesses.reset, method=method, delivers=True)
    if action is DOWN:
        assert (await acts(vendor, action)).state == "unknown"
    else:
        with pytest.raises(SourceTrouble) as told:
            await acts(vendor, action)
        assert told.value.health == "outcome_unknown"
    assert (await sees(vendor, action)).state == "done"
    assert len(written(vendor)) == 1


@pytest.mark.parametrize("action", ALL, ids=name)
async def test_an_answer_lost_on_the_way_there_did_nothing(vendor, action):
    method = {"take_down": "PUT", "delete": "DELETE"}.get(action.verb, "POST")
    vendor.misbehave(illnesses.reset, method=method)
    try:
        assert (await acts(vendor, action)).state == "unknown"
    except SourceTrouble as told:
        assert told.health == "outcome_unknown"  # noqa: PT017  two ways to say one thing
    assert (await sees(vendor, action)).state == "rejected"


@pytest.mark.parametrize(
    ("action", "state"),
    [(HIDE, "done"), (DELETE, "done"), (DOWN, "done"), (BLOCK, "rejected"), (REPLY, "rejected")],
    ids=str,
)
async def test_what_is_already_gone_needs_no_hiding(vendor, action, state):
    vendor.removes("a1")
    vendor.videos.clear()
    outcome = await acts(vendor, action)
    assert outcome.state == state
    if state == "done":
        assert (await sees(vendor, action)).state == "done"


@pytest.mark.parametrize("action", ALL, ids=name)
async def test_a_refusal_is_named(vendor, action):
    vendor.misbehave(vendor.forbidden, times=None)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, action)
    assert told.value.health == "permission"


async def test_what_was_hidden_is_shown_again(vendor):
    await acts(vendor, HIDE)
    assert (await sees(vendor, UNHIDE)).state == "rejected"
    assert (await acts(vendor, UNHIDE)).state == "done"
    assert (await sees(vendor, UNHIDE)).state == "done"
    assert (await sees(vendor, HIDE)).state == "rejected"


async def test_a_block_bans_the_writer(vendor):
    await acts(vendor, BLOCK)
    assert vendor.moderation.banned == {"UCx"}
    assert vendor.moderation.status == {"a1": "rejected"}


async def test_a_hidden_comment_is_not_a_blocked_writer(vendor):
    await acts(vendor, HIDE)
    assert (await sees(vendor, BLOCK)).state == "rejected"


async def test_a_listing_that_is_too_long_settles_nothing(vendor, monkeypatch):
    monkeypatch.setattr(youtube_acts, "MOST_PAGES", 1)
    assert (await sees(vendor, Action("block", "a0"))).state == "unknown"


async def test_a_reply_to_a_reply_goes_to_its_thread(vendor):
    reply = vendor.answers("a1", "Me too.")
    action = Action("reply", reply, REPLY.params)
    outcome = await acts(vendor, action)
    assert (outcome.state, outcome.made) == ("done", "a1.r1")
    assert (await sees(vendor, action)).made == "a1.r1"


async def test_words_of_somebody_else_are_not_our_reply(vendor):
    vendor.answers("a1", "We are sorry.")
    assert (await sees(vendor, REPLY)).state == "rejected"


async def test_a_reply_that_is_too_long_is_not_sent(vendor):
    too_long = Action("reply", "a1", {"text": "x" * 10_001})
    assert (await acts(vendor, too_long)).state == "rejected"
    assert not vendor.log


@pytest.mark.parametrize("lost", [False, True])
async def test_a_video_goes_private_and_comes_back_exactly_as_it_was(vendor, lost):
    before = dict(vendor.videos["v1"])
    if lost:
        vendor.misbehave(illnesses.reset, method="PUT", delivers=True)
    down = await acts(vendor, DOWN)
    assert down.before == {"status": before}
    assert vendor.videos["v1"] == before | {"privacyStatus": "private"}
    back = Action("restore", "v1", down.before)
    assert (await sees(vendor, back)).state == "rejected"
    assert (await acts(vendor, back)).state == "done"
    assert vendor.videos["v1"] == before
    assert (await sees(vendor, back)).state == "done"


async def test_a_planned_video_does_not_publish_itself_after_a_take_down(vendor):
    planned = {"privacyStatus": "private", "publishAt": "2026-11-22T06:00:00Z"}
    vendor.videos["v1"] |= planned
    assert (await sees(vendor, DOWN)).state == "rejected"
    down = await acts(vendor, DOWN)
    assert "publishAt" not in vendor.videos["v1"]
    assert (await sees(vendor, DOWN)).state == "done"
    await acts(vendor, Action("restore", "v1", down.before))
    assert vendor.videos["v1"]["publishAt"] == planned["publishAt"]


async def test_a_plan_that_is_over_is_not_put_back(vendor):
    status = {"privacyStatus": "private", "publishAt": "2026-11-21T19:00:00Z"}
    back = Action("restore", "v1", {"status": status})
    assert (await acts(vendor, back)).state == "done"
    assert "publishAt" not in vendor.videos["v1"]


async def test_a_video_that_is_private_is_left_alone(vendor):
    vendor.videos["v1"]["privacyStatus"] = "private"
    assert (await acts(vendor, DOWN)).state == "done"
    assert not written(vendor)


@pytest.mark.parametrize("verb", ["report", "unblock", "close_comments", "open_comments"])
async def test_what_nobody_can_do_there_is_for_a_hand(vendor, verb):
    assert (await acts(vendor, Action(verb, "a1"))).state == "by_hand"
    assert (await sees(vendor, Action(verb, "a1"))).state == "by_hand"
    assert not vendor.log
