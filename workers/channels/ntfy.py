"""Publishes to a topic of an ntfy server, with a button that answers for the person.

Source: ntfy's publishing documentation; a sequence id (ntfy 2.16) lets a repeat take the place of
the first on the phone, and older servers show it a second time.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

from workers.channels.exchange import exchange, refusal
from workers.channels.plain import one_line, plain
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

WHO = "The ntfy server"
BUTTON = "I’m on it"
LOUDEST = 5
# ntfy counts octets: 4,096 for a message (longer ones become files), 8,192 for the whole request.
LONGEST_TITLE, LONGEST_BODY, LARGEST_BODY = 250, 1300, 3900
_NAME = re.compile(r"[-_A-Za-z0-9]{1,64}")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; the button posts `answer` to `answer_url`. `timeout` in seconds.

    `tag` is our own name for it, so that a repeat replaces it. A topic is as good as a password.
    """

    server: str
    topic: str = field(repr=False)
    title: str
    body: str
    link: str = field(default="", repr=False)
    answer_url: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    priority: int = LOUDEST
    tag: str = ""
    timeout: float = 5.0


async def send(notice: Notice, outside: aiohttp.ClientSession) -> Sent:
    """Publish it; nobody tells whether a phone showed it. ChannelTrouble when it was not taken."""
    if not _NAME.fullmatch(notice.topic):
        detail = "An ntfy topic has up to 64 letters, digits, dashes and underscores."
        raise ChannelTrouble(detail, permanent=True)
    reply = await exchange(
        outside,
        "POST",
        notice.server.rstrip("/") + "/",
        who=WHO,
        timeout=notice.timeout,
        data=json.dumps(_message(notice), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", **_sender(notice.token)},
    )
    if not (reply.good and isinstance(reply.told.get("id"), str)):
        raise refusal(reply, WHO)
    return Sent(reply.told["id"])


async def take_back(notice: Notice, outside: aiohttp.ClientSession) -> None:
    """Take a notice with a tag off the screens; a server that cannot do that is no trouble."""
    if not (_NAME.fullmatch(notice.topic) and _NAME.fullmatch(notice.tag)):
        return
    place = f"{notice.server.rstrip('/')}/{quote(notice.topic)}/{quote(notice.tag)}/clear"
    reply = await exchange(
        outside, "PUT", place, who=WHO, timeout=notice.timeout, headers=_sender(notice.token)
    )
    if not reply.good and reply.status not in {404, 405}:
        raise refusal(reply, WHO)


def _message(notice: Notice) -> dict[str, Any]:
    message: dict[str, Any] = {
        "topic": notice.topic,
        "title": one_line(notice.title, LONGEST_TITLE),
        "message": _fitting(notice.body),
        "priority": notice.priority,
    }
    if notice.link:
        message["click"] = notice.link
    if _NAME.fullmatch(notice.tag):
        message["sequence_id"] = notice.tag
    if notice.answer_url:
        message["actions"] = [_button(notice)]
    return message


def _button(notice: Notice) -> dict[str, Any]:
    return {
        "action": "http",
        "label": BUTTON,
        "method": "POST",
        "url": notice.answer_url,
        "headers": {"Content-Type": "application/json"},
        "body": notice.answer,
        "clear": True,
    }


def _fitting(body: str) -> str:
    octets = plain(body, LONGEST_BODY).encode()[:LARGEST_BODY]
    return octets.decode(errors="ignore")


def _sender(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
