"""`python -m tests.browser.screenshots`: every screen at phone size in both palettes."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PASSWORD, Manager, token_of
from tests.browser.phone import chromium, phone
from tests.browser.screenshots_acting import acting_screens
from tests.browser.vendors import Google, a_google
from tests.faults.instance import Instance, running

FOLDER = Path(__file__).parent.parent.parent / "screenshots"
ATTACK = timedelta(minutes=82)

Shot = Callable[[Page, str], None]


def main() -> None:
    """Make the folder anew; it is not kept in git."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with chromium() as browser:
        for palette in ("dark", "light"):
            with (
                tempfile.TemporaryDirectory() as data,
                a_google() as google,
                running(Path(data), **google.settings()) as instance,
            ):
                _all_screens(browser, instance, google, palette)
            acting_screens(browser, palette, _look(palette), _shot(palette))
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.name}/")


def _all_screens(browser: Browser, instance: Instance, google: Google, palette: str) -> None:
    shot = _shot(palette)
    with phone(browser, palette) as context:
        google.stands_in(context)
        page = context.new_page()
        page.add_init_script(f"localStorage.setItem('look', '{_look(palette)}')")
        page.goto(f"{instance.url}/setup#{token_of(instance)}")
        expect(page.get_by_label("Your name")).to_be_visible()
        shot(page, "01-set-up")
        mia = Manager.signs_up(instance)
        page.goto(instance.url)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        shot(page, "02-sign-in")
        mia.signs_in_on(page)
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        shot(page, "03-now-empty")
        _quiet_screens(page, mia, shot)
        _connecting_screens(page, mia, google, shot)
        mia.web.close()


