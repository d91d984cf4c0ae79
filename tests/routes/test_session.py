"""Signing in and out: one cookie, ten tries, and no word about who exists."""

from datetime import timedelta

import pytest

from api.lifecycle import people
from api.models import SignIn, User
from api.routes.asking import COOKIE
from tests.routes.places import everything
from tests.world import PASSWORD, configure


@pytest.fixture(autouse=True)
def no_tries_of_other_tests():
    """Wrong tries are counted per process, and every test has the same clock."""
    people._tries.clear()


async def sign_in(web, email="boss@agency.test", password=PASSWORD):
    return await web.post("/v1/session", json={"email": email, "password": password})


async def test_signing_in_and_out_again(small_world, boss):
    async with small_world.web() as web:
        assert (await sign_in(web, " BOSS@agency.test ")).status_code == 201
        assert (await web.get("/v1/me")).json()["name"] == "Boss"
        cookie = web.cookies[COOKIE]
        assert (await web.delete("/v1/session")).status_code == 204
        assert COOKIE not in web.cookies
        web.cookies.set(COOKIE, cookie)
        assert (await web.get("/v1/me")).status_code == 401
    assert (await boss.get("/v1/me"))["name"] == "Boss"


@pytest.mark.parametrize(("origin", "secure"), [("http://a.test", False), ("https://a.test", True)])
async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    small_world, boss, origin, secure
):
    configure(public_url=origin)
    async with small_world.web() as web:
        web.headers["Origin"] = origin
        cookie = (await sign_in(web)).headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=2592000"} <= parts
    assert ("secure" in parts) == secure
    assert not any(part.startswith("domain") for part in parts)


async def test_only_the_hash_of_a_cookie_and_of_a_password_is_kept(small_world, boss):
    kept = str(await everything())
    assert boss.web.cookies[COOKIE] not in kept
    assert PASSWORD not in kept
    assert (await small_world.rows(User))[0].password_hash.startswith("$argon2id$")


async def test_a_wrong_password_and_a_wrong_person_get_the_same_answer(small_world, boss):
    async with small_world.web() as web:
        answers = [
            await sign_in(web, password="wrong password"),
            await sign_in(web, "nobody@agency.test"),
        ]
    said = [{**answer.json(), "request_id": ""} for answer in answers]
    assert said[0] == said[1]
    assert (said[0]["status"], said[0]["code"]) == (401, "wrong-sign-in")
    assert all("set-cookie" not in answer.headers for answer in answers)


async def test_the_eleventh_wrong_try_in_five_minutes_is_too_many(small_world, boss):
    email = "boss@agency.test"
    async with small_world.web() as web:
        for _ in range(10):
            assert (await sign_in(web, email, "wrong password")).status_code == 401
        assert (await sign_in(web, email, "wrong password")).status_code == 429
        answer = await sign_in(web, email)
        assert (answer.status_code, answer.json()["code"]) == (429, "rate-limited")
        assert int(answer.headers["Retry-After"]) <= 300
        assert (await sign_in(web, "nobody.else@agency.test")).status_code == 401
        small_world.at += timedelta(seconds=int(answer.headers["Retry-After"]))
        assert (await sign_in(web, email)).status_code == 201


async def test_a_good_sign_in_forgets_the_wrong_tries(small_world, boss):
    async with small_world.web() as web:
        for tries in (9, 1):
            for _ in range(tries):
                await sign_in(web, password="wrong password")
            assert (await sign_in(web)).status_code == 201


async def test_signing_out_forgets_what_has_run_out(small_world, boss):
    assert len(await small_world.rows(SignIn)) == 1
    configure(signed_in_for=timedelta())
    async with small_world.web() as web:
        await sign_in(web)
    small_world.at = small_world.at.replace(minute=5)
    assert len(await small_world.rows(SignIn)) == 2
    await boss.web.delete("/v1/session")
    assert await small_world.rows(SignIn) == []
