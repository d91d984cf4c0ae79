"""Google Business Profile: the contract, what Google alone does, and the acts."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.contract import Contract
from tests.platforms.google_vendor import GoogleVendor
from tests.platforms.vendor import NOW, calls_to, told
from workers.platforms import google
from workers.platforms.connector import Action, Place

PLACE = Place(
    ids={"account": "1001", "location": "2002"}, now=NOW, secrets={"access_token": "good"}
)


@pytest.fixture
async def vendor():
    async with GoogleVendor() as running:
        yield running


class TestGoogle(Contract):
    connector = google
    place = PLACE
    unknown = ("starRating", "STAR_RATING_UNSPECIFIED")
    without = ("reviewer", "updateTime")

    @pytest.fixture
    async def vendor(self):
        async with GoogleVendor() as running:
            yield running

    async def test_what_was_written_is_told_apart_from_its_translation(self, vendor):
        vendor.writes("a1", text="(Translated by Google) Bad.\n\n(Original)\nSchlecht.")
        vendor.writes("a2", text="Schlecht.\n\n(Translated by Google)\nBad.")
        found = self.items(await self.asks(vendor))
        assert {item.text for item in found.values()} == {"Schlecht."}


async def acts(vendor, action, what=google.act):
    async with calls_to(vendor, google.judge) as calls:
        return await what(calls, PLACE, action)


REPLY = Action("reply", "locations/2002/reviews/a1", {"text": "We are sorry."})


@pytest.mark.parametrize(
    ("state", "outcome"), [("APPROVED", "done"), ("PENDING", "pending"), ("REJECTED", "rejected")]
)
async def test_a_reply_is_as_good_as_its_moderation(vendor, state, outcome):
    vendor.writes("a1")
    vendor.moderation = state
    assert (await acts(vendor, REPLY)).state == outcome
    assert (await acts(vendor, REPLY, google.observe)).state == outcome
    assert vendor.replies["a1"]["comment"] == "We are sorry."


async def test_a_reply_whose_answer_was_lost_is_read_back(vendor):
    vendor.writes("a1")
    vendor.misbehave(illnesses.reset, method="PUT", delivers=True)
    with pytest.raises(SourceTrouble) as trouble:
        await acts(vendor, REPLY)
    assert trouble.value.health == "outcome_unknown"
    assert (await acts(vendor, REPLY, google.observe)).state == "done"
    assert len([one for one in vendor.log if one.method == "PUT"]) == 1


async def test_a_reply_that_is_too_long_is_not_sent(vendor):
    too_long = replace(REPLY, params={"text": "ä" * 2049})
    assert (await acts(vendor, too_long)).state == "rejected"
    assert not vendor.log


async def test_a_place_is_closed_for_a_while_and_opened_as_it_was(vendor):
    closing = Action("take_down", "2002")
    closed = await acts(vendor, closing)
    assert (closed.state, closed.before) == ("pending", {"status": "OPEN"})
    assert (await acts(vendor, closing, google.observe)).state == "done"
    opening = Action("restore", "2002", closed.before)
    await acts(vendor, opening)
    assert vendor.open_status == "OPEN"
    assert (await acts(vendor, opening, google.observe)).state == "done"


async def test_a_place_whose_closing_was_lost_on_the_way_back_can_still_be_opened(vendor):
    vendor.misbehave(illnesses.reset, method="PATCH", delivers=True)
    closed = await acts(vendor, Action("take_down", "2002"))
    assert (closed.state, closed.before) == ("unknown", {"status": "OPEN"})
    assert (await acts(vendor, Action("take_down", "2002"), google.observe)).state == "done"
    assert len([one for one in vendor.log if one.method == "PATCH"]) == 1


@pytest.mark.parametrize("answer", [{"reviews": {}}, {"reviews": [1]}, {"reviews": [{"name": 7}]}])
async def test_a_list_of_another_shape_is_said(vendor, answer):
    vendor.misbehave(told(200, answer))
    async with calls_to(vendor, google.judge) as calls:
        with pytest.raises(SourceTrouble) as trouble:
            await google.fetch(calls, PLACE)
    assert trouble.value.health == "bad_content"


async def test_the_daily_check_changes_nothing(vendor):
    async with calls_to(vendor, google.judge) as calls:
        checked = await google.check(calls, PLACE)
    assert checked.ready is True
    assert vendor.open_status == "OPEN"
    vendor.has_say = False
    async with calls_to(vendor, google.judge) as calls:
        assert (await google.check(calls, PLACE)).ready is False
