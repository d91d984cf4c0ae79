"""A manager connects a client on the phone: there and back, what is watched, and what ends."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from api.database import transaction
from api.lifecycle import account, hint
from api.models import Account, Connection, Hint, Review, Source
from tests import illnesses
from tests.platforms.google_grant_vendor import GoogleGrantVendor
from tests.routes.places import pressed, push_source, pushes, review
from tests.routes.vendors import SETTINGS, choice, signed_in_there
from tests.world import configure

DAY = timedelta(days=1)


@pytest.fixture
async def google(world):
    async with GoogleGrantVendor() as vendor:
        instead = dict.fromkeys(vendor.hosts, vendor.origin)
        configure(**SETTINGS, public_url="https://desk.example", vendor_addresses=instead)
        yield vendor


async def goes_there(mia, client, google, code="code-1"):
    """Begins, says yes there, and is sent back; the connection's id."""
    begun = await mia.post(f"/v1/clients/{client}/connections", {"platform": "google"})
    asked = parse_qs(urlsplit(begun["authorise_url"]).query)
    google.allow(code, asked["code_challenge"][0])
    back = {"state": asked["state"][0], "code": code, "scope": "business.manage"}
    answer = await mia.web.get(urlsplit(asked["redirect_uri"][0]).path, params=back)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/clients/{client}/connect/{begun['id']}"
    return begun["id"]


async def watches(mia, world, google):
    """A client whose place at Google is watched."""
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    connected = await goes_there(mia, client, google)
    await world.works()
    found = await mia.get(f"/v1/connections/{connected}")
    assert found["state"] == "connected", found
    one = found["choices"][0]
    body = {"kind": one["kind"], "name": one["name"], "account_id": found["account_id"]}
    made = await mia.post(f"/v1/clients/{client}/sources", body | {"choice": one["number"]})
    return client, made


async def test_from_a_tap_to_the_first_reading(world, mia, google):
    google.writes("a1", at=world.at - 40 * DAY, stars=4, text="Good soup.")
    client, made = await watches(mia, world, google)
    assert (made["name"], made["platform"]) == ("Crumb", "Google Business Profile")
    await world.works()
    [read] = await world.rows(Review)
    assert (read.stars, read.text) == (4, "Good soup.")
    source = await mia.get(f"/v1/sources/{made['id']}")
    assert (source["health"], source["ready"], source["counters"]["count"]) == ("ok", True, 1)
    [held] = (await mia.get(f"/v1/clients/{client}/accounts"))["data"]
    assert (held["platform"], held["sources"]) == ("google", 1)
    events = [one["type"] for one in (await mia.get("/v1/events"))["data"]]
    assert events.count("account.connected") == 1


async def test_three_bad_reviews_after_connecting_wake_the_manager(world, mia, google):
    for number in range(52):
        google.writes(f"h{number}", at=world.at - timedelta(days=3 + 3.5 * number), stars=5)
    await watches(mia, world, google)
    await world.works()
    mia.stays_silent()
    for number in range(3):
        google.writes(f"b{number}", at=world.at, stars=1)
    await world.waits_until_it_rings(mia, within=timedelta(minutes=8))
    mia.shows("Corner Bistro: 3 new reviews")


async def test_the_sign_in_is_renewed_before_it_ends_and_nobody_notices(world, mia, google):
    _, made = await watches(mia, world, google)
    await world.works()
    await world.waits(timedelta(hours=2))
    assert google.renewals >= 1
    assert (await mia.get(f"/v1/sources/{made['id']}"))["health"] == "ok"
    mia.stays_silent()


async def test_who_signs_in_again_has_the_same_sources_read_again(world, mia, google):
    client, made = await watches(mia, world, google)
    await world.works()
    google.take_back()
    await world.waits(timedelta(minutes=7))
    broken = await mia.get(f"/v1/sources/{made['id']}")
    assert (broken["health"], broken["blind"]) == ("auth_expired", True)
    google.refresh, google.token = "refresh-2", "good"
    await goes_there(mia, client, google, "code-2")
    await world.works()
    healed = await mia.get(f"/v1/sources/{made['id']}")
    assert (healed["health"], healed["blind"]) == ("ok", False)
    assert healed["account_id"] != broken["account_id"]
    assert len(await world.rows(Source)) == 1


async def test_a_code_that_is_not_taken_is_told_and_begun_again(world, mia, google):
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    google.misbehave(illnesses.reset, path="/token")
    failed = await mia.get(f"/v1/connections/{await goes_there(mia, client, google)}")
    assert failed["state"] == "answered"
    await world.works()
    failed = await mia.get(f"/v1/connections/{failed['id']}")
    assert (failed["state"], failed["account_id"]) == ("failed", None)
    assert failed["detail"].endswith(".")
    assert await world.rows(Account) == []
    [row] = await world.rows(Connection)
    assert row.sealed == b""
    again = await goes_there(mia, client, google, "code-2")
    await world.works()
    assert (await mia.get(f"/v1/connections/{again}"))["state"] == "connected"


