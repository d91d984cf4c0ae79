"""Google in a browser’s story: its servers in a loop of their own, its sign-in in the browser."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import BrowserContext, Route

from tests.browser.services import a_loop
from tests.platforms import google_grant_vendor
from tests.platforms.google_grant_vendor import APP, GoogleGrantVendor
from workers.drill_instance import free_ports

SIGN_IN = "https://accounts.google.com/**"


@dataclass
class Google:
    """The stand-in, and the person in front of its sign-in, who `says` yes or an OAuth error."""

    loop: asyncio.AbstractEventLoop
    vendor: GoogleGrantVendor
    port: int
    says: str = "yes"

    @property
    def home(self) -> str:
        """Where the instance has to be, because Google sends people back to one address alone."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """How an instance is told of it."""
        instead = dict.fromkeys(self.vendor.hosts, self.vendor.origin)
        return {
            "NIGHTDESK_PORT": str(self.port),
            "NIGHTDESK_PUBLIC_URL": self.home,
            "NIGHTDESK_GOOGLE_CLIENT_ID": APP["id"],
            "NIGHTDESK_GOOGLE_CLIENT_SECRET": APP["secret"],
            "NIGHTDESK_VENDOR_ADDRESSES": json.dumps(instead),
        }

    def stands_in(self, context: BrowserContext) -> None:
        """Whatever this browser opens of Google's sign-in is answered here."""
        context.route(SIGN_IN, self._answer)

    def _answer(self, route: Route) -> None:
        asked = {name: one[0] for name, one in parse_qs(urlsplit(route.request.url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        told = {"state": asked["state"]}
        if self.says == "yes":
            told["code"] = f"code-{asked['state'][:8]}"
            self.vendor.allow(told["code"], asked["code_challenge"], asked["scope"])
        else:
            told["error"] = self.says
        back = f"{asked['redirect_uri']}?{urlencode(told)}"
        route.fulfill(status=302, headers={"Location": back})


@contextmanager
def a_google() -> Iterator[Google]:
    """Google with one person who manages two places; everything is gone afterwards."""
    [port] = free_ports(1)
    vendor = GoogleGrantVendor()
    with a_loop() as loop:
        asyncio.run_coroutine_threadsafe(vendor.__aenter__(), loop).result(10)
        vendor.back = f"http://127.0.0.1:{port}/connect/callback"
        try:
            vendor.accounts = {"accounts/1001": [_place("2002", "Graz"), _place("2003", "Linz")]}
            yield Google(loop, vendor, port)
        finally:
            asyncio.run_coroutine_threadsafe(vendor.__aexit__(), loop).result(10)


def _place(name: str, town: str) -> dict[str, object]:
    return google_grant_vendor.location(name, f"Corner Bistro {town}")
