"""Connecting on the phone: from a pasted link to reviews, and back out of it."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.people import Manager
from tests.browser.phone import SMALL, chromium, faults_of, overflow_of, phone
from tests.browser.vendors import Google, a_google
from tests.faults.instance import Instance, running

pytestmark = pytest.mark.timeout(240)

LINK = "https://www.google.com/maps/place/Corner+Bistro/@47.07,15.43,17z"
SOON = 20_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def the_google() -> Iterator[Google]:
    with a_google() as google:
        yield google


@pytest.fixture
def google(the_google: Google) -> Google:
    """As it was before the test before: one instance serves them all."""
    the_google.vendor.written, the_google.says = [], "yes"
    return the_google


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, the_google: Google) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("instance"), **the_google.settings()) as instance:
        yield instance


@pytest.fixture(scope="module")
def mia(instance: Instance) -> Iterator[Manager]:
    mia = Manager.signs_up(instance)
    with closing(mia.web):
        yield mia


@pytest.fixture
def client(mia: Manager) -> str:
    return str(mia.looks_after("Corner Bistro")[0])


@pytest.fixture(params=["dark", "light"])
def page(request, browser: Browser, mia: Manager, google: Google) -> Iterator[Page]:
    size = SMALL if request.param == "light" else {}
    with phone(browser, request.param, **size) as context:
        google.stands_in(context)
        page = context.new_page()
        mia.signs_in_on(page)
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        yield page


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _signs_in(page: Page, client: str) -> None:
    page.goto(f"{page.url.split('/clients')[0].rstrip('/')}/clients/{client}/sources/new")
    page.get_by_label("Paste a link").fill(LINK)
    expect(page.get_by_role("status").get_by_text("Google Business Profile")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()


def _state(page: Page, row: str) -> str:
    """What stands at the right of a row."""
    found = page.get_by_role("listitem").filter(has=page.get_by_text(row, exact=True)).first
    return found.locator(".st").inner_text().strip()


def _tabs_to(page: Page, name: str) -> None:
    """Moves on by keyboard until this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            return
    pytest.fail(f"the keyboard never reaches {name}")


def test_a_pasted_link_becomes_a_source_that_is_read_and_ready(page, mia, client, google):
    for name, stars in (("a1", 1), ("a2", 5)):
        google.vendor.writes(name, stars=stars)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    _signs_in(page, client)
    expect(page.get_by_role("heading", name="What is to be watched?")).to_be_visible(timeout=SOON)
    _is_fine(page)
    page.get_by_label("Corner Bistro Graz").check()
    page.get_by_role("button", name="Watch 1 place").click()
    expect(page.get_by_text("Watched")).to_be_visible()
    page.get_by_role("link", name="Corner Bistro Graz").click()
    expect(page.get_by_text("2 reviews, 3.0 on average.")).to_be_visible(timeout=SOON)
    ready = page.get_by_role("listitem").filter(has_text="Take-down ready")
    expect(ready.get_by_text("Yes", exact=True)).to_be_visible(timeout=SOON)
    assert [_state(page, verb) for verb in ("Reply", "Report", "Hide")] == [
        "Works",
        "By hand",
        "No",
    ]
    _is_fine(page)
    kept = mia.gets(f"/v1/clients/{client}/sources")["data"]
    assert [one["place"]["location"] for one in kept if one["kind"] == "google"] == ["2002"]


def test_who_says_no_there_is_told_so_and_may_begin_again(page, client, google):
    google.says = "access_denied"
    _signs_in(page, client)
    expect(page.get_by_role("heading", name="The sign-in did not work.")).to_be_visible(
        timeout=SOON
    )
    expect(page.get_by_text("You said no at Google Business Profile.")).to_be_visible()
    _is_fine(page)
    page.get_by_role("link", name="Begin again").click()
    google.says = "yes"
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What is to be watched?")).to_be_visible(timeout=SOON)


def test_a_key_is_entered_by_keyboard_never_kept_in_the_browser_and_taken_back(page, mia, client):
    home = mia.instance.url
    page.goto(f"{home}/clients/{client}/sources/new")
    expect(page.get_by_text("Google Maps counter")).to_be_visible()
    _tabs_to(page, "Google Maps counter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Google bills each reading.")).to_be_visible()
    _is_fine(page)
    _tabs_to(page, "Enter the key")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Place id")).to_be_visible()
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Enter API key of Google Places.")).to_be_visible()
    expect(page.get_by_label("Place id")).to_be_focused()
    _is_fine(page)
    page.get_by_label("Place id").fill("ChIJ2002")
    page.get_by_label("API key of Google Places").fill("a-secret\nkey")
    page.keyboard.press("Tab")
    _tabs_to(page, "Connect")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    assert "a-secret" not in page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    _is_fine(page)
    page.get_by_role("button", name="Remove the account Google Maps counter").click()
    expect(page.get_by_text("1 source then cannot be read.")).to_be_visible()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_role("heading", name="Accounts")).to_be_hidden()
    assert mia.gets(f"/v1/clients/{client}/accounts")["data"] == []


def test_the_last_link_counts_whichever_answer_comes_last(page, mia, client):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/recognise?*maps*", hold)
    page.goto(f"{mia.instance.url}/clients/{client}/sources/new")
    with page.expect_request("**/recognise?*maps*"):
        page.get_by_label("Paste a link").fill(LINK)
    page.get_by_label("Paste a link").fill("https://bistro.example/feed.xml")
    as_feed = page.get_by_role("button", name="Watch it as a feed")
    expect(as_feed).to_be_visible()
    with page.expect_response("**/recognise?*maps*"):
        held[0].continue_()
    page.evaluate("fetch('/healthz').then((answered) => answered.text())")
    expect(as_feed).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_hidden()


def test_a_webhook_shows_its_secret_once(page, mia, client):
    page.goto(f"{mia.instance.url}/clients/{client}/sources/new")
    page.get_by_role("link", name="Signed webhook").click()
    page.get_by_label("What do you call it?").fill("Our own site")
    page.get_by_role("button", name="Add source").click()
    expect(page.get_by_text("Secret to sign with")).to_be_visible()
    _is_fine(page)
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("What we can do where")).to_be_visible()
