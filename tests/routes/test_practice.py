"""Practice stays apart: it sees its own client only, and leaves nothing behind."""

import httpx

from api.database import transaction
from api.ids import encode
from api.lifecycle import people, practice
from api.models import User
from tests.routes.places import changed, everything, furnished, pressed


async def prepared():
    async with transaction() as session:
        return await practice.prepare(session, client_name="Practice Bistro", zone="UTC")


def web_of(world, secret):
    web = httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://a.test")
    web.headers["Authorization"] = f"Bearer {secret}"
    return web


async def test_the_key_of_a_drill_sees_the_practice_client_alone(small_world, boss):
    real = await furnished(small_world, boss, "Corner Bistro")
    _, client, secret = await prepared()
    async with web_of(small_world, secret) as web:
        seen = (await web.get("/v1/clients")).json()["data"]
        assert [one["id"] for one in seen] == [encode("cli", client.id)]
        assert (await web.get("/v1/incidents")).json()["data"] == []
        path = f"/v1/escalations/{real['escalation_id']}/acknowledge"
        assert (await web.post(path, headers=pressed())).status_code == 404


async def test_a_practice_person_is_no_colleague_and_cannot_sign_in(small_world, boss):
    user, _, _ = await prepared()
    async with transaction() as session:
        row = await session.get_one(User, user.id)
        row.password_hash = people._hasher().hash("a password that fits")
    told = [await boss.get("/v1/users"), await boss.get("/v1/on-call"), await boss.get("/v1/now")]
    assert "Practice" not in str(told)
    signed_in = {"email": user.email, "password": "a password that fits"}
    assert (await boss.web.post("/v1/session", json=signed_in)).status_code == 401


async def test_a_drill_leaves_nothing_and_takes_nothing(small_world, boss):
    await furnished(small_world, boss, "Corner Bistro")
    before = await everything()
    _, client, secret = await prepared()
    async with web_of(small_world, secret) as web:
        path = f"/v1/clients/{encode('cli', client.id)}/sources"
        made = await web.post(path, json={"kind": "push", "name": "P"}, headers=pressed())
        assert made.status_code == 201
        async with transaction() as session:
            await practice.end(session)
        assert (await web.get("/v1/clients")).status_code == 401
    async with transaction() as session:
        await practice.sweep(session)
    assert await changed(before) == ["answer"]
