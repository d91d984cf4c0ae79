"""How many taps it takes: from the first link to “Ready tonight”, from the alarm to the owner."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import OWNER, Manager, token_of
from tests.browser.phone import chromium, faults_of, overflow_of, phone
from tests.browser.services import World, the_world
from tests.browser.thumb import Thumb
from tests.faults.instance import Instance, running

pytestmark = pytest.mark.timeout(240)

TO_READY, TO_THE_OWNER = 25, 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def world() -> Iterator[World]:
    with the_world() as world:
        yield world


@pytest.fixture
def instance(tmp_path: Path, world: World) -> Iterator[Instance]:
    with running(tmp_path, **world.settings()) as instance:
        yield instance


def _is_fine(page: Page) -> None:
    assert faults_of(page) == []
    assert overflow_of(page) == 0


def _names_herself(thumb: Thumb) -> None:
    thumb.types("Your name", OWNER["name"])
    thumb.types("Your phone number", OWNER["phone"])
    thumb.types("E-mail", OWNER["email"])
    thumb.types("Password", OWNER["password"])
    thumb.button("Continue")


def _adds_a_client(thumb: Thumb) -> None:
    thumb.types("Name of the business", "Corner Bistro")
    thumb.types("Owner’s name", "Rosa")
    thumb.types("Owner’s number", "+43 660 111 11 11")
    thumb.button("Continue")


def _adds_a_source(thumb: Thumb) -> None:
    thumb.types("Paste a link", "https://reviews.example.com/feed.xml")
    thumb.button("Watch it as a feed")


def _is_woken_by_push(thumb: Thumb) -> None:
    page = thumb.page
    thumb.button("Let it wake me")
    thumb.answers("Allow")
    thumb.link("Test my alarm")
    thumb.button("Send a test alarm")
    expect(page.get_by_role("heading", name="Your phone rings")).to_be_visible(timeout=15_000)
    thumb.button("I heard it")
    expect(page.get_by_text("not ready for nights")).to_be_visible()
    _is_fine(page)


def _is_woken_by_a_call(thumb: Thumb) -> None:
    page = thumb.page
    thumb.button(f"Ring {OWNER['phone']}")
    thumb.button("Ring me in 30 s")
    expect(page.get_by_text("seconds until we send it")).to_be_visible()
    _is_fine(page)
    thumb.button("Send it now")
    thumb.button("I heard it")
    expect(page.get_by_text("Ready tonight")).to_be_visible()
    _is_fine(page)


def test_set_up_to_ready_tonight_takes_25_taps_at_most(browser, instance, world):
    with phone(browser) as context:
        hers = world.phone_in(context, instance.url)
        page = context.new_page()
        thumb = Thumb(page)
        page.goto(f"{instance.url}/setup#{token_of(instance)}")
        _names_herself(thumb)
        _adds_a_client(thumb)
        _adds_a_source(thumb)
        expect(page.get_by_text("Not ready for nights yet")).to_be_visible()
        _is_woken_by_push(thumb)
        thumb.link("Continue")
        _is_woken_by_a_call(thumb)
        thumb.link("Continue")
        expect(page.get_by_text("Ready tonight")).to_be_visible()
        _is_fine(page)
    assert [one.notification["title"] for one in hers.shown] == ["Test alarm"]
    assert len(world.twilio.calls) == 1
    assert 15 < len(thumb.taps) <= TO_READY, thumb.taps


def test_a_call_that_was_not_heard_is_not_ready(browser, instance, world):
    with closing(Manager.signs_up(instance).web), phone(browser) as context:
        world.phone_in(context, instance.url)
        page = context.new_page()
        thumb = Thumb(page)
        Manager(instance, None).signs_in_on(page)  # type: ignore[arg-type]
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        page.goto(f"{instance.url}/wake")
        _is_woken_by_push(thumb)
        page.goto(f"{instance.url}/wake")
        thumb.button(f"Ring {OWNER['phone']}")
        thumb.button("Ring me in 30 s")
        thumb.button("Send it now")
        thumb.button("I heard nothing")
        expect(page.get_by_text("The number is not saved as a contact")).to_be_visible()
        expect(page.get_by_text("not ready for nights")).to_be_visible()
        _is_fine(page)


def test_alarm_to_the_owners_phone_takes_two_taps(browser, instance, world):
    mia = Manager.signs_up(instance)
    client, source = mia.looks_after("Corner Bistro")
    with closing(mia.web), phone(browser) as context:
        hers = world.phone_in(context, instance.url)
        page = context.new_page()
        thumb = Thumb(page)
        mia.signs_in_on(page)
        expect(page.get_by_text("Your phone rings")).to_be_visible()
        page.goto(f"{instance.url}/wake")
        thumb.button("Let it wake me")
        expect(page.get_by_text("This phone may be rung.")).to_be_visible()
        mia.is_attacked(source, 5)
        mia.waits_for_the_incident(client)
        alarm = world.do(hers.next_message(20)).notification

        thumb.taps[:] = ["the notice"]
        page.goto(alarm["navigate"].replace("localhost", "127.0.0.1"))
        call = page.get_by_role("link", name="Call Rosa")
        expect(call).to_have_attribute("href", "tel:+436601111111")
        # No phone, no dialler: the tap counts, and what it would open was looked at.
        page.evaluate("addEventListener('click', (event) => event.preventDefault(), true)")
        thumb.on(call)
        assert len(thumb.taps) == TO_THE_OWNER, thumb.taps
