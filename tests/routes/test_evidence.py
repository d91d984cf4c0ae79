"""Evidence: each review is saved once, as it stood, and anybody can check that it is unchanged."""

import asyncio
import io
import json
import subprocess
import zipfile
from datetime import timedelta

from api import evidence
from api.database import transaction
from api.ids import decode
from api.models import Entry, Evidence, Incident
from api.shown import digest_of
from tests.paper_reader import lines_of, pages_of, words_of
from tests.routes.places import a_source, pushes, review

HOSTILE = "<script>alert('x')</script>\"'> \u202eevil &amp; 😀 كانت الشوربة باردة 漢字"
LONG = "The soup was cold, and the waiter laughed. " * 70


async def a_burst(boss, *more, count=4):
    """An incident of some low reviews and some others; gives its path."""
    client, source = await a_source(boss)
    await pushes(boss, source, *[review(number) for number in range(count)], *more)
    await boss.world.works()
    found = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    return f"/v1/incidents/{found['id']}", source


async def the_zip(boss, path):
    answer = await boss.web.get(f"{path}/evidence.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert ".zip" in answer.headers["content-disposition"]
    return answer.content


def opened(packed):
    return zipfile.ZipFile(io.BytesIO(packed))


async def test_before_anything_is_saved_there_is_no_file_and_the_answer_says_what_to_do(mia):
    path, _ = await a_burst(mia)
    answer = await mia.web.get(f"{path}/evidence.zip")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.json()["detail"] == "Nothing is saved yet."
    assert "Save the reviews first." in answer.json()["hint"]


async def test_saving_twice_saves_only_what_is_new_and_the_timeline_tells_each_time(world, mia):
    path, source = await a_burst(mia)
    assert (await mia.post(f"{path}/evidence"))["saved"] == 4
    assert (await mia.post(f"{path}/evidence"))["saved"] == 0
    await pushes(mia, source, review(50))
    assert (await mia.post(f"{path}/evidence"))["saved"] == 1
    told = [entry.facts["count"] for entry in await world.rows(Entry, kind="saved")]
    assert sorted(told) == [1, 4]
    assert len({row.review_id for row in await world.rows(Evidence)}) == 5


async def test_the_same_key_saves_once(world, mia):
    path, source = await a_burst(mia)
    assert (await mia.post(f"{path}/evidence", key="one"))["saved"] == 4
    await pushes(mia, source, review(50))
    assert (await mia.post(f"{path}/evidence", key="one"))["saved"] == 4
    assert len(await world.rows(Evidence)) == 4


async def test_sha256sum_agrees_with_a_file_of_500_reviews(mia, tmp_path):
    path, source = await a_burst(mia)
    await pushes(
        mia, source, *[review(number, text=f"{number} {LONG[:300]}") for number in range(4, 500)]
    )
    assert (await mia.post(f"{path}/evidence"))["saved"] == 500
    archive = opened(await the_zip(mia, path))
    archive.extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    lines = checked.stdout.splitlines()
    assert all(line.endswith(": OK") for line in lines)
    assert {line.removesuffix(": OK") for line in lines} == set(archive.namelist()) - {"SHA256SUMS"}
    assert len(list((tmp_path / "pages").iterdir())) == 500
    (tmp_path / "pages" / "0007.html").write_text("changed")
    again = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert again.returncode == 1


async def test_every_review_is_in_it_word_for_word_and_its_hashes_fit(mia):
    path, _ = await a_burst(mia, review(60, text=HOSTILE, author=HOSTILE), review(61, text=LONG))
    await mia.post(f"{path}/evidence")
    archive = opened(await the_zip(mia, path))
    kept = json.loads(archive.read("reviews.json"))
    manifest = json.loads(archive.read("manifest.json"))
    told = (await mia.get("/v1/reviews", incident_id=path.rsplit("/", 1)[1]))["data"]
    words = {one["id"]: (one["text"], one["author"], one["stars"]) for one in told}
    assert {
        one["review_id"]: tuple(one["content"][name] for name in ("text", "author", "stars"))
        for one in kept
    } == words
    sums = {one["path"]: one["sha256"] for one in manifest["files"]}
    for one in kept:
        assert one["sha256"] == digest_of(one["content"])
        assert one["page_sha256"] == sums[one["page"]]
    assert manifest["count"] == len(kept) == 6
    assert manifest["client"]["name"] == "Corner"


async def test_hostile_words_stay_words_in_every_page(mia):
    url = "javascript:alert(1)"
    path, _ = await a_burst(mia, review(60, text=HOSTILE, author=HOSTILE, title=HOSTILE))
    async with transaction() as session:
        incident = await session.get_one(Incident, decode("inc", path.rsplit("/", 1)[1]))
        for one in await session.exec(evidence.of_burst(incident)):
            one.url = url
            session.add(one)
    await mia.post(f"{path}/evidence")
    archive = opened(await the_zip(mia, path))
    pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".html")]
    assert len(pages) == 6
    assert sum("&lt;script&gt;" in page for page in pages) == 2
    for page in pages:
        assert "<script" not in page
        assert 'href="javascript' not in page
        assert "default-src 'none'" in page
        assert page.count("<style>") == 1


