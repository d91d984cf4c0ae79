"""The rota, its gaps, covers and swaps, the ways to be reached and the plan, on a small phone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import OWNER, PASSWORD, Manager
from tests.browser.phone import SMALL, chromium, faults_of, overflow_of, phone
from tests.browser.services import World, the_world
from tests.faults.instance import Instance, running

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with the_world() as world:
        yield world


@pytest.fixture
def instance(tmp_path: Path, world: World) -> Iterator[Instance]:
    with running(tmp_path, **world.settings()) as instance:
        yield instance


@pytest.fixture
def mia(instance: Instance) -> Iterator[Manager]:
    """Mia, and Ben who backs her up."""
    mia = Manager.signs_up(instance)
    ben = {"name": "Ben", "email": "ben@agency.example.com", "password": PASSWORD}
    mia.posts("/v1/users", {**ben, "zone": "Europe/Vienna"})
    with closing(mia.web):
        yield mia


@pytest.fixture
def page(browser: Browser, mia: Manager) -> Iterator[Page]:
    with phone(browser, "light", **SMALL) as context:
        page = context.new_page()
        mia.signs_in_on(page)
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        yield page


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _has_a_rota(mia: Manager, without: int | None = None) -> None:
    """Mia at night and Ben by day, but for the days on this day of the week."""
    people = {one["name"]: one["id"] for one in mia.gets("/v1/users")["data"]}
    days = list(range(7))
    night = {"days": days, "from": "20:00", "until": "07:00", "people": [people["Mia"]]}
    day = {"days": [one for one in days if one != without], "from": "07:00", "until": "20:00"}
    shifts = [night, {**day, "people": [people["Ben"]]}]
    shifts = [{**shift, "starts_on": "2025-01-06"} for shift in shifts]
    mia.posts("/v1/schedules", {"name": "Nights", "zone": "Europe/Vienna", "shifts": shifts})


def test_a_rota_is_made_from_a_beginning_changed_and_never_overwritten(page, mia):
    page.goto(f"{mia.instance.url}/on-call")
    expect(page.get_by_role("heading", name="You, then Ben.")).to_be_visible()
    page.get_by_role("link", name="Make a rota").click()
    expect(page.get_by_label("Nights me, days Ben")).to_be_checked()
    _is_fine(page)
    page.get_by_role("button", name="Save the rota").click()
    expect(page.get_by_role("img", name="Who is on call this week")).to_be_visible()
    expect(page.get_by_text("A gap this week")).to_be_hidden()
    _is_fine(page)

    page.get_by_role("link", name="Nights and days").click()
    shift = page.get_by_role("group", name="Shift 2", exact=True)
    shift.get_by_label("Until").fill("18:00")
    page.get_by_role("button", name="Another person, week by week").first.click()
    expect(page.get_by_label("Week 2")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Save the rota").click()
    expect(page.get_by_text("Saved. Whoever is being rung")).to_be_visible()
    rota = mia.gets("/v1/schedules")["data"][0]
    assert rota["shifts"][1]["until"] == "18:00"
    assert len(rota["shifts"][0]["people"]) == 2
    _is_not_overwritten(page, mia, rota["id"])


def _is_not_overwritten(page: Page, mia: Manager, rota: str) -> None:
    path, newest = f"/v1/schedules/{rota}", {"If-Match": "*"}
    assert mia.web.patch(path, json={"name": "Other"}, headers=newest).is_success
    page.get_by_role("button", name="Save the rota").click()
    expect(page.get_by_role("alert").filter(has_text="changed")).to_be_visible()
    assert mia.gets("/v1/schedules")["data"][0]["name"] == "Other"
    page.get_by_role("button", name="Show the newer one").click()
    expect(page.get_by_label("Name")).to_have_value("Other")
    _is_fine(page)


def test_a_gap_is_taken_and_shifts_change_hands_for_once(page, mia):
    ahead = datetime.now(UTC).astimezone(ZoneInfo("Europe/Vienna")) + timedelta(days=3)
    _has_a_rota(mia, without=ahead.weekday())
    page.goto(f"{mia.instance.url}/on-call")
    expect(page.get_by_text("A gap this week")).to_be_visible()
    expect(page.get_by_text("13 h", exact=True)).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name=f"Take {ahead:%A} 07:00 to 20:00").click()
    expect(page.get_by_text("On shift: You")).to_be_visible()
    expect(page.get_by_text("A gap this week")).to_be_hidden()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("A gap this week")).to_be_visible()
    _covers(page)
    _swaps(page)
    _puts_it_into_a_calendar(page, mia)


def _covers(page: Page) -> None:
    page.get_by_role("link", name="Cover me until…").click()
    expect(page.get_by_label("Ben")).to_be_checked()
    _is_fine(page)
    page.get_by_role("button", name="Ben covers me").click()
    expect(page.get_by_text("Ben for You")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Ben for You")).to_be_hidden()


def _swaps(page: Page) -> None:
    page.get_by_role("link", name="Swap").click()
    expect(page.get_by_role("group", name="You take")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Swap these two").click()
    expect(page.get_by_text("Ben for You")).to_be_visible()
    expect(page.get_by_text("You for Ben")).to_be_visible()


def _puts_it_into_a_calendar(page: Page, mia: Manager) -> None:
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("code", has_text="webcal://")
    expect(link).to_be_visible()
    feed = mia.web.get(urlsplit(link.inner_text()).path)
    assert feed.text.startswith("BEGIN:VCALENDAR")
    _is_fine(page)


def test_ways_quiet_hours_and_the_plan(page, mia, world):
    page.goto(f"{mia.instance.url}/ways")
    expect(page.get_by_text("Nothing can ring you yet.")).to_be_visible()
    _adds_a_text(page)
    assert [one.to for one in world.twilio.messages] == ["+436600000000"]
    page.get_by_label("From").fill("23:15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Between 23:15 and 07:30 they wait for 07:30.")).to_be_visible()
    assert mia.gets("/v1/me")["quiet_from"] == "23:15"
    page.goto(f"{mia.instance.url}/plan")
    _changes_a_wait(page, mia)


def _adds_a_text(page: Page) -> None:
    page.get_by_role("link", name="Add a way").click()
    page.get_by_label("Texts").check()
    expect(page.get_by_label("Phone number")).to_have_value(OWNER["phone"])
    expect(page.get_by_role("heading", name="Not set up on this server")).to_be_visible()
    _is_fine(page)
    page.get_by_role("button", name="Add it and test it").click()
    page.get_by_role("button", name="I heard it").click(timeout=10_000)
    expect(page.get_by_role("heading", name="It reached you")).to_be_visible()
    _is_fine(page)
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("Proved", exact=True)).to_be_visible()
    _is_fine(page)


def _changes_a_wait(page: Page, mia: Manager) -> None:
    expect(page.get_by_text("This is the default.")).to_be_visible()
    expect(page.get_by_text("At once: push.")).to_be_visible()
    _is_fine(page)
    page.get_by_label("Then wait").first.select_option("60")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Saved. It holds from the next alarm on.")).to_be_visible()
    steps = mia.gets("/v1/escalation-plan")["steps"]
    assert [steps[0]["who"], steps[0]["wait_seconds"]] == ["first", 60]
    assert {step["who"] for step in steps} == {"first", "second", "third"}
    _is_fine(page)
    page.get_by_role("button", name="Back to the default").click()
    page.get_by_role("button", name="Yes, back to the default").click()
    expect(page.get_by_text("Each person in turn")).to_be_visible()
    assert mia.gets("/v1/escalation-plan")["is_default"]


def test_the_backup_is_woken_from_the_incident_by_a_second_tap(page, mia):
    client, source = mia.looks_after("Corner Bistro")
    mia.is_attacked(source, 5)
    mia.waits_for_the_incident(client)
    incident = mia.gets(f"/v1/incidents?client_id={client}")["data"][0]["id"]
    page.goto(f"{mia.instance.url}/incidents/{incident}")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Wake Ben").click()
    _is_fine(page)
    page.get_by_role("button", name="Yes, wake Ben now").click()
    expect(page.get_by_role("button", name="Close")).to_be_hidden()
    timeline = mia.gets(f"/v1/incidents/{incident}/timeline")["data"]
    assert any(one["sentence"].startswith("Mia handed it to Ben") for one in timeline), timeline
