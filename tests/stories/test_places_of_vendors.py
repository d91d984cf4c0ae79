"""Places at a vendor: read through an account, hurried by hints, spared when they ask for it."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from api.database import transaction
from api.ids import decode, encode
from api.lifecycle import account as accounts
from api.lifecycle import hint
from api.models import Account, Review, Source
from api.settings import settings
from tests.platforms.google_vendor import GoogleVendor
from tests.world import configure

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def google(world):
    async with GoogleVendor() as vendor:
        vendor.clock = lambda: world.at
        configure(vendor_addresses=dict.fromkeys(vendor.hosts, vendor.origin))
        yield vendor


async def connected(world, mia, *, token="good", ends_in=timedelta(days=1)):
    """A client whose Google profile is read with this token."""
    client = await mia.post("/v1/clients", {"name": "Corner Bistro", "zone": "UTC"})
    client_id = decode("cli", client["id"])
    async with transaction() as session:
        account = await accounts.add(
            session, client_id, "google", "Google",
            {"access_token": token, "refresh_token": "again"}, expires_at=world.at + ends_in,
        )  # fmt: skip
        source = Source(
            client_id=client_id, kind="google", name="Google", account_id=account.id,
            place={"account": "1001", "location": "2002"}, poll_at=world.at, check_at=world.at,
        )  # fmt: skip
        session.add(source)
    return client["id"]


async def the_source(world):
    [source] = await world.rows(Source)
    return source


async def test_the_third_bad_review_on_google_wakes(world, mia, google):
    google.writes("old", at=world.at - timedelta(days=30), stars=5)
    await connected(world, mia)
    await world.works()
    for name in ("a1", "a2", "a3", "a4"):
        google.writes(name, at=world.at)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=8))
    mia.shows("Corner Bistro")


async def test_a_sign_in_that_is_taken_no_more_blinds_and_is_said(world, mia, google):
    await connected(world, mia, token="bad")
    await world.works()
    source = await the_source(world)
    assert source.health == "auth_expired"
    assert source.failing_since is not None
    asked = len(google.log)
    await world.waits(timedelta(minutes=40))
    assert len(google.log) - asked <= 2, "nobody is asked again and again with a dead token"


async def test_a_review_that_is_missing_twice_is_gone_and_comes_back(world, mia, google):
    for name in ("a1", "a2"):
        google.writes(name, at=world.at - timedelta(days=9), stars=5)
    await connected(world, mia)
    await world.works()
    google.removes("a1")
    await world.waits(timedelta(hours=5))
    gone = {one.external_id[-2:]: one.gone_at for one in await world.rows(Review)}
    await world.waits(timedelta(hours=9))
    later = {one.external_id[-2:]: one.gone_at for one in await world.rows(Review)}
    assert gone["a1"] is None
    assert later["a1"] is not None
    assert later["a2"] is None
    google.writes("a1", at=world.at - timedelta(days=9), stars=5)
    await world.waits(timedelta(minutes=7))
    assert {one.gone_at for one in await world.rows(Review)} == {None}


async def test_who_asks_for_a_pause_gets_it_whatever_is_heard_meanwhile(world, mia, google):
    await connected(world, mia)
    await world.works()
    google.misbehave(google.throttled, times=None)
    await world.waits(timedelta(minutes=7))
    source = await the_source(world)
    assert source.health == "rate_limited"
    asked = len(google.log)
    async with transaction() as session:
        assert await hint.heard(session, source.id, "message-1")
    await world.works()
    assert len(google.log) == asked


async def test_a_hint_asks_at_once_and_its_echo_changes_nothing(world, mia, google):
    await connected(world, mia)
    await world.works()
    await world.waits(timedelta(seconds=15))
    source, asked = await the_source(world), len(google.log)
    for new in (True, False):
        async with transaction() as session:
            assert await hint.heard(session, source.id, "message-1") is new
        await world.works()
    assert len(google.log) == asked + 1


async def test_a_vendor_that_is_ill_for_a_moment_says_nothing_about_tonight(world, mia, google):
    await connected(world, mia)
    await world.works()
    before = await the_source(world)
    assert before.ready is True
    google.misbehave(google.broken, times=2, path="/v1/locations")
    await world.waits(timedelta(hours=25))
    source = await the_source(world)
    assert source.ready is True
    looked = [one for one in google.log if (one.method, one.path) == ("GET", "/v1/locations/2002")]
    assert len(looked) == 4, "the first, two that were ill, and the one that was answered"
    assert source.checked_at - before.checked_at > settings.check_every * 0.9


async def test_a_right_that_was_taken_away_is_not_ready(world, mia, google):
    await connected(world, mia)
    google.has_say = False
    await world.works()
    assert (await the_source(world)).ready is False


async def test_secrets_open_for_their_client_alone(world, mia, google):
    await connected(world, mia)
    [account] = await world.rows(Account)
    assert accounts.secrets_of(account)["access_token"] == "good"
    stranger = decode("cli", encode("cli", account.id))
    moved = account.model_copy(update={"client_id": stranger})
    with pytest.raises(InvalidTag):
        accounts.secrets_of(moved)
