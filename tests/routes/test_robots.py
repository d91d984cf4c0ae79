"""Robots open and post whatever they find in messages, as scanners of mail and previews do."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.models import (
    Action,
    Approval,
    Call,
    Client,
    Contact,
    Entry,
    Escalation,
    Incident,
    Link,
    Message,
    Notification,
    OwnerPhone,
    Result,
    StandingApproval,
    Statement,
)
from tests.owner_browser import HOME, SAME, Form, Sight, path_of
from tests.routes.owner_asked import WORDS, about_website, about_words, says
from tests.stories.outside import outside_of
from tests.stories.places import graph_of, has_a_page, stands

pytestmark = pytest.mark.timeout(400)

TIMES, MOST_CODES = 100, 5
# What only says that somebody has looked.
LOOKS = {"opened_at", "last_opened_at"}
STAY = (
    Action, Approval, Call, Client, Contact, Entry, Escalation, Incident, Link, Notification,
    Result, StandingApproval, Statement,
)  # fmt: skip
GUESSES = {"code": "000000", "words": "robot", "digest": "0" * 64, "when": "now", "answer": "yes"}


class Robot:
    """A program that opens and posts all that it meets, with its cookies or without."""

    def __init__(self, app: Any) -> None:
        self.with_jar = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME)
        self.bare = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME)
        self.answers: dict[str, set[int]] = {}

    async def asks(self, method: str, path: str, turn: int, data: Any = None) -> httpx.Response:
        web = self.with_jar if turn % 2 else self.bare
        if web is self.bare:
            web.cookies.clear()
        headers = SAME if turn % 4 < 2 else {"Origin": HOME}
        answer = await web.request(method, path, data=data, headers=headers)
        kind = f"{method} /{'/'.join(path.split('/')[3:4])}"
        self.answers.setdefault(kind, set()).add(answer.status_code)
        return answer

    async def walks(self, link: str, turn: int) -> None:
        """One walk over all pages that a link leads to, and over every form on them."""
        pages, forms = await self.finds(link, turn)
        for form in forms:
            for sent in (form.fields, form.fields | GUESSES, GUESSES):
                await self.asks("POST", form.action, turn, sent)
        for page in pages:
            await self.asks("POST", page, turn, GUESSES | {"digest": digest_on(forms)})

    async def finds(self, link: str, turn: int) -> tuple[set[str], list[Form]]:
        pages: set[str] = set()
        forms: dict[str, Form] = {}
        new = {link}
        while new:
            page = new.pop()
            pages.add(page)
            seen = Sight((await self.asks("GET", page, turn)).text)
            forms |= {one.action: one for one in seen.forms.values()}
            new |= {to for _, to in seen.links if to.startswith("/p/")}
            new |= {to.replace("/answer/", "/other-words/") for to in new}
            new -= pages
        return pages, list(forms.values())

    async def stops(self) -> None:
        await self.with_jar.aclose()
        await self.bare.aclose()


def digest_on(forms: list[Form]) -> str:
    return next((one.fields["digest"] for one in forms if "digest" in one.fields), "")


@pytest.fixture
async def outside(small_world):
    async with outside_of(small_world) as found:
        yield found


@pytest.fixture
async def graph(small_world):
    async with graph_of(small_world) as running:
        yield running


@pytest.fixture
async def ids(small_world, boss, outside, graph):
    """A client in an incident, whose page is down by a yes on the phone; two may approve."""
    await boss.gets_a_phone()
    small_world.has_history()
    client = await small_world.looks_after("Corner Bistro", by=boss)
    await has_a_page(small_world, client)
    for _ in range(4):
        small_world.writes(1)
    await small_world.waits(timedelta(minutes=6))
    incident = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    paolo = {"name": "Paolo", "email": "paolo@bistro.example.com", "may_approve": True}
    await boss.post(f"/v1/clients/{client}/contacts", paolo)
    contact = incident["owner"]["contact_id"]
    return {"client_id": client, "incident_id": incident["id"], "contact_id": contact}


async def takes_facebook_down(world, boss, ids):
    incident = f"/v1/incidents/{ids['incident_id']}"
    found = (await boss.get(f"{incident}/options"))["goes"]
    chosen = [one["key"] for one in found if one["suggested"]]
    body = {"kind": "take_down", "chosen": chosen}
    action = await boss.post(f"{incident}/actions", body)
    asked = await boss.post("/v1/approvals", {"action_id": action["id"]})
    await says(boss, ids, await world.row(Approval, asked["id"]))
    await boss.post(f"/v1/actions/{action['id']}/execute")
    await world.works()


def links_in(outside) -> list[str]:
    bodies = [one.body for one in outside.twilio.messages]
    bodies += [one.get_content() for one in outside.smtp.letters]
    found = [path_of(one) for body in bodies for one in re.findall(r"https?://\S+/p/\S+", body)]
    return list(dict.fromkeys(found))


async def kept(world) -> dict[str, Any]:
    """All that must stay as it is."""
    return {
        table.__name__: [row.model_dump(exclude=LOOKS) for row in await world.rows(table)]
        for table in STAY
    }


def it_met_every_page(answers: dict[str, set[int]]) -> None:
    assert {"GET /", "GET /answer", "GET /back", "GET /not-right", "GET /other-words"} <= set(
        answers
    )
    assert {"POST /answer", "POST /back", "POST /not-right", "POST /verify"} <= set(answers)
    assert answers["GET /"] == {200}
    assert answers["POST /answer"] == {303}
    assert answers["POST /"] == {405}


async def test_a_robot_opens_and_posts_every_link_100_times_and_no_state_changes(
    small_world, boss, outside, graph, ids
):
    await takes_facebook_down(small_world, boss, ids)
    await says(boss, ids, await about_words(boss, ids))
    await about_words(boss, ids, f"{WORDS} Thank you.")
    await about_website(boss, ids)
    await small_world.works()
    links = links_in(outside)
    assert {one.kind for one in await small_world.rows(Message)} == {"asked", "agreed", "down"}
    assert {one.channel for one in await small_world.rows(Message)} == {"sms", "email"}
    assert len(links) >= 8
    before, begun = await kept(small_world), small_world.at
    robot = Robot(small_world.app)
    for turn in range(TIMES):
        for link in links:
            for method in ("GET", "POST", *(("HEAD", "OPTIONS") if turn < 4 else ())):
                await robot.asks(method, link, turn, GUESSES if method == "POST" else None)
        await robot.walks(links[turn % len(links)], turn)
        small_world.at += timedelta(seconds=20)
    await robot.stops()
    assert small_world.at - begun < timedelta(hours=1)

    assert await kept(small_world) == before
    codes = await small_world.rows(Message, kind="code")
    by_person = [one.contact_name for one in codes]
    assert {by_person.count(name) for name in set(by_person)} == {MOST_CODES}
    assert {one.verified_at for one in await small_world.rows(OwnerPhone)} == {None}
    await small_world.works()
    assert not stands(graph)
    it_met_every_page(robot.answers)
