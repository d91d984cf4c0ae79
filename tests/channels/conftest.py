"""Providers that stand in for the true ones, and orders that they take."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from api.clock import now
from tests.channels.ntfy_server import NtfyServer
from tests.channels.pushover_server import PushoverServer
from tests.channels.twilio_server import TwilioServer
from workers.channels.twilio import Account
from workers.channels.voice import spoken

PERSON = "+436600000000"
STATUS = "http://nightdesk.test/in/status"
KEYS = "http://nightdesk.test/in/keys?call=1&by=mia"
TWIML = spoken("Corner Bistro: 4 new reviews.", KEYS, {"1": "to say that you are on it"})


@pytest.fixture
async def outside() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioServer]:
    async with TwilioServer(now) as server:
        yield server


@pytest.fixture
def account(twilio: TwilioServer) -> Account:
    return Account(twilio.sid, twilio.token, twilio.number, twilio.origin)


@pytest.fixture
async def pushover() -> AsyncIterator[PushoverServer]:
    async with PushoverServer(now) as server:
        yield server


@pytest.fixture
async def ntfy() -> AsyncIterator[NtfyServer]:
    async with NtfyServer(now) as server:
        yield server
