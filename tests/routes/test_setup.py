"""The one-time link makes the first person, once."""

import asyncio

from api.lifecycle import setup
from api.models import User
from tests.routes.places import changed, everything

MIA = {
    "name": "Mia", "email": "Mia@Example.com", "phone": "+43 660 1", "zone": "Europe/Vienna",
    "password": "correct horse battery",
}  # fmt: skip


async def token() -> str:
    link = await setup.open_setup_link()
    assert link is not None
    address, _, fragment = link.partition("#")
    assert address == "http://nightdesk.test/setup"
    return fragment


async def test_the_link_works_once_and_signs_in(small_world):
    async with small_world.web() as web:
        assert (await web.get("/v1/setup")).json() == {"needed": True}
        secret = await token()
        made = await web.post("/v1/setup", json={**MIA, "token": secret})
        assert made.status_code == 201
        assert made.json()["role"] == "owner"
        assert made.json()["email"] == "mia@example.com"
        assert (await web.get("/v1/me")).json() == made.json()
        assert (await web.get("/v1/setup")).json() == {"needed": False}
        again = await web.post("/v1/setup", json={**MIA, "email": "b@example.com", "token": secret})
        assert (again.status_code, again.json()["code"]) == (409, "set-up-done")
    assert await setup.open_setup_link() is None
    assert len(await small_world.rows(User)) == 1


async def test_of_many_at_the_same_moment_one_is_first(world):
    secret = await token()
    async with world.web() as web:
        bodies = [{**MIA, "email": f"mia{n}@example.com", "token": secret} for n in range(5)]
        answers = await asyncio.gather(*(web.post("/v1/setup", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 4
    assert len(await world.rows(User)) == 1


async def test_a_wrong_link_makes_nobody(small_world):
    right, before = await token(), await everything()
    nearly = right[:-1] + ("A" if right[-1] != "A" else "B")
    async with small_world.web() as web:
        for wrong in ("", "x", "🌙", "a" * 10_000, nearly, right.lower(), f"{right}="):
            answer = await web.post("/v1/setup", json={**MIA, "token": wrong})
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert await changed(before) == []


WRONG = {"password": "too short", "email": "mia", "name": " ", "zone": "Mars/Olympus"}


async def test_a_person_that_does_not_hold_together_is_refused_where_it_is_wrong(small_world):
    async with small_world.web() as web:
        for field, value in WRONG.items():
            body = {**MIA, "token": await token(), field: value}
            answer = await web.post("/v1/setup", json=body)
            assert answer.status_code == 422
            assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{field}"]
    assert await small_world.rows(User) == []
