"""The owner's page in a real browser on a phone: two taps to the deed, none of them by accident."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import Manager
from tests.browser.phone import PHONE, SMALL, chromium, faults_of, overflow_of, phone
from tests.browser.services import World, the_world
from tests.browser.thumb import Thumb
from tests.faults.instance import Instance, running

pytestmark = pytest.mark.timeout(240)

TO_THE_DEED = 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass
class Night:
    """An incident in which Rosa was asked by text message whether the website may come down."""

    mia: Manager
    world: World
    incident: str
    since: int
    link: str = ""

    def newest(self, pattern: str) -> str:
        """What the newest text message of this night with such words holds, once it has come."""
        deadline = time.monotonic() + 20
        while True:
            bodies = [one.body for one in self.world.twilio.messages[self.since :]]
            found = [words for body in bodies for words in re.findall(pattern, body)]
            if found:
                return str(found[-1])
            assert time.monotonic() < deadline, bodies
            time.sleep(0.1)

    def kinds(self) -> list[str]:
        told = self.mia.gets(f"/v1/incidents/{self.incident}/timeline?limit=100")
        return [entry["kind"] for entry in told["data"]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with the_world() as world:
        yield world


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[Instance]:
    with running(Path(tmp_path_factory.mktemp("owner")), **world.settings()) as instance:
        yield instance


@pytest.fixture(scope="module")
def mia(instance: Instance) -> Iterator[Manager]:
    mia = Manager.signs_up(instance)
    with closing(mia.web):
        yield mia


@pytest.fixture
def night(instance: Instance, world: World, mia: Manager) -> Night:
    client, source = mia.looks_after("Corner Bistro")
    mia.is_attacked(source, 5)
    mia.waits_for_the_incident(client)
    incident = mia.gets(f"/v1/incidents?client_id={client}")["data"][0]["id"]
    night = Night(mia, world, incident, len(world.twilio.messages))
    asks(night, {"kind": "take_down", "chosen": ["website"]})
    night.link = night.newest(r"http://\S+/p/\S+").replace("localhost", "127.0.0.1")
    return night


def asks(night: Night, body: dict[str, Any]) -> None:
    action = night.mia.posts(f"/v1/incidents/{night.incident}/actions", body)
    night.mia.posts("/v1/approvals", {"action_id": action["id"]})


def is_fine(page: Page) -> None:
    assert faults_of(page) == []
    for size in (SMALL, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert overflow_of(page) == 0


def shows_who_she_is(page: Page, night: Night) -> None:
    page.get_by_role("button", name="Send me the code").tap()
    expect(page.get_by_role("heading", name="Type the code.")).to_be_visible()
    is_fine(page)
    page.get_by_label("Code").fill(night.newest(r"^\d{6}\b"))
    page.get_by_role("button", name="Continue").tap()
    expect(page.get_by_role("button", name="Yes, take it down")).to_be_visible()


def is_apart(first: Any, second: Locator) -> bool:
    box = second.bounding_box()
    assert box is not None
    return bool(box["y"] + box["height"] <= first["y"] or first["y"] + first["height"] <= box["y"])


def test_on_a_known_phone_two_taps_begin_the_take_down(browser: Browser, night: Night) -> None:
    with phone(browser, "light") as context:
        page = context.new_page()
        thumb = Thumb(page)
        page.goto(night.link)
        is_fine(page)
        thumb.link("Approve")
        expect(page.get_by_role("heading", name="First: is it you?")).to_be_visible()
        is_fine(page)
        shows_who_she_is(page, night)
        assert "executing" not in night.kinds()

        page.goto(night.link)
        thumb.taps.clear()
        approve = page.get_by_role("link", name="Approve", exact=True)
        box = approve.bounding_box()
        thumb.on(approve)
        yes = page.get_by_role("button", name="Yes, take it down")
        expect(yes).to_be_visible()
        assert is_apart(box, yes), "a second tap by accident says nothing"
        is_fine(page)
        thumb.on(yes)
        expect(page.get_by_text("It takes a hand.")).to_be_visible()
        assert thumb.taps == ["Approve", "Yes, take it down"]
        assert len(thumb.taps) == TO_THE_DEED
        assert "executing" in night.kinds()
        assert page.url == night.link
        is_fine(page)


def test_not_now_takes_as_many_taps(browser: Browser, night: Night) -> None:
    with phone(browser, "light") as context:
        page = context.new_page()
        thumb = Thumb(page)
        page.goto(night.link)
        page.get_by_role("link", name="Approve", exact=True).tap()
        shows_who_she_is(page, night)
        page.goto(night.link)
        thumb.taps.clear()
        no = page.get_by_role("link", name="Not now", exact=True)
        box = no.bounding_box()
        thumb.on(no)
        tell = page.get_by_role("button", name="Tell Mia: not now")
        expect(tell).to_be_visible()
        assert is_apart(box, tell)
        is_fine(page)
        thumb.on(tell)
        expect(page.get_by_text("You said no at")).to_be_visible()
        assert len(thumb.taps) == TO_THE_DEED
        assert "executing" not in night.kinds()


def test_without_any_script_it_all_works(browser: Browser, night: Night) -> None:
    with browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=False) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(night.link)
        page.get_by_role("link", name="Approve", exact=True).tap()
        page.get_by_role("button", name="Send me the code").tap()
        page.get_by_label("Code").fill(night.newest(r"^\d{6}\b"))
        page.get_by_role("button", name="Continue").tap()
        page.get_by_role("button", name="Yes, take it down").tap()
        expect(page.get_by_text("It takes a hand.")).to_be_visible()
        [cookie] = [one for one in context.cookies() if one["name"] == "nightdesk_owner"]
        assert (cookie["sameSite"], cookie["httpOnly"], cookie["path"]) == ("Strict", True, "/p")
    assert "executing" in night.kinds()


def test_a_form_on_another_site_says_nothing_in_her_name(
    browser: Browser, night: Night, instance: Instance
) -> None:
    with phone(browser, "light") as context:
        page = context.new_page()
        page.goto(night.link)
        page.get_by_role("link", name="Approve", exact=True).tap()
        shows_who_she_is(page, night)
        form = page.locator("form#yes").evaluate("form => form.outerHTML")
        path = re.findall(r'action="([^"]+)"', form)[0]
        evil = form.replace(path, f"{instance.url}{path}")
        context.route(
            "http://evil.example/**",
            lambda route: route.fulfill(body=evil, content_type="text/html"),
        )
        page.goto("http://evil.example/")
        with page.expect_navigation():
            page.locator("form#yes").evaluate("form => form.submit()")
        expect(page.get_by_text("This came from another page.")).to_be_visible()
        assert "executing" not in night.kinds()
