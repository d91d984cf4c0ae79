"""Whatever a provider answers, the channel says truly what it means, and gives nothing away."""

from datetime import timedelta
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from api.clock import now
from tests.channels.conftest import PERSON, STATUS, TWIML
from tests.channels.ntfy_server import NtfyServer
from tests.channels.provider import Provider, deep_json, endless_json, login_page
from tests.channels.pushover_server import PushoverServer
from tests.channels.twilio_server import TwilioServer
from tests.illnesses import drip, hang, redirect, reply, reset
from workers.channels import ntfy as ntfy_channel
from workers.channels import pushover as pushover_channel
from workers.channels import sms, voice
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

SECOND = timedelta(seconds=1)
SECRETS = (PERSON, TwilioServer.token, PushoverServer.token, PushoverServer.user, "my-topic", "tk_")
PERMANENT = {"400": 400, "401": 401, "403": 403, "404": 404, "410": 410, "413": 413}
FOR_NOW = {
    "408": reply(408),
    "429": reply(429),
    "500": reply(500),
    "502": reply(502, text="<html>Bad gateway</html>"),
    "503": reply(503),
    "204": reply(204),
    "hang": hang,
    "reset": reset,
    "drip": drip,
    "login page": login_page,
    "deep json": deep_json,
    "endless json": endless_json,
}


class Line(NamedTuple):
    """One channel with a provider and an order that it takes."""

    channel: ModuleType
    provider: Provider
    order: Any

    def taken(self) -> int:
        if isinstance(self.provider, TwilioServer):
            return len(self.provider.calls) + len(self.provider.messages)
        if isinstance(self.provider, PushoverServer):
            return len(self.provider.messages)
        assert isinstance(self.provider, NtfyServer)
        return len(self.provider.published)


@pytest.fixture(params=["voice", "sms", "pushover", "ntfy"])
def line(request, account, twilio, pushover_line, ntfy_line) -> Line:
    made: dict[str, Line] = {"pushover": pushover_line, "ntfy": ntfy_line}
    call = voice.Call(account, PERSON, TWIML, STATUS, now(), timeout=0.3)
    text = sms.Text(account, PERSON, "4 new reviews", STATUS, now(), timeout=0.3)
    made |= {"voice": Line(voice, twilio, call), "sms": Line(sms, twilio, text)}
    return made[request.param]


@pytest.fixture
def pushover_line(pushover: PushoverServer) -> Line:
    order = _emergency(pushover)
    return Line(pushover_channel, pushover, order)


@pytest.fixture
def ntfy_line(ntfy: NtfyServer) -> Line:
    ntfy.token = "tk_1"
    return Line(ntfy_channel, ntfy, _notice(ntfy.origin))


def _emergency(server: PushoverServer) -> pushover_channel.Emergency:
    return pushover_channel.Emergency(
        server.token, server.user, "Title", "Message", url=server.origin, timeout=0.3
    )


def _notice(origin: str) -> ntfy_channel.Notice:
    return ntfy_channel.Notice(origin, "my-topic", "Title", "Message", token="tk_1", timeout=0.3)


async def test_a_good_answer_is_a_reference(line, outside):
    sent = await line.channel.send(line.order, outside)
    assert isinstance(sent, Sent)
    assert sent.reference
    assert line.taken() == 1


@pytest.mark.parametrize("status", PERMANENT.values(), ids=PERMANENT)
async def test_a_refusal_is_for_good_and_keeps_the_device(line, outside, status):
    line.provider.misbehave(reply(status), times=None)
    trouble = await _trouble(line, outside)
    assert (trouble.permanent, trouble.gone, trouble.retry_after) == (True, False, None)
    assert ("The operator has to look." in trouble.detail) == (status in {401, 403})
    assert line.taken() == 0


@pytest.mark.parametrize("fault", FOR_NOW.values(), ids=FOR_NOW)
async def test_trouble_that_passes_is_not_for_good(line, outside, fault):
    line.provider.misbehave(fault, times=None)
    trouble = await _trouble(line, outside)
    assert (trouble.permanent, trouble.gone, trouble.retry_after) == (False, False, None)
    assert line.taken() == 0


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("6", 6 * SECOND),
        ("0", 0 * SECOND),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60 * SECOND),
        ("\u00b2", 60 * SECOND),
        ("9" * 5000, 60 * SECOND),
    ],
)
async def test_a_busy_provider_says_how_long_to_wait(line, outside, header, wait):
    line.provider.misbehave(reply(429, {"Retry-After": header}))
    trouble = await _trouble(line, outside)
    assert (trouble.permanent, trouble.retry_after) == (False, wait)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(line, outside, status):
    async with Provider() as canary:
        line.provider.misbehave(redirect(f"{canary.origin}/inside", status), times=None)
        trouble = await _trouble(line, outside)
        assert canary.log == []
    assert not trouble.permanent


async def test_a_provider_that_is_not_there_is_trouble_that_passes(line, outside):
    await line.provider.__aexit__()
    trouble = await _trouble(line, outside)
    assert not trouble.permanent
    await line.provider.__aenter__()


async def test_an_answer_that_is_lost_is_trouble_although_it_took_effect(line, outside):
    line.provider.misbehave(reset, delivers=True)
    trouble = await _trouble(line, outside)
    assert not trouble.permanent
    assert line.taken() == 1


async def _trouble(line: Line, outside: Any) -> ChannelTrouble:
    with pytest.raises(ChannelTrouble) as raised:
        await line.channel.send(line.order, outside)
    detail = raised.value.detail
    assert not [secret for secret in SECRETS if secret in detail], detail
    assert line.provider.origin.partition("//")[2] not in detail
    assert detail.endswith(".")
    return raised.value
