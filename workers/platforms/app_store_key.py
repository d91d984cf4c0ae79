"""Signing as a developer at App Store Connect: a JSON Web Token by ES256 (RFC 7515 and 7518)."""

import base64
import binascii
import json
import re
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key

from api.items.item import SourceTrouble

AUDIENCE = "appstoreconnect-v1"
# Apple takes twenty minutes at most.
LASTS = timedelta(minutes=10)
_FENCE = re.compile(r"-----[A-Z ]+-----|\s")


def token(issuer: str, key_id: str, key: str, now: datetime) -> str:
    """A token for ten minutes; raises SourceTrouble auth_expired when the key is none."""
    head = {"alg": "ES256", "kid": key_id, "typ": "JWT"}
    since = int(now.timestamp())
    claims = {
        "iss": issuer,
        "iat": since,
        "exp": since + int(LASTS.total_seconds()),
        "aud": AUDIENCE,
    }
    told = f"{_packed(head)}.{_packed(claims)}"
    r, s = decode_dss_signature(_private(key).sign(told.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{told}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of a .p8 file, even where its lines were lost on the way."""
    try:
        found = load_der_private_key(base64.b64decode(_FENCE.sub("", text), validate=True), None)
    except (ValueError, TypeError, binascii.Error):
        found = None
    if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp256r1":
        detail = "This is no key of App Store Connect. Enter the text of the .p8 file."
        raise SourceTrouble("auth_expired", detail, permanent=True)
    return found


def _packed(value: dict[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
