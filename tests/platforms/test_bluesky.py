"""Bluesky: the contract for mentions and for a search, and sign-ins that last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.bluesky_vendor import OWN, POST, BlueskyVendor
from tests.platforms.contract import Contract
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import bluesky, bluesky_server
from workers.platforms.connector import Place

PLACE = Place(ids={}, now=NOW, secrets={"handle": "@crumb.example", "password": "good"})
WITH_WORDS = replace(PLACE, ids={"query": '"crumb co"'})


@pytest.fixture
async def vendor():
    bluesky_server.forget()
    async with BlueskyVendor() as running:
        yield running


class TestBluesky(Contract):
    connector = bluesky
    place = PLACE
    no_edits = "Nobody can edit a post on Bluesky."
    shows_stars = False
    unknown = ("reason", "admired-from-afar")
    without = ("labels", "isRead", "cid")

    @pytest.fixture
    async def vendor(self):
        bluesky_server.forget()
        async with BlueskyVendor() as running:
            yield running

    async def test_an_answer_to_us_is_a_comment_under_our_post(self, vendor):
        vendor.reasons["a1"] = "reply"
        vendor.writes("a1")
        vendor.writes("a2")
        found = self.items(await self.asks(vendor))
        assert (found["a1"].kind, found["a1"].parent_id) == ("comment", f"at://{OWN}/{POST}/p1")
        assert (found["a2"].kind, found["a2"].parent_id) == ("mention", None)
        assert found["a1"].url == "https://bsky.app/profile/did:plc:kim/post/a1"

    async def test_a_page_of_a_proxy_that_says_403_is_a_matter_of_rights(self, vendor):
        page = illnesses.reply(403, {"Content-Type": "text/html"}, "<html>Forbidden</html>")
        vendor.misbehave(page, times=None)
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor)
        assert told.value.health == "permission"


class TestBlueskyWithWords(TestBluesky):
    place = WITH_WORDS
    no_removals = "A search leaves posts out: what is missing there may still stand."

    async def test_what_a_search_leaves_out_is_not_called_gone(self, vendor):
        vendor.writes("a1")
        first = await self.asks(vendor)
        again = await self.asks(vendor, self.later(first, mode="reconcile"))
        assert again.body is not None
        assert bluesky.read(again.body, again.content_type, NOW).covers is None

    async def test_what_the_client_itself_wrote_is_nobody_elses_word(self, vendor):
        vendor.writes("a1", more={"author": {"did": OWN, "handle": "crumb.example"}})
        vendor.writes("a2")
        assert list(self.items(await self.asks(vendor))) == ["a2"]


def sign_ins(vendor):
    return sum("createSession" in one.path for one in vendor.log)


async def reads(vendor, place=PLACE):
    async with calls_to(vendor, bluesky.judge) as calls:
        return await bluesky.fetch(calls, place)


async def test_one_sign_in_serves_many_readings_and_no_cursor_holds_it(vendor):
    vendor.writes("a1")
    first = await reads(vendor)
    await reads(vendor, replace(PLACE, cursor=first.cursor))
    assert sign_ins(vendor) == 1
    assert vendor.token not in str(first.cursor)
    await reads(vendor, replace(PLACE, now=NOW + timedelta(minutes=91)))
    assert sign_ins(vendor) == 2


async def test_a_sign_in_that_ended_early_is_renewed_within_the_reading(vendor):
    vendor.writes("a1")
    await reads(vendor)
    vendor.token = "token-2"
    assert (await reads(vendor)).body is not None
    assert sign_ins(vendor) == 2


async def test_another_password_is_another_sign_in(vendor):
    await reads(vendor)
    wrong = replace(PLACE, secrets={**PLACE.secrets, "password": "wrong"})
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor, wrong)
    assert told.value.health == "auth_expired"


@pytest.mark.parametrize("host", ["", "not a host", "../etc", "-"])
async def test_what_is_no_server_is_said_before_anything_is_asked(vendor, host):
    with pytest.raises(SourceTrouble) as told:
        await reads(vendor, replace(PLACE, secrets={**PLACE.secrets, "host": host or "//"}))
    assert told.value.permanent
    assert not vendor.log
