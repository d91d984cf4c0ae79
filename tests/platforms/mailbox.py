"""What tests of mail share: a certificate, the way to the stand-in, and mails from a folder."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.addresses import fetch, guarded_client
from tests.platforms.imap_server import ImapServer
from tests.platforms.vendor import NOW
from workers.platforms.calls import Calls
from workers.platforms.connector import Place

HOST = "imap.agency.test"
MAILS = Path(__file__).parent.parent / "data" / "mails"


def raw(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def a_mail(number: int, subject: str = "Hello", to: str = "reviews@agency.test") -> bytes:
    fields = f"Message-ID: <m{number}@x.test>\nFrom: Pat <pat@x.test>\nTo: {to}\n"
    return f"{fields}Subject: {subject} {number}\n\nSomething was said.\n".encode()


def certificate(folder: Path, name: str = HOST) -> Path:
    """A certificate for a name and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


def serving(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def place_of(server: ImapServer, **ids: object) -> Place:
    known = {"host": HOST, "port": str(server.port), "user": server.user}
    return Place(
        ids=known | {"own_mx": "mx.agency.test"} | ids,
        now=NOW,
        secrets={"password": server.password},
    )


@asynccontextmanager
async def way_to(file: Path, address: str = "127.0.0.1") -> AsyncIterator[Calls]:
    """The way out of a source whose mail server lies here, trusting this certificate alone."""

    async def where(host: str, _: int) -> str:
        assert host == HOST
        return address

    trusted = ssl.create_default_context(cafile=file)
    async with guarded_client() as outside:
        yield Calls(outside, NOW, partial(fetch, outside), resolve=where, trusted=trusted)
