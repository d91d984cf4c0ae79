"""A mail server on 127.0.0.1 (RFC 3501 and 2177): folders of mails, and the ways it can be ill."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

ARRIVED = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_PIECE = re.compile(r"(BODY\.PEEK\[(HEADER)?\])<0\.(\d+)>")


@dataclass
class Mail:
    """One mail of a folder; `uid` never changes while the folder keeps its UIDVALIDITY."""

    uid: int
    raw: bytes
    at: datetime


@dataclass
class Folder:
    validity: int = 1
    next_uid: int = 1
    mails: list[Mail] = field(default_factory=list)


class ImapServer:
    """`async with ImapServer(tls)`: mails arrive by `receive`; `said` holds every command.

    `ill` is one of hang, reset, drip, html, huge (a size nobody can take), cut (half of a mail).
    `refusal` is what a sign-in is told; `idles` whether IDLE is offered; `early` mails arrive
    between IDLE and its go-ahead and are told in one piece with it.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.tls = tls
        self.user, self.password = "reviews@agency.test", 'p"ass\\word'
        self.folders = {"INBOX": Folder()}
        self.said: list[str] = []
        self.ill = ""
        self.refusal = 'NO [AUTHENTICATIONFAILED] Wrong password p"ass\\word'
        self.idles = True
        self.early: list[bytes] = []
        self.closing = asyncio.Event()
        self.idling = asyncio.Event()
        self._arrivals = asyncio.Condition()
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
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

    async def receive(self, raw: bytes, folder: str = "INBOX", at: datetime | None = None) -> int:
        """A mail arrives, a minute after the last; whoever is idle there is told."""
        async with self._arrivals:
            uid = self.put(raw, folder, at)
            self._arrivals.notify_all()
        return uid

    def put(self, raw: bytes, folder: str = "INBOX", at: datetime | None = None) -> int:
        there = self.folders.setdefault(folder, Folder())
        when = at or ARRIVED + timedelta(minutes=len(there.mails))
        octets = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        there.mails.append(Mail(there.next_uid, octets, when))
        there.next_uid += 1
        return there.next_uid - 1

    def number_anew(self, folder: str = "INBOX") -> None:
        """What a server does after a crash or a move: other numbers under another validity."""
        there = self.folders[folder]
        there.validity += 1
        for number, mail in enumerate(there.mails, 1):
            mail.uid = number
        there.next_uid = len(there.mails) + 1

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines[writer] = task
        with suppress(OSError, asyncio.IncompleteReadError):
            if await self._is_well(writer):
                await _Conversation(self, reader, writer).hold()
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
                writer.write(b"*" if self.ill == "drip" else b"")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.closing.wait(), 0.05)
        return self.ill in {"", "huge", "cut"}

    async def next_arrival(self, folder: Folder, known: int) -> int:
        """How many there are, as soon as there are more than `known`."""
        async with self._arrivals:
            await self._arrivals.wait_for(lambda: len(folder.mails) > known)
        return len(folder.mails)


