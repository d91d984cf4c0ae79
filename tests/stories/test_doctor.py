"""The doctor looks at every place and changes none, but for the one that it is told to."""

import asyncio

import pytest

from api.database import transaction
from tests import illnesses
from tests.stories.test_places_of_vendors import connected, google, the_source
from workers import doctor
from workers.doctor import examine

__all__ = ["google"]


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch):
    monkeypatch.setattr(doctor, "_REST", 0.01)


async def lines(**how):
    return [line async for line in examine(**how)]


def sent(google):
    """What changed something, or would have."""
    return [one for one in google.log if one.method != "GET" and "validateOnly" not in one.query]


async def test_it_reads_and_rehearses_and_changes_nothing(world, mia, google):
    google.writes("a1", at=world.at)
    await connected(world, mia)
    read, could = await lines()
    assert (read.good, could.good) == (True, True)
    assert google.open_status == "OPEN"
    assert not sent(google)
    assert (await the_source(world)).cursor == {}


async def test_it_says_what_does_not_work(world, mia, google):
    await connected(world, mia, token="bad")
    assert [line.good for line in await lines()] == [False, False]


async def test_the_one_place_that_it_is_told_to_is_taken_down_and_put_back(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    *_, last = await lines(write=source.id)
    assert last.good, last.said
    assert google.open_status == "OPEN"
    assert len([one for one in google.log if one.method == "PATCH"]) == 3


async def test_a_place_whose_closing_got_no_answer_is_put_back(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    after_the_rehearsal(google, lambda: illnesses.reset)
    *_, last = await lines(write=source.id)
    assert last.good, last.said
    assert google.open_status == "OPEN"
    assert len(sent(google)) == 2


async def test_a_place_that_cannot_be_looked_at_any_more_is_put_back(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    after_the_rehearsal(google, lambda: blind_until_it_is_opened(google))
    *_, last = await lines(write=source.id)
    assert google.open_status == "OPEN"
    assert not last.good
    assert "Down: unknown." in last.said


async def test_a_doctor_that_is_stopped_half_way_puts_the_place_back(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    closed = asyncio.Event()
    after_the_rehearsal(google, lambda: told_and_hanging(closed))
    examining = asyncio.create_task(lines(write=source.id))
    await closed.wait()
    assert google.open_status == "CLOSED_TEMPORARILY"
    examining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await examining
    assert google.open_status == "OPEN"


async def test_a_place_that_stays_closed_is_said_aloud(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    after_the_rehearsal(google, lambda: refused_from_now_on(google))
    *_, last = await lines(write=source.id)
    assert google.open_status == "CLOSED_TEMPORARILY"
    assert not last.good
    assert last.said.endswith("put it back by hand.")


async def test_a_place_where_one_thing_would_be_taken_down_is_left_alone(world, mia, google):
    await connected(world, mia)
    source = await the_source(world)
    async with transaction() as session:
        (await session.merge(source)).kind = "youtube"
    *_, last = await lines(write=source.id)
    assert not last.good
    assert "Nothing was tried" in last.said
    assert not sent(google)


def after_the_rehearsal(google, fault):
    """The first request that really changes the place takes effect, and its answer is this."""

    async def strike(service, request):
        google.behave()
        return await fault()(service, request)

    google.misbehave(really_changing(google, strike), times=None, method="PATCH")


def really_changing(google, strike):
    async def fault(service, request):
        answer = await google._patch(request)
        return answer if "validateOnly" in request.query else await strike(service, request)

    return fault


def blind_until_it_is_opened(google):
    async def opened(service, request):
        google.behave()
        return await google._patch(request)

    async def fault(service, request):
        google.misbehave(google.forbidden, times=None, method="GET")
        google.misbehave(opened, method="PATCH")
        return await illnesses.reset(service, request)

    return fault


def told_and_hanging(closed):
    async def fault(service, request):
        closed.set()
        return await illnesses.hang(service, request)

    return fault


def refused_from_now_on(google):
    async def fault(service, request):
        google.misbehave(google.forbidden, times=None, method="PATCH")
        return await google._location(request)

    return fault
