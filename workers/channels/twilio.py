"""What calls and text messages share: an account at Twilio, its REST interface and its refusals.

Source: Twilio's Programmable Voice and Messaging API, version 2010-04-01, and its error list.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp

from workers.channels.exchange import Reply, exchange, refusal
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

WHO = "Twilio"
NOT_IN_PROGRESS = 21220
PAGE = "50"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN_DIGITS = re.compile(r"[\s()./\u2010-\u2015-]")
_INVALID = "This phone number is not valid."
_LOOK = "The operator has to look."
_SENDER = f"Twilio does not accept the number that we call from. {_LOOK}"
_COUNTRY = f"The Twilio account may not reach this country. {_LOOK}"
_TRIAL = f"The Twilio account is on trial and does not know this number. {_LOOK}"
_NO_TEXT = "This number cannot receive text messages."
_REFUSALS = {
    21210: _SENDER,
    21211: _INVALID,
    21212: _SENDER,
    21214: "This number cannot be called.",
    21215: _COUNTRY,
    21217: _INVALID,
    21219: _TRIAL,
    21408: _COUNTRY,
    21606: _SENDER,
    21608: _TRIAL,
    21610: "This person stopped our text messages. Answering START allows them again.",
    21612: _NO_TEXT,
    21614: _NO_TEXT,
}


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account is used; `sender` is the number that calls, in E.164."""

    sid: str
    token: str = field(repr=False)
    sender: str
    url: str = "https://api.twilio.com"


def dialable(number: str) -> str:
    """The number as Twilio keeps it (E.164); ChannelTrouble when it has no country code."""
    digits = _BETWEEN_DIGITS.sub("", number)
    if not _E164.fullmatch(digits):
        raise ChannelTrouble("This phone number has no country code.", permanent=True)
    return digits


async def create(
    account: Account,
    kind: str,
    form: list[tuple[str, str]],
    outside: aiohttp.ClientSession,
    timeout: float,
) -> Sent:
    """Make one of `kind` (Calls, Messages) in `timeout` seconds."""
    reply = await _ask(account, "POST", kind, outside, timeout, data=form)
    if not (reply.good and isinstance(reply.told.get("sid"), str)):
        raise refused(reply)
    return Sent(reply.told["sid"])


async def update(
    account: Account,
    kind: str,
    reference: str,
    form: list[tuple[str, str]],
    outside: aiohttp.ClientSession,
    timeout: float,
) -> Reply:
    """Change one of `kind`; the caller judges the answer."""
    path = f"{kind}/{quote(reference, safe='')}"
    return await _ask(account, "POST", path, outside, timeout, data=form)


async def made_since(
    account: Account,
    kind: str,
    to: str,
    since: datetime,
    outside: aiohttp.ClientSession,
    timeout: float,
) -> list[dict[str, Any]]:
    """What we made for this number since then (UTC), newest first; nothing when nobody can say.

    The list is not narrowed by StartTime or DateSent: what still waits in line has neither.
    A look-up that fails counts as “nothing found”: ringing twice is better than not at all.
    """
    params = {"To": to, "From": account.sender, "PageSize": PAGE}
    try:
        reply = await _ask(account, "GET", kind, outside, timeout, params=params)
    except ChannelTrouble:
        return []
    rows = reply.told.get(kind.lower()) if reply.good else None
    return [row for row in rows if _is_ours(row, since)] if isinstance(rows, list) else []


def refused(reply: Reply) -> ChannelTrouble:
    """Twilio’s own reason in words for people, without the number that it repeats."""
    detail = _REFUSALS.get(_code(reply))
    if reply.status in {400, 403} and detail:
        return ChannelTrouble(detail, permanent=True)
    return refusal(reply, WHO)


def already_over(reply: Reply) -> bool:
    """A call that ended, or that Twilio has forgotten, needs no ending."""
    return reply.status == 404 or (reply.status == 400 and _code(reply) == NOT_IN_PROGRESS)


def _code(reply: Reply) -> int:
    code = reply.told.get("code")
    return code if isinstance(code, int) else 0


def _is_ours(row: object, since: datetime) -> bool:
    """Twilio keeps whole seconds; what failed rang nobody and is made again."""
    if not isinstance(row, dict) or row.get("direction") != "outbound-api":
        return False
    try:
        made = parsedate_to_datetime(str(row.get("date_created")))
    except ValueError:
        return False
    rang = row.get("status") not in {"failed", "canceled", "undelivered"}
    return rang and isinstance(row.get("sid"), str) and made >= since.replace(microsecond=0)


async def _ask(
    account: Account,
    method: str,
    path: str,
    outside: aiohttp.ClientSession,
    timeout: float,
    **parts: Any,
) -> Reply:
    url = f"{account.url}/2010-04-01/Accounts/{quote(account.sid, safe='')}/{path}.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.token)}
    return await exchange(outside, method, url, who=WHO, timeout=timeout, headers=headers, **parts)
