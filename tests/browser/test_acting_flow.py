"""The owner says yes on the phone: two taps to down, two taps back, and what is said on the way."""

import re
import time
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import is_agreed
from tests.browser.phone import faults_of, overflow_of
from tests.browser.thumb import Thumb

pytestmark = pytest.mark.timeout(240)

TO_DOWN, TO_BACK = 2, 2
FIRST_RESULT, READ_BACK = 5, 20
SOON = 20_000


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _middle(page: Page, role: Literal["button"], name: str) -> tuple[float, float]:
    box = page.get_by_role(role, name=name, exact=True).bounding_box()
    assert box is not None, name
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_from_the_owners_yes_to_down_and_back_in_two_taps_each(page, mia, facebook, night):
    thumb = Thumb(page)
    page.goto(f"{mia.instance.url}/incidents/{night}/call")
    yes = page.get_by_role("button", name="Rosa said yes")
    expect(yes).to_be_visible()
    expect(page.get_by_text("Is that okay?")).to_be_in_viewport()
    _is_fine(page)
    facebook.vendor.seconds = 1.0
    tapped = _middle(page, "button", "Rosa said yes")

    thumb.button("Rosa said yes")
    expect(page.get_by_role("heading", name="Rosa said yes at")).to_be_visible()
    _is_fine(page)
    no = _middle(page, "button", "Not yet")
    assert abs(tapped[1] - no[1]) < 2, "the confirming button is never under the finger"
    assert _middle(page, "button", "Yes, take down 1 place")[1] < no[1]
    begun = time.monotonic()
    thumb.button("Yes, take down 1 place")
    expect(page.get_by_text("Saved how it was.")).to_be_visible(timeout=FIRST_RESULT * 1000)
    first = time.monotonic() - begun
    down = page.get_by_role("heading", name="Facebook is down.")
    expect(down).to_be_visible(timeout=READ_BACK * 1000)
    read_back = time.monotonic() - begun
    assert not facebook.stands()
    assert len(thumb.taps) == TO_DOWN, thumb.taps
    print(f"first result after {first:.1f} s, read back after {read_back:.1f} s")
    expect(page.get_by_text("Hidden ")).to_be_visible()
    expect(page.get_by_text("Not told")).to_be_visible(timeout=SOON)
    _is_fine(page)

    thumb.taps.clear()
    thumb.button("Put it back")
    assert abs(_middle(page, "button", "Not yet")[1] - tapped[1]) < 2
    _is_fine(page)
    thumb.button("Yes, put it back")
    expect(page.get_by_role("heading", name="Facebook can be seen again.")).to_be_visible(
        timeout=READ_BACK * 1000
    )
    assert facebook.stands()
    assert len(thumb.taps) == TO_BACK, thumb.taps
    _is_fine(page)


def test_what_changed_while_reading_is_marked_and_three_misses_offer_the_link(dark, mia, night):
    home = f"{mia.instance.url}/incidents/{night}"
    dark.goto(f"{home}/call")
    read = dark.get_by_text("got 5 new reviews since")
    expect(read).to_be_visible()
    client = mia.gets(f"/v1/incidents/{night}")["client_id"]
    sources = mia.gets(f"/v1/clients/{client}/sources")["data"]
    [source] = [one["id"] for one in sources if one["kind"] == "push"]
    mia.is_attacked(source, 2)
    expect(dark.get_by_text("Now: Corner Bistro got 7 new reviews")).to_be_visible(timeout=40_000)
    expect(read).to_be_visible()
    _is_fine(dark)
    for _ in range(3):
        expect(dark.get_by_role("button", name="No answer")).to_be_enabled()
        dark.get_by_role("button", name="No answer").tap()
        expect(dark.get_by_role("link", name="Call Rosa")).to_be_visible()
    expect(dark.get_by_text("3 calls without an answer.")).to_be_visible()
    dark.get_by_role("button", name="Make a link to send yourself").tap()
    text = dark.get_by_role("link", name="Text it to Rosa")
    expect(text).to_have_attribute("href", re.compile(r"^sms:\+436601111111\?&body=Rosa"))
    _is_fine(dark)


def test_without_a_yes_the_button_says_whose_is_missing_and_a_hand_can_do_its_part(
    dark, mia, night
):
    dark.goto(f"{mia.instance.url}/incidents/{night}/decide")
    dark.get_by_label("Facebook").uncheck()
    dark.get_by_label("Website").check()
    dark.get_by_role("button", name="Take down 1 place").tap()
    expect(dark.get_by_text("Needs Rosa’s yes.")).to_be_visible()
    expect(dark.get_by_role("link", name="Call Rosa")).to_be_visible()
    _is_fine(dark)
    dark.get_by_role("button", name="Rosa told me").tap()
    dark.get_by_role("button", name="Rosa said yes").tap()
    dark.get_by_role("button", name="Yes, take down 1 place").tap()
    expect(dark.get_by_role("heading", name="Website needs a hand.")).to_be_visible(timeout=SOON)
    expect(dark.get_by_text("We are closed online for a moment.")).to_be_visible()
    _is_fine(dark)
    dark.get_by_role("button", name="Done: Website").tap()
    expect(dark.get_by_role("heading", name="Website is down.")).to_be_visible()
    expect(dark.get_by_text("Mia did it by hand at")).to_be_visible()


def test_what_is_down_without_a_decision_keeps_an_incident_open_and_leads_there(dark, mia, night):
    is_agreed(mia, night)
    home = f"{mia.instance.url}/incidents/{night}"
    dark.goto(home)
    dark.get_by_role("link", name="Take down now").tap()
    dark.get_by_role("button", name="Yes, take down 1 place").tap()
    expect(dark.get_by_role("heading", name="Facebook is down.")).to_be_visible(timeout=SOON)
    dark.goto(home)
    expect(dark.get_by_role("link", name="Put it back")).to_be_visible()
    dark.get_by_role("button", name="More").tap()
    dark.get_by_role("button", name="It is over").tap()
    expect(dark.get_by_role("alert")).to_contain_text("still down")
    _is_fine(dark)
    dark.get_by_role("link", name="Put it back").tap()
    expect(dark.get_by_role("button", name="Yes, put it back")).to_be_visible()


def test_without_a_signal_nothing_is_queued_and_the_number_stands_there(dark, mia, facebook, night):
    is_agreed(mia, night)
    dark.goto(f"{mia.instance.url}/incidents/{night}/decide?now")
    yes = dark.get_by_role("button", name="Yes, take down 1 place")
    expect(yes).to_be_visible()
    dark.context.set_offline(True)
    yes.tap()
    expect(dark.get_by_text("No signal. Nothing was sent. Ring Rosa instead:")).to_be_visible()
    expect(dark.get_by_role("link", name="+43 660 111 11 11")).to_be_visible()
    assert dark.evaluate("localStorage.getItem('outbox')") in (None, "[]")
    _is_fine(dark)
    dark.context.set_offline(False)
    expect(yes).to_be_visible()
    assert facebook.stands()


def test_the_screens_of_the_day_are_kept_with_the_shell(dark):
    dark.wait_for_function("navigator.serviceWorker.controller !== null")
    kept = dark.evaluate(
        "caches.keys().then((names) => caches.open(names[0])).then((one) => one.keys())"
        ".then((all) => all.map((one) => one.url))"
    )
    assert any("/assets/daylight" in url for url in kept), kept
