"""What Twilio takes and what it says otherwise: its own codes and its own words."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from aiohttp import web
from multidict import MultiDictProxy

E164 = re.compile(r"\+[1-9]\d{6,14}")
EVENTS = {"initiated", "ringing", "answered", "completed"}
CALL_FIELDS = {"To", "From", "Twiml", "Timeout", "StatusCallback", "StatusCallbackEvent"}
MESSAGE_FIELDS = {"To", "From", "Body", "StatusCallback"}
Form = MultiDictProxy[Any]


def refuse(code: int, words: str, status: int = 400) -> web.Response:
    """Twilio’s error document."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": words, "more_info": more, "status": status}
    return web.json_response(told, status=status)


def mistake_in_call(form: Form, sender: str, refused: Mapping[str, int]) -> web.Response | None:
    return (
        _stranger(form, CALL_FIELDS)
        or _wrong_number(form, 21201, refused)
        or _wrong_sender(form, sender, 21210)
        or _wrong_twiml(str(form.get("Twiml", "")))
        or _wrong_callback(form)
    )


def mistake_in_message(form: Form, sender: str, refused: Mapping[str, int]) -> web.Response | None:
    body = str(form.get("Body", ""))
    if not body:
        return refuse(21602, "Message body is required.")
    if len(body) > 1600:
        return refuse(21617, "The concatenated message body exceeds the 1600 character limit.")
    return (
        _stranger(form, MESSAGE_FIELDS)
        or _wrong_number(form, 21604, refused)
        or _wrong_sender(form, sender, 21606)
        or _wrong_callback(form)
    )


def _stranger(form: Form, known: set[str]) -> web.Response | None:
    unknown = sorted(set(form) - known)
    return refuse(20001, f"Unknown parameters: {unknown}") if unknown else None


def _wrong_number(form: Form, missing: int, refused: Mapping[str, int]) -> web.Response | None:
    to = str(form.get("To", ""))
    if not to:
        return refuse(missing, "A 'To' phone number is required.")
    if not E164.fullmatch(to):
        return refuse(21211, f"The 'To' number {to} is not a valid phone number.")
    return refuse(refused[to], f"{to} cannot be reached.") if to in refused else None


def _wrong_sender(form: Form, sender: str, code: int) -> web.Response | None:
    given = form.get("From")
    return None if given == sender else refuse(code, f"The number {given} is not yours.")


def _wrong_twiml(twiml: str) -> web.Response | None:
    if not twiml:
        return refuse(21205, "Url parameter is required.")
    if len(twiml) > 4000:
        return refuse(32018, "Twiml size exceeded maximum allowed value of 4000 characters")
    try:
        root = ET.fromstring(twiml)
    except ET.ParseError:
        return refuse(12100, "Document parse failure")
    return None if root.tag == "Response" else refuse(12200, "Schema validation warning")


def _wrong_callback(form: Form) -> web.Response | None:
    if not str(form.get("StatusCallback", "")).startswith(("http://", "https://")):
        return refuse(21609, "Invalid 'StatusCallback' URL.")
    if not set(form.getall("StatusCallbackEvent", [])) <= EVENTS:
        return refuse(21626, "Invalid status callback events.")
    return None if str(form.get("Timeout", "60")).isdigit() else refuse(13216, "Invalid timeout")
