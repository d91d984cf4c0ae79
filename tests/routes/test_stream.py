"""The live stream of events: the same as the list, from where the listener left off."""

from contextlib import asynccontextmanager

import httpx
import pytest

from api.database import emit, transaction
from tests.routes.live import PATIENCE, served, some
from tests.routes.places import a_source, program, pushes, review


@asynccontextmanager
async def stream(world, secret, *, last=b"", **question):
    """What a browser hears on a real connection."""
    headers = {"Authorization": secret} | ({"Last-Event-ID": last} if last else {})
    async with (
        served(world.app) as origin,
        httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as web,
        web.stream("GET", "/v1/events/stream", params=question, headers=headers) as answer,
    ):
        yield answer


async def secret_of(world, boss, *scopes, **limits):
    async with await program(world, boss, *scopes, **limits) as web:
        return web.headers["Authorization"]


async def test_the_stream_catches_up_in_order_and_goes_on(world, mia):
    _, source = await a_source(mia)
    for number in range(3):
        await pushes(mia, source, review(number))
    secret = await secret_of(world, mia, "events:read")
    async with stream(world, secret, last=b"1") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        await pushes(mia, source, review(3))
        seen = await some(answer, 3)
    assert [event["seq"] for event in seen] == [2, 3, 4]
    assert seen == (await mia.get("/v1/events", after_seq=1))["data"]


@pytest.mark.parametrize("last", ["", "²", "9" * 40])
async def test_without_a_known_last_event_the_stream_starts_now(small_world, boss, last):
    _, source = await a_source(boss)
    await pushes(boss, source, review(0))
    secret = await secret_of(small_world, boss, "events:read")
    async with stream(small_world, secret, last=last.encode()) as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == ": from 1"
        await pushes(boss, source, review(1))
        assert [await anext(lines) for _ in range(2)] == ["", "id: 2"]


async def test_a_key_for_one_client_hears_nothing_of_the_others(small_world, boss):
    own, mine = await a_source(boss, "Own")
    _, theirs = await a_source(boss, "Foreign")
    limited = await secret_of(small_world, boss, "events:read", client_ids=[own])
    async with stream(small_world, limited, after_seq=0) as answer:
        await pushes(boss, theirs, review(1))
        async with transaction() as session:
            emit(session, "device.moved", object={"id": "dev_1"})
        await pushes(boss, mine, review(1))
        seen = await some(answer, 1)
    assert [(event["seq"], event["data"]["object"]["id"]) for event in seen] == [(3, mine)]


async def test_a_stream_is_refused_before_it_begins(small_world, boss):
    limited = await secret_of(small_world, boss, "clients:read")
    for secret, status in (("", 401), (limited, 403)):
        async with stream(small_world, secret) as answer:
            assert answer.status_code == status
            await answer.aread()
