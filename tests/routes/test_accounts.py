"""The catalogue, accounts whose key was entered, and the sources of what was connected."""

import pytest

from api.database import transaction
from api.models import Account, Source
from api.platforms import CATALOGUE, VERBS
from tests.routes.places import everything, pressed
from tests.routes.vendors import choice, signed_in_there

KEY = {"place_id": "ChIJ1", "key": "a key of theirs"}


async def a_client(mia, name="Corner"):
    return (await mia.post("/v1/clients", {"name": name}))["id"]


async def enters(mia, client, **more):
    body = {"platform": "places", "name": "Counter", "secrets": KEY} | more
    return await mia.web.post(f"/v1/clients/{client}/accounts", json=body, headers=pressed())


async def adds(mia, client, **body):
    told = {"name": "One"} | body
    return await mia.web.post(f"/v1/clients/{client}/sources", json=told, headers=pressed())


async def test_the_catalogue_says_of_each_platform_what_can_be_done_and_how(small_world, boss):
    listed = (await boss.get("/v1/platforms"))["data"]
    assert [one["kind"] for one in listed] == list(CATALOGUE)
    for one in listed:
        assert {can["verb"] for can in one["capabilities"]} == set(VERBS), one["kind"]
        assert all(can["reason"] for can in one["capabilities"])
        linked = [can for can in one["capabilities"] if can["how"] == "link"]
        assert all(can["link"].startswith("https://") for can in linked)
        assert one["set_up"] == (one["way"] != "account"), one["kind"]


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/maps/place/Crumb/@47,15,17z",
        "  https://maps.app.goo.gl/abc ",
        "business.google.com/reviews",
    ],
)
async def test_a_pasted_link_is_known_by_its_platform(small_world, boss, link):
    found = await boss.get("/v1/platforms/recognise", url=link)
    assert (found["kind"], found["name"]) == ("google", "Google Business Profile")
    assert found["url"].startswith("https://")
    assert found["capabilities"]


@pytest.mark.parametrize("link", ["", "hello", "javascript:alert(1)", "https://", "a b.com"])
async def test_what_is_no_known_link_says_what_to_do_instead(small_world, boss, link):
    answer = await boss.web.get("/v1/platforms/recognise", params={"url": link})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert "feed" in answer.json()["hint"]


