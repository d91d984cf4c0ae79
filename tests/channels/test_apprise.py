"""Apprise: only services that were named, no redirect, and a thread that nobody waits for."""

import asyncio
import json
import threading

import pytest
from aiohttp import web
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack

from tests.channels.provider import Provider
from tests.illnesses import drip, hang, redirect, reply, reset
from workers.channels import apprise_targets
from workers.channels.apprise_targets import Note
from workers.channels.trouble import ChannelTrouble

DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
SLACK = "slack://TAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC/#night"


class ChatServer(Provider):
    """A chat service that keeps what it was told."""

    told: list[dict[str, object]]

    def build(self, router: web.UrlDispatcher) -> None:
        self.told = []
        router.add_post("/{rest:.*}", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        self.told.append(json.loads(await request.read()))
        return web.Response(text="ok")


@pytest.fixture
async def chat(monkeypatch):
    """The service behind Discord’s and Slack’s addresses."""
    async with ChatServer() as server:
        monkeypatch.setattr(NotifyDiscord, "notify_url", f"{server.origin}/discord")
        monkeypatch.setattr(NotifySlack, "webhook_url", f"{server.origin}/slack")
        yield server


async def test_a_note_reaches_the_service(chat, outside):
    await apprise_targets.send(Note(DISCORD, "4 new reviews", "3 are one star."), outside)
    [told] = chat.told
    assert "4 new reviews" in told["content"]
    assert "3 are one star." in told["content"]
    assert "github.com" not in json.dumps(told)


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/x",
        "xml://127.0.0.1/x",
        "form://127.0.0.1/x",
        "syslog://",
        "mailto://a:b@c.test",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "discords://x",
        "",
        "discord",
        "\ndiscord://x/y",
    ],
)
async def test_a_kind_that_is_not_allowed_is_never_asked(outside, url):
    trouble = await _trouble(Note(url, "Title", "Body"), outside)
    assert trouble.permanent


async def test_an_address_that_is_not_complete_is_for_good(outside):
    assert (await _trouble(Note("discord://4174216298", "Title", "Body"), outside)).permanent


@pytest.mark.parametrize(
    "fault", [reply(400), reply(401), reply(404), reply(500), reply(503), reset]
)
async def test_a_service_that_says_no_may_say_yes_later(chat, outside, fault):
    chat.misbehave(fault, times=None)
    assert not (await _trouble(Note(DISCORD, "Title", "Body"), outside)).permanent
    assert chat.told == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_never_followed(chat, outside, status):
    async with Provider() as canary:
        chat.misbehave(redirect(f"{canary.origin}/inside", status), times=None)
        for url in (DISCORD, f"{DISCORD}?redirect=yes"):
            await _trouble(Note(url, "Title", "Body"), outside)
        assert canary.log == []


@pytest.mark.parametrize("fault", [hang, drip])
async def test_nobody_waits_for_a_service_that_does_not_answer(chat, outside, fault):
    chat.misbehave(fault, times=None)
    trouble = await _trouble(Note(DISCORD, "Title", "Body", timeout=0.5), outside)
    assert not trouble.permanent
    assert "TimeoutError" in trouble.detail or "did not take" in trouble.detail


async def test_many_that_hang_do_not_take_every_thread(chat, outside):
    chat.misbehave(hang, times=None)
    before = threading.active_count()
    notes = [Note(DISCORD, "Title", "Body", timeout=1.0)] * 30
    said = await asyncio.gather(*(_trouble(note, outside) for note in notes))
    assert threading.active_count() - before <= 8
    assert "Too many targets do not answer." in {trouble.detail for trouble in said}


async def test_hostile_words_call_nobody_and_are_no_markup(chat, outside):
    words = "<!channel> @everyone @here <http://evil.test|x> & \x00\u202e"
    await apprise_targets.send(Note(DISCORD, words, words), outside)
    await apprise_targets.send(Note(SLACK, words, words), outside)
    discord, slack = (json.dumps(told, ensure_ascii=False) for told in chat.told)
    assert not [word for word in ("@everyone", "@here", "\u202e", "\\u0000") if word in discord]
    assert "<!channel>" not in slack
    assert "&lt;!channel&gt;" in slack


async def _trouble(note: Note, outside) -> ChannelTrouble:
    with pytest.raises(ChannelTrouble) as raised:
        await apprise_targets.send(note, outside)
    detail = raised.value.detail
    assert not [one for one in ("417421", "JHMH", "127.0.0.1") if one in detail]
    return raised.value
