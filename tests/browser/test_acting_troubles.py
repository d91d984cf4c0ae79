"""What is shown where a place says no, answers nothing, or comes back one after the other."""

import pytest
from playwright.sync_api import Page, expect

from tests import illnesses
from tests.browser.people import is_agreed
from tests.browser.phone import faults_of, overflow_of
from tests.platforms.graph_state import PAGE
from tests.platforms.graph_vendor import error
from tests.platforms.vendor import told

pytestmark = pytest.mark.timeout(240)

REFUSED = told(403, error(200, "(#200) Requires pages_manage_metadata permission"))
SOON, GIVEN_UP = 20_000, 70_000


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _is_begun(page: Page, home: str, places: str = "1 place") -> None:
    page.goto(f"{home}/decide?now")
    page.get_by_role("button", name=f"Yes, take down {places}").tap()


def test_a_place_that_says_no_says_why_and_is_tried_again_once_it_may(page, mia, facebook, night):
    is_agreed(mia, night)
    facebook.vendor.misbehave(REFUSED, times=None, method="POST")
    try:
        _is_begun(page, f"{mia.instance.url}/incidents/{night}")
        no = page.get_by_role("heading", name="Facebook is not down.")
        expect(no).to_be_visible(timeout=SOON)
        expect(
            page.get_by_text("At Meta the right “pages_manage_metadata” is missing.")
        ).to_be_visible()
        page.get_by_role("button", name="Do it by hand").tap()
        expect(page.get_by_role("link", name="Open it")).to_have_attribute(
            "href", f"https://www.facebook.com/{PAGE}"
        )
        _is_fine(page)
    finally:
        facebook.vendor.behave()
    assert facebook.stands()
    page.get_by_role("button", name="Try again").tap()
    expect(page.get_by_role("heading", name="Facebook is down.", exact=True)).to_be_visible(
        timeout=SOON
    )
    assert not facebook.stands()


def test_a_place_that_never_answers_is_not_called_down_nor_up(dark, mia, facebook, night):
    is_agreed(mia, night)
    facebook.vendor.misbehave(illnesses.reset, times=None)
    try:
        _is_begun(dark, f"{mia.instance.url}/incidents/{night}")
        unknown = dark.get_by_role("heading", name="It is not known whether Facebook is down.")
        expect(unknown).to_be_visible(timeout=GIVEN_UP)
        _is_fine(dark)
    finally:
        facebook.vendor.behave()
    dark.get_by_role("button", name="Try again").tap()
    expect(dark.get_by_role("heading", name="Facebook is down.", exact=True)).to_be_visible(
        timeout=GIVEN_UP
    )
    assert not facebook.stands()


def test_one_place_comes_back_before_the_other(dark, mia, facebook, night):
    is_agreed(mia, night, "website")
    _is_begun(dark, f"{mia.instance.url}/incidents/{night}", "2 places")
    expect(dark.get_by_text("We are closed online for a moment.")).to_be_visible(timeout=SOON)
    dark.get_by_role("button", name="Done: Website").tap()
    both = dark.get_by_role("heading", name="Facebook and Website are down.")
    expect(both).to_be_visible(timeout=SOON)
    dark.get_by_role("button", name="Put it back").tap()
    dark.get_by_role("group", name="What comes back first?").get_by_label("Website").uncheck()
    _is_fine(dark)
    dark.get_by_role("button", name="Yes, put back Facebook").tap()
    expect(dark.get_by_role("heading", name="Website is down.", exact=True)).to_be_visible(
        timeout=SOON
    )
    expect(dark.get_by_text("Back", exact=True)).to_be_visible()
    assert facebook.stands()
    expect(dark.get_by_role("button", name="Put it back")).to_be_visible()
    _is_fine(dark)
