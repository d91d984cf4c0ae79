"""Sends a text message through Twilio."""

from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from workers.channels import twilio
from workers.channels.plain import plain
from workers.channels.sent import Sent
from workers.channels.twilio import Account

LONGEST_BODY = 1600  # Twilio's limit; it is sent in parts of 67 to 153 characters


@dataclass(frozen=True, slots=True)
class Text:
    """One text message; `since` (UTC) is when it was first tried, `timeout` in seconds.

    `in_doubt`: a worker may have died between sending and noting it, so Twilio is asked first;
    `besides` are the messages that are known to be about something else.
    """

    account: Account
    to: str = field(repr=False)
    body: str = field(repr=False)
    status_url: str = field(repr=False)
    since: datetime
    in_doubt: bool = False
    besides: frozenset[str] = frozenset()
    timeout: float = 5.0


async def send(text: Text, outside: aiohttp.ClientSession) -> Sent:
    """Hand it over; how it went comes to `status_url`. ChannelTrouble when it was not taken."""
    to, body = twilio.dialable(text.to), plain(text.body, LONGEST_BODY)
    limit = text.timeout / 2 if text.in_doubt else text.timeout
    already = await _already(text, to, body, outside, limit) if text.in_doubt else None
    if already:
        return already
    form = [
        ("To", to),
        ("From", text.account.sender),
        ("Body", body),
        ("StatusCallback", text.status_url),
    ]
    return await twilio.create(text.account, "Messages", form, outside, limit)


async def _already(
    text: Text, to: str, body: str, outside: aiohttp.ClientSession, limit: float
) -> Sent | None:
    """The same words to the same number; a trial account writes its own words before ours."""
    made = await twilio.made_since(text.account, "Messages", to, text.since, outside, limit)
    same = [
        row["sid"]
        for row in made
        if str(row.get("body")).endswith(body) and row["sid"] not in text.besides
    ]
    return Sent(same[0]) if same else None
