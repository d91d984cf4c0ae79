"""A sender that drips, a flood of wrong passwords, a narrow key: nobody else notices."""

import asyncio

import httpx
import pytest

from api.routes import security
from tests.world import PASSWORD


async def test_a_body_that_never_ends_is_given_up_and_writing_goes_on(small_world, monkeypatch):
    monkeypatch.setattr(security, "_BODY_SECONDS", 0.2)
    mia = await small_world.hires("Mia", role="owner")
    client = await mia.post("/v1/clients", {"name": "Crumb"})
    source = await mia.post(
        f"/v1/clients/{client['id']}/sources", {"kind": "webhook", "name": "Hook"}
    )

    async def drips():
        yield b"{"
        await asyncio.sleep(30)

    async with small_world.web() as stranger:
        slow = asyncio.create_task(stranger.post(f"/in/{source['id']}", content=drips()))
        await asyncio.sleep(0)
        await asyncio.wait_for(mia.post("/v1/clients", {"name": "Other"}), 5)
        answer = await slow
    assert answer.status_code == 408
    assert answer.headers["content-type"] == "application/problem+json"


async def test_sixty_wrong_passwords_at_once_are_stopped_after_ten(small_world):
    await small_world.hires("Mia", role="owner")
    body = {"email": "mia@agency.test", "password": "wrong wrong wrong"}
    async with small_world.web() as stranger:
        answers = await asyncio.gather(
            *(stranger.post("/v1/session", json=body) for _ in range(60))
        )
    assert [answer.status_code for answer in answers].count(401) <= 10
    assert [answer.status_code for answer in answers].count(429) >= 50


@pytest.mark.parametrize("path", ["/v1/users"])
async def test_a_key_for_one_client_does_not_read_the_people_or_change_the_ladder(
    small_world, path
):
    mia = await small_world.hires("Mia", role="owner")
    client = await mia.post("/v1/clients", {"name": "Crumb"})
    scopes = ["oncall:read", "oncall:write", "clients:write"]
    made = await mia.post(
        "/v1/api-keys", {"name": "shop", "scopes": scopes, "client_ids": [client["id"]]}
    )
    headers = {"Authorization": f"Bearer {made['secret']}", "Idempotency-Key": "k", "If-Match": "*"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(small_world.app), base_url="http://nightdesk.test",
        headers=headers,
    ) as shop:  # fmt: skip
        assert (await shop.get(path)).status_code == 403
        order = {"user_ids": [(await mia.get("/v1/me"))["id"]]}
        assert (await shop.put("/v1/on-call", json=order)).status_code == 403
        assert (await shop.post("/v1/clients", json={"name": "New"})).status_code == 403


async def test_a_phone_with_a_key_that_is_no_key_is_refused(small_world):
    mia = await small_world.hires("Mia", role="owner")
    phone = await small_world.push.phone()
    key = await mia.get("/v1/push-key")
    subscription = phone.subscription | {"keys": {"p256dh": "A" * 87, "auth": phone.auth}}
    body = {"subscription": subscription, "push_key_id": key["id"]}
    refused = await mia.post("/v1/me/devices", body, expect=422)
    assert refused["errors"][0]["pointer"] == "/subscription/keys/p256dh"


async def test_a_good_password_still_works_beside_wrong_ones_from_elsewhere(small_world):
    await small_world.hires("Mia", role="owner")
    async with small_world.web() as mia:
        body = {"email": "mia@agency.test", "password": PASSWORD}
        assert (await mia.post("/v1/session", json=body)).status_code == 201