class _Conversation:
    """One connection: what was asked so far decides what may be asked next."""

    def __init__(
        self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.known = False
        self.folder: Folder | None = None

    async def hold(self) -> None:
        self._say("* OK imap.test ready")
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            tag, _, rest = line.partition(" ")
            verb = rest.split(" ")[0].upper()
            self.server.said.append(rest)
            if verb == "LOGOUT":
                self._say("* BYE see you", f"{tag} OK LOGOUT done")
                await self.writer.drain()
                return
            if verb == "IDLE":
                await self._idle(tag)
            elif verb == "AUTHENTICATE":
                await self._authenticate(tag)
            else:
                self._answer(tag, verb, _words(rest)[1:])
            await self.writer.drain()

    def _answer(self, tag: str, verb: str, words: list[str]) -> None:
        if verb == "CAPABILITY":
            self._capability(tag)
        elif verb == "LOGIN":
            self._login(tag, *words)
        elif verb == "EXAMINE" and self.known:
            self._examine(tag, words[0])
        elif verb == "UID" and self.folder and words[0].upper() == "SEARCH":
            found = " ".join(str(mail.uid) for mail in self._found(words[1:]))
            self._say(f"* SEARCH {found}".rstrip(), f"{tag} OK SEARCH done")
        elif verb == "UID" and self.folder and words[0].upper() == "FETCH":
            self._fetch(tag, words[1], " ".join(words[2:]))
        else:
            self._say(f"{tag} BAD not here, or not now")

    def _capability(self, tag: str) -> None:
        more = " IDLE" if self.server.idles and self.known else ""
        self._say(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN{more}", f"{tag} OK CAPABILITY done")

    def _login(self, tag: str, user: str, password: str) -> None:
        if (user, password) == (self.server.user, self.server.password):
            self.known = True
            self._say(f"{tag} OK LOGIN done")
        else:
            self._say(f"{tag} {self.server.refusal}")

    async def _authenticate(self, tag: str) -> None:
        import base64  # noqa: PLC0415

        self._say("+ ")
        given = base64.b64decode((await self.reader.readline()).strip()).decode()
        self.known = given == f"\0{self.server.user}\0{self.server.password}"
        self._say(f"{tag} OK done" if self.known else f"{tag} {self.server.refusal}")

    def _examine(self, tag: str, name: str) -> None:
        self.folder = self.server.folders.get(name)
        if self.folder is None:
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self._say(
            f"* {len(self.folder.mails)} EXISTS",
            f"* OK [UIDVALIDITY {self.folder.validity}] valid",
            f"* OK [UIDNEXT {self.folder.next_uid}] next",
            f"{tag} OK [READ-ONLY] EXAMINE done",
        )

    def _found(self, criteria: list[str]) -> list[Mail]:
        assert self.folder is not None
        mails = self.folder.mails
        if criteria[0].upper() == "UID":
            first = int(criteria[1].removesuffix(":*"))
            return [mail for mail in mails if mail.uid >= first] or mails[-1:]
        if criteria[0].upper() == "SINCE":
            day, month, year = criteria[1].split("-")
            since = datetime(int(year), MONTHS.index(month) + 1, int(day), tzinfo=UTC)
            return [mail for mail in mails if mail.at >= since]
        return mails

    def _fetch(self, tag: str, uids: str, what: str) -> None:
        piece = _PIECE.search(what)
        assert self.folder is not None
        assert piece is not None, what
        wanted = {int(uid) for uid in uids.split(",")}
        for number, mail in enumerate(self.folder.mails, 1):
            if mail.uid in wanted:
                head = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                octets = (head if piece[2] else mail.raw)[: int(piece[3])]
                self._send(number, mail, piece[1].replace(".PEEK", "") + "<0>", octets)
        self._say(f"{tag} OK FETCH done")

    def _send(self, number: int, mail: Mail, name: str, octets: bytes) -> None:
        at = f"{mail.at.day:2}-{MONTHS[mail.at.month - 1]}-{mail.at:%Y %H:%M:%S} +0000"
        size = 10**12 if self.server.ill == "huge" else len(octets)
        self._say(f'* {number} FETCH (INTERNALDATE "{at}" {name} {{{size}}}')
        if self.server.ill == "cut":
            self.writer.write(octets[: len(octets) // 2])
            self.writer.close()
            return
        # The number may stand behind the octets as well as before them.
        self.writer.write(octets + f" UID {mail.uid})\r\n".encode())

    async def _idle(self, tag: str) -> None:
        if self.folder is None or not self.server.idles:
            self._say(f"{tag} BAD not here, or not now")
            return
        known = len(self.folder.mails)
        lines = ["+ idling"]
        for raw in self.server.early:
            self.server.put(raw)
            lines.append(f"* {len(self.folder.mails)} EXISTS")
        self.server.early.clear()
        self._say(*lines)
        await self.writer.drain()
        self.server.idling.set()
        await self._until_done(self.folder, known + len(lines) - 1)
        self._say(f"{tag} OK IDLE done")

    async def _until_done(self, folder: Folder, known: int) -> None:
        done = asyncio.ensure_future(self.reader.readline())
        while not done.done():
            more = asyncio.ensure_future(self.server.next_arrival(folder, known))
            await asyncio.wait({done, more}, return_when=asyncio.FIRST_COMPLETED)
            if more.done():
                known = more.result()
                self._say(f"* {known} EXISTS")
            more.cancel()
            await asyncio.gather(more, return_exceptions=True)
        self.server.idling.clear()

    def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())


def _words(text: str) -> list[str]:
    found = []
    for match in _QUOTED.finditer(text):
        quoted = match[1]
        found.append(match[2] if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
    return found
