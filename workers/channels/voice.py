"""Rings a phone through Twilio, says the words twice and takes one key as the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import aiohttp

from workers.channels import twilio
from workers.channels.plain import one_line
from workers.channels.sent import Sent
from workers.channels.twilio import Account

RINGS_SECONDS = 25  # most mailboxes answer after 30
LONGEST_TWIML = 3900  # Twilio takes 4,000 characters (its error 32018)
_LONGEST_WORDS = 600  # about 40 seconds
_ANSWER_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `since` (UTC) is when it was first tried, `timeout` in seconds.

    `in_doubt`: a worker may have died between calling and noting it, so Twilio is asked first;
    `besides` are the calls that are known to be about something else.
    """

    account: Account
    to: str = field(repr=False)
    twiml: str = field(repr=False)
    status_url: str = field(repr=False)
    since: datetime
    in_doubt: bool = False
    besides: frozenset[str] = frozenset()
    timeout: float = 5.0


async def send(call: Call, outside: aiohttp.ClientSession) -> Sent:
    """Ring; how it went comes to `status_url`. ChannelTrouble when Twilio did not take it."""
    to, limit = twilio.dialable(call.to), call.timeout
    if call.in_doubt:
        limit = call.timeout / 2
        made = await twilio.made_since(call.account, "Calls", to, call.since, outside, limit)
        mine = [row["sid"] for row in made if row["sid"] not in call.besides]
        if mine:
            return Sent(mine[0])
    form = [
        ("To", to),
        ("From", call.account.sender),
        ("Twiml", call.twiml),
        ("Timeout", str(RINGS_SECONDS)),
        ("StatusCallback", call.status_url),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ]
    return await twilio.create(call.account, "Calls", form, outside, limit)


async def take_back(
    account: Account, reference: str, outside: aiohttp.ClientSession, timeout: float = 5.0
) -> None:
    """Stop the ringing, or the talking; a call that is over already is no trouble."""
    form = [("Status", "completed")]
    reply = await twilio.update(account, "Calls", reference, form, outside, timeout)
    if not reply.good and not twilio.already_over(reply):
        raise twilio.refused(reply)


def spoken(words: str, answer_url: str, choices: Mapping[str, str]) -> str:
    """TwiML that says the words twice and posts one key to `answer_url` at any time.

    `choices` tells what each key does: {"1": "to say that you are on it"}. Too long words are cut,
    the choices never: ValueError when those and the address alone fill the 3,900 characters.
    """
    keys = " ".join(f"Press {key} {meaning}." for key, meaning in choices.items())
    room = (LONGEST_TWIML - len(_twice("", keys, answer_url))) // 2
    if room < 0:
        raise ValueError("the choices and the address leave no room for words")
    return _twice(_cut(one_line(words, _LONGEST_WORDS), room), keys, answer_url)


def _twice(words: str, keys: str, answer_url: str) -> str:
    """Both times stand inside Gather: outside of it no key is heard."""
    says = f"<Say>{escape(f'{words} {one_line(keys, _LONGEST_WORDS)}')}</Say>"
    gather = f'numDigits="1" method="POST" timeout="{_ANSWER_SECONDS}"'
    return (
        f"<Response><Gather {gather} action={quoteattr(answer_url)}>"
        f'{says}<Pause length="1"/>{says}</Gather></Response>'
    )


def _cut(words: str, room: int) -> str:
    """Escaping makes text longer, so the escaped length is what counts."""
    words = words[:room]
    while len(escape(words)) > room:
        words = words[:-1]
    return words
