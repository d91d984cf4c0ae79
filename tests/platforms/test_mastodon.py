"""Mastodon: the contract for mentions and for a tag, walking without a gap, and the acts."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.mastodon_vendor import AUTHOR, OWN, MastodonVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import mastodon, mastodon_acts
from workers.platforms.connector import Action, Place
from workers.platforms.kept import CONTENT_TYPE, as_body

PLACE = Place(ids={}, now=NOW, secrets={"host": "https://social.example/@crumbco", "token": "good"})


@pytest.fixture
async def vendor():
    async with MastodonVendor() as running:
        yield running


class TestMastodon(Contract):
    connector = mastodon
    place = PLACE
    shows_stars = False
    unknown = ("visibility", "whispered")
    without = ("edited_at", "spoiler_text", "url", "language")

    @pytest.fixture
    async def vendor(self):
        async with MastodonVendor() as running:
            yield running

    async def test_however_much_came_nothing_is_missed(self, vendor):
        vendor.writes("1000")
        first = await self.asks(vendor)
        names = [str(1001 + number) for number in range(4 * vendor.page_size)]
        for name in names:
            vendor.writes(name)
        assert set(self.items(await self.asks(vendor, self.later(first)))) >= set(names)

    async def test_what_is_too_much_for_one_reading_is_gone_on_with(self, vendor):
        vendor.writes("1000")
        vendor.page_size = 1
        first = await self.asks(vendor)
        names = [str(1001 + number) for number in range(30)]
        for name in names:
            vendor.writes(name)
        second = await self.asks(vendor, self.later(first))
        third = await self.asks(vendor, self.later(second))
        assert set(self.items(second)) | set(self.items(third)) >= set(names)
        assert (await self.asks(vendor, self.later(third))).body is None

    async def test_an_answer_to_us_is_a_comment_under_our_post(self, vendor):
        answers = {"in_reply_to_id": "8000", "in_reply_to_account_id": OWN}
        vendor.writes("a1", more=answers)
        vendor.writes("a2", more={"in_reply_to_id": "1", "in_reply_to_account_id": "2"})
        found = self.items(await self.asks(vendor))
        assert (found["a1"].kind, found["a1"].parent_id) == ("comment", "8000")
        assert (found["a2"].kind, found["a2"].parent_id) == ("mention", None)


class TestMastodonUnderATag(TestMastodon):
    place = replace(PLACE, ids={"tag": "#crumbco"})
    no_removals = "A tag is walked forward alone: what is behind is not read again."

    async def test_a_whole_reading_goes_no_further_back_under_a_tag(self, vendor):
        vendor.writes("1001")
        first = await self.asks(vendor)
        again = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert again.body is None

    async def test_our_own_posts_under_the_tag_are_nobody_elses_word(self, vendor):
        vendor.writes("1001", more={"account": {"id": OWN, "acct": "crumbco"}})
        vendor.writes("1002")
        assert list(self.items(await self.asks(vendor))) == ["1002"]

    async def test_a_new_one_is_found_without_reading_everything_again(self, vendor):
        for number in range(9):
            vendor.writes(str(1000 + number))
        first = await self.asks(vendor)
        vendor.writes("1010")
        before = len(vendor.log)
        assert "1010" in self.items(await self.asks(vendor, self.later(first)))
        assert len(vendor.log) - before == 2

    async def test_one_that_comes_late_is_found_behind_newer_ones(self, vendor):
        vendor.writes("1001")
        vendor.writes("1005")
        first = await self.asks(vendor)
        vendor.written.insert(1, replace(vendor.written[0], name="1003"))
        assert "1003" in self.items(await self.asks(vendor, self.later(first)))


def test_a_notification_whose_post_is_gone_is_left_out():
    gone = {"id": "5001", "type": "mention", "status": None}
    body = as_body([{"own": OWN, "posts": [gone]}])
    read = mastodon.read(body, CONTENT_TYPE, NOW)
    assert (read.items, read.problems) == ([], [])


async def acts(vendor, action, what=mastodon_acts.act):
    async with calls_to(vendor, mastodon.judge) as calls:
        return await what(calls, PLACE, action)


async def seen(vendor, action):
    return await acts(vendor, action, mastodon_acts.observe)


def sent(vendor, method="POST"):
    return [one for one in vendor.log if one.method == method]


TEXT = "We are sorry & we are looking into it: https://crumb.example/now"
REPLY = Action("reply", "a1", {"text": TEXT}, key="act-1")
SAID = Action("publish", "", {"text": TEXT}, key="act-2")


async def test_a_reply_names_whom_it_answers_and_is_read_back(vendor):
    vendor.writes("a1")
    assert (await seen(vendor, REPLY)).state == "rejected"
    done = await acts(vendor, REPLY)
    assert done.state == "done"
    assert vendor.posts[done.made]["content"].startswith("<p>@kim@far.example We are sorry &amp;")
    assert (await seen(vendor, REPLY)).made == done.made
    assert sent(vendor)[0].headers["Idempotency-Key"] == "act-1"


@pytest.mark.parametrize("action", [REPLY, SAID])
async def test_a_post_whose_answer_was_lost_is_read_back(vendor, action):
    vendor.writes("a1")
    vendor.misbehave(illnesses.reset, method="POST", delivers=True)
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, action)
    assert told.value.health == "outcome_unknown"
    assert (await seen(vendor, action)).state == "done"
    assert len(sent(vendor)) == 1


async def test_what_the_server_finds_wrong_with_a_text_is_said(vendor):
    told = await acts(vendor, replace(SAID, params={"text": "ä" * 501}))
    assert told.state == "rejected"
    assert "500" in told.detail
    assert (await acts(vendor, REPLY)).state == "rejected"


async def test_own_posts_are_taken_back_and_others_are_not(vendor):
    vendor.writes("a1")
    made = (await acts(vendor, REPLY)).made
    back = Action("unreply", "a1")
    assert (await seen(vendor, back)).state == "rejected"
    assert (await acts(vendor, back)).state == "done"
    assert not vendor.posts
    assert (await acts(vendor, back)).state == "done"
    assert (await acts(vendor, Action("unreply", made))).state == "done"
    assert (await seen(vendor, Action("unreply", made))).state == "done"
    assert (await acts(vendor, Action("delete", "a1"))).state == "by_hand"


async def test_a_deletion_whose_answer_was_lost_is_read_back(vendor):
    made = (await acts(vendor, SAID)).made
    vendor.misbehave(illnesses.reset, method="DELETE", delivers=True)
    with pytest.raises(SourceTrouble):
        await acts(vendor, Action("unreply", made))
    assert (await seen(vendor, Action("unreply", made))).state == "done"
    assert len(sent(vendor, "DELETE")) == 1


@pytest.mark.parametrize("named", [{}, {"author_id": AUTHOR}])
async def test_whoever_wrote_it_is_blocked_and_let_back(vendor, named):
    vendor.writes("a1")
    block, unblock = Action("block", "a1", named), Action("unblock", "a1", named)
    assert (await acts(vendor, block)).state == "done"
    assert vendor.blocked == {AUTHOR}
    assert (await seen(vendor, block)).state == "done"
    assert (await seen(vendor, unblock)).state == "rejected"
    assert (await acts(vendor, unblock)).state == "done"
    assert (await seen(vendor, unblock)).state == "done"


async def test_nobody_is_blocked_for_a_post_that_is_gone(vendor):
    assert (await acts(vendor, Action("block", "gone"))).state == "rejected"
    assert (await seen(vendor, Action("block", "gone"))).state == "rejected"


async def test_a_report_names_the_post_and_its_author(vendor):
    vendor.writes("a1")
    report = Action("report", "a1", {"text": "x" * 2000, "category": "spam"})
    assert (await acts(vendor, report)).state == "done"
    [told] = vendor.reports
    assert (told["account_id"], told["status_ids"], told["category"]) == (AUTHOR, ["a1"], "spam")
    assert len(told["comment"]) == 1000
    assert (await seen(vendor, report)).state == "unknown"
    assert (await acts(vendor, replace(report, target="gone"))).state == "done"


async def test_a_refusal_is_named_and_nothing_was_done(vendor):
    vendor.misbehave(vendor.forbidden, method="POST")
    with pytest.raises(SourceTrouble) as told:
        await acts(vendor, SAID)
    assert told.value.health == "permission"
    assert not vendor.posts


async def test_what_mastodon_cannot_do_is_left_to_a_hand(vendor):
    for verb in ("hide", "close_comments", "take_down"):
        assert (await acts(vendor, Action(verb, "a1"))).state == "by_hand"
        assert (await seen(vendor, Action(verb, "a1"))).state == "by_hand"


async def test_the_daily_check_only_asks(vendor):
    async with calls_to(vendor, mastodon.judge) as calls:
        await mastodon.check(calls, PLACE)
    assert not sent(vendor)


NO_IDS = ["1/../../accounts/1", "..", "", "1?x=2", "1#", "1%2f2", "١", "a1\n"]


@pytest.mark.parametrize("target", NO_IDS)
@pytest.mark.parametrize("verb", ["reply", "unreply", "block", "unblock", "report"])
async def test_a_target_that_is_no_id_is_refused_and_nothing_is_sent(vendor, verb, target):
    action = Action(verb, target, {"text": "Sorry."})
    assert (await acts(vendor, action)).state == "rejected"
    assert all(one.path.endswith("/verify_credentials") for one in vendor.log)


@pytest.mark.parametrize("named", [one for one in NO_IDS if one])
async def test_what_params_name_is_an_id_too(vendor, named):
    vendor.writes("a1")
    block = Action("block", "a1", {"author_id": named})
    back = Action("unreply", "a1", {"made": named})
    assert (await acts(vendor, block)).state == "rejected"
    assert (await acts(vendor, back)).state == "rejected"
    assert all(one.path.endswith("/verify_credentials") for one in vendor.log)
