"""A service account of Google's: its JSON key signs a claim, which becomes a token for an hour.

RFC 7523, section 2.1, with RS256. The key itself never leaves this machine.
"""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls

# Never the address that stands in the key: who enters a key must not choose where it is shown.
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LASTS = timedelta(hours=1)


async def token(calls: Calls, key: str, scope: str) -> str:
    """An access token for `scope`. Raises auth_expired when the key is not taken or no key."""
    claim = signed_claim(key, scope, calls.now)
    reply = await calls.ask("POST", TOKEN, data={"grant_type": GRANT, "assertion": claim})
    given = reply.object.get("access_token")
    if not isinstance(given, str):
        raise SourceTrouble("transient", "Google’s answer held no token.")
    return given


def signed_claim(key: str, scope: str, now: datetime) -> str:
    """The claim as a signed JSON Web Token; a minute early, for clocks that run behind."""
    account, secret = _read(key)
    begun = now - timedelta(minutes=1)
    claim = {
        "iss": account, "scope": scope, "aud": TOKEN,
        "iat": int(begun.timestamp()), "exp": int((begun + LASTS).timestamp()),
    }  # fmt: skip
    told = f"{_packed({'alg': 'RS256', 'typ': 'JWT'})}.{_packed(claim)}"
    signature = secret.sign(told.encode(), PKCS1v15(), hashes.SHA256())
    return f"{told}.{_web_safe(signature)}"


def _read(key: str) -> tuple[str, RSAPrivateKey]:
    try:
        parts = json.loads(key)
        secret = load_pem_private_key(parts["private_key"].encode(), password=None)
        account = parts["client_email"]
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm, RecursionError):
        raise _unreadable() from None
    if not isinstance(secret, RSAPrivateKey) or not isinstance(account, str):
        raise _unreadable()
    return account, secret


def _unreadable() -> SourceTrouble:
    detail = "The key of the service account cannot be read. Enter the whole JSON file."
    return SourceTrouble("auth_expired", detail, permanent=True)


def _packed(part: dict[str, Any]) -> str:
    return _web_safe(json.dumps(part, separators=(",", ":")).encode())


def _web_safe(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
