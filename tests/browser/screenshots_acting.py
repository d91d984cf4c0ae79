"""Pictures of the yes, the deed and the words: an incident of a client with a Page at Facebook."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.facebook import Facebook, a_facebook
from tests.browser.people import Manager
from tests.browser.phone import phone
from tests.faults.instance import running

ATTACK = timedelta(minutes=82)

Shot = Callable[[Page, str], None]


def acting_screens(browser: Browser, palette: str, look: str, shot: Shot) -> None:
    """From the call to the way back, each screen once."""
    with (
        tempfile.TemporaryDirectory() as data,
        a_facebook() as facebook,
        running(Path(data), **facebook.settings()) as instance,
        phone(browser, palette) as context,
    ):
        mia = Manager.signs_up(instance)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('look', '{look}')")
        mia.signs_in_on(page)
        client, source = mia.looks_after("Corner Bistro")
        facebook.is_of(mia, client)
        mia.is_attacked(source, 15, spread=ATTACK)
        mia.waits_for_the_incident(client)
        incident = mia.gets(f"/v1/incidents?client_id={client}")["data"][0]["id"]
        _the_night(page, mia, facebook, incident, shot)
        _the_words(page, mia, incident, shot)
        _the_day(page, mia, client, incident, shot)
        mia.web.close()


def _the_night(page: Page, mia: Manager, facebook: Facebook, incident: str, shot: Shot) -> None:
    home = f"{mia.instance.url}/incidents/{incident}"
    page.goto(f"{home}/decide")
    expect(page.get_by_role("heading", name="Comes down")).to_be_visible()
    shot(page, "40-decide-open")
    page.get_by_role("button", name="Take down 1 place").click()
    shot(page, "41-decide-needs-yes")
    page.goto(home)
    # No phone, no dialler: a browser that met “tel:” takes no further taps.
    rosa = mia.gets(f"/v1/incidents/{incident}")["owner"]["contact_id"]
    mia.posts(f"/v1/incidents/{incident}/calls", {"contact_id": rosa, "outcome": "called"})
    said = page.get_by_role("link", name="What did Rosa say?")
    expect(said).to_be_visible()
    shot(page, "42-incident-called")
    said.click()
    expect(page.get_by_text("Is that okay?")).to_be_visible()
    page.wait_for_timeout(600)
    shot(page, "43-call-sheet")
    page.get_by_role("button", name="Rosa said yes").click()
    yes = page.get_by_role("button", name="Yes, take down 1 place")
    expect(yes).to_be_visible()
    shot(page, "44-decide-confirm")
    page.get_by_role("button", name="Not yet").click()
    shot(page, "45-decide-agreed")
    page.get_by_role("button", name="Take down now").click()
    facebook.vendor.seconds = 1.0
    yes.click()
    expect(page.get_by_text("Saved how it was.")).to_be_visible(timeout=10_000)
    shot(page, "46-taking-down")
    expect(page.get_by_role("heading", name="Facebook is down.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Not told")).to_be_visible(timeout=10_000)
    shot(page, "47-down")
    page.goto(home)
    back = page.get_by_role("link", name="Put it back")
    expect(back).to_be_visible()
    shot(page, "48-incident-down")
    back.click()
    put = page.get_by_role("button", name="Yes, put it back")
    expect(put).to_be_visible()
    shot(page, "49-put-back-confirm")
    put.click()
    expect(page.get_by_role("heading", name="can be seen again")).to_be_visible(timeout=20_000)
    shot(page, "50-back")


def _the_words(page: Page, mia: Manager, incident: str, shot: Shot) -> None:
    page.goto(f"{mia.instance.url}/incidents/{incident}/statements")
    expect(page.get_by_text("No statement yet.")).to_be_visible()
    shot(page, "51-statements")
    page.get_by_role("button", name="Begin with it: Holding statement").click()
    expect(page.get_by_label("The words")).to_be_visible()
    shot(page, "52-statement-draft")
    words = page.get_by_label("The words")
    words.fill("It was not our best evening. Our chef Tom is sorry!")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("An exclamation mark sounds")).to_be_visible()
    page.get_by_text("Before it goes out").scroll_into_view_if_needed()
    shot(page, "53-statement-checks")
    words.fill("It was not our best evening. We speak again on Friday at noon.")
    page.get_by_role("button", name="Ask the owner to approve").click()
    expect(page.get_by_role("heading", name="With the owner")).to_be_visible()
    shot(page, "54-statement-asked")
    page.goto(mia.instance.url)
    expect(page.get_by_text("1 question to owners")).to_be_visible()
    shot(page, "55-now-waiting")
    page.get_by_text("1 question to owners").click()
    page.get_by_role("button", name="They told me").click()
    expect(page.get_by_text("What did they say?")).to_be_visible()
    page.get_by_role("group", name="What did they say?").get_by_label("Yes").check()
    shot(page, "56-approvals")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing waiting.")).to_be_visible()
    shot(page, "57-approvals-none")
    page.goto(f"{mia.instance.url}/incidents/{incident}/statements")
    page.get_by_role("link", name="Approved").click()
    hold = page.get_by_role("button", name="Hold until it is quiet")
    expect(hold).to_be_visible()
    shot(page, "58-statement-approved")
    hold.click()
    expect(page.get_by_text("Hold it until when?")).to_be_visible()
    shot(page, "59-statement-hold")
    page.get_by_role("button", name="Hold it", exact=True).click()
    expect(page.get_by_text("of 48 quiet hours")).to_be_visible()
    shot(page, "60-statement-held")
    page.get_by_role("button", name="Publish early").click()
    page.get_by_role("button", name="Yes, publish in 30 seconds").click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    shot(page, "61-statement-counting")
    stop.click()
    expect(hold).to_be_visible()


def _the_day(page: Page, mia: Manager, client: str, incident: str, shot: Shot) -> None:
    page.goto(f"{mia.instance.url}/incidents/{incident}/report")
    expect(page.get_by_text("What we did and when")).to_be_visible()
    shot(page, "62-report")
    page.get_by_text("What helped").scroll_into_view_if_needed()
    shot(page, "63-report-edit")
    page.goto(f"{mia.instance.url}/clients/{client}/standing")
    page.get_by_label("Facebook").check()
    shot(page, "64-standing")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Holds")).to_be_visible()
    shot(page, "65-standing-holds")
