"""Twilio as a test meets it: its REST interface, and people who press keys and answer texts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import aiohttp
from aiohttp import web

from tests.channels.provider import Provider
from tests.channels.twilio_rules import mistake_in_call, mistake_in_message, refuse

OVER = {"completed", "busy", "no-answer", "failed", "canceled"}


@dataclass
class Call:
    """One call; `said` is what was heard so far, `dialled` whom it was passed on to."""

    sid: str
    to: str
    sender: str
    twiml: str
    status_url: str
    events: list[str]
    rings_seconds: int
    made_at: datetime
    status: str = "ringing"
    said: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    dialled: str | None = None

    def row(self) -> dict[str, Any]:
        return _row(self) | {"start_time": None}


@dataclass
class Message:
    """One text message."""

    sid: str
    to: str
    sender: str
    body: str
    status_url: str
    made_at: datetime
    status: str = "queued"

    def row(self) -> dict[str, Any]:
        return _row(self) | {"body": self.body, "date_sent": None}


class TwilioServer(Provider):
    """`async with TwilioServer() as twilio`: `calls`, `messages`, and what people do with them.

    `refuses` maps a number to the code that Twilio has for it (21614: not a mobile).
    """

    sid = "AC" + "5" * 32
    token = "the token of the account"
    number = "+15005550006"

    calls: list[Call]
    messages: list[Message]
    refuses: dict[str, int]

    def build(self, router: web.UrlDispatcher) -> None:
        self.calls, self.messages, self.refuses = [], [], {}
        base = "/2010-04-01/Accounts/{account}"
        router.add_post(f"{base}/Calls.json", self._call)
        router.add_get(f"{base}/Calls.json", self._list)
        router.add_post(f"{base}/Calls/{{sid}}.json", self._change)
        router.add_post(f"{base}/Messages.json", self._message)
        router.add_get(f"{base}/Messages.json", self._list)

    async def presses(self, key: str, to: str | None = None) -> Call:
        """Somebody answers the newest ringing call (to this number), listens and presses a key."""
        call = await self.picks_up(to)
        gather = ET.fromstring(call.twiml).find("Gather")
        assert gather is not None, "no key is awaited"
        await self._press(call, gather, key)
        await self._ends(call, "completed")
        return call

    async def hangs_up(self, to: str | None = None) -> Call:
        """Somebody answers, or their mailbox does, and presses nothing."""
        call = await self.picks_up(to)
        await self._ends(call, "completed")
        return call

    async def rings_out(self, to: str | None = None, status: str = "no-answer") -> Call:
        """Nobody answers; `busy` and `failed` are other ways not to."""
        call = self._ringing(to)
        await self._ends(call, status)
        return call

    async def picks_up(self, to: str | None = None) -> Call:
        call = self._ringing(to)
        call.status = "in-progress"
        _hear(call, call.twiml)
        if "answered" in call.events:
            await self._report(call)
        return call

    async def texts(self, sender: str, body: str, url: str) -> str:
        """Somebody writes to our number, whose webhook is `url`; what they are answered."""
        fields = {"MessageSid": _sid("SM"), "AccountSid": self.sid, "NumMedia": "0"}
        fields |= {"From": sender, "To": self.number, "Body": body}
        status, told = await self.posts(url, fields)
        assert status == 200, told
        return " ".join(found.text or "" for found in ET.fromstring(told).iter("Message"))

    async def delivers(self, message: Message, status: str = "delivered") -> int:
        """Tell what became of a text message; the status that we are answered with."""
        message.status = status
        fields = {"MessageSid": message.sid, "MessageStatus": status, "AccountSid": self.sid}
        fields |= {"To": message.to, "From": message.sender}
        answered, _ = await self.posts(message.status_url, fields)
        return answered

    async def posts(
        self, url: str, fields: dict[str, str], *, signature: str | None = None
    ) -> tuple[int, str]:
        """A request of Twilio’s with its true signature, or with another one."""
        signed = signature if signature is not None else self.signature(url, fields)
        headers = {
            "X-Twilio-Signature": signed,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        return await self.way_back("POST", url, urlencode(fields).encode(), headers)

    def signature(self, url: str, fields: dict[str, str]) -> str:
        text = url + "".join(name + fields[name] for name in sorted(fields))
        digest = hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    def _ringing(self, to: str | None) -> Call:
        found = [one for one in self.calls if one.status == "ringing" and to in {None, one.to}]
        assert found, f"no phone rings: {[(one.to, one.status) for one in self.calls]}"
        return found[-1]

    async def _press(self, call: Call, gather: ET.Element, key: str) -> None:
        call.keys.append(key)
        fields = _about(call) | {"Digits": key, "msg": "Gather End"}
        status, told = await self.posts(gather.attrib["action"], fields)
        assert status == 200, told
        _hear(call, told)

    async def _ends(self, call: Call, status: str) -> None:
        call.status = status
        if "completed" in call.events:
            await self._report(call)

    async def _report(self, call: Call) -> None:
        """Twilio tells once; whoever is not there does not hear it."""
        with suppress(aiohttp.ClientError, TimeoutError):
            await self.posts(call.status_url, _about(call))

    def _stranger(self, request: web.Request) -> web.Response | None:
        ours = aiohttp.encode_basic_auth(self.sid, self.token)
        if request.headers.get("Authorization") != ours:
            return refuse(20003, "Authenticate", 401)
        if request.match_info["account"] != self.sid:
            return refuse(20404, "The requested resource was not found", 404)
        return None

    async def _call(self, request: web.Request) -> web.Response:
        form = await request.post()
        wrong = self._stranger(request) or mistake_in_call(form, self.number, self.refuses)
        if wrong:
            return wrong
        to, sender, twiml, url = (str(form[key]) for key in ("To", "From", "Twiml", _URL))
        events = [str(event) for event in form.getall("StatusCallbackEvent", ["completed"])]
        rings, at = int(str(form.get("Timeout", "60"))), self.clock()
        self.calls.append(Call(_sid("CA"), to, sender, twiml, url, events, rings, at))
        return web.json_response(self.calls[-1].row(), status=201)

    async def _message(self, request: web.Request) -> web.Response:
        form = await request.post()
        wrong = self._stranger(request) or mistake_in_message(form, self.number, self.refuses)
        if wrong:
            return wrong
        to, sender, body, url = (str(form[key]) for key in ("To", "From", "Body", _URL))
        self.messages.append(Message(_sid("SM"), to, sender, body, url, self.clock()))
        return web.json_response(self.messages[-1].row(), status=201)

    async def _list(self, request: web.Request) -> web.Response:
        """Newest first. What has no StartTime yet is not found by it, so nobody may ask by it."""
        wrong = self._stranger(request)
        if wrong:
            return wrong
        is_calls = "Calls" in request.path
        known: list[Call] | list[Message] = self.calls if is_calls else self.messages
        name = "calls" if is_calls else "messages"
        if not set(request.query) <= {"To", "From", "PageSize"}:
            return refuse(20001, "Unknown parameters")
        rows = [one.row() for one in known[::-1] if _asked_for(one, request)]
        size = int(request.query.get("PageSize", "50"))
        return web.json_response({name: rows[:size], "page": 0, "page_size": size})

    async def _change(self, request: web.Request) -> web.Response:
        found = [call for call in self.calls if call.sid == request.match_info["sid"]]
        wrong = self._stranger(request)
        if wrong or not found:
            return wrong or refuse(20404, "The requested resource was not found", 404)
        if found[0].status in OVER:
            return refuse(21220, "Unable to update record. Call is not in-progress.")
        if (await request.post()).get("Status") != "completed":
            return refuse(21218, "Invalid status")
        await self._ends(found[0], "completed")
        return web.json_response(found[0].row())


_URL = "StatusCallback"


def _sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def _row(made: Call | Message) -> dict[str, Any]:
    row = {"sid": made.sid, "to": made.to, "from": made.sender, "status": made.status}
    at = format_datetime(made.made_at.replace(microsecond=0))
    return row | {"direction": "outbound-api", "date_created": at}


def _about(call: Call) -> dict[str, str]:
    about = {"CallSid": call.sid, "CallStatus": call.status, "AccountSid": "AC" + "5" * 32}
    return about | {"To": call.to, "From": call.sender, "Direction": "outbound-api"}


def _asked_for(made: Call | Message, request: web.Request) -> bool:
    to, sender = request.query.get("To"), request.query.get("From")
    return to in {None, made.to} and sender in {None, made.sender}


def _hear(call: Call, twiml: str) -> None:
    """Take in what is said, and whom the call is passed on to."""
    root = ET.fromstring(twiml)
    assert root.tag == "Response", twiml
    call.said += list(_said(root))
    for number in root.iter("Number"):
        call.dialled = number.text


def _said(root: ET.Element) -> Iterator[str]:
    return (say.text or "" for say in root.iter("Say"))