async def later(world, time):
    """So much later, without the small steps in between."""
    world.at += time
    await world.works()


async def ends_in(days, world, mia, *, watched=True):
    """A client with a sign-in that ends so soon."""
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    found = choice(0, "google", account="1001", location="2002")
    _, held = await signed_in_there(mia, client, "google", found)
    async with transaction() as session:
        row = await session.get_one(Account, (await world.row(Account, held)).id)
        secrets = account.secrets_of(row)
        ends = world.at + days * DAY
        await account.renewed(session, row.id, secrets, expires_at=None, ends_at=ends)
    if watched:
        body = {"kind": "google", "name": "Crumb", "account_id": held, "choice": 0}
        made = await mia.post(f"/v1/clients/{client}/sources", body)
        async with transaction() as session:
            source = await session.get_one(Source, (await world.row(Source, made["id"])).id)
            source.poll_at = source.check_at = None
            session.add(source)
    return held


async def test_the_end_of_a_sign_in_is_told_a_week_ahead_and_once(world, mia):
    held = await ends_in(8, world, mia)
    await later(world, timedelta(hours=23))
    assert not [one for one in mia.phone.received if "signs out" in one.notification["title"]]
    await later(world, timedelta(hours=2))
    told = [one for one in mia.phone.received if "signs out" in one.notification["title"]]
    assert [one.notification["title"] for one in told] == [
        "Corner Bistro: Google signs out in 7 days"
    ]
    assert "sign in again" in told[0].notification["body"]
    assert "/clients/cli_" in told[0].notification["navigate"]
    await later(world, 2 * DAY)
    assert len([m for m in mia.phone.received if "signs out" in m.notification["title"]]) == 1
    events = await mia.get("/v1/events")
    expiring = [one for one in events["data"] if one["type"] == "account.expiring"]
    assert [one["data"]["object"]["id"] for one in expiring] == [held]


@pytest.mark.parametrize("why", ["unwatched", "removed"])
async def test_the_end_of_what_nobody_needs_is_not_told(world, mia, why):
    held = await ends_in(7.5, world, mia, watched=why != "unwatched")
    if why == "removed":
        await mia.web.delete(f"/v1/accounts/{held}", headers=pressed())
    before = len(mia.phone.received)
    await later(world, DAY)
    told = [one.notification["title"] for one in mia.phone.received[before:]]
    assert not [title for title in told if "signs out" in title]


async def test_an_end_that_reached_nobody_is_told_again(world, mia):
    await ends_in(7, world, mia)
    device = (await mia.get("/v1/me/devices"))["data"][0]["id"]
    gone = await mia.web.delete(f"/v1/me/devices/{device}", headers=pressed())
    assert gone.status_code == 204
    await world.works()
    [row] = await world.rows(Account)
    assert row.tell_at == world.at + timedelta(minutes=5)
    await mia.gets_a_phone()
    await world.waits(timedelta(minutes=6))
    mia.reads("signs out")


async def test_words_that_may_be_kept_for_a_day_are_gone_after_it(world, mia):
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    sources = [(await push_source(mia, client))["id"] for _ in range(2)]
    said = review(1, title="Cold soup", author={"name": "Kim", "id": "u1"}, stars=4)
    for source in sources:
        await pushes(mia, source, said)
        await pushes(mia, source, said | {"text": "Edited."})
    async with transaction() as session:
        row = await session.get_one(Source, (await world.row(Source, sources[0])).id)
        row.kind = "x"
        session.add(row)
    await later(world, timedelta(hours=22))
    assert [one.text for one in await world.rows(Review)] == ["Edited."] * 2
    await later(world, timedelta(hours=2))
    kept = {one.source_id: one for one in await world.rows(Review)}
    bare, whole = kept[row.id], kept[(await world.row(Source, sources[1])).id]
    assert (bare.text, bare.title, bare.author, bare.author_id) == ("", "", "", None)
    assert (bare.reply, bare.earlier) == (None, [])
    assert (bare.stars, bare.external_id, bare.created_at) == (4, "r1", whole.created_at)
    assert (whole.text, whole.author, len(whole.earlier)) == ("Edited.", "Kim", 1)


async def test_hints_are_forgotten_after_a_week(world, mia):
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    source = await world.row(Source, (await push_source(mia, client))["id"])
    async with transaction() as session:
        assert await hint.heard(session, source.id, "1")
    await later(world, 6 * DAY)
    assert len(await world.rows(Hint)) == 1
    await later(world, timedelta(hours=26))
    assert await world.rows(Hint) == []
