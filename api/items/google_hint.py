"""What Google tells of its reviews over Pub/Sub: which place to look at, and nothing more.

Google's documentation and what was seen on the wire spell the fields in three ways; all are read.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KIND = ("type", "notificationType", "notification_type")
_LOCATION = ("location", "locationName", "location_name")
_REVIEW = ("review", "reviewName", "review_name")
# Names of Google's are plain; anything else is not one of them and never reaches the ledger.
_PLAIN = re.compile(r"[!-~]{1,400}")
_PLACE = re.compile(r"(?:accounts/[\w-]+/)?locations/([\w-]+)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class GoogleHint:
    """One place that something happened at: its id, Google's word for what, and the review's name.

    `location` is the bare id, `2002` for accounts/1001/locations/2002; one place may be reached
    through several accounts.
    """

    location: str
    kind: str = ""
    review: str = ""

    @property
    def about(self) -> dict[str, str]:
        """The same as plain JSON, to be kept with the hint."""
        return {"location": self.location, "kind": self.kind, "review": self.review}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of Pub/Sub, with the same `id` each time it comes.

    `hint` is None when its data names no place: it never will, so it is taken and forgotten.
    """

    id: str
    hint: GoogleHint | None


def hint_of(data: bytes) -> GoogleHint | None:
    """Read the data of one message, a JSON object; None when it names no place."""
    said = _object(data)
    review = _text(said, _REVIEW)
    found = _PLACE.fullmatch(_text(said, _LOCATION)) or _PLACE.fullmatch(review)
    return GoogleHint(found[1], _text(said, _KIND), review) if found else None


def delivery_of(message: Mapping[str, Any]) -> Delivery | None:
    """Read one message as Pub/Sub wraps it, pushed or pulled; None when it has no id."""
    name = _text(message, ("messageId", "message_id"))
    data = message.get("data")
    hint = hint_of(_decoded(data)) if isinstance(data, str) else None
    return Delivery(name, hint) if name else None


def pushed(body: bytes) -> Delivery | None:
    """Read what Pub/Sub pushes to an address: `{"message": {…}, "subscription": …}`."""
    message = _object(body).get("message")
    return delivery_of(message) if isinstance(message, dict) else None


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data, altchars=b"-_", validate=False)
    except ValueError:
        return b""


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(said: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = said.get(name)
        if isinstance(value, str) and _PLAIN.fullmatch(value):
            return value
    return ""
