"""What was wrong with the platforms once, each as somebody met it."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import update

from api.database import transaction
from api.lifecycle import account as accounts
from api.lifecycle import hint
from api.models import Account, Review, Source
from tests.illnesses import reply
from tests.platforms.google_vendor import REVIEW
from tests.platforms.vendor import told
from tests.stories.test_connecting import google as signing_google
from tests.stories.test_connecting import watches
from tests.stories.test_places_of_vendors import connected, google, the_source
from workers import poll

__all__ = ["google", "signing_google"]
MINUTE = timedelta(minutes=1)


async def _due_now(world):
    async with transaction() as session:
        await session.exec(update(Source).values(poll_at=world.at))


async def test_an_id_that_is_no_part_of_an_address_blinds_and_is_said(world, mia):
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    secrets = {"place_id": "abc\ndef", "key": "k"}
    entered = {"platform": "places", "name": "Maps", "secrets": secrets}
    account = await mia.post(f"/v1/clients/{client}/accounts", entered)
    source = {"kind": "places", "name": "Maps", "account_id": account["id"]}
    made = await mia.post(f"/v1/clients/{client}/sources", source)
    await world.works()
    read = await mia.get(f"/v1/sources/{made['id']}")
    assert read["blind"]
    assert read["health_detail"]


async def test_two_places_of_one_sign_in_are_both_read_when_its_token_ends(
    world, mia, signing_google
):
    await watches(mia, world, signing_google)
    await world.works()
    source = await the_source(world)
    async with transaction() as session:
        second = source.model_dump(include={"client_id", "account_id", "kind", "place"})
        session.add(Source(name="The other", poll_at=world.at, **second))
        account = await session.get_one(Account, source.account_id)
        accounts.put(account, accounts.secrets_of(account) | {"access_token": "stale"})
        session.add(account)
    await _due_now(world)
    await asyncio.gather(*(poll.poll(one.id) for one in await world.rows(Source)))
    await world.works()
    assert {one.health for one in await world.rows(Source)} == {"ok"}
    assert signing_google.renewals == 1


@pytest.mark.parametrize("total", ["many", {}, [[]], -5])
async def test_a_counter_of_another_type_breaks_no_screen(world, mia, google, total):
    client = await connected(world, mia)
    google.writes("a1", at=world.at)
    page = {"reviews": [google.as_told(google.written[0])], "totalReviewCount": total}
    google.misbehave(told(200, page | {"averageRating": "x"}), path="reviews")
    await world.works()
    assert len(await world.rows(Review)) == 1
    [source] = (await mia.get(f"/v1/clients/{client}/sources"))["data"]
    assert source["counters"] == {}


@pytest.mark.parametrize("number", ["NaN", "1e999", "-Infinity"])
async def test_what_is_no_number_is_no_answer_and_loses_nothing(world, mia, google, number):
    google.writes("a1", at=world.at)
    await connected(world, mia)
    body = f'{{"reviews": [{{"name": "{REVIEW}/a1"}}], "averageRating": {number}}}'
    google.misbehave(reply(200, text=body), path="reviews")
    await world.works()
    assert (await the_source(world)).health == "transient"
    await world.waits(7 * MINUTE)
    assert (await the_source(world)).health == "ok"
    assert len(await world.rows(Review)) == 1


async def test_what_is_heard_while_a_place_is_read_is_looked_at_soon(world, mia, google):
    await connected(world, mia)
    await world.works()
    source = await the_source(world)
    heard: list[Source] = []
    visit = poll._visit

    async def and_hears(one):
        look = await visit(one)
        if not heard:
            heard.append(one)
            world.at += timedelta(seconds=1)
            google.writes("a1", at=world.at)
            google.misbehave(told(200, {}), path="reviews")
            async with transaction() as session:
                await hint.heard(session, source.id, "m1")
        return look

    await _due_now(world)
    poll._visit = and_hears
    try:
        await poll.poll(source.id)
    finally:
        poll._visit = visit
    await world.waits(MINUTE)
    assert len(await world.rows(Review)) == 1


async def test_who_comments_fast_does_not_drive_our_readings(world, mia, google):
    await connected(world, mia)
    await world.works()
    source, asked = await the_source(world), len(google.log)
    for number in range(100):
        async with transaction() as session:
            await hint.heard(session, source.id, f"message-{number}")
        await world.works()
    await world.waits(MINUTE)
    assert len(google.log) - asked <= 2
