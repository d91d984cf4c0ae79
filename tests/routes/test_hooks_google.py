"""Google pushes by Pub/Sub: its token is believed when each word of it and its key are right."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from tests import illnesses
from tests.routes.places import changed, everything
from tests.routes.vendors import SETTINGS, a_place, call, google_keys, is_due, pushed, rests
from tests.world import configure


@pytest.fixture
def vendors(world):
    configure(**SETTINGS)


def by(token):
    return {"Authorization": f"Bearer {token}"}


async def test_google_is_heard_once_by_its_token(world, mia, vendors):
    _, source = await a_place(mia, "google", account="1001", location="2002")
    body = pushed("accounts/999/locations/2002")
    async with google_keys() as keys:
        headers = by(keys.token())
        assert (await call(world, "google", body, headers)).status_code == 200
        assert await is_due(world, source)
        await rests(source)
        before = await everything()
        assert (await call(world, "google", body, headers)).status_code == 200
        again = pushed("accounts/1001/locations/2002")
        assert (await call(world, "google", again, by(keys.token()))).status_code == 200
        assert await changed(before) == []
        assert len(keys.log) == 1


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://other.example"},
    "another account": {"email": "me@example.test"},
    "an address nobody has proved": {"email_verified": False},
    "another issuer": {"iss": "https://evil.example"},
    "over": {"exp": 1778000000},
    "without an end": {"exp": None},
    "from the future": {"iat": 1979000000},
    "without an account": {"email": None},
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_token_with_one_wrong_word_is_refused(world, mia, vendors, what):
    _, source = await a_place(mia, "google", location="2002")
    async with google_keys() as keys:
        answer = await call(
            world, "google", pushed("locations/2002"), by(keys.token(**WRONG[what]))
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "bad-signature")
    assert not await is_due(world, source)


async def test_only_google_can_sign_a_token(world, mia, vendors):
    _, source = await a_place(mia, "google", location="2002")
    async with google_keys() as keys:
        good = keys.token()
        stranger = RSAKey.generate_key(2048, {"kid": "key-1"}, private=True)
        head, claims, mac = good.split(".")
        unsigned = "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ"
        for token in (
            keys.token(key=stranger), f"{head}.{claims}.{mac[:-8]}AAAAAAAA", f"{head}.{claims}.",
            f"{unsigned}.{claims}.", f"{head}.{claims}", "", "a.b.c", "é" * 40, "." * 9000,
        ):  # fmt: skip
            headers = {"Authorization": f"Bearer {token}".encode()}
            answer = await call(world, "google", pushed("locations/2002"), headers)
            assert answer.status_code == 401, token
        basic = {"Authorization": f"Basic {good}"}
        assert (await call(world, "google", pushed("locations/2002"), basic)).status_code == 401
    assert not await is_due(world, source)


async def test_new_keys_of_google_are_asked_for_once_a_minute(world, mia, vendors):
    await a_place(mia, "google", location="2002")
    async with google_keys() as keys:
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 200
        keys.turn_over()
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 401
        assert len(keys.log) == 1
        world.at += timedelta(minutes=1)
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 200
        assert len(keys.log) == 2


async def test_known_keys_serve_on_while_google_cannot_be_reached(world, mia, vendors):
    async with google_keys() as keys:
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 200
        keys.misbehave(illnesses.reply(503), times=None)
        world.at += timedelta(days=1)
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 200
        assert len(keys.log) == 2


async def test_without_keys_nothing_of_google_is_believed(world, mia, vendors):
    async with google_keys() as keys:
        keys.misbehave(illnesses.reply(200, text="<html>"), times=None)
        assert (await call(world, "google", b"{}", by(keys.token()))).status_code == 401
