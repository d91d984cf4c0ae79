"""What stands in for the world in a browser’s story: a push service with a phone, and Twilio."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext

from tests.browser.people import lists
from tests.channels.twilio_server import TwilioServer
from tests.push_service import PushService
from workers.practice_phone import Phone

# A browser without a push service of its own is given this phone's subscription, after it asked.
_SUBSCRIBES = """(() => {
  const phone = %s;
  const read = () => JSON.parse(localStorage.getItem("a-push") ?? "null");
  const bytes = (list) => new Uint8Array(list).buffer;
  const made = (key) => ({
    endpoint: phone.endpoint,
    options: { applicationServerKey: bytes(key) },
    toJSON: () => phone,
    unsubscribe: async () => (localStorage.removeItem("a-push"), true),
  });
  PushManager.prototype.getSubscription = async () => read() && made(read());
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem("a-push", JSON.stringify([...new Uint8Array(applicationServerKey)]));
    return made(read());
  };
  const allowed = () => localStorage.getItem("may-notify") ?? "default";
  Object.defineProperty(Notification, "permission", { get: allowed });
  Notification.requestPermission = async () => {
    localStorage.setItem("may-notify", "granted");
    return "granted";
  };
})()"""


@dataclass
class World:
    """Both services, in a loop of their own: a browser is driven from this one."""

    loop: asyncio.AbstractEventLoop
    push: PushService
    twilio: TwilioServer

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(deed, self.loop).result(10)

    def settings(self) -> dict[str, str]:
        """How an instance is told of them."""
        return {
            "NIGHTDESK_PUSH_HOSTS": lists(self.push.origin.removeprefix("http://")),
            "NIGHTDESK_TWILIO_ACCOUNT": self.twilio.sid,
            "NIGHTDESK_TWILIO_TOKEN": self.twilio.token,
            "NIGHTDESK_TWILIO_NUMBER": self.twilio.number,
            "NIGHTDESK_TWILIO_URL": self.twilio.origin,
        }

    def phone_in(self, context: BrowserContext, home: str) -> Phone:
        """A phone that can be rung once this browser has subscribed."""
        phone: Phone = self.do(self.push.phone(home))
        subscription = str(phone.subscription).replace("None", "null")
        context.add_init_script(_SUBSCRIBES % subscription)
        return phone


@contextmanager
def a_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own: Playwright has the test's."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def the_world() -> Iterator[World]:
    """Open both; everything is gone afterwards."""
    with a_loop() as loop:
        world = World(loop, PushService(), TwilioServer())
        try:
            world.do(world.push.__aenter__())
            world.do(world.twilio.__aenter__())
            yield world
        finally:
            world.do(world.twilio.__aexit__())
            world.do(world.push.__aexit__())
