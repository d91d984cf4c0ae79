"""What was wrong with connecting once: a slow sign-in, and two accounts taken for one."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from api.database import transaction
from api.ids import decode
from api.lifecycle import connection as lifecycle
from api.lifecycle import watching
from api.models import Account, Connection, Source
from tests import illnesses
from tests.routes.places import pressed
from tests.stories.test_connecting import goes_there, google
from workers import connect

__all__ = ["google"]
MINUTE = timedelta(minutes=1)


async def begun(mia, google):
    """A client, and a sign-in whose code a worker has to use."""
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    return client, await goes_there(mia, client, google)


def exchanges(google):
    return [one for one in google.log if one.path == "/token"]


async def test_places_that_cannot_be_listed_for_a_moment_are_asked_for_again(world, mia, google):
    _, connected = await begun(mia, google)
    google.misbehave(illnesses.reply(503), path="/v1/accounts")
    await world.works()
    assert (await mia.get(f"/v1/connections/{connected}"))["state"] == "answered"
    [row] = await world.rows(Connection)
    assert set(lifecycle.secrets_of(row)) == {"grant"}
    assert await world.rows(Account) == []
    await world.waits(2 * MINUTE)
    found = await mia.get(f"/v1/connections/{connected}")
    assert (found["state"], len(found["choices"])) == ("connected", 1)
    [account] = await world.rows(Account)
    assert account.scopes
    assert account.expires_at is not None
    assert len(exchanges(google)) == 1
    [row] = await world.rows(Connection)
    assert row.sealed == b""


async def test_places_that_never_come_are_given_up_when_the_attempt_has_run_out(world, mia, google):
    _, connected = await begun(mia, google)
    google.misbehave(illnesses.reply(503), path="/v1/accounts", times=None)
    await world.waits(18 * MINUTE)
    found = await mia.get(f"/v1/connections/{connected}")
    assert (found["state"], found["account_id"]) == ("failed", None)
    assert found["detail"].endswith(".")
    assert await world.rows(Account) == []


@pytest.mark.parametrize(("path", "state"), [("/token", "failed"), ("/v1/accounts", "answered")])
async def test_a_step_that_takes_too_long_is_ended(world, mia, google, monkeypatch, path, state):
    _, connected = await begun(mia, google)
    monkeypatch.setattr(connect, "LONGEST", 0.5)
    google.misbehave(illnesses.hang, path=path)
    await asyncio.wait_for(world.works(), 10)
    assert (await mia.get(f"/v1/connections/{connected}"))["state"] == state
    assert await world.rows(Account) == []


def test_a_step_ends_before_somebody_else_may_take_the_attempt():
    assert timedelta(seconds=connect.LONGEST) < lifecycle._TRYING


async def test_two_workers_that_list_the_same_places_make_one_account(world, mia, google):
    _, connected = await begun(mia, google)

    async def another_is_faster(*_):
        world.at += 2 * MINUTE
        await connect.connect(decode("con", connected))
        return web.json_response({"accounts": [{"name": "accounts/1001"}]})

    google.misbehave(another_is_faster, path="/v1/accounts")
    await connect.connect(decode("con", connected))
    found = await mia.get(f"/v1/connections/{connected}")
    assert found["state"] == "connected"
    assert len(await world.rows(Account)) == 1
    events = [one["type"] for one in (await mia.get("/v1/events"))["data"]]
    assert events.count("account.connected") == 1


async def test_a_worker_that_lost_its_turn_ends_nothing(world, mia, google):
    _, connected = await begun(mia, google)

    async def the_turn_is_over(*_):
        world.at += 2 * MINUTE
        async with transaction() as session:
            assert await lifecycle.claim(session, decode("con", connected))
        return web.json_response({"error": "invalid_grant"}, status=400)

    google.misbehave(the_turn_is_over, path="/token")
    await connect.connect(decode("con", connected))
    assert (await mia.get(f"/v1/connections/{connected}"))["state"] == "answered"
    world.at += 2 * MINUTE
    await world.works()
    assert (await mia.get(f"/v1/connections/{connected}"))["state"] == "connected"


async def test_an_attempt_that_is_over_leaves_no_account_behind(world, mia, google):
    _, connected = await begun(mia, google)

    async def it_is_over(*_):
        async with transaction() as session:
            row = await session.get_one(Connection, decode("con", connected))
            await lifecycle.failed(session, row, "It is over.")
        return web.json_response({"accounts": [{"name": "accounts/1001"}]})

    google.misbehave(it_is_over, path="/v1/accounts")
    await connect.connect(decode("con", connected))
    found = await mia.get(f"/v1/connections/{connected}")
    assert (found["state"], found["account_id"]) == ("failed", None)
    assert await world.rows(Account) == []


async def enters(mia, client, kind="mastodon", **secrets):
    """One more account whose key was entered, and what is watched with it."""
    body = {"platform": kind, "name": "Social", "secrets": secrets}
    account = await mia.post(f"/v1/clients/{client}/accounts", body)
    watched = {"kind": kind, "name": "Social", "account_id": account["id"]}
    return account["id"], (await mia.post(f"/v1/clients/{client}/sources", watched))["id"]


SERVER = {"host": "social.invalid"}
TWO = [
    ("mastodon", SERVER | {"token": "one"}, SERVER | {"token": "two"}),
    ("x", {"query": "crumb", "bearer": "one"}, {"query": "crumb", "bearer": "two"}),
]


@pytest.fixture
async def client(mia):
    return (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]


@pytest.mark.parametrize(("kind", "one", "two"), TWO, ids=["mastodon", "x"])
async def test_a_second_account_at_the_same_server_is_watched_beside_the_first(
    mia, client, kind, one, two
):
    first = await enters(mia, client, kind, **one)
    second = await enters(mia, client, kind, **two)
    listed = (await mia.get(f"/v1/clients/{client}/sources"))["data"]
    assert {(one["account_id"], one["id"]) for one in listed} == {first, second}


@pytest.mark.parametrize("why", ["removed", "auth_expired"])
async def test_a_newer_key_takes_the_place_of_one_that_is_used_up_and_reads_from_the_start(
    world, mia, client, why
):
    old, first = await enters(mia, client, **SERVER, token="one")
    async with transaction() as session:
        source = await session.get_one(Source, decode("src", first))
        source.cursor = {"me": "111"}
        source.health = "auth_expired" if why == "auth_expired" else "ok"
        session.add(source)
    if why == "removed":
        await mia.web.delete(f"/v1/accounts/{old}", headers=pressed())
    newer, second = await enters(mia, client, **SERVER, token="two")
    assert second == first
    row = await world.row(Source, first)
    assert (row.account_id, row.cursor) == (decode("acc", newer), {})


async def test_a_key_that_is_used_up_is_not_taken_for_that_of_another_who_is_well(
    world, mia, client
):
    _, well = await enters(mia, client, **SERVER, token="one")
    _, ill = await enters(mia, client, **SERVER, token="two")
    async with transaction() as session:
        source = await session.get_one(Source, decode("src", ill))
        source.health = "auth_expired"
        session.add(source)
    assert (await enters(mia, client, **SERVER, token="three"))[1] == ill
    assert (await world.row(Source, well)).version == 1


async def at(client, kind, place, **known):
    """The source of this place, as it is found."""
    async with transaction() as session:
        return await watching.already(session, decode("cli", client), kind, place, **known)


async def test_the_same_keys_are_the_same_account(world, mia, client):
    first, source = await enters(mia, client, **SERVER, token="one")
    body = {"platform": "mastodon", "name": "Again", "secrets": SERVER | {"token": "one"}}
    again = await mia.post(f"/v1/clients/{client}/accounts", body)
    for account in (first, again["id"]):
        found = await at(client, "mastodon", SERVER, account_id=decode("acc", account))
        assert found is not None
        assert found.id == decode("src", source)


async def test_where_a_link_names_the_account_a_newer_key_is_for_the_same(world, mia, client):
    _, source = await enters(mia, client, **SERVER, token="one")
    place = SERVER | {"profile": "crumb"}
    async with transaction() as session:
        row = await session.get_one(Source, decode("src", source))
        row.place = place
        session.add(row)
    assert (await at(client, "mastodon", place)) is not None
    assert (await at(client, "mastodon", SERVER | {"profile": "kim"})) is None


async def test_pages_with_the_same_ids_at_two_addresses_are_two(world, mia, client):
    ids, made = {"k": "1"}, []
    for url in ("https://a.invalid/x", "https://b.invalid/y"):
        body = {"kind": "page", "name": "A page", "url": url, "place": ids}
        made.append(await mia.post(f"/v1/clients/{client}/sources", body))
    assert len({one["id"] for one in made}) == 2
    found = await at(client, "page", ids, url=made[0]["url"])
    assert found is not None
    assert found.id == decode("src", made[0]["id"])
