"""The report: from the timeline alone, in three forms, completed by people."""

import re
from datetime import timedelta

import pytest

from api.database import transaction
from api.ids import decode, encode
from api.lifecycle import incident as lifecycle
from api.models import Incident, Report
from tests.paper_reader import words_of
from tests.routes.places import a_source
from tests.routes.reported import (
    HOSTILE,
    HTML,
    PDF,
    WORDS,
    an_incident,
    at,
    ends,
    takes_down,
    write,
)


async def test_the_report_tells_numbers_times_and_what_is_left(world, mia):
    incident, _ = await an_incident(mia)
    for minutes, kind in ((1, "rang"), (1, "acknowledged"), (2, "called"), (1, "said_yes")):
        world.at += timedelta(minutes=minutes)
        await write(incident, kind, name="Rosa")
    world.at += timedelta(minutes=1)
    await write(incident, "down", place="Facebook")
    await takes_down(incident)
    await takes_down(incident, "Website", way="back")
    told = await mia.get(at(incident))
    assert told["sentence"] == "4 new reviews in 6 min so far, 4 of them low."
    assert told["numbers"] | {"lasted_seconds": 0} == {
        "new": 4, "low": 4, "worst": 4, "worst_seconds": 600, "lasted_seconds": 0, "over": False,
    }  # fmt: skip
    seconds = {one["name"]: one["seconds"] for one in told["times"]}
    assert seconds == {
        "noticed": 0, "alarm": 60, "acknowledged": 120, "owner": 240, "yes": 300, "down": 360,
        "calm": None,
    }  # fmt: skip
    assert told["times"][-1]["words"] == "Calm was not measured."
    assert told["still"] == {"shown": 4, "hidden": 0, "gone": 0}
    assert told["rating"] == {"before": 5.0, "lowest": 3.4, "now": 3.4, "count": 10}
    assert told["down"] == ["Facebook"]
    said = [one["sentence"] for one in told["lines"]]
    assert "Facebook was down. We read the place itself to be sure." in said
    assert "Rosa said yes by phone." in said


