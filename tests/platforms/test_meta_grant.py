"""Signing in at Meta: one code, a token for two months, a token for each Page, and renewing."""

import pytest

from api.items.item import SourceTrouble
from tests.platforms.graph_login import CALLBACK, ENDS, TWO_MONTHS
from tests.platforms.graph_state import ACCOUNT, PAGE
from tests.platforms.graph_vendor import APP, GraphVendor
from tests.platforms.vendor import NOW, calls_to
from workers.platforms import meta_grant
from workers.platforms.calls import status_trouble

ANSWER = {"code": "code-1", "verifier": "verifier-1", "redirect_uri": CALLBACK}
OTHER = "2039485761"


@pytest.fixture
async def vendor():
    async with GraphVendor() as running:
        yield running


async def asks(vendor, what, *parts):
    async with calls_to(vendor, status_trouble) as calls:
        return await what(calls, APP, *parts)


async def test_a_code_becomes_a_long_token_with_its_rights_and_its_ends(vendor):
    granted = await asks(vendor, meta_grant.exchange, ANSWER, NOW)
    assert granted.secrets == {"user_token": "long-2"}
    assert "pages_manage_metadata" in granted.scopes
    assert (granted.expires_at - NOW).total_seconds() == TWO_MONTHS
    assert granted.ends_at.timestamp() == ENDS


@pytest.mark.parametrize(
    "wrong", [{"code": "other"}, {"verifier": "other"}, {"redirect_uri": "https://evil.example"}]
)
async def test_a_code_that_does_not_fit_gives_nothing(vendor, wrong):
    with pytest.raises(SourceTrouble) as refused:
        await asks(vendor, meta_grant.exchange, ANSWER | wrong, NOW)
    assert refused.value.detail.endswith(".")
    assert set(vendor.state.tokens) == {f"page-{PAGE}", "person"}


async def test_a_code_works_once(vendor):
    await asks(vendor, meta_grant.exchange, ANSWER, NOW)
    with pytest.raises(SourceTrouble) as used:
        await asks(vendor, meta_grant.exchange, ANSWER, NOW)
    assert used.value.health == "auth_expired"


async def test_no_secret_is_part_of_an_address_where_meta_lets_us(vendor):
    await asks(vendor, meta_grant.exchange, ANSWER, NOW)
    for one in vendor.log:
        assert not {"client_secret", "code", "fb_exchange_token", "access_token"} & set(one.query)


async def test_every_page_is_a_place_with_its_own_token_and_its_instagram_is_another(vendor):
    vendor.page_size = 1
    vendor.state.page(OTHER, account="555", name="Other")
    found = await asks(vendor, meta_grant.places, {"user_token": "person"})
    told = [(one.kind, one.name, one.ids, one.secrets["access_token"]) for one in found]
    assert told == [
        ("facebook", "Crumb & Co", {"page_id": PAGE, "name": "Crumb & Co"}, f"page-{PAGE}"),
        ("instagram", "crumbandco", {"ig_user_id": ACCOUNT, "page_id": PAGE}, f"page-{PAGE}"),
        ("facebook", "Other", {"page_id": OTHER, "name": "Other"}, f"page-{OTHER}"),
        ("instagram", "crumbandco", {"ig_user_id": "555", "page_id": OTHER}, f"page-{OTHER}"),
    ]


async def test_without_the_right_to_instagram_the_pages_are_there_all_the_same(vendor):
    vendor.login.rights.remove("instagram_basic")
    found = await asks(vendor, meta_grant.places, {"user_token": "person"})
    assert [one.kind for one in found] == ["facebook"]


async def test_renewing_brings_newer_tokens_to_the_places_that_were_chosen(vendor):
    vendor.state.page(OTHER, account="555", name="Other")
    found = await asks(vendor, meta_grant.places, {"user_token": "person"})
    chosen = {f"{one.kind}:{number}": dict(one.secrets) for number, one in enumerate(found)}
    old = {"user_token": "person", "places": {
        name: own | {"access_token": "dead"} for name, own in chosen.items()
    }}  # fmt: skip
    # The order of Meta's list is not that of yesterday.
    vendor.state.nodes = dict(reversed(vendor.state.nodes.items()))
    granted = await asks(vendor, meta_grant.renew, old, NOW)
    assert granted.secrets["places"] == chosen
    assert granted.secrets["user_token"] == "long-1"
    assert granted.expires_at > NOW


async def test_a_page_that_is_not_listed_any_more_keeps_what_it_had(vendor):
    places = {"facebook:0": {"access_token": "page-9", "page_id": "9"}}
    granted = await asks(vendor, meta_grant.renew, {"user_token": "person", "places": places}, NOW)
    assert granted.secrets["places"] == places


async def test_where_meta_gives_no_later_end_it_is_not_asked_again(vendor):
    vendor.login.lasts = 300
    granted = await asks(vendor, meta_grant.renew, {"user_token": "person"}, NOW)
    assert granted.expires_at is None


async def test_a_dead_sign_in_cannot_be_renewed(vendor):
    with pytest.raises(SourceTrouble) as dead:
        await asks(vendor, meta_grant.renew, {"user_token": "gone"}, NOW)
    assert (dead.value.health, dead.value.permanent) == ("auth_expired", True)


async def test_without_an_app_nothing_is_asked(vendor):
    async with calls_to(vendor, status_trouble) as calls:
        with pytest.raises(SourceTrouble) as told:
            await meta_grant.exchange(calls, {}, ANSWER, NOW)
    assert told.value.health == "permission"
    assert not vendor.log
