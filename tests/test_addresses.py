"""The guarded way out: nothing inside is ever reached, whatever a person types."""

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from aiohttp import web

from api.addresses import (
    AddressRefused,
    AnswerTooSlow,
    Unreachable,
    check_address,
    fetch,
    guarded_client,
    is_public,
    push_host_allowed,
)
from tests.canary import (
    HOSTILE_NAMES,
    PUBLIC,
    SEEN_IN_THE_TEXT,
    Canary,
    listening,
    names,
    serving,
    system_like,
)


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with listening() as bird:
        yield bird


async def test_the_canary_sings_when_it_is_allowed(canary):
    async with guarded_client(allowed=[f"127.0.0.1:{canary.port}"]) as client:
        answer = await fetch(client, f"http://127.0.0.1:{canary.port}/")
    assert (answer.status, answer.body, canary.hits) == (200, b"inside", 1)


@pytest.mark.parametrize("url", SEEN_IN_THE_TEXT)
async def test_a_hostile_address_is_refused_in_words_and_never_visited(canary, url):
    url = url.replace("{port}", str(canary.port))
    with pytest.raises(AddressRefused):
        check_address(url)
    async with guarded_client(resolver=system_like, timeout=0.3, total_seconds=5) as client:
        with pytest.raises(AddressRefused) as refused:
            await fetch(client, url)
    assert str(refused.value).endswith(".")
    assert canary.hits == 0


@pytest.mark.parametrize("url", SEEN_IN_THE_TEXT)
async def test_the_bare_client_refuses_too(canary, url):
    url = url.replace("{port}", str(canary.port))
    async with guarded_client(resolver=system_like, timeout=0.3, total_seconds=5) as client:
        with pytest.raises((AddressRefused, httpx.InvalidURL, OSError, httpx.HTTPError)):
            await client.post(url, content=b"x", follow_redirects=True)
    assert canary.hits == 0


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_a_name_that_leads_inside_is_refused(canary, name):
    async with guarded_client(resolver=names(HOSTILE_NAMES)) as client:
        with pytest.raises(AddressRefused):
            await fetch(client, f"http://{name}:{canary.port}/")
    assert canary.hits == 0


async def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(canary):
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    asked = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    async with guarded_client(resolver=rebinding, timeout=0.3, total_seconds=0.5) as client:
        with suppress(Unreachable, AnswerTooSlow):
            await fetch(client, f"http://rebind.example:{canary.port}/")
    assert asked == ["rebind.example"]
    assert canary.hits == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://user@127.0.0.1:{port}/",
        "http://loop.example:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
async def test_a_redirect_inside_is_refused(canary, status, target):
    async def onward(_request: web.Request) -> web.Response:
        return web.Response(
            status=status, headers={"Location": target.replace("{port}", str(canary.port))}
        )

    table = {**HOSTILE_NAMES, "localhost": ["127.0.0.1"], "2130706433": ["127.0.0.1"]}
    table |= {"::ffff:127.0.0.1": ["::ffff:127.0.0.1"], "127.0.0.1": ["127.0.0.1"]}
    table |= {"169.254.169.254": ["169.254.169.254"], "::ffff:7f00:1": ["::ffff:7f00:1"]}
    async with (
        serving(onward) as hop,
        guarded_client(allowed=[f"127.0.0.1:{hop}"], resolver=names(table)) as client,
    ):
        with pytest.raises((AddressRefused, Unreachable)):
            await fetch(client, f"http://127.0.0.1:{hop}/")
        with pytest.raises((AddressRefused, httpx.HTTPError, httpx.InvalidURL)):
            await client.get(f"http://127.0.0.1:{hop}/", follow_redirects=True)
    assert canary.hits == 0


async def test_proxies_of_the_environment_are_not_used(canary, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    async with guarded_client(resolver=names({"x.example": [PUBLIC]}), timeout=0.3) as client:
        with suppress(Unreachable, AnswerTooSlow):
            await fetch(client, "http://x.example/", deadline=0.5)
    assert canary.hits == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("2a00:1450:4001::1", True),
        ("192.0.0.9", False),
        ("2001:20::1", False),
        ("3fff::1", False),
        ("", False),
    ],
)
def test_only_the_open_internet_is_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/feed.xml",
        "http://news.example",
        "https://news.example:8443/feed?x=1#top",
        "https://bäckerei.example/feed",
        f"http://{PUBLIC}/",
        "http://[2606:4700::1111]/",
        "http://intranet:8080/feed",
    ],
)
def test_an_ordinary_address_may_be_typed(url):
    check_address(url)


def test_an_address_the_operator_allowed_may_be_typed():
    check_address("http://127.0.0.1:9000/feed", {"127.0.0.1:9000"})
    check_address("http://[::1]:9000/feed", {"[::1]:9000"})
    check_address("http://Localhost/feed", {"localhost:80"})
    with pytest.raises(AddressRefused, match="private network"):
        check_address("http://127.0.0.1:9001/feed", {"127.0.0.1:9000"})


@pytest.mark.parametrize(
    ("endpoint", "fits"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://FCM.googleapis.com:443/wp/abc", True),
        ("https://android.googleapis.com/gcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/QABC", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com:80/x", False),
        ("https://fcm.googleapis.com./x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://evil.example#.push.apple.com", False),
        ("https://evil.example?.push.apple.com", False),
        ("https://evil.example\\.push.apple.com", False),
        ("https://evilpush.apple.com/x", False),
        ("https://push.apple.com/x", False),
        ("https://.push.apple.com/x", False),
        ("https://notify.windows.com.evil.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://updates.push.services.mozilla.com\n.evil.example/", False),
        ("file:///x", False),
        ("", False),
        ("http://127.0.0.1:7001/push/1", True),
        ("https://127.0.0.1:7001/push/1", True),
        ("http://127.0.0.1:7002/push/1", False),
        ("http://user@127.0.0.1:7001/push/1", False),
        ("ftp://127.0.0.1:7001/push/1", False),
    ],
)
def test_a_push_endpoint_must_be_a_known_push_service(endpoint, fits):
    assert push_host_allowed(endpoint, {"127.0.0.1:7001"}) is fits