async def test_an_incident_without_a_timeline_and_without_reviews_has_a_report(world, mia):
    client, _ = await a_source(mia)
    async with transaction() as session:
        bare = Incident(
            client_id=decode("cli", client), title="", sentence="", since=world.at,
            opened_at=world.at,
        )  # fmt: skip
        session.add(bare)
    path = at(encode("inc", bare.id))
    told = await mia.get(path)
    assert told["sentence"] == "No new reviews are on record for this."
    assert told["lines"] == []
    assert told["rating"] == {"before": None, "lowest": None, "now": None, "count": 0}
    page = await mia.web.get(path, headers=HTML)
    assert "Nothing was written down." in page.text
    assert "No alarm was sent." in page.text
    paper = await mia.web.get(path, headers=PDF)
    assert "No place was read back as down." in words_of(paper.content)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"), ("*/*", "application/json"),
        ("", "application/json"), ("text/html", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/pdf", "application/pdf"), ("image/png", "application/json"),
        ("text/html;q=0.2, application/pdf;q=0.9", "application/pdf"),
        ("text/html;q=x, ;;,", "application/json"),
    ],
)  # fmt: skip
async def test_the_form_is_the_one_that_was_asked_for(small_world, boss, accept, kind):
    incident, _ = await an_incident(boss)
    answer = await boss.web.get(at(incident), headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["vary"] == "Accept"


async def test_the_page_is_whole_strict_and_names_no_reviewer(mia):
    incident, _ = await an_incident(mia, name=HOSTILE)
    await mia.web.put(at(incident), json={"helped": HOSTILE}, headers={"If-Match": "*"})
    page = await mia.web.get(at(incident), headers=HTML)
    html = page.text
    assert "<script" not in html.lower()
    assert re.findall(r"\son[a-z]+=", html) == []
    assert re.findall(r'(?:src|href|action)="', html) == []
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert html.count("&lt;script&gt;") == 2
    assert "<table>" in html
    assert 'role="img"' in html
    assert len(page.content) <= 40_000


async def test_the_three_forms_tell_the_same(world, mia):
    incident, _ = await an_incident(mia)
    await mia.web.put(at(incident), json=WORDS, headers={"If-Match": "*"})
    told = await mia.get(at(incident))
    html = (await mia.web.get(at(incident), headers=HTML)).text
    paper = words_of((await mia.web.get(at(incident), headers=PDF)).content)
    sentences = [told["sentence"], *(one["sentence"] for one in told["lines"])]
    for said in (*sentences, WORDS["helped"], WORDS["hindered"], WORDS["staff"]):
        assert said in html
        assert said in paper
    assert "A second key (Rosa, until 2026-06-01)" in html
    assert "A second key (Rosa, until 2026-06-01)" in paper


async def test_the_pdf_is_the_same_twice(mia):
    incident, _ = await an_incident(mia)
    first = await mia.web.get(at(incident), headers=PDF)
    assert (await mia.web.get(at(incident), headers=PDF)).content == first.content


async def test_what_people_write_is_kept_and_nobody_overwrites_another(mia):
    incident, _ = await an_incident(mia)
    seen = await mia.web.get(at(incident))
    assert (await mia.web.put(at(incident), json=WORDS)).status_code == 428
    saved = await mia.web.put(at(incident), json=WORDS, headers={"If-Match": seen.headers["ETag"]})
    assert saved.status_code == 200, saved.text
    assert {name: saved.json()[name] for name in WORDS} == WORDS
    late = await mia.web.put(at(incident), json={}, headers={"If-Match": seen.headers["ETag"]})
    assert (late.status_code, late.json()["code"]) == (412, "version-conflict")
    assert late.json()["newer"]["helped"] == WORDS["helped"]
    again = await mia.web.put(at(incident), json={}, headers={"If-Match": saved.headers["ETag"]})
    assert (again.json()["helped"], again.json()["changes"]) == ("", [])


async def test_a_report_that_has_not_changed_is_not_sent_again(mia):
    incident, _ = await an_incident(mia)
    await ends(mia, incident)
    seen = await mia.web.get(at(incident))
    same = {"If-None-Match": seen.headers["ETag"]}
    assert (await mia.web.get(at(incident), headers=same)).status_code == 304
    await write(incident, "called", name="Rosa")
    assert (await mia.web.get(at(incident), headers=same)).status_code == 200


async def test_a_drill_is_stamped_in_page_and_paper(world, mia):
    incident, _ = await an_incident(mia)
    async with transaction() as session:
        held = await session.get_one(Incident, decode("inc", incident))
        held.practice = True
        session.add(held)
    assert "PRACTICE" in (await mia.web.get(at(incident), headers=HTML)).text
    assert "PRACTICE" in words_of((await mia.web.get(at(incident), headers=PDF)).content)
    assert (await mia.get(at(incident)))["practice"] is True


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"changes": [{"who": "Rosa"}]}, "/changes/0/what"),
        ({"changes": [{"what": "Keys", "by": "soon"}]}, "/changes/0/by"),
        ({"changes": [{"what": "Keys"}] * 21}, "/changes"),
        ({"helped": "x" * 4001}, "/helped"),
    ],
)
async def test_what_cannot_be_a_report_is_refused_by_its_place(small_world, boss, body, pointer):
    incident, _ = await an_incident(boss)
    answer = await boss.web.put(at(incident), json=body, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await small_world.rows(Report) == []


async def test_a_ladder_that_rang_for_hours_takes_one_line(world, mia):
    incident, _ = await an_incident(mia)
    for _ in range(30):
        await write(incident, "exhausted")
    await write(incident, "acknowledged")
    said = [one["sentence"] for one in (await mia.get(at(incident)))["lines"]]
    assert said.count("We had reached nobody. We kept ringing.") == 1


async def test_the_picture_ends_where_it_was_calm(world, mia):
    incident, _ = await an_incident(mia)
    calm = world.at + timedelta(hours=2)
    world.at += timedelta(hours=50)
    async with transaction() as session:
        held = await session.get_one(Incident, decode("inc", incident))
        await lifecycle.calm(session, held, calm)
    await ends(mia, incident)
    told = await mia.get(at(incident))
    assert told["numbers"]["lasted_seconds"] == 2 * 3600
    assert told["times"][-1]["seconds"] == 2 * 3600
    html = (await mia.web.get(at(incident), headers=HTML)).text
    assert "until 03:00" in html
    assert "Per ten minutes." in html
