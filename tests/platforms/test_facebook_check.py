"""Whether a Facebook Page could be hidden tonight: found out without changing anything."""

from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests.platforms.graph_state import PAGE
from tests.platforms.graph_vendor import GraphVendor
from tests.platforms.test_facebook import PLACE
from tests.platforms.vendor import calls_to
from workers.platforms import facebook


@pytest.fixture
async def vendor():
    async with GraphVendor() as running:
        yield running


async def checks(vendor, place=PLACE):
    async with calls_to(vendor, facebook.judge) as calls:
        return await facebook.check(calls, place)


async def test_the_check_says_ready_and_changes_nothing(vendor):
    checked = await checks(vendor)
    assert checked.ready is True
    assert "pages_manage_metadata" in checked.scopes
    assert not vendor.state.log


async def test_the_check_finds_a_persons_token_in_the_place_of_the_pages(vendor):
    place = replace(PLACE, secrets={"access_token": "person"})
    vendor.writes("1")
    async with calls_to(vendor, facebook.judge) as calls:
        assert (await facebook.fetch(calls, place)).body is None
    checked = await checks(vendor, place)
    assert checked.ready is False
    assert "person" in checked.ready_detail


async def test_the_check_names_the_right_that_is_missing(vendor):
    vendor.login.rights.remove("pages_manage_metadata")
    checked = await checks(vendor)
    assert checked.ready is False
    assert "pages_manage_metadata" in checked.ready_detail


async def test_the_check_sees_a_right_that_was_given_for_another_page(vendor):
    vendor.login.only_on["pages_manage_metadata"] = ["999"]
    assert (await checks(vendor)).ready is False


async def test_the_check_sees_that_whoever_signed_in_does_not_manage_the_page(vendor):
    vendor.state.nodes[PAGE]["tasks"] = ["MODERATE"]
    assert (await checks(vendor)).ready is False


async def test_the_check_needs_no_living_sign_in_of_the_person(vendor):
    del vendor.state.tokens["person"]
    assert (await checks(vendor)).ready is True


async def test_a_dead_token_is_said_with_its_reason(vendor):
    del vendor.state.tokens[f"page-{PAGE}"]
    with pytest.raises(SourceTrouble) as told:
        await checks(vendor)
    assert told.value.health == "auth_expired"
    assert "password" in told.value.detail
