"""Vendors call us: a proven call asks for a reading, once; a touched one is refused."""

import asyncio
import json

import pytest

from api.database import transaction
from api.models import Hint, Source
from tests.routes.places import changed, everything, pressed
from tests.routes.vendors import (
    SETTINGS,
    VERIFY,
    a_place,
    call,
    is_due,
    of_meta,
    of_tiktok,
    of_x,
    rests,
)
from tests.world import configure

BIG = 9007199254740993


def page_changed(page="1029", field="feed", **value):
    change = {"field": field, "value": {"item": "comment", "comment_id": BIG} | value}
    return json.dumps({"object": "page", "entry": [{"id": page, "changes": [change]}]}).encode()


COMMENT = json.dumps(
    {"event": "comment.update", "user_openid": "open-1", "content": json.dumps({"comment_id": BIG})}
).encode()
POST = json.dumps({"for_user_id": "77", "tweet_create_events": [{"text": "Bad."}]}).encode()
SIGNED = {
    "meta": ("facebook", {"page_id": "1029"}, page_changed(), of_meta),
    "tiktok": ("tiktok", {"business": "open-1"}, COMMENT, of_tiktok),
    "x": ("x", {"user_id": "77"}, POST, of_x),
}


@pytest.fixture
def vendors(world):
    configure(**SETTINGS)


@pytest.mark.parametrize("vendor", SIGNED)
async def test_a_signed_call_asks_for_a_reading_once(world, mia, vendors, vendor):
    kind, place, body, signed = SIGNED[vendor]
    _, source = await a_place(mia, kind, **place)
    _, other = await a_place(mia, kind, **dict.fromkeys(place, "another"))
    answer = await call(world, vendor, body, signed(body))
    assert (answer.status_code, answer.json()) == (200, {"state": "heard"})
    assert await is_due(world, source)
    assert not await is_due(world, other)
    await rests(source)
    before = await everything()
    assert (await call(world, vendor, body, signed(body))).status_code == 200
    assert await changed(before) == []


@pytest.mark.parametrize("vendor", SIGNED)
async def test_a_touched_call_is_refused_and_changes_nothing(world, mia, vendors, vendor):
    kind, place, body, signed = SIGNED[vendor]
    await a_place(mia, kind, **place)
    before = await everything()
    for wrong, headers in (
        (body[:-1] + b" ", signed(body)),
        (body, signed(body, "another secret")),
        (body, {}),
        (body, dict.fromkeys(signed(body), "é".encode())),
    ):
        answer = await call(world, vendor, wrong, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "bad-signature")
    assert await changed(before) == []


@pytest.mark.parametrize("vendor", SIGNED)
async def test_a_vendor_without_an_app_here_is_not_heard(world, mia, vendor):
    *_, body, signed = SIGNED[vendor]
    assert (await call(world, vendor, body, signed(body, ""))).status_code == 401


@pytest.mark.parametrize("vendor", SIGNED)
async def test_what_nobody_watches_or_can_read_is_taken_and_does_nothing(
    world, mia, vendors, vendor
):
    kind, place, _, signed = SIGNED[vendor]
    client, _ = await a_place(mia, kind, **place)
    before = await everything()
    for body in (
        b"", b"[]", b"no json", b'{"entry":[{"id":"1029"}]}', b"[" * 5000, b'{"entry":{"id":1}}',
        page_changed("555"), b'{"user_openid":true,"content":7}', b'{"for_user_id":"78"}',
    ):  # fmt: skip
        assert (await call(world, vendor, body, signed(body))).status_code == 200, body
    assert await changed(before) == []
    archived = await mia.web.delete(f"/v1/clients/{client}", headers=pressed())
    assert archived.status_code == 204
    known = SIGNED[vendor][2]
    assert (await call(world, vendor, known, signed(known))).status_code == 200
    assert await world.rows(Hint) == []


async def test_the_same_call_twice_at_once_is_heard_once(world, mia, vendors):
    await a_place(mia, "facebook", page_id="1029")
    body = page_changed()
    answers = await asyncio.gather(*(call(world, "meta", body, of_meta(body)) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await world.rows(Hint)) == 1


async def test_instagram_is_told_which_mention_to_look_up(world, mia, vendors):
    _, source = await a_place(mia, "instagram", ig_user_id="17841")
    value = {"media_id": "1789", "comment_id": BIG}
    body = json.dumps(
        {"object": "instagram", "entry": [{"id": "17841", "field": "mentions", "value": value}]}
    ).encode()
    assert (await call(world, "meta", body, of_meta(body))).status_code == 200
    [hint] = await world.rows(Hint)
    assert hint.about == {"field": "mentions", "media_id": "1789", "comment_id": str(BIG)}
    assert await is_due(world, source)


async def test_a_vendor_that_asked_for_a_pause_gets_it(world, mia, vendors):
    _, source = await a_place(mia, "facebook", page_id="1029")
    async with transaction() as session:
        row = await session.get_one(Source, (await world.row(Source, source)).id)
        row.health = "rate_limited"
        session.add(row)
    await call(world, "meta", page_changed(), of_meta(page_changed()))
    assert not await is_due(world, source)


async def test_meta_learns_that_the_address_is_ours_by_the_agreed_word(world, vendors):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    async with world.web() as web:
        answer = await web.get("/hooks/meta", params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert answer.headers["content-type"].startswith("text/plain")
        for wrong in (
            {"hub.verify_token": "another"}, {"hub.verify_token": ""}, {"hub.mode": "other"},
        ):  # fmt: skip
            assert (await web.get("/hooks/meta", params=asked | wrong)).status_code == 401
        html = asked | {"hub.challenge": "<script>"}
        assert (await web.get("/hooks/meta", params=html)).status_code == 422
        configure(meta_verify_token=None)
        empty = asked | {"hub.verify_token": ""}
        assert (await web.get("/hooks/meta", params=empty)).status_code == 401


async def test_x_is_answered_and_never_signs_a_delivery_for_somebody_else(world, vendors):
    async with world.web() as web:
        answer = await web.get("/hooks/x", params={"crc_token": "crc_abc"})
        expected = of_x(b"crc_abc")["x-twitter-webhooks-signature"]
        assert answer.json() == {"response_token": expected}
        forged = await web.get("/hooks/x", params={"crc_token": POST.decode()})
    assert forged.status_code in {401, 422}


async def test_more_than_a_megabyte_is_not_taken(world, vendors):
    body = b" " * 1_000_001
    for path, headers in (("meta", of_meta(body)), ("google", {}), ("yelp/x", {})):
        answer = await call(world, path, body, headers)
        assert answer.status_code in {401, 410, 413}
        assert path != "meta" or answer.status_code == 413
