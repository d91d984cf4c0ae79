"""Reading bytes as JSON or text without trusting them: whatever is wrong becomes one sentence."""

import codecs
import json
from typing import Any, NoReturn

from api.items.item import SourceTrouble

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_json(body: bytes) -> Any:
    """Parse JSON; raises SourceTrouble bad_content for anything else, deep nesting included."""
    if not body.strip():
        bad_content("The delivery is empty. Send JSON.")
    try:
        return json.loads(as_text(body, "utf-8"))
    except (ValueError, RecursionError):
        bad_content("The JSON is broken or cut off. Send it again, whole.")


def as_text(body: bytes, *encodings: str) -> str:
    """Decode by byte order mark, else by the first encoding that fits, else as cp1252."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def bad_content(sentence: str) -> NoReturn:
    raise SourceTrouble("bad_content", sentence)