async def test_the_file_is_the_same_twice_and_another_after_a_new_review(world, mia):
    path, source = await a_burst(mia, review(60, text=HOSTILE))
    await mia.post(f"{path}/evidence")
    first = await the_zip(mia, path)
    world.at += timedelta(days=1)
    assert await the_zip(mia, path) == first
    await pushes(mia, source, review(61))
    await mia.post(f"{path}/evidence")
    assert await the_zip(mia, path) != first


async def test_what_was_saved_stays_when_the_review_is_edited_or_gone(world, mia):
    path, source = await a_burst(mia)
    await mia.post(f"{path}/evidence")
    first = await the_zip(mia, path)
    world.at += timedelta(minutes=5)
    await pushes(mia, source, review(1, text="I never said that."))
    assert (await mia.post(f"{path}/evidence"))["saved"] == 0
    assert await the_zip(mia, path) == first


async def test_what_an_edit_replaced_is_evidence_too(world, mia):
    path, source = await a_burst(mia)
    world.at += timedelta(minutes=5)
    await pushes(mia, source, review(1, text="I never said that."))
    await mia.post(f"{path}/evidence")
    archive = opened(await the_zip(mia, path))
    edited = [one for one in json.loads(archive.read("reviews.json")) if one["content"]["edited"]]
    assert [one["content"]["earlier"][0]["text"] for one in edited] == [review(1)["text"]]
    page = archive.read(edited[0]["page"]).decode()
    assert "I never said that." in page
    assert "The soup was cold" in page


async def test_reviews_from_before_the_burst_and_after_its_end_are_no_part_of_it(world, mia):
    path, source = await a_burst(mia)
    old = {"created_at": (world.at - timedelta(days=40)).isoformat()}
    await pushes(mia, source, review(70, **old))
    await mia.post(f"{path}/confirm")
    await mia.post(f"{path}/resolve")
    world.at += timedelta(days=2)
    await pushes(mia, source, review(71))
    assert (await mia.post(f"{path}/evidence"))["saved"] == 4


async def test_two_who_save_at_the_same_moment_save_each_review_once(world, mia):
    path, _ = await a_burst(mia)
    answers = await asyncio.gather(*(mia.post(f"{path}/evidence") for _ in range(4)))
    assert sorted(one["saved"] for one in answers) == [0, 0, 0, 4]
    assert len(await world.rows(Evidence)) == 4


async def test_the_pdf_tells_every_review_with_time_place_link_and_hash(mia):
    url = "https://maps.example/r/60"
    path, _ = await a_burst(
        mia, review(60, text=HOSTILE, author="Zoë", url=url), review(61, text=LONG)
    )
    await mia.post(f"{path}/evidence")
    archive = opened(await the_zip(mia, path))
    pdf = archive.read("evidence.pdf")
    told = words_of(pdf)
    for one in json.loads(archive.read("reviews.json")):
        assert one["sha256"] in told
        assert one["content"]["author"] in told
    assert told.count("★☆☆☆☆ 1 of 5") == 6
    assert told.count("Written Tue 12 May 2026, 01:00:00 UTC (+00:00)") == 6
    assert url in told
    assert told.count("soup") == 70 + 4
    assert "<script>alert('x')</script>" in told
    assert "□□" in told


async def test_a_review_of_twenty_thousand_signs_without_a_space_takes_more_pages(mia):
    path, _ = await a_burst(mia)
    await mia.post(f"{path}/evidence")
    short = opened(await the_zip(mia, path)).read("evidence.pdf")
    other, _ = await a_burst(mia, review(60, text="x" * 20_000))
    await mia.post(f"{other}/evidence")
    long = opened(await the_zip(mia, other)).read("evidence.pdf")
    assert pages_of(long) > pages_of(short)
    assert "".join(lines_of(long)).count("x") >= 20_000


async def test_a_drill_is_stamped_in_every_readable_part(mia):
    path, _ = await a_burst(mia)
    async with transaction() as session:
        incident = await session.get_one(Incident, decode("inc", path.rsplit("/", 1)[1]))
        incident.practice = True
        session.add(incident)
    await mia.post(f"{path}/evidence")
    archive = opened(await the_zip(mia, path))
    for name in ("README.txt", "index.html"):
        assert "PRACTICE" in archive.read(name).decode()
    assert "PRACTICE" in words_of(archive.read("evidence.pdf"))
    assert json.loads(archive.read("manifest.json"))["incident"]["practice"] is True