def _shot(palette: str) -> Shot:
    def shot(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle") if name.startswith("owner") else None
        page.screenshot(path=FOLDER / f"{name}-{palette}.png")

    return shot


def _look(palette: str) -> str:
    """Night is forced between 22:00 and 07:00; a picture in daylight needs the other setting."""
    return "system" if palette == "light" else "night"


def _quiet_screens(page: Page, mia: Manager, shot: Shot) -> None:
    client, source = mia.looks_after("Corner Bistro")
    home = mia.instance.url
    for name, path, words in (
        ("04-new-client", "/clients/new", "Name of the business"),
        ("05-new-source", f"/clients/{client}/sources/new", "Paste a link"),
        ("06-now", "/", "of 1 source read"),
        ("07-clients", "/clients", "Corner Bistro"),
        ("08-client", f"/clients/{client}", "What we can do where"),
        ("09-source", f"/clients/{client}/sources/{source}", "reviews kept"),
        ("10-wake", "/wake", "This is the only screen"),
        ("11-test", "/test", "Send a test alarm"),
        ("12-on-call", "/on-call", "Would you be woken right now?"),
        ("13-more", "/more", "How I am reached"),
        ("14-link", f"/clients/{client}/link", "No login"),
    ):
        page.goto(home + path)
        expect(page.get_by_text(words).first).to_be_visible()
        shot(page, name)
    _owner(page, mia, client, shot, "20-owner-calm")
    _rota_screens(page, mia, shot)
    _live_screens(page, mia, client, source, shot)


def _rota_screens(page: Page, mia: Manager, shot: Shot) -> None:
    """Ben takes the days but for one, so that there is a gap to see."""
    ben = {"name": "Ben", "email": "ben@agency.example.com", "password": PASSWORD}
    mia.posts("/v1/users", {**ben, "zone": "Europe/Vienna"})
    home = mia.instance.url
    page.goto(f"{home}/rota/new")
    expect(page.get_by_label("Nights me, days Ben")).to_be_checked()
    shot(page, "22-rota-new")
    ahead = datetime.now(UTC) + timedelta(days=3)
    day = page.get_by_role("group", name="Shift 2", exact=True).get_by_label(f"{ahead:%A}")
    day.uncheck()
    page.get_by_role("button", name="Save the rota").click()
    expect(page.get_by_text("A gap this week")).to_be_visible()
    for name, path, words in (
        ("23-on-call-gap", "/on-call", "A gap this week"),
        ("24-cover", "/on-call/cover", "Who covers you?"),
        ("25-swap", "/on-call/swap", "You take"),
        ("26-ways", "/ways", "Quiet hours"),
        ("27-way-new", "/ways/new", "Not set up on this server"),
        ("28-plan", "/plan", "Each person in turn"),
    ):
        page.goto(home + path)
        expect(page.get_by_text(words).first).to_be_visible()
        shot(page, name)


def _live_screens(page: Page, mia: Manager, client: str, source: str, shot: Shot) -> None:
    mia.is_attacked(source, 15, spread=ATTACK)
    page.goto(mia.instance.url)
    live = page.get_by_role("link", name="Open Corner Bistro")
    expect(live).to_be_visible(timeout=15_000)
    shot(page, "15-now-live")
    live.click()
    expect(page.locator("svg.fig")).to_be_visible()
    shot(page, "16-incident")
    page.get_by_role("button", name="I’m on it").click()
    expect(page.get_by_text("You have it until")).to_be_visible()
    shot(page, "17-incident-mine")
    page.get_by_role("button", name="False alarm").click()
    expect(page.get_by_text("Why was it nothing?")).to_be_visible()
    shot(page, "18-false-alarm")
    page.goto(f"{mia.instance.url}/clients/{client}/reviews")
    expect(page.get_by_text("Rude waiter").first).to_be_visible()
    shot(page, "19-reviews")
    _owner(page, mia, client, shot, "21-owner-live")


def _connecting_screens(page: Page, mia: Manager, google: Google, shot: Shot) -> None:
    """From a pasted link to a place that is read, and what a key asks for."""
    google.vendor.writes("a1", stars=5, text="Lovely.")
    client, _ = mia.looks_after("Harbour Inn")
    new = f"{mia.instance.url}/clients/{client}/sources/new"
    for name, path, words in (
        ("29-platform-key", f"{new}?kind=places", "Google bills each reading."),
        ("30-key", f"{new}?kind=places&enter", "Place id"),
        ("31-webhook", f"{new}?kind=webhook", "A signed webhook."),
    ):
        page.goto(path)
        expect(page.get_by_text(words).first).to_be_visible()
        shot(page, name)
    page.goto(new)
    page.get_by_label("Paste a link").fill("https://bistro.example/reviews")
    expect(page.get_by_role("button", name="Watch it as a feed")).to_be_visible()
    shot(page, "32-link-unknown")
    page.get_by_label("Paste a link").fill("https://maps.app.goo.gl/corner")
    sign_in = page.get_by_role("button", name="Sign in")
    expect(sign_in).to_be_visible()
    shot(page, "33-link-known")
    google.says = "access_denied"
    sign_in.click()
    expect(page.get_by_role("link", name="Begin again")).to_be_visible(timeout=15_000)
    shot(page, "34-connect-failed")
    page.get_by_role("link", name="Begin again").click()
    google.says = "yes"
    sign_in.click()
    _connected_screens(page, shot)


def _connected_screens(page: Page, shot: Shot) -> None:
    page.get_by_label("Corner Bistro Graz").check(timeout=15_000)
    shot(page, "35-connect-choices")
    page.get_by_role("button", name="Watch 1 place").click()
    page.get_by_role("link", name="Corner Bistro Graz").click()
    expect(page.get_by_text("on average")).to_be_visible(timeout=15_000)
    ready = page.get_by_role("listitem").filter(has_text="Take-down ready")
    expect(ready.get_by_text("Yes", exact=True)).to_be_visible(timeout=15_000)
    shot(page, "36-source-connected")
    page.get_by_role("link", name="Clients").click()
    page.get_by_role("link", name="Harbour Inn").click()
    accounts = page.get_by_role("heading", name="Accounts")
    expect(accounts).to_be_visible()
    accounts.scroll_into_view_if_needed()
    shot(page, "37-client-accounts")


def _owner(page: Page, mia: Manager, client: str, shot: Shot, name: str) -> None:
    page.goto(mia.posts(f"/v1/clients/{client}/links", {"capability": "view"})["url"])
    expect(page.get_by_role("heading").first).to_be_visible()
    shot(page, name)


if __name__ == "__main__":
    main()
