"""What comes back through the guarded way out: redirects, certificates, and hard caps."""

import asyncio
import gzip
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.addresses import (
    AddressRefused,
    AnswerTooLarge,
    AnswerTooSlow,
    Unreachable,
    fetch,
    guarded_client,
)
from tests.canary import names, serving


async def test_redirects_are_followed_five_times_and_reported_when_permanent():
    async def stairs(request: web.Request) -> web.Response:
        step = int(request.path.strip("/"))
        if step == 0:
            return web.Response(text="top")
        return web.Response(status=301, headers={"Location": f"/{step - 1}"})

    async with (
        serving(stairs) as port,
        guarded_client(allowed=[f"127.0.0.1:{port}"]) as client,
    ):
        base = f"http://127.0.0.1:{port}"
        answer = await fetch(client, f"{base}/5")
        assert (answer.body, answer.final_url, answer.moved_to) == (
            b"top",
            f"{base}/0",
            f"{base}/0",
        )
        with pytest.raises(AddressRefused, match="more than 5 times"):
            await fetch(client, f"{base}/6")


async def test_a_passing_redirect_does_not_move_the_feed_and_credentials_stay_home():
    got = []

    async def other(request: web.Request) -> web.Response:
        got.append(dict(request.headers))
        return web.Response(text="feed")

    async with serving(other) as there:

        async def onward(_request: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": f"http://127.0.0.1:{there}/"})

        async with serving(onward) as here:
            allowed = [f"127.0.0.1:{here}", f"127.0.0.1:{there}"]
            async with guarded_client(allowed=allowed) as client:
                answer = await fetch(
                    client,
                    f"http://127.0.0.1:{here}/",
                    headers={"Authorization": "Bearer s", "If-None-Match": '"1"'},
                )
    assert answer.moved_to is None
    assert "Authorization" not in got[0]
    assert got[0]["If-None-Match"] == '"1"'


async def test_an_allowed_name_is_visited_at_the_checked_address_under_its_own_name():
    hosts = []

    async def answer(request: web.Request) -> web.Response:
        hosts.append(request.headers["Host"])
        return web.Response(text="feed")

    async with serving(answer) as port:
        table = names({"feed.example": ["127.0.0.1"]})
        async with guarded_client(allowed=[f"feed.example:{port}"], resolver=table) as client:
            assert (await fetch(client, f"http://feed.example:{port}/")).body == b"feed"
        async with guarded_client(allowed=["feed.example:1"], resolver=table) as client:
            with pytest.raises(AddressRefused):
                await fetch(client, f"http://feed.example:{port}/")
    assert hosts == [f"feed.example:{port}"]


async def test_the_certificate_must_fit_the_name_and_the_name_is_sent(tmp_path):
    server, trusting = _certificate_for("feed.example", tmp_path)
    asked = []
    server.sni_callback = lambda _socket, name, _context: asked.append(name)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="feed")

    async with serving(answer, tls=server) as port:
        table = names({"feed.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
        allowed = [f"feed.example:{port}", f"other.example:{port}"]
        async with guarded_client(allowed=allowed, resolver=table, verify=trusting) as client:
            assert (await fetch(client, f"https://feed.example:{port}/")).body == b"feed"
            with pytest.raises(Unreachable):
                await fetch(client, f"https://other.example:{port}/")
    assert asked == ["feed.example", "other.example"]


def _certificate_for(host, folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "both.pem").write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


BOMB = gzip.compress(b"\0" * 60_000_000)


async def _bomb(_request):
    return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})


async def _ten_megabytes(_request):
    return web.Response(body=b"x" * 10_000_000)


async def _drip(request):
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)
    except (ConnectionError, asyncio.CancelledError):
        return response


async def _silence(_request):
    await asyncio.sleep(30)


async def _cut_gzip(_request):
    return web.Response(body=gzip.compress(b"feed" * 99)[:-9], headers={"Content-Encoding": "gzip"})


async def _lying_gzip(_request):
    return web.Response(body=b"not packed", headers={"Content-Encoding": "gzip"})


async def _brotli(_request):
    return web.Response(body=b"\x0b\x02\x80feed\x03", headers={"Content-Encoding": "br"})


@pytest.mark.parametrize(
    ("handler", "error", "words"),
    [
        (_bomb, AnswerTooLarge, "larger than 5 MB"),
        (_ten_megabytes, AnswerTooLarge, "larger than 5 MB"),
        (_drip, AnswerTooSlow, "did not answer in time"),
        (_silence, AnswerTooSlow, "did not answer in time"),
        (_cut_gzip, Unreachable, "broke off"),
        (_lying_gzip, Unreachable, "damaged"),
        (_brotli, Unreachable, "packed in a way"),
    ],
)
@pytest.mark.parametrize("through", ["fetch", "client"])
async def test_an_answer_that_would_hurt_ends_in_a_sentence(handler, error, words, through):
    async with (
        serving(handler) as port,
        guarded_client(allowed=[f"127.0.0.1:{port}"], total_seconds=1.0) as client,
    ):
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(error, match=words):
            await (fetch(client, url) if through == "fetch" else client.get(url))


async def test_the_deadline_of_one_fetch_covers_all_its_redirects():
    async def slow_stairs(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(status=302, headers={"Location": f"{request.path}x"})

    async with (
        serving(slow_stairs) as port,
        guarded_client(allowed=[f"127.0.0.1:{port}"]) as client,
    ):
        with pytest.raises(AnswerTooSlow):
            await fetch(client, f"http://127.0.0.1:{port}/", deadline=0.5)


async def test_a_packed_answer_arrives_unpacked_and_many_pieces_stay_in_order():
    plain = bytes(range(256)) * 8_000

    async def packed(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "gzip"
        return web.Response(body=gzip.compress(plain), headers={"Content-Encoding": "gzip"})

    async with (
        serving(packed) as port,
        guarded_client(allowed=[f"127.0.0.1:{port}"]) as client,
    ):
        answer = await fetch(client, f"http://127.0.0.1:{port}/")
    assert answer.body == plain
    assert "content-encoding" not in answer.headers


async def test_an_unknown_name_is_said_to_be_unknown():
    async with guarded_client(resolver=names({})) as client:
        with pytest.raises(Unreachable, match="No website is known"):
            await fetch(client, "https://no-such-bakery.example/feed")
