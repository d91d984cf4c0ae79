"""Reviews that a program sends: up to 500, each with its own answer, none twice."""

from datetime import timedelta
from typing import Any

import pytest

from api.models import Incident, Intake, Review
from tests.routes.places import pressed, push_source, pushes, review


@pytest.fixture
async def source(boss):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    return (await push_source(boss, client))["id"]


async def test_five_hundred_at_once_are_fine_and_one_more_is_too_many(small_world, boss, source):
    told = await pushes(boss, source, *[review(n, stars=5) for n in range(500)])
    assert (told["accepted"], told["created"], len(told["results"])) == (500, 500, 500)
    reviews = [review(n) for n in range(501)]
    path = f"/v1/sources/{source}/reviews"
    answer = await boss.web.post(path, json={"reviews": reviews}, headers=pressed())
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert len(await small_world.rows(Review)) == 500


BAD: dict[str, Any] = {
    "not-an-object": "a text",
    "missing-external-id": {"stars": 1, "text": "Who am I?"},
    "stars-out-of-range": review(99, stars=99),
    "created-at-in-future": review(98, created_at="2099-01-01T00:00:00Z"),
    "created-at-invalid": review(97, created_at="yesterday"),
    "nothing-to-read": {"external_id": "r96"},
    "wrong-type": review(95, text=["a", "list"]),
}


async def test_good_reviews_are_kept_whatever_the_others_are(small_world, boss, source):
    told = await pushes(boss, source, review(1), *BAD.values(), review(2), review(1, text="Twice"))
    counts = (told["accepted"], told["created"], told["rejected"])
    assert counts == (2, 2, len(BAD) + 1)
    refused = {one["index"]: one for one in told["results"] if one["result"] == "rejected"}
    assert [refused[index]["code"] for index in range(1, len(BAD) + 1)] == list(BAD)
    assert refused[len(BAD) + 2]["external_id"] == "r1"
    assert all(one["detail"] for one in refused.values())
    assert {row.external_id for row in await small_world.rows(Review)} == {"r1", "r2"}


async def test_the_same_again_is_unchanged_and_an_edit_is_an_edit(world, mia):
    client = (await mia.post("/v1/clients", {"name": "Corner"}))["id"]
    source = (await push_source(mia, client))["id"]
    await pushes(mia, source, review(1, stars=5), review(2, stars=4))
    told = await pushes(mia, source, review(1, stars=5), review(2, stars=1), review(3))
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 1)
    seen = {one["external_id"]: one for one in (await mia.get("/v1/reviews"))["data"]}
    assert (seen["r2"]["stars"], seen["r2"]["edited"]) == (1, True)
    assert (seen["r1"]["stars"], seen["r1"]["edited"]) == (5, False)
    kept = (await world.rows(Review, external_id="r2"))[0]
    assert [one["stars"] for one in kept.earlier] == [4]
    assert kept.version == 2


async def test_what_is_no_list_is_refused(boss, source):
    path = f"/v1/sources/{source}/reviews"
    for body in (b"{}", b'{"reviews": 1}', b'"text"', b"7", b"null", b'{"reviews": {}}'):
        headers = pressed(**{"Content-Type": "application/json"})
        answer = await boss.web.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation")


async def test_another_kind_of_source_takes_no_pushed_reviews(small_world, boss):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    webhook = (await push_source(boss, client, "webhook"))["id"]
    path = f"/v1/sources/{webhook}/reviews"
    answer = await boss.web.post(path, json=[review(1)], headers=pressed())
    assert (answer.status_code, answer.json()["code"]) == (409, "capability-missing")


async def test_what_was_seen_makes_the_source_well(small_world, boss, source):
    assert (await boss.get(f"/v1/sources/{source}"))["health"] == "waiting"
    await pushes(boss, source, review(1))
    seen = await boss.get(f"/v1/sources/{source}")
    assert (seen["health"], seen["review_count"]) == ("ok", 1)


CSV = (
    b"id;date;rating;text\n1;11.05.2026 02:30;1;Kalt\n2;11.05.2026;9;Zu viel\n3;10.05.2026;2;Naja\n"
)
TAKEOUT = (
    b'{"reviews":[{"name":"accounts/1/locations/2/reviews/abc","starRating":"ONE",'
    b'"comment":"Cold","createTime":"2026-05-12T00:30:00Z","reviewer":{"displayName":"Ann"}}]}'
)


@pytest.mark.parametrize(
    ("body", "kind", "created", "rejected"),
    [(CSV, "text/csv", 2, 1), (TAKEOUT, "application/json", 1, 0)],
    ids=["csv", "takeout"],
)
async def test_a_file_is_taken_in_and_told_of(small_world, boss, body, kind, created, rejected):
    client = (await boss.post("/v1/clients", {"name": "Corner"}))["id"]
    source = (await push_source(boss, client, "file"))["id"]
    headers = pressed(**{"Content-Type": kind})
    path = f"/v1/sources/{source}/import"
    handed_in = await boss.web.post(path, content=body, headers=headers)
    assert (handed_in.status_code, handed_in.json()["state"]) == (202, "waiting")
    await small_world.works()
    intake = await boss.get(f"/v1/intakes/{handed_in.json()['id']}")
    assert intake["state"] == "taken_in"
    assert (intake["result"]["created"], intake["result"]["rejected"]) == (created, rejected)
    assert len(intake["result"]["problems"]) == rejected
    assert {one["history"] for one in (await boss.get("/v1/reviews"))["data"]} == {True}


async def test_a_file_of_fresh_bad_reviews_alarms_nobody(small_world, boss, source):
    rows = [f"{n},{small_world.at.isoformat()},1,Awful {n}" for n in range(30)]
    body = "\n".join(["id,date,stars,text", *rows]).encode()
    await boss.gets_a_phone()
    path = f"/v1/sources/{source}/import"
    assert (await boss.web.post(path, content=body, headers=pressed())).status_code == 202
    await small_world.waits(timedelta(minutes=2))
    boss.stays_silent()
    assert await small_world.rows(Incident) == []
    assert len(await small_world.rows(Review)) == 30


async def test_a_file_that_is_no_file_is_refused_with_a_reason(small_world, boss, source):
    path = f"/v1/sources/{source}/import"
    empty = await boss.web.post(path, content=b"", headers=pressed())
    assert (empty.status_code, empty.json()["detail"]) == (422, "The file is empty.")
    handed_in = await boss.web.post(path, content=b"PK\x03\x04 broken", headers=pressed())
    await small_world.works()
    intake = await boss.get(f"/v1/intakes/{handed_in.json()['id']}")
    assert (intake["state"], intake["result"]["code"]) == ("failed", "bad_content")
    assert intake["result"]["detail"]
    assert (await boss.get(f"/v1/sources/{source}"))["blind"] is False
    assert len(await small_world.rows(Intake)) == 1
