"""A private link opens one page, changes nothing, leaves no trace, and dies when it is told to."""

import logging
from datetime import timedelta

from api.models import Link
from tests.routes.owner_page import change, client_in, knock, link_to
from tests.routes.places import changed, everything, pressed


async def a_page(world, boss):
    client = (await boss.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    return client, await link_to(boss, client)


async def test_a_hundred_looks_change_nothing_but_when_it_was_last_opened(small_world, boss):
    path = await link_to(boss, await client_in("live", small_world, boss))
    before, links = await everything(), await small_world.rows(Link)
    small_world.at += timedelta(minutes=1)
    for _ in range(50):
        assert (await knock(small_world.app, path))[0] == 200
        await knock(small_world.app, path, "HEAD")
    assert await changed(before) == ["link"]
    after = await small_world.rows(Link)
    assert after[0].last_opened_at == small_world.at
    ignored = {"last_opened_at"}
    assert after[0].model_dump(exclude=ignored) == links[0].model_dump(exclude=ignored)


async def test_nothing_can_be_sent_to_the_page(small_world, boss):
    _, path = await a_page(small_world, boss)
    before = await everything()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        status, headers, _ = await knock(small_world.app, path, method)
        assert status == 405
        assert headers["allow"] == "GET"
    assert await changed(before) == []


async def test_wrong_rotated_revoked_and_ended_links_get_the_same_words(small_world, boss):
    client, rotated = await a_page(small_world, boss)
    revoked = await link_to(boss, client)
    newest, oldest = [one["id"] for one in (await boss.get(f"/v1/clients/{client}/links"))["data"]]
    await change(boss, f"/v1/links/{newest}/revoke")
    await change(boss, f"/v1/links/{oldest}/rotate", {"revoke": "now"})
    gone = (await boss.post("/v1/clients", {"name": "Gone"}))["id"]
    archived = await link_to(boss, gone)
    await boss.web.delete(f"/v1/clients/{gone}", headers=pressed())
    wrong = ["/p/x", "/p/" + "A" * 43, f"{rotated}x", rotated[:-1], "/p/%00"]
    seen = [await knock(small_world.app, path) for path in (rotated, revoked, archived, *wrong)]
    assert {status for status, _, _ in seen} == {410}
    assert len({body for _, _, body in seen}) == 1
    assert b"This link was replaced." in seen[0][2]
    assert {h["cache-control"] for _, h, _ in seen} == {"private, no-store"}
    assert all(b"Corner" not in body for _, _, body in seen)


async def test_a_rotated_link_opens_ten_more_minutes(small_world, boss):
    client, old = await a_page(small_world, boss)
    link = (await boss.get(f"/v1/clients/{client}/links"))["data"][0]["id"]
    new = (await change(boss, f"/v1/links/{link}/rotate"))["url"]
    new = new.removeprefix("http://nightdesk.test")
    assert new != old
    small_world.at += timedelta(minutes=9, seconds=59)
    assert (await knock(small_world.app, old))[0] == 200
    assert (await knock(small_world.app, new))[0] == 200
    small_world.at += timedelta(seconds=1)
    assert (await knock(small_world.app, old))[0] == 410
    assert (await knock(small_world.app, new))[0] == 200


async def test_no_rotation_opens_a_closed_link_again_or_keeps_one_open(small_world, boss):
    client, path = await a_page(small_world, boss)
    link = (await boss.get(f"/v1/clients/{client}/links"))["data"][0]["id"]
    await change(boss, f"/v1/links/{link}/rotate")
    small_world.at += timedelta(minutes=9)
    await change(boss, f"/v1/links/{link}/rotate")
    small_world.at += timedelta(minutes=1)
    assert (await knock(small_world.app, path))[0] == 410
    other = await link_to(boss, client)
    link = (await boss.get(f"/v1/clients/{client}/links"))["data"][0]["id"]
    await change(boss, f"/v1/links/{link}/revoke")
    await change(boss, f"/v1/links/{link}/rotate")
    assert (await knock(small_world.app, other))[0] == 410


async def test_the_secret_is_in_no_log_and_in_no_row(small_world, boss, caplog):
    caplog.set_level(logging.DEBUG)
    _, path = await a_page(small_world, boss)
    token = path.removeprefix("/p/")
    for method in ("GET", "HEAD", "POST"):
        await knock(small_world.app, path, method)
        await knock(small_world.app, f"{path}x", method)
        await knock(small_world.app, f"{path}/", method)
    shown = [f"{record.name} {record.getMessage()}" for record in caplog.records]
    assert [line for line in shown if token[:20] in line] == []
    assert any(line.startswith("nightdesk.access GET /p/{token} 200") for line in shown)
    assert token not in str(await everything())


async def test_a_list_of_links_shows_no_secret(small_world, boss):
    client, path = await a_page(small_world, boss)
    told = await boss.get(f"/v1/clients/{client}/links")
    assert set(told["data"][0]) == {
        "id", "object", "client_id", "capability", "created_at", "last_opened_at",
        "revoked_at", "expires_at",
    }  # fmt: skip
    assert path.removeprefix("/p/") not in str(told)
    assert len(path.removeprefix("/p/")) >= 43
