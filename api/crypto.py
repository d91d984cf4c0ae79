"""Seals secrets to their row, hashes capabilities, and signs what must come back unchanged.

AES-256-GCM with the row's name as associated data (NIST SP 800-38D): a sealed value that is moved
to another row does not open. Keys are derived from one master key by HKDF (RFC 5869), one per use.
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.settings import settings

_NONCE = 12


def _key_file() -> Path:
    return settings.data_dir / "secret.key"


def _make_key_file(path: Path) -> None:
    """Written whole under another name first: two processes that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@cache
def _master() -> bytes:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = _key_file()
    if not path.exists():
        _make_key_file(path)
    return path.read_bytes()


@cache
def _derived(use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode()).derive(_master())


def seal(secret: bytes, *, row: str) -> bytes:
    """Encrypt a secret so that it opens for this row alone, e.g. `source:0193…`."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derived("seal")).encrypt(nonce, secret, row.encode())


def unseal(sealed: bytes, *, row: str) -> bytes:
    """The secret again; cryptography.exceptions.InvalidTag for another row or a changed byte."""
    return AESGCM(_derived("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.encode())


def new_token() -> str:
    """256 random bits for an address or a header."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(use: str, *parts: str) -> str:
    """A MAC over the parts, for one use."""
    mac = hmac.new(_derived(use), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def signature_fits(signature: str, use: str, *parts: str) -> bool:
    """Whether `sign` made this signature for exactly these parts; constant time."""
    return hmac.compare_digest(signature.encode(), sign(use, *parts).encode())
