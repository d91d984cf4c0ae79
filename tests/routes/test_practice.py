"""Practice stays apart: it sees its own client only, acts on its own page, and leaves nothing."""

from contextlib import asynccontextmanager
from datetime import timedelta

import httpx

from api.database import transaction
from api.ids import encode
from api.lifecycle import people, practice
from api.models import Message, User
from tests.routes.places import changed, everything, furnished, pressed
from tests.world import configure
from workers.drill_instance import free_ports
from workers.practice_stage import Stage


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


@asynccontextmanager
async def on_stage(world):
    """A drill as far as the yes: the stage, the door of its key, and the action that is ready."""
    [port] = free_ports(1)
    configure(practice_port=port)
    _, client, secret = await prepared()
    async with Stage(port, "http://a.test") as stage, web_of(world, secret) as web:
        path = f"/v1/clients/{encode('cli', client.id)}/sources"
        page = {"kind": "feed", "name": "Practice page", "url": stage.feed_url}
        stage.publish_history(weeks=26, until=world.at)
        await tapped(web, path, page)
        await world.works()
        for number in range(4):
            stage.publish_low(number, world.at)
        await world.waits(timedelta(minutes=1))
        yield stage, web, await agreed(web)


async def tapped(web, path, body=None):
    answer = await web.post(path, json=body or {}, headers=pressed())
    assert answer.is_success, answer.text
    return answer.json()


async def seen(web, path):
    return (await web.get(path)).json()


async def agreed(web):
    """The path of the action that the owner has agreed to on the phone."""
    [incident] = (await seen(web, "/v1/incidents"))["data"]
    sheet = await seen(web, f"/v1/incidents/{incident['id']}/call-sheet")
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    call = {"contact_id": sheet["contact"]["contact_id"], "outcome": "said_yes", "chosen": chosen}
    said = await tapped(web, f"/v1/incidents/{incident['id']}/calls", call)
    return f"/v1/actions/{said['action']['id']}"


async def told_about(world):
    """What the owner was told about; that it left towards nobody."""
    messages = await world.rows(Message)
    assert {(one.state, one.reference) for one in messages} <= {("sent", "practice")}
    return {one.kind for one in messages}


async def test_a_practised_take_down_is_read_back_and_told_and_leaves_nothing(world):
    before = await everything()
    async with on_stage(world) as (stage, web, action):
        await tapped(web, f"{action}/execute")
        assert stage.page.shown, "the tap only begins it"
        await world.works()
        assert (await seen(web, action))["state"] == "succeeded"
        assert not stage.page.shown
        assert await told_about(world) == {"agreed", "down"}
        await tapped(web, f"{action}/revert")
        await world.works()
        assert (await seen(web, action))["state"] == "reverted"
        assert stage.page.shown
        assert await told_about(world) == {"agreed", "down", "back"}
    async with transaction() as session:
        await practice.sweep(session)
    # The number of the last event and the beats of the duties go on, whatever they were for.
    assert set(await changed(before)) <= {"answer", "counter", "heartbeat"}


async def test_a_practice_page_that_says_yes_and_stays_up_is_not_called_down(small_world):
    async with on_stage(small_world) as (stage, web, action):
        stage.page.stubborn = True
        await tapped(web, f"{action}/execute")
        await small_world.works()
        assert (await seen(web, action))["state"] == "executing"
        await small_world.waits(timedelta(minutes=1))
        ended = await seen(web, action)
        assert (ended["state"], ended["results"][0]["state"]) == ("failed", "lost")
        assert await told_about(small_world) == {"agreed"}
