"""Sends one e-mail over the operator's own mail server (RFC 5321, 6409 and 3207)."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

import aiohttp
import aiosmtplib

from workers.channels.plain import one_line, plain
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble

LONGEST_SUBJECT, LONGEST_BODY = 200, 100_000
_PORTS = {"smtp": 587, "smtps": 465}
# What RFC 5322 allows without quotes, and any host: names in other scripts become IDNA.
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[\w.-]{1,255}"
_MAILBOX = re.compile(rf"(?P<name>[^<>\r\n]*)<(?P<named>{_ADDRESS})>|(?P<bare>{_ADDRESS})")
_ID = re.compile(r"[A-Za-z0-9._=+-]{1,120}@[A-Za-z0-9.-]{1,120}")
_LOOK = "The operator has to look."


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one person; `written_at` in UTC, `timeout` in seconds.

    `smtp_url`: smtp://user:password@host:587 or smtps://…:465. `message_id` (name@host) comes from
    the notification, so that a repeat is recognised as the same letter.
    """

    smtp_url: str = field(repr=False)
    sender: str
    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    message_id: str
    written_at: datetime
    timeout: float = 10.0


async def send(letter: Letter, _outside: aiohttp.ClientSession) -> Sent:
    """Hand it to the mail server; what becomes of it there nobody tells.

    5xx is a no for good, anything else passes. ChannelTrouble when it was not taken.
    """
    message, server = _message(letter), _server(letter.smtp_url)
    client = aiosmtplib.SMTP(
        hostname=server.hostname,
        port=server.port or _PORTS[server.scheme],
        use_tls=server.scheme == "smtps",
        # Otherwise this machine's name is looked up, which takes long where there is no DNS.
        local_hostname=message["From"].addresses[0].domain,
        timeout=letter.timeout,
    )
    try:
        async with asyncio.timeout(letter.timeout):
            await _hand_over(message, server, client)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refused(error.recipients[0]) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except aiosmtplib.SMTPNotSupported as error:
        detail = f"The mail server cannot do what this letter needs. {_LOOK}"
        raise ChannelTrouble(detail, permanent=True) from error
    except (TimeoutError, OSError, aiosmtplib.SMTPException) as error:
        detail = f"The mail server did not answer ({type(error).__name__})."
        raise ChannelTrouble(detail) from error
    finally:
        # No QUIT: who hangs after taking the letter must not make it look lost.
        client.close()
    return Sent(letter.message_id)


async def _hand_over(message: EmailMessage, server: SplitResult, client: aiosmtplib.SMTP) -> None:
    """STARTTLS is used where it is offered; a password never goes over an open line."""
    await client.connect()
    if server.username:
        if client.get_transport_info("ssl_object") is None and not _is_here(server.hostname):
            detail = f"The mail server offers no encryption, so it gets no password. {_LOOK}"
            raise ChannelTrouble(detail, permanent=True)
        await client.login(unquote(server.username), unquote(server.password or ""))
    await client.send_message(message)


def _server(url: str) -> SplitResult:
    try:
        server = urlsplit(url)
        if server.scheme in _PORTS and server.hostname and server.port != 0:
            return server
    except ValueError:
        pass
    detail = f"The address of the mail server cannot be used. {_LOOK}"
    raise ChannelTrouble(detail, permanent=True)


def _is_here(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _message(letter: Letter) -> EmailMessage:
    """Every header is one cleaned line: nothing in a letter can begin another header."""
    if not _ID.fullmatch(letter.message_id):
        raise ValueError("a message id looks like name@host")
    message = EmailMessage()
    message["From"] = _mailbox(letter.sender, "sender")
    message["To"] = _mailbox(letter.to, "person")
    message["Subject"] = one_line(letter.subject, LONGEST_SUBJECT)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(plain(letter.body, LONGEST_BODY) + "\n")
    return message


def _mailbox(written: str, whose: str) -> Address:
    detail = f"The e-mail address of the {whose} is not valid."
    read = _MAILBOX.fullmatch(written)
    if not read:
        raise ChannelTrouble(detail, permanent=True)
    name = (read["name"] or "").replace('"', "")
    user, _, host = (read["named"] or read["bare"]).rpartition("@")
    try:
        return Address(one_line(name, LONGEST_SUBJECT), user, host.encode("idna").decode())
    except (UnicodeError, MessageError):
        raise ChannelTrouble(detail, permanent=True) from None


def _refused(error: aiosmtplib.SMTPResponseException) -> ChannelTrouble:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500:
        detail = f"The mail server does not accept our password ({error.code}). {_LOOK}"
        return ChannelTrouble(detail, permanent=True)
    if 500 <= error.code < 600:
        return ChannelTrouble(f"The mail server refused it ({error.code}).", permanent=True)
    return ChannelTrouble(f"The mail server answered {error.code}.")