async def test_a_key_is_kept_sealed_and_never_shown_again(world, mia):
    client = await a_client(mia)
    made = await enters(mia, client)
    assert made.status_code == 201
    told = [
        made.text,
        str(await mia.get(f"/v1/clients/{client}/accounts")),
        str(await everything()),
    ]
    assert all(KEY["key"] not in one for one in told)
    [listed] = (await mia.get(f"/v1/clients/{client}/accounts"))["data"]
    assert listed == made.json()
    assert (listed["platform"], listed["sources"]) == ("places", 0)
    kinds = [one["type"] for one in (await mia.get("/v1/events"))["data"]]
    assert "account.connected" in kinds


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"secrets": {"place_id": "x"}}, "/secrets/key"),
        ({"secrets": KEY | {"key": "  "}}, "/secrets/key"),
        ({"secrets": KEY | {"pin": "1"}}, "/secrets"),
        ({"secrets": {"key": 7}}, "/secrets/key"),
        ({"secrets": KEY | {"key": "x" * 20_000}}, "/secrets/key"),
        ({"platform": "google"}, "/platform"),
        ({"platform": "nowhere"}, "/platform"),
        ({"name": ""}, "/name"),
    ],
)
async def test_a_key_that_is_not_as_asked_is_refused_by_name(small_world, boss, body, pointer):
    client = await a_client(boss)
    answer = await enters(boss, client, **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await small_world.rows(Account) == []


async def test_a_source_of_a_key_has_its_ids_and_is_read_and_never_its_secrets(world, mia):
    client = await a_client(mia)
    account = (await enters(mia, client)).json()["id"]
    made = (await adds(mia, client, kind="places", account_id=account)).json()
    assert (made["place"], made["account_id"]) == ({"place_id": "ChIJ1"}, account)
    assert (made["platform"], made["ready"]) == ("Google Maps counter", None)
    assert made["next_poll_at"] is not None
    assert KEY["key"] not in str(made)
    assert (await mia.get(f"/v1/clients/{client}/accounts"))["data"][0]["sources"] == 1


async def test_a_place_that_is_watched_already_is_given_the_newer_key(world, mia):
    client = await a_client(mia)
    old = (await enters(mia, client)).json()["id"]
    first = (await adds(mia, client, kind="places", account_id=old)).json()
    newer = (await enters(mia, client)).json()["id"]
    again = (await adds(mia, client, kind="places", account_id=newer, name="Other")).json()
    assert (again["id"], again["account_id"], again["name"]) == (first["id"], newer, "One")
    assert len(await world.rows(Source)) == 1


async def test_a_key_for_one_server_is_never_sent_to_another(world, mia):
    client = await a_client(mia)
    for platform, secrets in (
        ("mastodon", {"host": "social.example", "token": "t"}),
        ("bluesky", {"handle": "crumb.example", "password": "p"}),
    ):
        made = await enters(mia, client, platform=platform, secrets=secrets)
        place = {"host": "evil.example", "profile": "crumb"}
        body = {"kind": platform, "account_id": made.json()["id"], "place": place}
        kept = (await adds(mia, client, **body)).json()["place"]
        assert kept.get("host") == secrets.get("host")
        assert kept["profile"] == "crumb"


async def test_x_names_an_account_by_the_number_in_front_of_its_token(world, mia):
    client = await a_client(mia)
    secrets = {"bearer": "b", "query": "crumb", "access_token": "77-abc"}
    made = await enters(mia, client, platform="x", secrets=secrets)
    kept = (await adds(mia, client, kind="x", account_id=made.json()["id"])).json()
    assert kept["place"] == {"query": "crumb", "user_id": "77"}
    assert "77-abc" not in str(kept)


async def test_a_removed_account_forgets_its_secrets_and_its_sources_say_so(world, mia):
    client = await a_client(mia)
    account = (await enters(mia, client)).json()["id"]
    source = (await adds(mia, client, kind="places", account_id=account)).json()["id"]
    gone = await mia.web.delete(f"/v1/accounts/{account}", headers=pressed())
    assert gone.status_code == 204
    assert (await world.row(Account, account)).sealed == b""
    await world.works()
    found = await mia.get(f"/v1/sources/{source}")
    assert (found["health"], found["blind"]) == ("auth_expired", True)
    assert (await mia.web.delete(f"/v1/accounts/{account}", headers=pressed())).status_code == 404
    assert (await mia.get(f"/v1/clients/{client}/accounts"))["data"] == []


FOUND = (
    choice(0, "google", account="1001", location="2002"),
    choice(1, "youtube", channel="UC1"),
)


async def test_what_a_sign_in_found_becomes_a_source_by_its_number_or_its_ids(world, mia):
    client = await a_client(mia)
    connected, account = await signed_in_there(mia, client, "google", *FOUND)
    found = await mia.get(f"/v1/connections/{connected}")
    assert (found["state"], found["account_id"]) == ("connected", account)
    assert [one["number"] for one in found["choices"]] == [0, 1]
    one = (await adds(mia, client, kind="google", account_id=account, choice=0)).json()
    place = {"channel": "UC1"}
    two = (await adds(mia, client, kind="youtube", account_id=account, place=place)).json()
    assert (one["place"], two["place"]) == (FOUND[0]["place"], place)
    kept = [row.place["secret"] for row in await world.rows(Source)]
    assert sorted(kept) == ["google:0", "youtube:1"]
    checks = {row.kind: row.check_at for row in await world.rows(Source)}
    assert checks["google"] == world.at


async def test_a_source_is_of_its_own_client_and_of_what_was_found(world, mia):
    client, other = await a_client(mia), await a_client(mia, "Other")
    _, account = await signed_in_there(mia, client, "google", *FOUND)
    key = (await enters(mia, client)).json()["id"]
    for body, pointer in (
        ({"kind": "google"}, "/account_id"),
        ({"kind": "google", "account_id": key, "choice": 0}, "/account_id"),
        ({"kind": "google", "account_id": account, "choice": 1}, "/choice"),
        ({"kind": "google", "account_id": account, "choice": 7}, "/choice"),
        ({"kind": "google", "account_id": account}, "/place"),
        ({"kind": "google", "account_id": account, "place": {"location": "9/../1"}}, "/place"),
        ({"kind": "feed", "url": "https://a.example/f", "account_id": account}, "/account_id"),
        ({"kind": "feed"}, "/url"),
        ({"kind": "push", "url": "https://a.example/f"}, "/url"),
        ({"kind": "places", "account_id": f"acc_{'0' * 26}"}, "/account_id"),
        ({"kind": "nowhere"}, "/kind"),
    ):
        answer = await adds(mia, client, **body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["pointer"] == pointer, body
    answer = await adds(mia, other, kind="google", account_id=account, choice=0)
    assert answer.json()["errors"][0]["pointer"] == "/account_id"
    assert await world.rows(Source) == []


@pytest.mark.parametrize(
    "place", [{"a": {"b": 1}}, {"A b": "1"}, {"a": "x" * 2000}, {f"n{n}": "1" for n in range(50)}]
)
async def test_a_place_is_a_few_short_ids(small_world, boss, place):
    client = await a_client(boss)
    account = (await enters(boss, client)).json()["id"]
    answer = await adds(boss, client, kind="places", account_id=account, place=place)
    assert answer.status_code == 422


async def test_what_turned_out_to_be_impossible_is_shown_with_the_reason(world, mia):
    client = await a_client(mia)
    _, account = await signed_in_there(mia, client, "google", *FOUND)
    made = (await adds(mia, client, kind="google", account_id=account, choice=0)).json()
    async with transaction() as session:
        row = await session.get_one(Source, (await world.row(Source, made["id"])).id)
        row.probed = {"reply": "This plan has no replies.", "ratings": "Stars are not shown."}
        row.ready, row.ready_detail, row.counters = False, "Ask Google.", {"count": 7, "mean": 4.5}
        session.add(row)
    found = await mia.get(f"/v1/sources/{made['id']}")
    can = {one["verb"]: one for one in found["capabilities"]}
    assert (can["reply"]["how"], can["reply"]["reason"]) == ("none", "This plan has no replies.")
    assert can["read"]["reason"].endswith("Stars are not shown.")
    assert can["report"]["how"] == "link"
    assert (found["ready"], found["ready_detail"]) == (False, "Ask Google.")
    assert found["counters"] == {"count": 7, "mean": 4.5}
