"""Standard Webhooks 1.0: sign a delivery, and check that one was signed by whom it claims.

The scheme: the header `webhook-signature` holds `v1,<base64>` entries, each an HMAC-SHA256 over
`id.timestamp.body` with the bytes behind `whsec_` as key. The `standardwebhooks` package reads
the clock itself and decodes the body as UTF-8; here the moment is handed in and bytes stay bytes.
"""

import base64
import binascii
import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime

TOLERANCE_SECONDS = 300
MAX_ID_LENGTH = 256
SHORTEST_KEY = 24
MAX_SIGNATURES = 16
PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class BadSignature(ValueError):
    """The delivery is not from whom it claims; `code` is stable, the message is a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def new_secret() -> str:
    """Make a signing secret with 32 random bytes."""
    return PREFIX + base64.b64encode(randomness.token_bytes(32)).decode("ascii")


def sign(secret: str, *, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt; `message_id` stays the same over all attempts."""
    timestamp = str(int(sent_at.timestamp()))
    signature = _signature(_key(secret), message_id, timestamp, body)
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: f"v1,{signature}"}


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the webhook-id of a delivery that one of the secrets signed within five minutes.

    Several secrets are accepted at once, so that a secret can be replaced without a gap.
    Raises BadSignature.
    """
    message_id, timestamp, given = _headers(headers)
    _check_age(timestamp, now)
    expected = [_signature(_key(secret), message_id, timestamp, body) for secret in secrets]
    matches = [
        hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "surrogateescape"))
        for ours in expected
        for theirs in given
    ]
    if not any(matches):
        raise BadSignature("no-match", "The signature does not fit this body and secret.")
    return message_id


def _headers(headers: Mapping[str, str]) -> tuple[str, str, list[str]]:
    lower = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, signatures = (lower.get(name) for name in (ID, TIMESTAMP, SIGNATURE))
    if not (message_id and timestamp and signatures):
        raise BadSignature("headers-missing", f"Send {ID}, {TIMESTAMP} and {SIGNATURE}.")
    if "." in message_id or len(message_id) > MAX_ID_LENGTH:
        raise BadSignature("bad-id", f"{ID} is too long or contains a dot.")
    entries = [entry.partition(",") for entry in signatures.split()[:MAX_SIGNATURES]]
    return message_id, timestamp, [value for version, _, value in entries if version == "v1"]


def _check_age(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("bad-timestamp", f"{TIMESTAMP} must be seconds since 1970.")
    age = now.timestamp() - int(timestamp)
    if age > TOLERANCE_SECONDS:
        raise BadSignature("too-old", "The delivery was signed more than 5 minutes ago.")
    if age < -TOLERANCE_SECONDS:
        raise BadSignature("too-new", "The delivery was signed in the future. Check your clock.")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < SHORTEST_KEY:
        raise BadSignature("bad-secret", "The stored secret cannot be used. Make a new one.")
    return key


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
