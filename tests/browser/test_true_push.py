"""A true push, end to end, offline: a real Firefox on the real app is woken by Nightdesk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.database import reading
from api.ids import decode
from api.models import Notification
from tests.browser.firefox import Firefox
from tests.browser.people import OWNER, PASSWORD, Manager, lists
from tests.faults.instance import inside, running
from tests.push_service import PushService
from workers import orders
from workers.channels.webpush import Push, send

pytestmark = pytest.mark.timeout(240)


async def until(look: Callable[[], Awaitable[Any]], what: str, limit: float = 30) -> Any:
    """What `look` finds; fails when it finds nothing within `limit` seconds."""
    deadline = asyncio.get_running_loop().time() + limit
    while asyncio.get_running_loop().time() < deadline:
        if found := await look():
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"waited {limit} s for {what}")


@asynccontextmanager
async def a_night(folder: Path) -> AsyncIterator[tuple[Manager, Firefox, PushService]]:
    """An instance, its manager, and her Firefox signed in on Nightdesk."""
    async with PushService() as push:
        host = lists(push.origin.removeprefix("http://"))
        with running(folder / "data", NIGHTDESK_PUSH_HOSTS=host) as instance:
            mia = await Manager.sets_up(instance)
            firefox = Firefox(folder / "firefox", push.websocket_url)
            with closing(mia.web):
                async with firefox:
                    await _signs_in(firefox, instance.url)
                    yield mia, firefox, push


async def _signs_in(firefox: Firefox, url: str) -> None:
    await firefox.open(url)
    await until(lambda: _text(firefox, "Sign in"), "the sign-in screen")
    await firefox.evaluate(
        f"""(() => {{
          const type = (name, value) => {{
            const field = document.querySelector(`[name=${{name}}]`);
            field.value = value;
            field.dispatchEvent(new Event("input", {{bubbles: true}}));
          }};
          type("email", "{OWNER["email"]}");
          type("password", "{PASSWORD}");
          document.querySelector("form").requestSubmit();
        }})()"""
    )
    await until(lambda: _text(firefox, "Your phone rings"), "the home screen")


async def _text(firefox: Firefox, words: str) -> bool:
    return bool(await firefox.evaluate(f"document.body.innerText.includes({words!r})"))


async def _taps(firefox: Firefox, words: str) -> None:
    find = f"""[...document.querySelectorAll("a,button")].find(
      (one) => one.innerText.trim() === {words!r})"""
    await until(lambda: firefox.evaluate(f"Boolean({find})"), f"the button {words}")
    await firefox.evaluate(f"{find}.click()")


async def _may_be_woken(firefox: Firefox, mia: Manager) -> None:
    """This Firefox grants notifications without asking, so the app subscribes when it opens."""
    await firefox.open(f"{mia.instance.url}/wake")
    await until(lambda: _text(firefox, "This phone may be rung."), "the subscription")


async def test_a_test_alarm_is_shown_and_its_seconds_are_counted(tmp_path):
    async with a_night(tmp_path) as (mia, firefox, _):
        await _may_be_woken(firefox, mia)
        await _taps(firefox, "Test my alarm")
        await _taps(firefox, "Send a test alarm")
        shown = await until(firefox.notifications, "the notification")
        assert shown[0]["title"] == "Test alarm"
        await until(lambda: _text(firefox, "Ready tonight"), "the receipt on the screen")
        device = mia.gets("/v1/me/devices")["data"][0]
        assert device["last_test"]["seconds"] is not None
        assert mia.gets("/v1/now")["my_phone"]["state"] == "proved"


async def test_three_bad_reviews_wake_the_phone_and_a_tap_leads_to_the_incident(tmp_path):
    async with a_night(tmp_path) as (mia, firefox, push):
        await _may_be_woken(firefox, mia)
        client, source = mia.looks_after("Corner Bistro")
        mia.is_attacked(source)
        shown = await until(firefox.notifications, "the alarm")
        assert shown[0]["title"] == "Corner Bistro: 3 new reviews, normal is 1"
        assert shown[0]["body"].endswith("Tap, then call Rosa.")

        async def confirmed() -> Any:
            incident = mia.gets(f"/v1/incidents?client_id={client}")["data"][0]
            attempts = incident["escalation"]["attempts"]
            return [one for one in attempts if one["state"] == "confirmed"]

        assert len(await until(confirmed, "the receipt")) == 1
        assert len([post for post in push.log if post.status == 201]) == 1

        await firefox.tap_notification(shown[0]["title"])
        await until(lambda: _text(firefox, "Call Rosa"), "the incident screen")
        await _taps(firefox, "I’m on it")
        await until(lambda: _text(firefox, "You have it until"), "the acknowledgement")
        incident = mia.gets(f"/v1/incidents?client_id={client}")["data"][0]
        assert incident["escalation"]["state"] == "acknowledged"


async def test_a_push_in_a_shape_that_nobody_knows_still_shows_something(tmp_path):
    async with a_night(tmp_path) as (mia, firefox, _):
        await _may_be_woken(firefox, mia)
        push = await _push_to_the_only_device(mia)
        async with aiohttp.ClientSession() as outside:
            await send(replace(push, payload={"from": "another world"}), outside)

        async def titles() -> list[str]:
            found = [one["title"] for one in await firefox.notifications()]
            return found if "Nightdesk" in found else []

        await until(titles, "a notification")


async def _push_to_the_only_device(mia: Manager) -> Push:
    """What the ringer would send, with the keys that it would use."""
    device = mia.gets("/v1/me/devices")["data"][0]
    made = mia.posts(f"/v1/me/devices/{device['id']}/test")
    async with inside(mia.instance.environment), reading() as session:
        notice = await session.get_one(Notification, decode("ntf", made["id"]))
        push: Push = await orders.order(notice)
        return push
