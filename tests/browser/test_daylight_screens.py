"""What is done about owners by day: questions that wait, the report, and what is agreed ahead."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.facebook import Facebook, a_facebook
from tests.browser.people import Manager
from tests.browser.phone import chromium, faults_of, overflow_of, phone
from tests.browser.services import World, the_world
from tests.faults.instance import Instance, running, until

pytestmark = pytest.mark.timeout(240)

ROSAS = "+436601111111"
NAMES = {"dark": "Corner Bistro", "light": "Harbour Inn"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with the_world() as world:
        yield world


@pytest.fixture(scope="module")
def facebook() -> Iterator[Facebook]:
    with a_facebook() as facebook:
        yield facebook


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, world: World, facebook: Facebook
) -> Iterator[Instance]:
    outside = world.settings() | facebook.settings()
    with running(tmp_path_factory.mktemp("instance"), **outside) as instance:
        yield instance


@pytest.fixture(scope="module")
def mia(instance: Instance) -> Iterator[Manager]:
    mia = Manager.signs_up(instance)
    with closing(mia.web):
        yield mia


@pytest.fixture(params=["dark", "light"])
def palette(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(mia: Manager, facebook: Facebook, palette: str) -> str:
    """A client with a Page, in an attack that somebody has seen; its id."""
    client, source = mia.looks_after(NAMES[palette])
    facebook.is_of(mia, client)
    mia.is_attacked(source, 5)
    mia.waits_for_the_incident(client)
    mia.posts(f"/v1/incidents/{_incident(mia, client)}/confirm")
    return client


@pytest.fixture
def context(browser: Browser, palette: str) -> Iterator[BrowserContext]:
    with phone(browser, palette) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, mia: Manager, client: str) -> Page:
    page = context.new_page()
    mia.signs_in_on(page)
    expect(page.get_by_text("Your phone rings")).to_be_visible()
    return page


def _incident(mia: Manager, client: str) -> str:
    return str(mia.gets(f"/v1/incidents?client_id={client}")["data"][0]["id"])


def _asks(mia: Manager, client: str) -> str:
    """Rosa is asked whether the website may come down; the question’s id."""
    body = {"kind": "take_down", "chosen": ["website"]}
    action = mia.posts(f"/v1/incidents/{_incident(mia, client)}/actions", body)
    return str(mia.posts("/v1/approvals", {"action_id": action["id"]})["id"])


def _texts(world: World) -> list[str]:
    return [one.body for one in world.twilio.messages if one.to == ROSAS]


def _newest(world: World, pattern: str, *, after: int) -> str:
    """What the newest of the texts that came after so many holds."""

    def found() -> list[str]:
        return [one for text in _texts(world)[after:] for one in re.findall(pattern, text)]

    assert until(lambda: bool(found()), 20), f"no text with {pattern}"
    return found()[-1]


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _is_handed(page: Page, tap: Callable[[], None]) -> bytes:
    """What a tap brings onto the phone as a file."""
    with page.expect_download() as handed:
        tap()
    return Path(handed.value.path()).read_bytes()


def test_a_question_that_waits_is_asked_again_and_answered_by_word(
    page, mia, world, client, palette
):
    name, before = NAMES[palette], len(_texts(world))
    asked = _asks(mia, client)
    assert until(lambda: len(_texts(world)) == before + 1, 20)
    page.get_by_role("link", name="1 question to owners without an answer").click()
    waits = page.get_by_role("listitem").filter(has_text="Not opened")
    expect(waits.get_by_text(name)).to_be_visible()
    expect(waits.get_by_text("Take down Website")).to_be_visible()
    code = mia.gets(f"/v1/approvals/{asked}")["code"]
    expect(waits.get_by_text(f"Code {code}.")).to_be_visible()
    _is_fine(page)

    waits.get_by_role("button", name="Remind").click()
    expect(page.get_by_text("Sent once more.")).to_be_visible()
    assert code in _newest(world, ".+", after=before + 1)

    waits.get_by_role("button", name="They told me").click()
    page.get_by_role("group", name="What did they say?").get_by_label("Yes").check()
    page.get_by_role("group", name="How they said it").get_by_label("In person").check()
    page.get_by_label("Their words").fill("Do it, she said.")
    _is_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Nothing waiting.")).to_be_visible()
    answered = page.get_by_role("listitem").filter(has_text=name).first
    expect(answered.get_by_text("Yes", exact=True)).to_be_visible()
    expect(answered.get_by_text("In person, Rosa, ")).to_be_visible()
    expect(answered.get_by_text("“Do it, she said.”")).to_be_visible()
    found = mia.gets(f"/v1/approvals/{asked}")
    told = found["state"], found["how"], found["contact_name"], found["words"]
    assert told == ("approved", "in_person", "Rosa", "Do it, she said.")
    _is_fine(page)


def test_nobody_is_asked_no_more_by_one_slip_of_a_thumb(page, mia, world, client):
    asked = _asks(mia, client)
    page.get_by_role("link", name="1 question to owners without an answer").click()
    page.get_by_role("button", name="Ask no more").click()
    page.get_by_role("button", name="It stays").click()
    assert mia.gets(f"/v1/approvals/{asked}")["state"] == "requested"
    page.get_by_role("button", name="Ask no more").click()
    _is_fine(page)
    page.get_by_role("button", name="Yes, ask no more").click()
    expect(page.get_by_role("heading", name="Nothing waiting.")).to_be_visible()
    assert mia.gets(f"/v1/approvals/{asked}")["state"] == "withdrawn"


def test_the_report_is_completed_kept_sent_and_handed_over(page, mia, world, client, palette):
    incident = _incident(mia, client)
    mia.posts(f"/v1/incidents/{incident}/evidence")
    mia.posts(f"/v1/incidents/{incident}/resolve")
    before = len(_texts(world))
    page.goto(f"{mia.instance.url}/incidents/{incident}")
    saved = page.get_by_role("link", name="Saved evidence")
    assert _is_handed(page, saved.click).startswith(b"PK")
    page.get_by_role("link", name="Report", exact=True).click()
    expect(page.get_by_role("heading", name="5 new reviews")).to_be_visible()
    _is_fine(page)

    page.get_by_label("What helped").fill("We called at once.")
    page.get_by_label("What we change").fill("A second key; Rosa; 2026-06-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("What helped")).to_have_value("We called at once.")
    kept = mia.gets(f"/v1/incidents/{incident}/report")
    assert kept["changes"] == [{"what": "A second key", "who": "Rosa", "by": "2026-06-01"}]

    pdf = page.get_by_role("button", name="As a PDF")
    assert _is_handed(page, pdf.click).startswith(b"%PDF")
    page.get_by_role("button", name="Send to").click()
    page.get_by_role("button", name="Not yet").click()
    page.get_by_role("button", name="Send to").click()
    assert not re.search(r"/p/\S+/report", " ".join(_texts(world)[before:]))
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_text(re.compile(r"^Sent \d\d:\d\d"))).to_be_visible()
    _is_fine(page)
    owners = page.context.new_page()
    owners.goto(_newest(world, r"http://\S+/p/\S+/report", after=before))
    expect(owners.get_by_text("We called at once.")).to_be_visible()


def test_a_yes_is_agreed_ahead_and_taken_back(page, mia, client, palette):
    path = f"/v1/clients/{client}/standing-approvals"
    page.get_by_role("link", name="Clients").click()
    page.get_by_role("link", name=NAMES[palette]).first.click()
    page.get_by_role("link", name="Standing yes").click()
    expect(page.get_by_text("No standing yes.")).to_be_visible()
    page.get_by_label("Facebook").check()
    page.get_by_label("In person").check()
    _is_fine(page)
    page.get_by_role("button", name="Write it down").click()
    agreed = page.get_by_role("listitem").filter(has_text="Agreed with Rosa")
    expect(agreed.get_by_text("Holds", exact=True)).to_be_visible()
    expect(agreed.get_by_text("Facebook", exact=True)).to_be_visible()
    [one] = mia.gets(path)["data"]
    assert (one["agreed_how"], len(one["source_ids"])) == ("in_person", 1)
    _is_fine(page)

    agreed.get_by_role("button", name="Ask again from now on").click()
    page.get_by_role("button", name="Yes, take it back").click()
    expect(agreed.get_by_text("Taken back", exact=True)).to_be_visible()
    [one] = mia.gets(path)["data"]
    assert one["revoked_at"] is not None
    _is_fine(page)


def test_a_phone_of_the_owner_is_taken_out(page, browser, mia, world, client):
    before = len(_texts(world))
    asked = _asks(mia, client)
    link = _newest(world, r"http://\S+/p/[\w-]+", after=before)
    with phone(browser) as rosas:
        owners = rosas.new_page()
        owners.goto(f"{link}/answer/{asked}")
        owners.get_by_role("button", name="Send me the code").click()
        owners.get_by_role("textbox").fill(_newest(world, r"\b\d{6}\b", after=before + 1))
        owners.get_by_role("button", name="Continue").click()
        expect(owners.get_by_role("button", name="Yes, take it down")).to_be_visible()
        page.goto(f"{mia.instance.url}/clients/{client}/standing")
        known = page.get_by_role("listitem").filter(has_text="Proved")
        expect(known.get_by_text("May answer", exact=True)).to_be_visible()
        _is_fine(page)
        known.get_by_role("button", name="Take it out").click()
        page.get_by_role("button", name="Yes, take it out").click()
        expect(known.get_by_text("Out", exact=True)).to_be_visible()
        _is_fine(page)
        owners.reload()
        expect(owners.get_by_text("First: is it you?")).to_be_visible()
    mia.posts(f"/v1/approvals/{asked}/withdraw")


def test_the_approvals_are_found_under_more(page, mia):
    page.goto(f"{mia.instance.url}/more")
    page.get_by_role("link", name="Approvals").click()
    expect(page.get_by_role("heading", name="Nothing waiting.")).to_be_visible()
    _is_fine(page)


def test_a_key_is_not_switched_off_by_one_slip_of_a_thumb(page, mia, palette):
    page.goto(f"{mia.instance.url}/more")
    page.get_by_role("link", name="API keys").click()
    page.get_by_label("What is it for?").fill(palette)
    page.get_by_role("button", name="Make a key").click()
    key = page.get_by_role("listitem").filter(has_text=palette)
    off = key.get_by_role("button", name=f"Switch {palette} off")
    off.click()
    _is_fine(page)
    key.get_by_role("button", name="Keep it on").click()
    expect(key.get_by_text("On", exact=True)).to_be_visible()
    off.click()
    key.get_by_role("button", name="Yes, switch it off").click()
    expect(key.get_by_text("Off", exact=True)).to_be_visible()
    _is_fine(page)
