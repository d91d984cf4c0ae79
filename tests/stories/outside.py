"""Every provider of the other channels, as the operator has set them up, and people’s numbers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from tests.channels.providers import NtfyServer, PushoverServer, SmtpServer, TwilioServer
from tests.world import Person, World, configure

PUBLIC = "http://nightdesk.test"
NUMBERS = {"Mia": "+43 660 123 4567", "Ben": "+43 660 765 4321"}


@dataclass
class Outside:
    """The providers; what they hold is what people hear and see."""

    world: World
    twilio: TwilioServer
    pushover: PushoverServer
    ntfy: NtfyServer
    smtp: SmtpServer

    async def reaches(self, person: Person, channel: str, address: str = "") -> dict[str, Any]:
        """Gives a person one more way to be reached, as the app does."""
        body = {"channel": channel, "address": address or self._usual(person, channel)}
        device: dict[str, Any] = await person.post("/v1/me/devices/by-address", body)
        return device

    def _usual(self, person: Person, channel: str) -> str:
        return {
            "voice": NUMBERS[person.user.name],
            "sms": NUMBERS[person.user.name],
            "pushover": self.pushover.user,
            "ntfy": f"nightdesk-of-{person.user.name.lower()}",
            "email": person.user.email.replace(".test", ".example"),
        }[channel]

    async def presses(self, key: str) -> str:
        """Somebody answers the newest call and presses a key; what the call says then."""
        call = await self.twilio.presses(key)
        return call.said[-1]

    async def texts(self, sender: str, body: str) -> str:
        """Somebody answers a text message; what comes back."""
        return await self.twilio.texts(sender, body, f"{PUBLIC}/v1/telephony/texts")


@asynccontextmanager
async def outside_of(world: World) -> AsyncIterator[Outside]:
    """All providers, wired to this world in both directions."""

    async def way_back(
        method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        async with world.web() as web:
            answer = await web.request(method, url, content=body, headers=dict(headers))
        return answer.status_code, answer.text

    clock = lambda: world.at  # noqa: E731  the one clock of the story
    async with (
        TwilioServer(clock, way_back) as twilio,
        PushoverServer(clock) as pushover,
        NtfyServer(clock, way_back) as ntfy,
        SmtpServer() as smtp,
    ):
        configure(
            twilio_account=twilio.sid,
            twilio_token=SecretStr(twilio.token),
            twilio_number=twilio.number,
            twilio_url=twilio.origin,
            pushover_token=SecretStr(pushover.token),
            pushover_url=pushover.origin,
            ntfy_url=ntfy.origin,
            smtp_url=SecretStr(smtp.url),
            mail_from="Nightdesk <desk@agency.example>",
        )
        yield Outside(world, twilio, pushover, ntfy, smtp)
