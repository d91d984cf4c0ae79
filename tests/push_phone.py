"""A phone with a real browser on it, spoken to over Firefox's push WebSocket."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from py_vapid.utils import b64urldecode

from workers.practice_phone import Envelope, Mailbox, unpadded

PROTOCOL = "push-notification"
Frame = dict[str, Any]


class BrowserPhone:
    """One browser profile: its channels, and the codes it acknowledged messages with.

    Code 100 says the message was decrypted and handed to the service worker.
    """

    def __init__(self, open_mailbox: Callable[[Mailbox], str]) -> None:
        self.uaid = secrets.token_hex(16)
        self.codes: list[int] = []
        self.channels: dict[str, Mailbox] = {}
        self._open_mailbox = open_mailbox
        self._socket: web.WebSocketResponse | None = None

    @property
    def online(self) -> bool:
        return self._socket is not None and not self._socket.closed

    async def converse(self, socket: web.WebSocketResponse, now: datetime) -> None:
        """Speak with the browser until it or the service hangs up."""
        self._socket = socket
        greeting = {"messageType": "hello", "status": 200, "uaid": self.uaid}
        await socket.send_json(greeting | {"use_webpush": True, "broadcasts": {}})
        for mailbox in list(self.channels.values()):
            await mailbox.hand_over(now)
        async for frame in socket:
            answer = self._answer(frame.json())
            if answer is not None:
                await socket.send_json(answer)

    async def hang_up(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def take(self, mailbox: Mailbox, envelope: Envelope) -> None:
        """Pass the envelope on; it stays in the mailbox until the browser acknowledges it."""
        channel = next(name for name, box in self.channels.items() if box is mailbox)
        frame = {
            "messageType": "notification",
            "channelID": channel,
            "version": envelope.id,
            "data": unpadded(envelope.body),
            "headers": {"encoding": "aes128gcm"},
        }
        if self._socket is not None:
            try:
                await self._socket.send_json(frame)
            except aiohttp.ClientConnectionResetError:
                self._socket = None

    def _answer(self, frame: Frame) -> Frame | None:
        match frame.get("messageType"):
            case "register":
                return self._register(frame)
            case "unregister":
                return self._unregister(frame)
            case "ack":
                self._acknowledge(frame)
            case None | "ping":
                return {}
        return None

    def _register(self, frame: Frame) -> Frame:
        key = frame.get("key")
        mailbox = Mailbox(self, b64urldecode(key.encode()) if key else None)
        self.channels[frame["channelID"]] = mailbox
        answer = {"messageType": "register", "status": 200, "channelID": frame["channelID"]}
        return answer | {"pushEndpoint": self._open_mailbox(mailbox)}

    def _unregister(self, frame: Frame) -> Frame:
        mailbox = self.channels.pop(frame["channelID"], None)
        if mailbox is not None:
            mailbox.subscribed = False
        return {"messageType": "unregister", "status": 200, "channelID": frame["channelID"]}

    def _acknowledge(self, frame: Frame) -> None:
        for update in frame["updates"]:
            self.codes.append(update.get("code", 100))
            mailbox = self.channels.get(update["channelID"])
            if mailbox is not None:
                mailbox.settle(update["version"])
