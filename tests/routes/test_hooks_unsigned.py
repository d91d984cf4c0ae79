"""Vendors that sign nothing call a secret address, and are believed even less."""

from datetime import timedelta

import pytest

from api import clock
from api.database import transaction
from api.ids import encode
from api.models import Source
from tests.routes.places import changed, everything, pressed
from tests.routes.vendors import a_place, call, is_due, rests

UNSIGNED = ("yelp", "trustpilot")


async def secret_path(mia, source):
    return (await mia.get(f"/v1/sources/{source}"))["webhook_url"].removeprefix(
        "http://nightdesk.test/hooks/"
    )


@pytest.mark.parametrize("kind", UNSIGNED)
async def test_a_secret_address_asks_for_a_reading_of_its_own_source(world, mia, kind):
    _, source = await a_place(mia, kind, business="b")
    _, other = await a_place(mia, kind, business="b")
    path = await secret_path(mia, source)
    assert (await call(world, path, b"{}", {})).status_code == 200
    assert await is_due(world, source)
    assert not await is_due(world, other)
    await rests(source)
    before = await everything()
    assert (await call(world, path, b"{}", {})).status_code == 200
    assert await changed(before) == []


@pytest.mark.parametrize("kind", UNSIGNED)
async def test_whoever_learns_the_address_cannot_have_a_place_read_without_end(world, mia, kind):
    _, source = await a_place(mia, kind, business="b")
    async with transaction() as session:
        row = await session.get_one(Source, (await world.row(Source, source)).id)
        row.last_ok_at = clock.now()
        session.add(row)
    path = await secret_path(mia, source)
    for number in range(5):
        assert (await call(world, path, b"%d" % number, {})).status_code == 200
    assert not await is_due(world, source)
    world.at += timedelta(minutes=30)
    assert await is_due(world, source)


@pytest.mark.parametrize("kind", UNSIGNED)
async def test_a_wrong_or_dead_address_takes_nothing(world, mia, kind):
    _, source = await a_place(mia, kind, business="b")
    path = await secret_path(mia, source)
    name = encode("src", (await world.row(Source, source)).id)
    before = await everything()
    for wrong in (
        f"{kind}/{name}",
        f"{kind}/{name}.x",
        path[:-1],
        f"{kind}/.x",
        path.replace("_", "-"),
    ):
        assert (await call(world, wrong, b"{}", {})).status_code == 410, wrong
    other = path.replace(kind, next(one for one in UNSIGNED if one != kind))
    assert (await call(world, other, b"{}", {})).status_code == 410
    assert await changed(before) == []
    await mia.web.delete(f"/v1/sources/{source}", headers=pressed())
    assert (await call(world, path, b"{}", {})).status_code == 410


async def test_yelp_hears_its_own_word_at_the_right_address_alone(world, mia):
    _, source = await a_place(mia, "yelp", business="b")
    path = await secret_path(mia, source)
    async with world.web() as web:
        answer = await web.get(f"/hooks/{path}", params={"verification": "abc123"})
        assert answer.json() == {"verification": "abc123"}
        wrong = await web.get(f"/hooks/{path}x", params={"verification": "abc123"})
    assert wrong.status_code == 410


async def test_the_secret_address_is_not_for_those_who_only_look(world, mia):
    _, source = await a_place(mia, "yelp", business="b")
    kim = await world.hires("Kim", role="helper")
    assert (await kim.get(f"/v1/sources/{source}"))["webhook_url"] is None
