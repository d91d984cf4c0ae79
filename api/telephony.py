"""Twilio at our door: was it really Twilio that asked, and what it is answered in TwiML.

The rule: X-Twilio-Signature is base64 of HMAC-SHA1, with the account's token as key, over the
whole address and then every form field, sorted, each as its name and its value.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from api.items.text import one_line

LONGEST_WORDS = 1000
RINGS_SECONDS = 25
ANSWER_SECONDS = 8
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_PORTS = {"https": 443, "http": 80}
# The two signs of Unicode's first plane, besides controls, that XML 1.0 does not allow.
_NOT_XML = {0xFFFE: None, 0xFFFF: None}


def signature_fits(token: str, url: str, fields: Iterable[tuple[str, str]], given: str) -> bool:
    """Whether Twilio signed these form fields for this address (with its query) as `given`.

    A field that comes twice counts with both values. Twilio is not consistent about the port in
    the address, so both ways fit. An empty token fits nothing.
    """
    if not token:
        return False
    signed = "".join(name + value for name, value in sorted(set(fields)))
    fits = [
        hmac.compare_digest(_signature(token, address + signed), _octets(given))
        for address in _addresses(url)
    ]
    return any(fits)


def answer_xml(words: str, *, dial: str = "", ask_at: str = "") -> str:
    """What the caller hears: the words, then the phone that is dialled, or the end.

    With `ask_at` one more key is awaited, and posted to that address. `dial` is a number in the
    form +43…; ValueError for any other.
    """
    says = f"<Say>{_said(words)}</Say>"
    if ask_at:
        gather = f'numDigits="1" method="POST" timeout="{ANSWER_SECONDS}"'
        says = f"<Gather {gather} action={quoteattr(ask_at)}>{says}</Gather>"
    return _response(f"{says}{_dialled(dial) if dial else ''}<Hangup/>")


def message_xml(words: str = "") -> str:
    """The answer to a text message; without words nothing is sent back."""
    return _response(f"<Message>{_said(words)}</Message>" if words else "")


def _addresses(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    bare = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    port = parts.port or _PORTS.get(parts.scheme, 0)
    for netloc in (bare, f"{bare}:{port}"):
        yield parts._replace(netloc=netloc).geturl()


def _signature(token: str, signed: str) -> bytes:
    return base64.b64encode(hmac.new(_octets(token), _octets(signed), hashlib.sha1).digest())


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _dialled(number: str) -> str:
    if not _E164.fullmatch(number):
        raise ValueError("a number to dial looks like +43…")
    return f'<Dial timeout="{RINGS_SECONDS}"><Number>{number}</Number></Dial>'


def _said(words: str) -> str:
    return escape(one_line(words.translate(_NOT_XML), LONGEST_WORDS))


def _response(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
