"""Through set-up, alarm, acknowledgement and the owner's page on a phone, axe without findings."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import OWNER, Manager, token_of
from tests.browser.phone import chromium, faults_of, overflow_of, phone
from tests.faults.instance import Instance, running

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with running(tmp_path) as instance:
        yield instance


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def test_from_the_first_link_to_the_first_client(browser, instance):
    with phone(browser) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda m: errors.append(m.text) if "Content Security" in m.text else None
        )
        page.goto(f"{instance.url}/setup#{token_of(instance)}")
        _is_fine(page)
        page.get_by_label("Your name").fill(OWNER["name"])
        page.get_by_label("Your phone number").fill(OWNER["phone"])
        page.get_by_label("E-mail").fill(OWNER["email"])
        page.get_by_label("Password").fill(OWNER["password"])
        page.get_by_role("button", name="Continue").click()

        expect(page.get_by_role("heading", name="Your first client")).to_be_visible()
        _is_fine(page)
        page.get_by_label("Name of the business").fill("Corner Bistro")
        page.get_by_label("Owner’s name").fill("Rosa")
        page.get_by_label("Owner’s number").fill("+43 660 111 11 11")
        page.get_by_role("button", name="Continue").click()

        expect(page.get_by_role("heading", name="Where are their reviews?")).to_be_visible()
        _is_fine(page)
        page.goto(f"{instance.url}/wake")
        expect(page.get_by_role("heading", name="This is the only screen")).to_be_visible()
        _is_fine(page)
        page.goto(f"{instance.url}/")
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        _is_fine(page)
        assert errors == []


def test_from_the_alarm_to_the_owners_page(browser, instance):
    mia = Manager.signs_up(instance)
    client, source = mia.looks_after("Corner Bistro")
    link = mia.posts(f"/v1/clients/{client}/links", {"capability": "view"})["url"]
    with closing(mia.web), phone(browser) as context:
        page = context.new_page()
        mia.signs_in_on(page)
        expect(page.get_by_text("Your phone rings")).to_be_visible()

        mia.is_attacked(source, 5)
        live = page.get_by_role("link", name="Open Corner Bistro")
        expect(live).to_be_visible(timeout=15_000)
        _is_fine(page)
        live.click()
        expect(page.get_by_role("link", name="Call Rosa")).to_have_attribute(
            "href", "tel:+436601111111"
        )
        expect(page.locator("svg.fig")).to_be_visible()
        _is_fine(page)

        page.get_by_role("button", name="I’m on it").click()
        expect(page.get_by_text("You have it until")).to_be_visible()
        page.get_by_role("button", name="False alarm").click()
        expect(page.get_by_text("Why was it nothing?")).to_be_visible()
        _is_fine(page)
        page.get_by_role("button", name="It is not a false alarm").click()

        owners = context.new_page()
        answer = owners.goto(link)
        assert answer is not None
        assert len(answer.body()) <= 25_000
        expect(owners.get_by_role("heading")).to_contain_text(["5"])
        expect(owners.get_by_text("Mia has been on it since")).to_be_visible()
        _is_fine(owners)


def test_the_owners_page_needs_no_script_and_fits_a_small_phone(browser, instance):
    mia = Manager.signs_up(instance)
    client, source = mia.looks_after("Corner Bistro")
    link = mia.posts(f"/v1/clients/{client}/links", {"capability": "view"})["url"]
    mia.is_attacked(source, 4)
    mia.waits_for_the_incident(client)
    with (
        closing(mia.web),
        browser.new_context(
            viewport={"width": 320, "height": 640}, java_script_enabled=False
        ) as context,
    ):
        page = context.new_page()
        page.goto(link)
        expect(page.get_by_text("new reviews")).to_be_visible()
        page.get_by_text("Table").click()
        expect(page.get_by_role("cell").filter(has_text="so far")).to_be_visible()
        assert overflow_of(page) == 0
