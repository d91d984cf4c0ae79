"""Rings through Pushover, which repeats an emergency by itself until somebody acknowledges.

Source: Pushover's Message API and its Receipts API, which may be asked every 5 seconds.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import aiohttp

from workers.channels.exchange import Reply, exchange, refusal
from workers.channels.plain import one_line, plain
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

WHO = "Pushover"
URL = "https://api.pushover.net"
ASK_AFTER = timedelta(seconds=5)
REPEAT_SECONDS, GIVE_UP_SECONDS = 30, 3600  # the fastest that is allowed; at most 10,800
LONGEST_TITLE, LONGEST_MESSAGE, LONGEST_LINK = 250, 1024, 512
_TAG = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Emergency:
    """One message; `urgent` ones are repeated every 30 s for an hour. `timeout` in seconds.

    `tag` is our own name for it: with it a message whose receipt was lost can still be silenced.
    `in_doubt`: it may have been sent before, so the earlier one is silenced first.
    """

    token: str = field(repr=False)
    user: str = field(repr=False)
    title: str
    message: str
    link: str = field(default="", repr=False)
    urgent: bool = True
    tag: str = ""
    in_doubt: bool = False
    url: str = URL
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How an emergency went so far: on a screen, acknowledged there, given up."""

    shown: bool
    acknowledged: bool
    expired: bool


async def send(order: Emergency, outside: aiohttp.ClientSession) -> Sent:
    """Hand it over. An urgent one gives a receipt to ask with; any other tells nothing more."""
    limit = order.timeout
    if order.in_doubt and order.urgent and order.tag:
        limit = order.timeout / 2
        await _silence_quietly(order, outside, limit)
    url = f"{order.url}/1/messages.json"
    reply = await exchange(outside, "POST", url, who=WHO, timeout=limit, data=_form(order))
    if not reply.good or reply.told.get("status") != 1:
        raise _refused(reply)
    receipt = reply.told.get("receipt")
    return Sent(receipt, ASK_AFTER) if isinstance(receipt, str) and receipt else Sent()


async def ask(
    token: str, receipt: str, outside: aiohttp.ClientSession, timeout: float = 5.0, url: str = URL
) -> Answer:
    """How it went so far, for a week; not more often than every 5 s."""
    place = f"{url}/1/receipts/{quote(receipt, safe='')}.json"
    reply = await exchange(outside, "GET", place, who=WHO, timeout=timeout, params={"token": token})
    if not reply.good or reply.told.get("status") != 1:
        raise _refused(reply)
    told = reply.told
    return Answer(
        bool(told.get("last_delivered_at")), told.get("acknowledged") == 1, told.get("expired") == 1
    )


async def take_back(
    token: str, receipt: str, outside: aiohttp.ClientSession, timeout: float = 5.0, url: str = URL
) -> None:
    """No more repeats of this one; one that ended by itself is no trouble."""
    await _cancel(token, quote(receipt, safe="") + "/cancel", outside, timeout, url)


async def take_back_tagged(
    token: str, tag: str, outside: aiohttp.ClientSession, timeout: float = 5.0, url: str = URL
) -> None:
    """No more repeats of anything that was sent with this tag."""
    await _cancel(token, "cancel_by_tag/" + quote(tag, safe=""), outside, timeout, url)


async def _cancel(
    token: str, path: str, outside: aiohttp.ClientSession, timeout: float, url: str
) -> None:
    place = f"{url}/1/receipts/{path}.json"
    reply = await exchange(outside, "POST", place, who=WHO, timeout=timeout, data={"token": token})
    if not reply.good and reply.status != 404:
        raise _refused(reply)


async def _silence_quietly(order: Emergency, outside: aiohttp.ClientSession, limit: float) -> None:
    """When that fails two of them ring: better than none."""
    try:
        await take_back_tagged(order.token, order.tag, outside, limit, order.url)
    except ChannelTrouble:
        return


def _form(order: Emergency) -> dict[str, str]:
    form = {
        "token": order.token,
        "user": order.user,
        "title": one_line(order.title, LONGEST_TITLE),
        "message": plain(order.message, LONGEST_MESSAGE),
        "priority": "2" if order.urgent else "0",
    }
    if 0 < len(order.link) <= LONGEST_LINK:
        form |= {"url": order.link, "url_title": "Open Nightdesk"}
    if order.urgent:
        form |= {"retry": str(REPEAT_SECONDS), "expire": str(GIVE_UP_SECONDS)}
    if order.urgent and _TAG.fullmatch(order.tag):
        form["tags"] = order.tag
    return form


def _refused(reply: Reply) -> ChannelTrouble:
    told = reply.told
    if reply.status == 400 and told.get("user") == "invalid":
        return ChannelTrouble("Pushover does not know this person any more.", gone=True)
    if reply.status == 400 and told.get("token") == "invalid":
        detail = "Pushover does not know our application. The operator has to look."
        return ChannelTrouble(detail, permanent=True)
    return refusal(reply, WHO)
