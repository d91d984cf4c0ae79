"""Google Play: the contract, what Play alone does, the key, and the reply."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.play_vendor import PACKAGE, PlayVendor, key_file
from tests.platforms.vendor import NOW, calls_to, told
from workers.platforms import ACTORS, CONNECTORS, play
from workers.platforms.connector import Action, Place

PLACE = Place(ids={"package": PACKAGE}, now=NOW, secrets={"service_account": key_file()})
REPLY = Action("reply", "a1", {"text": "We are sorry."})


@pytest.fixture
async def vendor():
    async with PlayVendor() as running:
        yield running


class TestPlay(Contract):
    connector = play
    place = PLACE
    unknown = ("reviewerLanguage", "x-elvish")
    without = ("reviewerLanguage", "thumbsUpCount", "lastModified")
    no_removals = "Google Play shows about a week: what is missing may only be older."

    @pytest.fixture
    async def vendor(self):
        async with PlayVendor() as running:
            yield running

    async def test_a_title_stands_before_the_tab(self, vendor):
        vendor.writes("a1", more={"text": "Crashes\tEvery day."})
        vendor.writes("a2", more={"text": "No tab at all."})
        vendor.writes("a3", more={"text": "Bad", "originalText": "\tSchlecht"})
        found = self.items(await self.asks(vendor))
        assert {name: (item.title, item.text) for name, item in found.items()} == {
            "a1": ("Crashes", "Every day."), "a2": ("", "No tab at all."), "a3": ("", "Schlecht"),
        }  # fmt: skip

    async def test_a_reply_comes_with_its_review(self, vendor):
        vendor.writes("a1")
        vendor.replies["a1"] = "Fixed."
        [item] = self.items(await self.asks(vendor)).values()
        assert item.reply == {"text": "Fixed.", "at": "2026-11-21T18:33:20+00:00"}

    async def test_what_is_over_a_week_old_is_not_called_gone(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        vendor.removes("a1")
        vendor.writes("a2")
        second = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert second.body is not None
        assert play.read(second.body, second.content_type, NOW).covers is None

    async def test_thumbs_are_no_news_and_a_reply_is(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        vendor.written[0] = replace(vendor.written[0], more={"thumbsUpCount": 9})
        assert (await self.asks(vendor, self.later(first))).body is None
        vendor.replies["a1"] = "Fixed."
        assert (await self.asks(vendor, self.later(first))).body is not None


async def acts(vendor, action, what=play.act, place=PLACE):
    async with calls_to(vendor, play.judge) as calls:
        return await what(calls, place, action)


async def health_of(vendor, place):
    with pytest.raises(SourceTrouble) as trouble:
        async with calls_to(vendor, play.judge) as calls:
            await play.fetch(calls, place)
    return trouble.value.health


def test_play_is_read_and_answered_by_its_kind():
    assert (CONNECTORS["play"], ACTORS["play"]) == (play, play)


def another_kind_of_key() -> str:
    secret = ec.generate_private_key(ec.SECP256R1())
    pem = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps({"client_email": "desk@example.com", "private_key": pem})


@pytest.mark.parametrize(
    "key",
    [
        "", "{", "[]", "{}", '{"client_email": "x", "private_key": 7}',
        '{"client_email": "x", "private_key": "-----BEGIN PRIVATE KEY-----"}',
        key_file().replace("desk@", "other@"), another_kind_of_key(), "[" * 100_000,
    ],
    ids=range(9),
)  # fmt: skip
async def test_a_key_that_is_none_is_for_a_person(vendor, key):
    place = replace(PLACE, secrets={"service_account": key})
    assert await health_of(vendor, place) == "auth_expired"


async def test_an_app_of_others_is_gone(vendor):
    assert await health_of(vendor, replace(PLACE, ids={"package": "com.example/../x"})) == "gone"


async def test_the_key_decides_nothing_about_where_it_is_shown(vendor):
    vendor.writes("a1")
    async with calls_to(vendor, play.judge) as calls:
        await play.fetch(calls, PLACE)
    assert vendor.log[0].path == "/token"
    assert vendor.log[0].headers["X-Forwarded-Host"] == "oauth2.googleapis.com"


async def test_the_daily_check_changes_nothing(vendor):
    async with calls_to(vendor, play.judge) as calls:
        assert (await play.check(calls, PLACE)).ready is None
    assert [one.method for one in vendor.log] == ["POST", "GET"]


async def test_a_reply_is_sent_and_read_back(vendor):
    vendor.writes("a1")
    assert (await acts(vendor, REPLY, play.observe)).state == "rejected"
    assert (await acts(vendor, REPLY)).state == "done"
    assert (await acts(vendor, REPLY, play.observe)).state == "done"
    assert vendor.replies == {"a1": "We are sorry."}


async def test_a_reply_is_known_again_without_its_markup(vendor):
    vendor.writes("a1")
    marked = replace(REPLY, params={"text": "We are <b>sorry</b>."})
    await acts(vendor, marked)
    assert (await acts(vendor, marked, play.observe)).state == "done"


async def test_a_reply_whose_answer_was_lost_is_read_back(vendor):
    vendor.writes("a1")
    vendor.misbehave(illnesses.reset, path=":reply", delivers=True)
    with pytest.raises(SourceTrouble) as trouble:
        await acts(vendor, REPLY)
    assert trouble.value.health == "outcome_unknown"
    assert (await acts(vendor, REPLY, play.observe)).state == "done"
    assert len([one for one in vendor.log if one.path.endswith(":reply")]) == 1


async def test_a_reply_to_what_is_gone_says_so(vendor):
    with pytest.raises(SourceTrouble) as trouble:
        await acts(vendor, REPLY)
    assert trouble.value.health == "gone"


async def test_a_reply_without_the_right_is_refused(vendor):
    vendor.writes("a1")
    vendor.misbehave(vendor.forbidden, path=":reply")
    with pytest.raises(SourceTrouble) as trouble:
        await acts(vendor, REPLY)
    assert trouble.value.health == "permission"


async def test_a_reply_that_is_too_long_is_not_sent(vendor):
    assert (await acts(vendor, replace(REPLY, params={"text": "x" * 351}))).state == "rejected"
    assert not vendor.log


@pytest.mark.parametrize("verb", ["unreply", "hide", "delete", "block", "report", "take_down"])
async def test_what_nobody_can_do_there_is_for_a_hand(vendor, verb):
    for what in (play.act, play.observe):
        assert (await acts(vendor, Action(verb, "a1"), what)).state == "by_hand"
    assert not vendor.log


@pytest.mark.parametrize("answer", [{"reviews": 1}, {"reviews": [{"reviewId": 7}]}])
async def test_a_list_of_another_shape_is_said(vendor, answer):
    vendor.misbehave(told(200, answer), method="GET")
    assert await health_of(vendor, PLACE) == "bad_content"
