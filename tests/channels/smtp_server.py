"""A mail server on 127.0.0.1 (RFC 5321), with STARTTLS and AUTH where a test wants them."""

from __future__ import annotations

import asyncio
import base64
import ssl
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Self


class SmtpServer:
    """`async with SmtpServer() as smtp`: `letters` holds what was taken, `verbs` what was asked.

    `answers` replaces the answer to a verb: {"RCPT": "550 5.1.1 No such user"}; "END" is the one
    to the letter itself. `ill` is one of hang, reset, drip, html, lost (taken, then silence).
    `password` is what user `desk` has to give. TLS begins with STARTTLS, or at once (smtps://).
    """

    def __init__(
        self, tls: ssl.SSLContext | None = None, password: str = "", *, from_start: bool = False
    ) -> None:
        self.letters: list[EmailMessage] = []
        self.verbs: list[str] = []
        self.answers: dict[str, str] = {}
        self.ill = ""
        self.password = password
        self.tls = tls
        self.from_start = from_start
        self.closing = asyncio.Event()
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        tls = self.tls if self.from_start else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *failure: object) -> None:
        self.closing.set()
        self._server.close()
        conversations = list(self._lines.values())
        for line in self._lines:
            line.transport.abort()
        await asyncio.gather(*conversations)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        scheme = "smtps" if self.from_start else "smtp"
        return f"{scheme}://desk:{self.password}@127.0.0.1:{self.port}".replace("desk:@", "")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines[writer] = task
        with suppress(OSError, asyncio.IncompleteReadError):
            if await self._is_well(writer):
                await self._converse(reader, writer)
        del self._lines[writer]
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()

    async def _is_well(self, writer: asyncio.StreamWriter) -> bool:
        if self.ill == "html":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n<html>Log in</html>\r\n")
            await writer.drain()
        elif self.ill in {"hang", "drip"}:
            while not self.closing.is_set():
                writer.write(b"2" if self.ill == "drip" else b"")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.closing.wait(), 0.05)
        return self.ill in {"", "lost"}

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _say(writer, self.answers.get("GREETING", "220 smtp.test ESMTP"))
        secure, known = self.from_start, False
        while line := (await reader.readline()).decode().strip():
            verb = line.partition(" ")[0].upper()
            self.verbs.append(verb)
            if verb == "STARTTLS" and self.tls and not secure:
                _say(writer, "220 Go ahead")
                await writer.start_tls(self.tls)
                secure = True
            elif verb == "AUTH":
                known = self._is_password(line)
                _say(writer, "235 Welcome" if known else "535 5.7.8 Authentication failed")
            elif verb == "DATA" and verb not in self.answers:
                _say(writer, "354 Go on")
                await self._take(await reader.readuntil(b"\r\n.\r\n"), writer)
            else:
                _say(writer, self._answer(verb, line, secure=secure, known=known))

    def _answer(self, verb: str, line: str, *, secure: bool, known: bool) -> str:
        if verb in self.answers:
            return self.answers[verb]
        if verb == "EHLO":
            return self._extensions(secure=secure)
        if verb == "MAIL" and self.password and not known:
            return "530 5.7.0 Authentication required"
        if verb in {"MAIL", "RCPT"} and ("<" not in line or ">" not in line):
            return "501 5.5.4 Syntax error in parameters"
        return "250 OK" if verb in {"MAIL", "RCPT", "RSET", "NOOP"} else "502 5.5.2 Not here"

    def _extensions(self, *, secure: bool) -> str:
        offered = ["smtp.test", "8BITMIME"]
        offered += ["STARTTLS"] if self.tls and not secure else []
        offered += ["AUTH PLAIN"] if self.password else []
        return "\r\n".join([*(f"250-{one}" for one in offered[:-1]), f"250 {offered[-1]}"])

    def _is_password(self, line: str) -> bool:
        given = base64.b64decode(line.rpartition(" ")[2]).decode().split("\0")
        return given == ["", "desk", self.password]

    async def _take(self, raw: bytes, writer: asyncio.StreamWriter) -> None:
        answer = self.answers.get("END", "250 2.0.0 Taken")
        if answer.startswith("2"):
            octets = raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
            self.letters.append(message_from_bytes(octets, policy=default))
        if self.ill == "lost":
            writer.transport.abort()
        _say(writer, answer)


def _say(writer: asyncio.StreamWriter, answer: str) -> None:
    writer.write(answer.encode() + b"\r\n")
