"""The report goes out by a person’s tap, after the end, to the private page of the owner."""

import re

from pydantic import SecretStr

from api.lifecycle.message import text_of
from api.models import Entry, Event, Link, Message, Report
from tests.routes.owner_page import knock, link_to
from tests.routes.places import pressed
from tests.routes.reported import WORDS, an_incident, at, ends
from tests.world import configure


async def test_a_report_goes_out_only_after_the_end(world, mia):
    incident, client = await an_incident(mia)
    early = await mia.web.post(f"{at(incident)}/send", headers=pressed())
    assert (early.status_code, early.json()["code"]) == (409, "invalid-transition")
    assert await world.rows(Report) == []
    status, _, body = await knock(world.app, f"{await link_to(mia, client)}/report")
    assert (status, b"There is no report yet." in body) == (404, True)


async def test_once_sent_the_owner_reads_it_on_the_private_page(world, mia):
    incident, client = await an_incident(mia)
    await mia.web.put(at(incident), json=WORDS, headers={"If-Match": "*"})
    await ends(mia, incident)
    sent = await mia.post(f"{at(incident)}/send")
    assert sent["sent_at"] is not None
    assert len(await world.rows(Entry, kind="report_sent")) == 1
    assert len(await world.rows(Event, type="report.sent")) == 1
    path = await link_to(mia, client)
    status, headers, body = await knock(world.app, f"{path}/report")
    assert status == 200
    assert WORDS["staff"] in body.decode()
    assert b"PRACTICE" not in body
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, no-store"
    assert "style-src 'sha256-" in headers["content-security-policy"]
    for private in (b"evil", b"<script", b"href="):
        assert private not in body


async def test_the_private_page_leads_to_the_report_once_there_is_one(world, mia):
    incident, client = await an_incident(mia)
    path = await link_to(mia, client)
    assert b"/report" not in (await knock(world.app, path))[2]
    await ends(mia, incident)
    await mia.post(f"{at(incident)}/send")
    found = re.findall(r'href="([^"]+/report)"', (await knock(world.app, path))[2].decode())
    assert [f"/p/{one}" for one in found] == [f"{path}/report"]


async def test_the_same_key_sends_once(world, mia):
    incident, _ = await an_incident(mia)
    await ends(mia, incident)
    first = await mia.post(f"{at(incident)}/send", key="once")
    assert await mia.post(f"{at(incident)}/send", key="once") == first
    assert len(await world.rows(Entry, kind="report_sent")) == 1


async def test_a_wrong_link_opens_no_report(world, mia):
    status, _, body = await knock(world.app, "/p/" + "a" * 43 + "/report")
    assert (status, b"This link was replaced." in body) == (410, True)


async def test_the_owner_is_written_to_with_a_link_that_opens_the_report(world, mia):
    configure(smtp_url=SecretStr("smtp://127.0.0.1:1"), mail_from="desk@agency.at")
    incident, _ = await an_incident(mia)
    await ends(mia, incident)
    await mia.post(f"{at(incident)}/send")
    [message] = await world.rows(Message, kind="report")
    link = re.findall(r"http://nightdesk\.test(/p/\S+/report)$", text_of(message))
    assert "The report about Corner is ready." in text_of(message)
    assert (await knock(world.app, link[0]))[0] == 200
    await mia.post(f"{at(incident)}/send")
    assert len(await world.rows(Message, kind="report")) == 2


async def test_without_a_way_to_write_no_link_is_made_and_the_timeline_says_so(world, mia):
    incident, _ = await an_incident(mia)
    await ends(mia, incident)
    await mia.post(f"{at(incident)}/send")
    assert await world.rows(Link) == []
    [told] = await world.rows(Entry, kind="owner_not_told")
    assert told.facts["name"] == "Rosa"
