"""The signatures of vendors: whether a call that says it comes from one does.

    Meta     X-Hub-Signature-256: sha256=<hex>               HMAC-SHA256 of the body
    TikTok   Tiktok-Signature: t=<seconds>,s=<hex>           HMAC-SHA256 of `t.body`
    X        x-twitter-webhooks-signature: sha256=<base64>   HMAC-SHA256 of the body

Keys are the secrets of the operator's apps, bodies are the bytes as they came. Every check raises
BadSignature, compares in constant time, and takes no empty secret: anybody could sign with that.
"""

import base64
import hmac
import re
from datetime import datetime, timedelta

from api.signatures import BadSignature

# TikTok tries again for 72 hours. A replay within them is known by its digest.
_TIKTOK_TRIES_FOR = timedelta(hours=72, minutes=5)
_CLOCK_SKEW = timedelta(minutes=5)
_TIKTOK = re.compile(r"t=([0-9]{1,12}),s=([0-9a-f]{64})")
# X signs challenges and deliveries alike, so whoever may ask for an answer could have a delivery
# signed. A challenge is one word; a delivery is a JSON object and never is.
_CHALLENGE = re.compile(r"[A-Za-z0-9_+/=-]{1,256}")


def check_meta(secret: str, given: str, body: bytes) -> None:
    """Whether Meta signed these bytes."""
    _compare(f"sha256={_mac(secret, body).hex()}", given)


def check_tiktok(secret: str, given: str, body: bytes, now: datetime) -> None:
    """Whether TikTok signed these bytes, within the 72 hours in which it tries again."""
    found = _TIKTOK.fullmatch(given)
    if not found:
        raise BadSignature("headers-missing", "Tiktok-Signature is missing or broken.")
    age = timedelta(seconds=now.timestamp() - int(found[1]))
    if not -_CLOCK_SKEW <= age <= _TIKTOK_TRIES_FOR:
        raise BadSignature("too-old", "The delivery was signed at another time.")
    _compare(_mac(secret, found[1].encode() + b"." + body).hex(), found[2])


def check_x(secret: str, given: str, body: bytes) -> None:
    """Whether X signed these bytes."""
    _compare(_of_x(secret, body), given)


def answer_x(secret: str, challenge: str) -> str:
    """The answer to X's challenge, which it repeats every hour."""
    if not _CHALLENGE.fullmatch(challenge):
        raise BadSignature("bad-challenge", "This is no challenge.")
    return _of_x(secret, challenge.encode())


def same(secret: str, given: str) -> bool:
    """Whether this is the secret; constant time, and never for an empty one."""
    return bool(secret) and hmac.compare_digest(secret.encode(), _bytes(given))


def _of_x(secret: str, message: bytes) -> str:
    return f"sha256={base64.b64encode(_mac(secret, message)).decode()}"


def _mac(secret: str, message: bytes) -> bytes:
    if not secret:
        raise BadSignature("no-secret", "No app is set up here for this vendor.")
    return hmac.digest(secret.encode(), message, "sha256")


def _compare(ours: str, given: str) -> None:
    if not hmac.compare_digest(ours.encode(), _bytes(given)):
        raise BadSignature("no-match", "The signature does not fit this body.")


def _bytes(given: str) -> bytes:
    return given.encode("utf-8", "surrogateescape")
