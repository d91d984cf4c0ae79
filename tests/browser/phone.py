"""A phone-sized Chromium on the real pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = ["--disable-quic", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, or the one that playwright has brought."""
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def phone(browser: Browser, palette: str = "dark", **size: int) -> BrowserContext:
    """A context like a phone held upright; `palette` is dark or light."""
    return browser.new_context(
        viewport=size or PHONE,  # type: ignore[arg-type]
        device_scale_factor=2,
        has_touch=True,
        color_scheme="light" if palette == "light" else "dark",
        locale="en-GB",
        timezone_id="Europe/Vienna",
    )


def faults_of(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def overflow_of(page: Page) -> int:
    """How many pixels stick out to the side; none may."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
