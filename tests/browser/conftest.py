"""A night at a client with a Page at Facebook, and a manager’s phone; a story may have its own."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.facebook import Facebook, a_facebook
from tests.browser.people import Manager
from tests.browser.phone import SMALL, chromium, phone
from tests.faults.instance import Instance, running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def facebook() -> Iterator[Facebook]:
    with a_facebook() as facebook:
        yield facebook


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, facebook: Facebook) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("instance"), **facebook.settings()) as instance:
        yield instance


@pytest.fixture(scope="module")
def mia(instance: Instance) -> Iterator[Manager]:
    mia = Manager.signs_up(instance)
    with closing(mia.web):
        yield mia


@pytest.fixture
def night(mia: Manager, facebook: Facebook) -> str:
    """An attack on a client with a Page; the incident's id."""
    facebook.is_as_before()
    client, source = mia.looks_after("Corner Bistro")
    facebook.is_of(mia, client)
    mia.is_attacked(source, 5)
    mia.waits_for_the_incident(client)
    return str(mia.gets(f"/v1/incidents?client_id={client}")["data"][0]["id"])


@pytest.fixture(params=["dark", "light"])
def context(request, browser: Browser) -> Iterator[BrowserContext]:
    size = SMALL if request.param == "light" else {}
    with phone(browser, request.param, **size) as context:
        yield context


@pytest.fixture
def dark(browser: Browser, mia: Manager) -> Iterator[Page]:
    """A signed-in page where the palette makes no difference."""
    with phone(browser) as context:
        yield _signed_in(context, mia)


@pytest.fixture
def page(context: BrowserContext, mia: Manager) -> Page:
    return _signed_in(context, mia)


def _signed_in(context: BrowserContext, mia: Manager) -> Page:
    page = context.new_page()
    mia.signs_in_on(page)
    expect(page.get_by_text("Your phone rings")).to_be_visible()
    return page
