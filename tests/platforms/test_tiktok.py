"""TikTok: the contract, what its envelope says, signing in, and the acts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.tiktok_vendor import BUSINESS, VIDEO, TikTokVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import tiktok, tiktok_acts, tiktok_grant
from workers.platforms.calls import status_trouble
from workers.platforms.connector import Action, Found, Place

PLACE = Place(ids={"business": BUSINESS}, now=NOW, secrets={"access_token": "good"})
APP = {"id": "app-1", "secret": "secret-1"}


@pytest.fixture
async def vendor():
    async with TikTokVendor() as running:
        yield running


class TestTikTok(Contract):
    connector = tiktok
    place = PLACE
    no_edits = "Nobody can edit a comment on TikTok."
    shows_stars = False
    unknown = ("status", "SET_TO_FRIENDS_ONLY")
    without = ("display_name", "pinned", "likes", "owner", "unique_identifier")

    @pytest.fixture
    async def vendor(self):
        async with TikTokVendor() as running:
            yield running

    async def test_nothing_new_costs_one_request(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        before = len(vendor.log)
        assert (await self.asks(vendor, self.later(first))).body is None
        assert len(vendor.log) - before == 1

    async def test_many_videos_are_read_over_several_readings(self, vendor):
        vendor.more_videos = 40
        vendor.writes("a1")
        first = await self.asks(vendor)
        assert len(vendor.log) <= 1 + tiktok.MOST_ASKED
        assert len(first.cursor["counts"]) < 41
        second = await self.asks(vendor, self.later(first))
        assert len(second.cursor["counts"]) == 41

    async def test_an_answer_of_ours_is_the_reply_and_no_comment(self, vendor):
        vendor.writes("a1")
        await acts(vendor, REPLY)
        [item] = self.items(await self.asks(vendor)).values()
        assert item.reply is not None
        assert item.reply["text"] == REPLY.params["text"]
        assert item.parent_id == VIDEO

    async def test_an_answer_of_somebody_else_is_a_comment_below_the_first(self, vendor):
        below = {"comment_id": "b1", "text": "Same here.", "create_time": "1795284000"}
        vendor.writes("a1", more={"reply_list": [below]})
        found = self.items(await self.asks(vendor))
        assert found["b1"].parent_id == f"{VIDEO}/a1"

    async def test_what_was_hidden_by_hand_is_seen(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        vendor.hidden.add("a1")
        found = self.items(await self.asks(vendor, self.later(first, mode="reconcile")))
        assert found["a1"].hidden


async def acts(vendor, action, what=tiktok_acts.act):
    async with calls_to(vendor, tiktok.judge) as calls:
        return await what(calls, PLACE, action)


async def seen(vendor, action):
    return await acts(vendor, action, tiktok_acts.observe)


def posts(vendor):
    return [one for one in vendor.log if one.method == "POST"]


REPLY = Action("reply", f"{VIDEO}/a1", {"text": "We are sorry."})
HIDE, UNHIDE = Action("hide", f"{VIDEO}/a1"), Action("unhide", f"{VIDEO}/a1")


async def test_a_comment_is_hidden_and_shown_again(vendor):
    vendor.writes("a1")
    assert (await seen(vendor, HIDE)).state == "rejected"
    assert (await acts(vendor, HIDE)).state == "done"
    assert (await seen(vendor, HIDE)).state == "done"
    assert (await acts(vendor, UNHIDE)).state == "done"
    assert (await seen(vendor, UNHIDE)).state == "done"
    assert not vendor.hidden


async def test_a_reply_is_posted_read_back_and_taken_back(vendor):
    vendor.writes("a1")
    assert (await seen(vendor, REPLY)).state == "rejected"
    done = await acts(vendor, REPLY)
    assert (done.state, done.made) == ("done", f"{VIDEO}/r-a1")
    assert (await seen(vendor, REPLY)).state == "done"
    back = Action("unreply", f"{VIDEO}/a1")
    assert (await seen(vendor, back)).state == "rejected"
    assert (await acts(vendor, back)).state == "done"
    assert (await seen(vendor, back)).state == "done"
    assert (await acts(vendor, back)).state == "done"


async def test_own_comments_are_deleted_and_others_are_not(vendor):
    vendor.writes("a1")
    made = (await acts(vendor, REPLY)).made
    assert (await acts(vendor, Action("delete", f"{VIDEO}/a1"))).state == "by_hand"
    back = Action("unreply", made)
    assert (await acts(vendor, back)).state == "done"
    assert (await seen(vendor, back)).state == "done"
    assert (await acts(vendor, back)).state == "done"


async def test_what_is_gone_already_is_hidden(vendor):
    assert (await acts(vendor, HIDE)).state == "done"
    assert (await seen(vendor, HIDE)).state == "done"


async def test_a_reply_to_what_is_gone_is_rejected(vendor):
    assert (await acts(vendor, REPLY)).state == "rejected"


@pytest.mark.parametrize("action", [HIDE, REPLY])
@pytest.mark.parametrize("lost", ["reset", "failure of its own"])
async def test_an_act_whose_answer_was_lost_is_read_back(vendor, action, lost):
    vendor.writes("a1")
    fault = illnesses.reset if lost == "reset" else vendor.broken
    vendor.misbehave(fault, method="POST", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, action)
    assert told.value.health == "outcome_unknown"
    assert (await seen(vendor, action)).state == "done"
    assert len(posts(vendor)) == 1


async def test_a_refusal_is_named_and_nothing_was_done(vendor):
    vendor.writes("a1")
    vendor.misbehave(vendor.forbidden, method="POST")
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, HIDE)
    assert told.value.health == "permission"
    assert not vendor.hidden


async def test_a_reply_that_is_too_long_is_not_sent(vendor):
    assert (await acts(vendor, replace(REPLY, params={"text": "x" * 151}))).state == "rejected"
    assert not vendor.log


async def test_a_comment_far_back_is_left_to_a_hand(vendor):
    for number in range(SEARCHED_AND_MORE):
        vendor.writes(f"a{number}")
    far = Action("unreply", f"{VIDEO}/a0")
    assert (await acts(vendor, far)).state == "by_hand"
    assert (await seen(vendor, far)).state == "unknown"


SEARCHED_AND_MORE = tiktok_acts.SEARCHED * TikTokVendor.page_size + 1


async def test_a_code_becomes_tokens_and_tokens_the_account(vendor):
    answer = {"code": "code-1", "verifier": "", "redirect_uri": "https://n.example/"}
    async with calls_to(vendor, status_trouble) as calls:
        granted = await tiktok_grant.exchange(calls, APP, answer, NOW)
        found = await tiktok_grant.places(calls, APP, granted.secrets)
        again = await tiktok_grant.renew(calls, APP, granted.secrets, NOW)
    assert granted.expires_at == NOW + timedelta(days=1)
    assert granted.ends_at == NOW + timedelta(days=365)
    assert granted.scopes == ("comment.list", "comment.list.manage")
    url = "https://www.tiktok.com/@crumbco"
    assert found == [Found("tiktok", "Crumb & Co", {"business": BUSINESS}, url=url)]
    assert again.secrets["access_token"] == "good"


@pytest.mark.parametrize("app", [APP, {"id": "app-1", "secret": "wrong"}])
async def test_a_sign_in_that_is_refused_with_status_200_is_refused(vendor, app):
    async with calls_to(vendor, status_trouble) as calls:
        with pytest.raises(SourceTrouble) as told:
            await tiktok_grant.renew(calls, app, {"refresh_token": "old"}, NOW)
    assert told.value.health == ("auth_expired" if app is APP else "permission")


async def test_the_daily_check_only_asks(vendor):
    async with calls_to(vendor, tiktok.judge) as calls:
        await tiktok.check(calls, PLACE)
    assert not posts(vendor)
