"""A list can be walked to its end: every row once, whatever has the same time as another."""

import base64
import json

from api import clock
from api.database import transaction
from api.ids import encode
from api.models import Client
from tests.routes.places import push_source, pushes, review


async def walk(person, path, **question):
    """Every page of a list, following what the answer says and not what we think."""
    pages, cursor = [], None
    while True:
        asked = question if cursor is None else {**question, "cursor": cursor}
        answer = await person.web.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        pages.append(body["data"])
        cursor = body["next_cursor"]
        assert body["has_more"] == (cursor is not None) == ("Link" in answer.headers)
        if cursor is None:
            return pages


async def many_clients(count):
    """All of them made in the same moment; gives their ids."""
    async with transaction() as session:
        rows = [Client(name=f"Place {n}", created_at=clock.now()) for n in range(count)]
        session.add_all(rows)
    return {encode("cli", row.id) for row in rows}


async def test_clients_of_the_same_moment_are_each_walked_once(world, mia):
    made = await many_clients(155)
    pages = await walk(mia, "/v1/clients", limit=20)
    assert [len(page) for page in pages] == [20] * 7 + [15]
    found = [one["id"] for page in pages for one in page]
    assert len(found) == 155
    assert set(found) == made
    assert found == sorted(found, reverse=True)


async def test_reviews_of_the_same_moment_are_each_walked_once(world, mia):
    client = (await mia.post("/v1/clients", {"name": "Corner"}))["id"]
    source = (await push_source(mia, client))["id"]
    await pushes(mia, source, *[review(n, stars=1 + n % 5) for n in range(200)])
    found = [one for page in await walk(mia, "/v1/reviews", limit=7) for one in page]
    assert len({one["external_id"] for one in found}) == len(found) == 200
    bad = [one for page in await walk(mia, "/v1/reviews", limit=7, stars=1) for one in page]
    assert len(bad) == 40
    assert {one["stars"] for one in bad} == {1}


async def test_what_comes_in_between_neither_repeats_nor_hides_anything(small_world, boss):
    made = await many_clients(30)
    first = await boss.get("/v1/clients", limit=10)
    await boss.post("/v1/clients", {"name": "Newer than all"})
    rest = await boss.get("/v1/clients", limit=100, cursor=first["next_cursor"])
    assert {one["id"] for one in (*first["data"], *rest["data"])} == made


async def test_the_link_header_leads_to_the_next_page_with_the_same_filters(small_world, boss):
    await many_clients(30)
    first = await boss.web.get("/v1/clients?limit=10&q=Place 1")
    address, _, kind = first.headers["Link"].partition("; ")
    assert kind == 'rel="next"'
    second = (await boss.web.get(address.strip("<>"))).json()
    seen = {one["id"] for one in (*first.json()["data"], *second["data"])}
    assert len(seen) == 11
    assert second["has_more"] is False


async def test_the_limit_is_cut_to_what_is_given_at_most(small_world, boss):
    await many_clients(120)
    assert len((await boss.get("/v1/clients", limit=1000))["data"]) == 100
    assert len((await boss.get("/v1/clients"))["data"]) == 50
    assert (await boss.web.get("/v1/clients?limit=0")).status_code == 422


def forged(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


GARBAGE = [
    "", "garbage", "%00", "🌙", forged(), forged(1, 2, 3), forged("2026", "x", "y"),
    forged("0001-01-01T00:00:00+14:00", "0" * 32, ""), forged(None, None, None),
    forged("2026-05-12T01:00:00+00:00", 5, ""), base64.b64encode(b"[" * 20_000).decode(),
    base64.b64encode(b"{}").decode(), base64.b64encode(b'{"a":1,"b":2,"c":3}').decode(),
]  # fmt: skip


async def test_a_cursor_that_no_list_made_is_refused(small_world, boss):
    for path in ("/v1/clients", "/v1/reviews", "/v1/incidents"):
        for cursor in GARBAGE:
            answer = await boss.web.get(path, params={"cursor": cursor})
            assert answer.status_code == 400, (path, cursor[:40])
            assert answer.json()["code"] == "invalid-cursor"


async def test_a_cursor_belongs_to_its_list_and_its_filters(small_world, boss):
    await many_clients(30)
    cursor = (await boss.get("/v1/clients", limit=10, q="Place"))["next_cursor"]
    for elsewhere in ("reviews?", "incidents?", "clients?", "clients?q=Place 1&"):
        answer = await boss.web.get(f"/v1/{elsewhere}cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
    smaller = await boss.web.get("/v1/clients", params={"q": "Place", "limit": 5, "cursor": cursor})
    assert len(smaller.json()["data"]) == 5
