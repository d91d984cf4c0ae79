"""Instagram: the contract for comments and tags, mentions by hint, the acts, and the check."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.graph_state import ACCOUNT, MEDIUM, PAGE
from tests.platforms.graph_vendor import APP, GraphVendor, error
from tests.platforms.vendor import NOW, calls_to, told
from workers.platforms import instagram, instagram_acts
from workers.platforms.connector import Action, Place

COMMENT = "17919697626119712"
PLACE = Place(
    ids={"ig_user_id": ACCOUNT, "page_id": PAGE},
    now=NOW,
    secrets={"access_token": f"page-{PAGE}", "user_token": "person"},
    app=APP,
)


class OfInstagram(Contract):
    connector = instagram
    place = PLACE
    shows_stars = False
    stream = "tags"

    @pytest.fixture
    async def vendor(self):
        async with GraphVendor(self.stream) as running:
            yield running


class TestComments(OfInstagram):
    stream = "ig_comments"
    no_edits = "Nobody can edit a comment on Instagram."
    without = ("from", "hidden", "like_count")


class TestTags(OfInstagram):
    without = ("permalink",)


@pytest.fixture
async def vendor():
    async with GraphVendor("ig_comments") as running:
        running.state.said(COMMENT, MEDIUM, "fraud!!!")
        yield running


async def asks(vendor, place=PLACE):
    async with calls_to(vendor, instagram.judge) as calls:
        return await instagram.fetch(calls, place)


def read(fetched):
    return instagram.read(fetched.body, fetched.content_type, NOW)


def items(fetched):
    return {item.external_id: item for item in read(fetched).items}


async def test_a_comment_stands_under_its_post_with_the_accounts_answer(vendor):
    vendor.state.said("1", COMMENT, "We are sorry.", by="crumbandco")
    vendor.state.said("2", COMMENT, "Me too.", by="angry_2")
    found = items(await asks(vendor))
    assert set(found) == {COMMENT, "2"}
    first = found[COMMENT]
    assert (first.kind, first.parent_id, first.author) == ("comment", MEDIUM, "angry_1")
    assert first.url == "https://www.instagram.com/p/abc/"
    assert first.reply["text"] == "We are sorry."
    assert found["2"].parent_id == MEDIUM


async def test_comments_are_asked_for_only_where_their_number_moved(vendor):
    vendor.state.medium("222")
    vendor.state.said("2221", "222", "Bad.")
    first = await asks(vendor)
    vendor.state.said("2222", "222", "Worse.")
    before = len(vendor.log)
    second = await asks(vendor, replace(PLACE, cursor=first.cursor))
    paths = [one.match_info["path"] for one in vendor.log[before:]]
    assert [path for path in paths if path.endswith("/comments")] == ["222/comments"]
    assert "2222" in items(second)


async def test_hidden_shows_in_a_whole_reading_that_covers_everything(vendor):
    first = await asks(vendor)
    vendor.state.nodes[COMMENT]["hidden"] = True
    second = await asks(vendor, replace(PLACE, cursor=first.cursor, mode="reconcile"))
    assert items(second)[COMMENT].hidden
    assert read(second).covers is not None


async def test_a_mention_is_asked_for_when_a_hint_tells_of_it(vendor):
    vendor.state.said("31", "elsewhere", "@crumbandco cheats", by="angry_3")
    vendor.state.nodes["31"]["media"] = {"id": "9", "permalink": "https://www.instagram.com/p/9/"}
    vendor.state.medium("41", "somebody", username="angry_4", caption="Avoid @crumbandco")
    hints = [
        {"field": "mentions", "media_id": "9", "comment_id": "31"},
        {"field": "mentions", "media_id": "41"},
        {"field": "mentions", "media_id": "404"},
        {"field": "mentions", "media_id": "41){id},me"},
        {"field": "comments", "media_id": MEDIUM, "comment_id": COMMENT},
    ]
    found = items(await asks(vendor, replace(PLACE, hints=hints)))
    assert {name: one.kind for name, one in found.items()} == {
        "31": "mention",
        "41": "mention",
        COMMENT: "comment",
    }
    assert found["31"].url == "https://www.instagram.com/p/9/"


async def test_a_tag_without_a_word_is_a_mention_too(vendor):
    vendor.state.add("tag", "51", of=ACCOUNT, timestamp="2026-11-20T08:00:00+0000", username="a")
    assert items(await asks(vendor))["51"].text == "(tagged without a word)"


async def test_the_check_names_what_is_missing_and_changes_nothing(vendor):
    async with calls_to(vendor, instagram.judge) as calls:
        assert (await instagram.check(calls, PLACE)).ready_detail == ""
        vendor.login.rights.remove("instagram_manage_comments")
        checked = await instagram.check(calls, PLACE)
    assert checked.ready is None
    assert "instagram_manage_comments" in checked.ready_detail
    assert not vendor.state.log


async def test_a_missing_right_takes_the_acts_away_until_it_is_given_again(vendor):
    vendor.login.rights.remove("instagram_manage_comments")
    async with calls_to(vendor, instagram.judge) as calls:
        probed = (await instagram.check(calls, PLACE)).probed
    assert set(probed) == {"reply", "hide", "delete", "close_comments"}
    assert all("instagram_manage_comments" in why for why in probed.values())
    without = replace(PLACE, probed=probed)
    assert (await asks(vendor, without)).probed is None
    vendor.login.rights.append("instagram_manage_comments")
    assert (await asks(vendor, without)).probed == {}
    assert (await asks(vendor)).probed is None


async def does(vendor, action, how=instagram_acts.act):
    async with calls_to(vendor, instagram.judge) as calls:
        return await how(calls, PLACE, action)


async def sees(vendor, action):
    return await does(vendor, action, instagram_acts.observe)


HIDE, DELETE = Action("hide", COMMENT), Action("delete", COMMENT)
REPLY = Action("reply", COMMENT, {"text": "We are sorry."})
EACH = [(HIDE, "hide"), (DELETE, "delete"), (REPLY, "reply")]


@pytest.mark.parametrize(("action", "verb"), EACH)
async def test_what_is_done_is_seen_when_it_is_read_back(vendor, action, verb):
    assert (await sees(vendor, action)).state == "rejected"
    done = await does(vendor, action)
    seen = await sees(vendor, action)
    assert (done.state, seen.state, seen.made) == ("done", "done", done.made)
    assert vendor.state.deeds[verb, COMMENT] == 1


@pytest.mark.parametrize(("action", "verb"), EACH)
async def test_an_act_whose_answer_was_lost_is_read_back_and_sent_once(vendor, action, verb):
    method = "DELETE" if verb == "delete" else "POST"
    vendor.misbehave(illnesses.reset, method=method, delivers=True)
    with pytest.raises(SourceTrouble) as lost:
        await does(vendor, action)
    assert lost.value.health == "outcome_unknown"
    assert (await sees(vendor, action)).state == "done"
    assert sum(vendor.state.deeds.values()) == 1


@pytest.mark.parametrize("action", [HIDE, DELETE])
async def test_what_is_gone_already_is_done_and_what_is_not_ours_is_not(vendor, action):
    vendor.state.protected.add(COMMENT)
    assert (await does(vendor, action)).state == "rejected"
    del vendor.state.nodes[COMMENT]
    assert (await does(vendor, action)).state == "done"


async def test_hiding_is_undone(vendor):
    await does(vendor, HIDE)
    assert (await does(vendor, Action("unhide", COMMENT))).state == "done"
    assert (await sees(vendor, Action("unhide", COMMENT))).state == "done"
    assert vendor.state.nodes[COMMENT]["hidden"] is False


@pytest.mark.parametrize("verb", ["take_down", "restore", "block", "report", "publish"])
async def test_what_is_for_a_hand_sends_nothing(vendor, verb):
    outcome = await does(vendor, Action(verb, COMMENT))
    assert outcome.state == "by_hand"
    assert not vendor.log


CLOSE = Action("close_comments", ACCOUNT, {"newest": 4})


@pytest.fixture
def media(vendor):
    """Five more, newer than the first; the middle one was closed before."""
    for number in range(1, 6):
        vendor.state.medium(str(number), at=f"2026-11-1{number}T08:00:00+0000")
    vendor.state.nodes["3"]["is_comment_enabled"] = False
    return vendor.state.nodes


def opened(media):
    return {name for name in ("1", "2", "3", "4", "5") if media[name]["is_comment_enabled"]}


async def test_comments_are_closed_on_the_newest_and_opened_as_they_were(vendor, media):
    assert (await sees(vendor, CLOSE)).state == "pending"
    closed = await does(vendor, CLOSE)
    assert closed.state == "done"
    assert closed.before == {"media": {"5": True, "4": True, "3": False, "2": True}}
    assert opened(media) == {"1"}
    assert vendor.state.deeds["close", "3"] == 0
    assert (await sees(vendor, CLOSE)).state == "done"
    reopen = Action("open_comments", ACCOUNT, closed.before)
    assert (await sees(vendor, reopen)).detail == "3 of 3 are still closed."
    assert (await does(vendor, reopen)).state == "done"
    assert (await sees(vendor, reopen)).state == "done"
    assert opened(media) == {"1", "2", "4", "5"}
    assert set(vendor.state.deeds.values()) == {1}


async def test_what_opening_needs_can_be_asked_for_without_changing_anything(vendor, media):
    async with calls_to(vendor, instagram.judge) as calls:
        before = await instagram_acts.before(calls, PLACE, replace(CLOSE, params={"newest": 2}))
    assert before == {"media": {"5": True, "4": True}}
    assert not vendor.state.log


async def test_lost_answers_are_settled_by_reading(vendor, media):
    vendor.misbehave(illnesses.reset, times=2, method="POST", delivers=True)
    closed = await does(vendor, CLOSE)
    assert (closed.state, closed.before["media"]["5"]) == ("done", True)
    assert set(vendor.state.deeds.values()) == {1}


async def test_a_lost_order_is_unknown_and_the_others_are_closed(vendor, media):
    vendor.misbehave(illnesses.reset, method="POST")
    closed = await does(vendor, CLOSE)
    assert (closed.state, closed.before["media"]["5"]) == ("unknown", True)
    assert opened(media) == {"1", "5"}


async def test_a_refusal_on_one_of_them_is_said_with_how_many_are_open(vendor, media):
    refused = told(403, error(10, "(#10) Requires instagram_manage_comments"))
    vendor.misbehave(refused, method="POST")
    closed = await does(vendor, CLOSE)
    assert closed.state == "rejected"
    assert "1 of 4 are still open." in closed.detail
    vendor.state.log.clear()
    vendor.misbehave(refused, times=None, method="POST")
    with pytest.raises(SourceTrouble):
        await does(vendor, CLOSE)


async def test_a_second_order_closes_the_same_media_and_keeps_what_stood_before(vendor, media):
    first = await does(vendor, CLOSE)
    vendor.state.medium("6", at="2026-11-20T08:00:00+0000")
    again = await does(vendor, replace(CLOSE, params={"newest": 4, "before": first.before}))
    assert (again.state, again.before) == ("done", first.before)
    assert set(vendor.state.deeds.values()) == {1}


async def test_a_medium_that_is_gone_has_nothing_to_be_opened(vendor, media):
    closed = await does(vendor, CLOSE)
    del vendor.state.nodes["5"]
    assert (await does(vendor, Action("open_comments", ACCOUNT, closed.before))).state == "done"
