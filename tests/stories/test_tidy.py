"""What has served its time is forgotten; what is still needed stays."""

import io
import json
import zipfile
from datetime import timedelta

from api.database import transaction
from api.ids import decode
from api.models import Answer, Event, Evidence, Intake, Review, Source
from tests.routes.places import push_source, pushes, review
from tests.world import configure

DAY = timedelta(days=1)


async def test_after_a_month_answers_and_deliveries_are_gone_and_reviews_are_not(world, mia):
    world.has_history()
    await world.looks_after("Corner Bistro", by=mia)
    assert await world.rows(Answer)
    assert await world.rows(Intake)
    old = {event.seq for event in await world.rows(Event)}
    world.site.misbehaves = 304
    world.at += timedelta(days=31)
    await world.works()
    assert await world.rows(Answer) == []
    assert await world.rows(Intake) == []
    assert old.isdisjoint({event.seq for event in await world.rows(Event)})
    assert len(await world.rows(Review)) == 52


async def saved(world, mia, kind="push"):
    """The path of an incident of four low reviews, all of them saved as evidence."""
    client = (await mia.post("/v1/clients", {"name": "Corner Bistro"}))["id"]
    source = (await push_source(mia, client))["id"]
    said = {"author": {"name": "Kim", "id": "u1"}, "title": "Cold soup"}
    await pushes(mia, source, *[review(number, **said) for number in range(4)])
    async with transaction() as session:
        (await session.get_one(Source, decode("src", source))).kind = kind
    await world.works()
    incident = (await mia.get("/v1/incidents", client_id=client))["data"][0]["id"]
    path = f"/v1/incidents/{incident}"
    assert (await mia.post(f"{path}/evidence"))["saved"] == 4
    await mia.post(f"{path}/confirm")
    await mia.post(f"{path}/resolve")
    return path


async def later(world, time):
    world.at += time
    await world.works()


async def the_reviews(mia, path):
    answer = await mia.web.get(f"{path}/evidence.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    kept = json.loads(archive.read("reviews.json"))
    return [one | {"html": archive.read(one["page"]).decode()} for one in kept]


async def test_evidence_of_words_that_may_be_kept_for_a_day_is_bare_after_it_and_says_so(
    world, mia
):
    path = await saved(world, mia, kind="x")
    before = await the_reviews(mia, path)
    assert all(one["content"]["text"] == review(1)["text"] for one in before)
    assert {one["note"] for one in before} == {
        "X lets words be kept for a day. Nightdesk removes them after that."
    }
    await later(world, timedelta(hours=22))
    assert await the_reviews(mia, path) == before
    await later(world, timedelta(hours=2))
    after = await the_reviews(mia, path)
    for one in after:
        bare = [one["content"][name] for name in ("text", "title", "author", "author_id")]
        assert bare == ["", "", "", None]
        assert one["note"].startswith("X lets words be kept for a day. They were removed.")
        assert "Kim" not in one["html"]
        assert "soup" not in one["html"]
        assert one["content"]["stars"] == 1
    assert [one["sha256"] for one in after] == [one["sha256"] for one in before]


async def test_words_that_had_to_go_before_saving_are_told_as_gone(world, mia):
    path = await saved(world, mia, kind="x")
    async with transaction() as session:
        for row in await world.rows(Evidence):
            await session.delete(row)
    await later(world, DAY)
    assert (await mia.post(f"{path}/evidence"))["saved"] == 4
    assert {one["content"]["words"] for one in await the_reviews(mia, path)} == {"forgotten"}


async def test_names_are_gone_some_days_after_the_end_from_reviews_and_evidence(world, mia):
    configure(names_kept_for=10 * DAY)
    path = await saved(world, mia)
    await later(world, 9 * DAY)
    assert {one.author for one in await world.rows(Review)} == {"Kim"}
    assert all("Kim" in one["html"] for one in await the_reviews(mia, path))
    hashes = [one["sha256"] for one in await the_reviews(mia, path)]
    await later(world, 2 * DAY)
    assert {(one.author, one.author_id) for one in await world.rows(Review)} == {("", None)}
    after = await the_reviews(mia, path)
    for one in after:
        assert (one["content"]["author"], one["content"]["author_id"]) == ("", None)
        assert "Kim" not in one["html"]
        assert one["note"].startswith("The name was removed some time after the end.")
        assert one["content"]["text"] == review(1)["text"]
    assert [one["sha256"] for one in after] == hashes
    assert "Kim" not in str([row.page for row in await world.rows(Evidence)])


async def test_names_stay_while_an_incident_is_open_and_those_of_other_reviews_stay(world, mia):
    configure(names_kept_for=10 * DAY)
    path = await saved(world, mia)
    await mia.post(f"{path}/reopen")
    await later(world, 12 * DAY)
    assert {one.author for one in await world.rows(Review)} == {"Kim"}
    await mia.post(f"{path}/resolve")
    [source] = await world.rows(Source)
    world.at += DAY
    async with transaction() as session:
        session.add(
            Review(
                client_id=source.client_id, source_id=source.id, external_id="later",
                author="Ada", created_at=world.at, counts_at=world.at, content_hash="",
            )
        )  # fmt: skip
    await later(world, 11 * DAY)
    names = {one.external_id: one.author for one in await world.rows(Review)}
    assert names.pop("later") == "Ada"
    assert set(names.values()) == {""}
