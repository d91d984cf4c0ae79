"""Signing in at Google: a code works once, a token is renewed, and every place is found once."""

from datetime import timedelta

import pytest

from api.items.item import SourceTrouble
from tests import illnesses
from tests.channels.provider import login_page
from tests.platforms.google_grant_vendor import (
    APP,
    MANAGE,
    RETURN,
    YOUTUBE,
    GoogleGrantVendor,
    challenge_of,
    location,
)
from tests.platforms.google_vendor import error
from tests.platforms.vendor import NOW, calls_to, told
from workers.platforms import GRANTERS, google_grant
from workers.platforms.calls import status_trouble
from workers.platforms.connector import Granted

VERIFIER = "v" * 64
ANSWER = {"code": "code-1", "verifier": VERIFIER, "redirect_uri": RETURN}


@pytest.fixture
async def vendor():
    async with GoogleGrantVendor() as running:
        running.allow("code-1", challenge_of(VERIFIER), f"{MANAGE} {YOUTUBE}")
        yield running


async def exchanged(vendor, answer=ANSWER, app=APP) -> Granted:
    async with calls_to(vendor, status_trouble) as calls:
        return await google_grant.exchange(calls, app, answer, NOW)


async def renewed(vendor, secrets) -> Granted:
    async with calls_to(vendor, status_trouble) as calls:
        return await google_grant.renew(calls, APP, secrets, NOW)


async def found(vendor, scope=MANAGE, token="good"):
    async with calls_to(vendor, status_trouble) as calls:
        return await google_grant.places(calls, APP, {"access_token": token, "scope": scope})


async def refused(waited) -> SourceTrouble:
    with pytest.raises(SourceTrouble) as trouble:
        await waited
    assert trouble.value.detail.endswith(".")
    return trouble.value


def test_one_sign_in_serves_the_whole_family():
    assert GRANTERS["google"] is google_grant


async def test_a_code_becomes_tokens_that_hold_an_hour(vendor):
    granted = await exchanged(vendor)
    scope = f"{MANAGE} {YOUTUBE}"
    assert granted.secrets == {
        "access_token": "good", "refresh_token": "refresh-1", "scope": scope,
    }  # fmt: skip
    assert granted.scopes == [MANAGE, YOUTUBE]
    assert granted.expires_at == NOW + timedelta(seconds=3599)
    assert granted.ends_at is None


async def test_a_code_works_once(vendor):
    await exchanged(vendor)
    assert (await refused(exchanged(vendor))).health == "auth_expired"


async def test_a_code_that_another_began_is_refused(vendor):
    trouble = await refused(exchanged(vendor, ANSWER | {"verifier": "w" * 64}))
    assert trouble.health == "auth_expired"


@pytest.mark.parametrize(
    ("answer", "app"),
    [(ANSWER, APP | {"secret": "wrong"}), (ANSWER | {"redirect_uri": "https://x.example"}, APP)],
)
async def test_a_wrong_app_is_the_operators_matter(vendor, answer, app):
    assert (await refused(exchanged(vendor, answer, app))).health == "permission"


async def test_a_grant_that_could_not_be_renewed_is_refused_at_once(vendor):
    vendor.refresh = None
    assert "one hour" in (await refused(exchanged(vendor))).detail


async def test_a_renewed_token_is_another_and_the_grant_is_the_same(vendor):
    first = await exchanged(vendor)
    second = await renewed(vendor, first.secrets)
    assert second.secrets == {"access_token": "good-1", "scope": first.secrets["scope"]}
    assert second.expires_at == NOW + timedelta(seconds=3599)
    assert await found(vendor, token="good-1")


async def test_a_grant_that_was_taken_back_is_for_a_person(vendor):
    first = await exchanged(vendor)
    vendor.take_back()
    trouble = await refused(renewed(vendor, first.secrets))
    assert (trouble.health, trouble.permanent) == ("auth_expired", True)


@pytest.mark.parametrize(
    "fault", [illnesses.reset, illnesses.reply(503), login_page, told(200, {"token": 1})]
)
async def test_a_sick_token_service_is_not_the_persons_fault(vendor, fault):
    vendor.misbehave(fault, path="/token")
    assert (await refused(exchanged(vendor))).health == "transient"


async def test_every_place_of_every_account_is_found_once(vendor):
    vendor.accounts = {
        "accounts/1001": [location(str(number), "Crumb") for number in range(5)],
        "accounts/1002": [location("4", "Crumb"), location("9", "Loaf", storeCode="L9")],
        "accounts/1003": [],
    }
    places = await found(vendor)
    assert [one.ids["location"] for one in places] == ["0", "1", "2", "3", "4", "9"]
    assert places[4].ids["account"] == "1001"
    assert places[5].name == "Loaf (L9)"
    assert places[5].ids == {"account": "1002", "location": "9", "place_id": "ChIJ9"}
    assert {one.kind for one in places} == {"google"}


async def test_a_place_that_maps_does_not_know_is_found_too(vendor):
    vendor.accounts = {"accounts/1001": [{"name": "locations/7"}]}
    [place] = await found(vendor)
    assert (place.name, place.ids) == ("locations/7", {"account": "1001", "location": "7"})


async def test_channels_are_asked_for_where_that_was_allowed(vendor):
    [channel] = await found(vendor, YOUTUBE)
    assert (channel.kind, channel.name, channel.ids) == ("youtube", "Crumb TV", {"channel": "UC1"})
    assert channel.url == "https://www.youtube.com/channel/UC1"
    assert len(await found(vendor, f"{MANAGE} {YOUTUBE}")) == 2
    assert await found(vendor, "openid") == []


async def test_a_person_without_places_is_no_trouble(vendor):
    vendor.accounts = {}
    assert await found(vendor) == []


async def test_a_list_of_another_shape_is_said(vendor):
    vendor.misbehave(told(200, {"accounts": ["accounts/1001"]}), path="/v1/accounts")
    assert (await refused(found(vendor))).health == "bad_content"


async def test_a_project_without_approval_is_not_told_to_come_less_often(vendor):
    answer = error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
    answer["error"]["details"][0]["metadata"] = {"quota_limit_value": "0"}
    vendor.misbehave(told(429, answer))
    trouble = await refused(found(vendor))
    assert (trouble.health, trouble.permanent) == ("permission", True)
    assert "approved" in trouble.detail
