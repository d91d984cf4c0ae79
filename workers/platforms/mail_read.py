"""One raw mail as one plain item: its facts where it is proven, itself where it is not.

Nothing is opened and nothing is fetched: no attachments, no pictures, no links. A mail is never
left out; what cannot be read is shown as a mention.
"""

import base64
import html
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy, compat32
from typing import Any
from urllib.parse import urlsplit

from api.items.text import one_line, without_markup
from workers.platforms.documents import as_text
from workers.platforms.mail_rules import Rule, Sender, sender_of
from workers.platforms.mail_trust import proven

MOST_PARTS, MOST_BREAKS = 60, 300
MAX_WORDS = 20_000
MAX_EXCERPT = 2000
_PART = re.compile(rb"content-type\s*:", re.IGNORECASE)
# Stars are often a picture; its other text says how many.
_PICTURE = re.compile(
    r"<img\b[^<>]{0,2000}?\balt=[\"']([^\"'<>]{1,200})[\"'][^<>]{0,2000}>", re.IGNORECASE
)
_LINK = re.compile(r"https://[^\s<>\"'()\[\]]{4,2000}")
# A field longer than this is cut: the standard parser takes a minute for one of 90 kB.
_LONGEST_FIELD, _LONGEST_PROOF = 1000, 10_000
# Fields that the standard parser itself stumbles over are read as they stand.
_STUMBLES = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


class _Policy(EmailPolicy):
    """The standard one, for fields of a reasonable length."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        proof = name.lower() == "authentication-results"
        longest = _LONGEST_PROOF if proof else _LONGEST_FIELD
        parsed: str = super().header_fetch_parse(name, value[:longest].rstrip())
        return parsed


_POLICY = _Policy()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says of itself and what it holds; `proofs` are its servers’ words, topmost first.

    `words` is the text for people, `source` the markup behind it.
    """

    subject: str
    address: str
    author: str
    proofs: tuple[str, ...]
    words: str
    source: str


def plain_item(kept: dict[str, Any], own_server: str) -> dict[str, Any]:
    """The item of a kept mail, to be checked. CPU only."""
    letter = letter_of(base64.b64decode(kept["raw"]))
    item = {"external_id": f"mail:{kept['key']}", "created_at": kept["at"]}
    sender = sender_of(letter.address)
    if sender is None:
        return item | _as_it_is(letter, letter.subject)
    if not proven(letter.proofs, own_server, sender.domains):
        title = f"Not proven to come from {sender.name}: {letter.subject}"
        return item | _as_it_is(letter, title)
    for rule in sender.rules:
        found = rule.found_in(letter.subject, letter.words)
        if found is not None:
            return item | _told(letter, sender, rule, found)
    title = f"A new form of e-mail from {sender.name}: {letter.subject}"
    return item | _as_it_is(letter, title) | {"url": _link(letter, sender)}


def letter_of(raw: bytes) -> Letter:
    """Read a mail, or the beginning of one; too many parts, and its head is all that is read."""
    if len(_PART.findall(raw)) > MOST_PARTS or raw.count(b"\n--") > MOST_BREAKS:
        return _head(raw)
    try:
        message = message_from_bytes(raw, policy=_POLICY)
        if not isinstance(message, EmailMessage):
            return _head(raw)
        return _letter(message)
    except _STUMBLES:
        return _head(raw)


def _letter(message: EmailMessage) -> Letter:
    senders = message.get_all("From", [])
    named: tuple[Address, ...] = senders[0].addresses if len(senders) == 1 else ()
    one = named[0] if len(named) == 1 else Address()
    words, source = _words(message)
    return Letter(
        subject=one_line(str(message.get("Subject", "")), 500),
        address=one.addr_spec if one.domain else "",
        author=one_line(one.display_name, 200),
        proofs=tuple(map(str, message.get_all("Authentication-Results", []))),
        words=words,
        source=source,
    )


def _head(raw: bytes) -> Letter:
    """The subject alone, of a mail that is built to be hard to read; nothing of it is proven."""
    fields = BytesHeaderParser(policy=compat32).parsebytes(raw[:MAX_WORDS])
    subject = one_line(str(fields.get("Subject", "")), 500)
    return Letter(subject, "", "", (), "", "")


def _words(message: EmailMessage) -> tuple[str, str]:
    """The text of a mail and its markup; the plain part is the truer one where both say much."""
    plain = _content(message, "plain")
    source = _content(message, "html")
    shown = without_markup(_PICTURE.sub(r"\n\1\n", source), MAX_WORDS)
    return (plain if len(plain.split()) > 3 else shown or plain)[:MAX_WORDS], source


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    try:
        text = as_text(octets, part.get_content_charset() or "utf-8", "utf-8")
    except LookupError:
        text = as_text(octets, "utf-8")
    return text.replace("\r\n", "\n")


def _as_it_is(letter: Letter, title: str) -> dict[str, Any]:
    return {
        "kind": "mention",
        "title": title or "An e-mail without a subject",
        "text": letter.words[:MAX_EXCERPT],
        "author": letter.author,
    }


def _told(letter: Letter, sender: Sender, rule: Rule, found: dict[str, str]) -> dict[str, Any]:
    """What a proven mail of a known form tells."""
    drawn = len(found.get("drawn", "")) or None
    stars = found.get("stars") or drawn or rule.stars
    text = found.get("text", "")
    return {
        "kind": rule.kind,
        "stars": float(stars) if stars and rule.kind == "review" else None,
        "title": letter.subject,
        "text": text,
        "author": found.get("author", ""),
        "url": _link(letter, sender),
    }


def _link(letter: Letter, sender: Sender) -> str | None:
    """The first link that leads to the platform itself."""
    for text in (letter.words, html.unescape(letter.source)):
        for link in _LINK.findall(text):
            if _host(link) in sender.links:
                return str(link)
    return None


def _host(link: str) -> str:
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def arrived(written: str, now: datetime) -> datetime | None:
    """A server's own clock (RFC 3501 date-time), never later than now; None when it says nothing.

    The Date field is the sender's to choose, so it decides nothing.
    """
    try:
        at = datetime.strptime(written.strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return None
    return min(at, now)
