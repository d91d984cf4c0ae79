"""Signing a client in: how a person is sent there, and which answer counts."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from api.lifecycle import connection
from api.models import Connection
from api.platforms import CATALOGUE
from tests.routes.places import changed, everything, pressed, program
from tests.routes.vendors import SETTINGS
from tests.world import configure


@pytest.fixture
def apps(world):
    configure(**SETTINGS)


async def a_client(mia, name="Corner"):
    return (await mia.post("/v1/clients", {"name": name}))["id"]


async def begins(mia, client, platform="google"):
    begun = await mia.post(f"/v1/clients/{client}/connections", {"platform": platform})
    return begun, parse_qs(urlsplit(begun["authorise_url"]).query)


async def test_signing_in_is_offered_where_the_operator_has_an_app(world, mia, apps):
    listed = {one["kind"]: one for one in (await mia.get("/v1/platforms"))["data"]}
    assert listed["google"]["set_up"]
    configure(google_client_secret=None)
    assert not (await mia.get("/v1/platforms"))["data"][list(CATALOGUE).index("google")]["set_up"]


async def test_a_sign_in_asks_for_what_the_platform_needs_and_a_proof_of_us(world, mia, apps):
    begun, asked = await begins(mia, await a_client(mia))
    address = urlsplit(begun["authorise_url"])
    assert (address.scheme, address.netloc) == ("https", "accounts.google.com")
    assert asked["client_id"] == ["app-1"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://nightdesk.test/connect/callback"]
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert asked["code_challenge_method"] == ["S256"]
    [row] = await world.rows(Connection)
    verifier = connection.secrets_of(row)["verifier"]
    assert asked["code_challenge"] == [create_s256_code_challenge(verifier)]
    assert len(verifier) >= 43
    assert verifier not in begun["authorise_url"]
    assert asked["state"][0] not in str(await everything())


def test_the_challenge_is_the_one_of_the_standard():
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert create_s256_code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_no_two_sign_ins_share_a_state_or_a_proof(world, mia, apps):
    client = await a_client(mia)
    asked = [(await begins(mia, client))[1] for _ in range(3)]
    for name in ("state", "code_challenge"):
        assert len({one[name][0] for one in asked}) == 3


@pytest.mark.parametrize(
    ("platform", "parts"),
    [
        ("facebook", {"client_id": ["1"]}),
        (
            "tiktok",
            {"client_key": ["1"], "redirect_uri": ["http://nightdesk.test/connect/callback/"]},
        ),
    ],
)
async def test_each_vendor_is_asked_in_its_own_way(world, mia, apps, platform, parts):
    begun, asked = await begins(mia, await a_client(mia), platform)
    assert {name: asked[name] for name in parts} == parts
    assert "{" not in begun["authorise_url"]
    assert platform != "facebook" or "/v26.0/" in begun["authorise_url"]


async def test_without_the_operators_app_nobody_is_sent_there(world, mia):
    client = await a_client(mia)
    path = f"/v1/clients/{client}/connections"
    answer = await mia.web.post(path, json={"platform": "google"}, headers=pressed())
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid-transition")
    assert "Google Business Profile" in answer.json()["detail"]
    for other in ("places", "feed", "nowhere"):
        answer = await mia.web.post(path, json={"platform": other}, headers=pressed())
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert await world.rows(Connection) == []


async def test_a_key_cannot_sign_in_there(world, mia, apps):
    client = await a_client(mia)
    async with await program(world, mia, "sources:write", "clients:read") as web:
        answer = await web.post(
            f"/v1/clients/{client}/connections", json={"platform": "google"}, headers=pressed()
        )
    assert answer.status_code == 403


async def comes_back(web, **query):
    return await web.get("/connect/callback", params=query)


async def test_an_answer_counts_once_and_leads_back_to_the_app(world, mia, apps):
    client = await a_client(mia)
    begun, asked = await begins(mia, client)
    state = asked["state"][0]
    for path in ("/connect/callback", "/connect/callback/"):
        answer = await mia.web.get(path, params={"state": state, "code": "good"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/clients/{client}/connect/{begun['id']}"
        assert answer.headers["cache-control"] == "private, no-store"
    assert (await comes_back(mia.web, state=state, code="other")).status_code == 303
    [row] = await world.rows(Connection)
    kept = connection.secrets_of(row)["answer"]
    assert kept["code"] == "good"
    assert kept["redirect_uri"] == asked["redirect_uri"][0]
    assert create_s256_code_challenge(kept["verifier"]) == asked["code_challenge"][0]
    assert (await mia.get(f"/v1/connections/{begun['id']}"))["state"] == "answered"


async def test_nobody_else_can_finish_what_a_person_began(world, mia, apps):
    begun, asked = await begins(mia, await a_client(mia))
    state = asked["state"][0]
    ben = await world.hires("Ben")
    before = await everything()
    async with world.web() as nobody:
        for web in (ben.web, nobody):
            answer = await comes_back(web, state=state, code="evil")
            assert answer.status_code == 403
            assert "text/html" in answer.headers["content-type"]
            assert "location" not in answer.headers
            assert begun["id"] not in answer.text
    assert await changed(before) == []
    assert (await comes_back(mia.web, state=state, code="good")).status_code == 303


@pytest.mark.parametrize("state", ["", "unknown", "x" * 5000, "é"])
async def test_an_answer_to_nothing_is_told_so_on_a_page(world, mia, state):
    before = await everything()
    answer = await comes_back(mia.web, state=state, code="evil")
    assert answer.status_code == 410
    assert "Begin again" in answer.text
    assert "<script" not in answer.text
    assert await changed(before) == []


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"error": "access_denied"}, "You said no at Google Business Profile."),
        ({"error": "server_error"}, "refused: server error."),
        ({"error": "<b>Call +43 1</b>"}, "sent no answer"),
        ({}, "sent no answer"),
    ],
)
async def test_a_no_is_told_with_its_reason(world, mia, apps, query, detail):
    begun, asked = await begins(mia, await a_client(mia))
    assert (await comes_back(mia.web, state=asked["state"][0], **query)).status_code == 303
    found = await mia.get(f"/v1/connections/{begun['id']}")
    assert found["state"] == "failed"
    assert detail in found["detail"]
    assert "<" not in found["detail"]


async def test_a_sign_in_is_over_after_a_quarter_of_an_hour(world, mia, apps):
    begun, asked = await begins(mia, await a_client(mia))
    world.at += timedelta(minutes=15)
    assert (await comes_back(mia.web, state=asked["state"][0], code="late")).status_code == 303
    assert (await mia.get(f"/v1/connections/{begun['id']}"))["state"] == "expired"
    world.at += timedelta(hours=1)
    await world.works()
    [row] = await world.rows(Connection)
    assert (row.state, row.sealed) == ("expired", b"")


async def test_a_client_that_was_archived_meanwhile_gets_no_account(world, mia, apps):
    client = await a_client(mia)
    _, asked = await begins(mia, client)
    await mia.web.delete(f"/v1/clients/{client}", headers=pressed())
    assert (await comes_back(mia.web, state=asked["state"][0], code="good")).status_code == 410
    assert [row.state for row in await world.rows(Connection)] == ["waiting"]
