"""One visit to a mailbox over IMAP (RFC 3501), always by TLS: sign in, look, change nothing.

imap-tools speaks the protocol and blocks: everything here belongs into a thread. What is open can
be broken off from outside, as a thread cannot.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from api.items.item import SourceTrouble
from workers.platforms.calls import LARGEST

SILENCE = 10.0
_UID = re.compile(rb"UID (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
# RFC 5530, and what Gmail says instead.
_BUSY = re.compile(rb"\[(UNAVAILABLE|INUSE|SERVERBUG)\]", re.IGNORECASE)
_TOO_OFTEN = re.compile(rb"\[(LIMIT|OVERQUOTA|THROTTLED)\]|too many", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Login:
    """Where a mailbox is and who reads it; `address` is the checked IP of `host`."""

    host: str
    address: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    trusted: ssl.SSLContext | None = field(default=None, repr=False)


class Line:
    """The connection of one visit, which another thread may break off."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._reading: IO[bytes] | None = None
        self._over = False

    def holds(self, connection: socket.socket) -> None:
        self._socket = connection
        if self._over:
            self.cut()

    def reads(self, file: IO[bytes]) -> None:
        self._reading = file

    def cut(self) -> None:
        """Whoever waits for an answer gets none; again and later are harmless."""
        self._over = True
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def close(self) -> None:
        """The end of the visit, by the thread that made it."""
        for one in (self._reading, self._socket):
            if one is not None:
                with suppress(OSError):
                    one.close()


class _Client(imaplib.IMAP4_SSL):
    """Connects to the IP that was checked; the certificate has to be the name's."""

    def __init__(self, login: Login, line: Line) -> None:
        self._login, self._line = login, line
        context = login.trusted or ssl.create_default_context()
        super().__init__(login.host, login.port, ssl_context=context, timeout=SILENCE)

    def open(self, host: str = "", port: int | None = 993, timeout: float | None = None) -> None:
        super().open(host, port, timeout)
        self._line.reads(self.file)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        bare = socket.create_connection((self._login.address, self.port), timeout)
        secure: ssl.SSLSocket = self.ssl_context.wrap_socket(
            bare, server_hostname=self.host, do_handshake_on_connect=False
        )
        self._line.holds(secure)
        secure.do_handshake()
        return secure

    def read(self, size: int) -> bytes:
        """A server may announce any size; it is not waited for."""
        if size > LARGEST:
            raise self.abort("too large")
        return super().read(size)

    def at_hand(self) -> list[bytes]:
        """Lines that came together with the last answer: they lie in a buffer, not at the socket.

        imap-tools waits for the socket alone and would not see them for half an hour.
        """
        lines: list[bytes] = []
        self.sock.settimeout(0)
        try:
            while line := self.readline():
                lines.append(line)
        except OSError:
            return lines
        finally:
            self.sock.settimeout(SILENCE)
        return lines


class _Mailbox(BaseMailBox):
    client: _Client

    def __init__(self, login: Login, line: Line) -> None:
        self._login, self._line = login, line
        super().__init__()

    def _get_mailbox_client(self) -> _Client:
        return _Client(self._login, self._line)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, or a piece of it: its number, when it arrived (as the server writes it)."""

    uid: int
    arrived: str
    octets: bytes


class Mailbox:
    """A folder that is open for reading alone. Raises as `visit` says."""

    def __init__(self, box: _Mailbox, folder: str) -> None:
        self._box, self._folder = box, folder
        self.can_idle = self._can_idle()
        self.validity = self.next_uid = 0
        self.look()

    def look(self) -> None:
        """Open the folder, once more: `next_uid` is the number that the next mail will have."""
        self._box.folder.set(self._folder, readonly=True)
        self.validity, self.next_uid = self._told("UIDVALIDITY"), self._told("UIDNEXT")

    def wait(self, seconds: float) -> bool:
        """Whether something came before so many seconds were over."""
        idle: Any = self._box.idle
        idle.start()
        said = self._box.client.at_hand() or idle.poll(seconds)
        _, more = idle.stop()
        return any(b" EXISTS" in one.upper() for one in [*said, *more] if one)

    def uids(self, criteria: str) -> list[int]:
        """The numbers of the mails that a search finds (RFC 3501, 6.4.4), lowest first."""
        return sorted(int(uid) for uid in self._box.uids(criteria, charset=None))

    def fetch(self, uids: Sequence[int], what: str) -> Iterator[Fetched]:
        """This piece of each mail; one that was removed meanwhile is left out."""
        asked = ",".join(map(str, uids))
        kind, parts = self._box.client.uid("FETCH", asked, f"(UID INTERNALDATE {what})")
        if kind != "OK":
            raise imaplib.IMAP4.error(kind)
        for number, part in enumerate(parts):
            if isinstance(part, tuple):
                after = parts[number + 1] if number + 1 < len(parts) else b""
                about = part[0] + (after if isinstance(after, bytes) else b"")
                uid, arrived = _UID.search(about), _ARRIVED.search(about)
                if uid:
                    yield Fetched(int(uid[1]), arrived[1].decode() if arrived else "", part[1])

    def _can_idle(self) -> bool:
        """Asked after signing in: some servers show more then."""
        _, said = self._box.client.capability()
        return any(b"IDLE" in one.upper().split() for one in said if one)

    def _told(self, name: str) -> int:
        _, said = self._box.client.response(name)
        last = said[-1] if said else None
        return int(last) if isinstance(last, bytes) and last.isdigit() else 0


@contextmanager
def visit(login: Login, line: Line) -> Iterator[Mailbox]:
    """Sign in and open the folder, without marking anything as read.

    Raises SourceTrouble, with sentences of ours alone: what the server says may name the password.
    """
    try:
        box = _Mailbox(login, line)
        _sign_in(box, login)
        yield Mailbox(box, login.folder)
        _sign_out(box)
    except MailboxFolderSelectError:
        words = "This mailbox has no folder of that name."
        raise SourceTrouble("gone", words, permanent=True) from None
    except ssl.SSLCertVerificationError:
        words = f"{login.host} shows a certificate that is not its own, or too old."
        raise SourceTrouble("transient", words) from None
    except (TimeoutError, OSError, imaplib.IMAP4.error, ImapToolsError, ValueError):
        raise SourceTrouble("transient", f"{login.host} broke off, or did not answer.") from None
    finally:
        line.cut()
        line.close()


def _sign_in(box: _Mailbox, login: Login) -> None:
    plain = (login.user + login.password).isascii()
    try:
        (box.login if plain else box.login_utf8)(login.user, login.password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        raise _refused(login, error) from None


def _sign_out(box: _Mailbox) -> None:
    """A courtesy: what was read is read, however the visit ends."""
    with suppress(OSError, imaplib.IMAP4.error):
        box.client.logout()


def _refused(login: Login, error: MailboxLoginError | imaplib.IMAP4.error) -> SourceTrouble:
    said = repr(error.command_result if isinstance(error, MailboxLoginError) else error).encode()
    if _TOO_OFTEN.search(said):
        return SourceTrouble("rate_limited", f"{login.host} asks us to come less often.")
    if _BUSY.search(said):
        return SourceTrouble("transient", f"{login.host} takes nobody now.")
    words = f"{login.host} does not take this name and password. Enter them again."
    return SourceTrouble("auth_expired", words, permanent=True)
