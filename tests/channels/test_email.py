"""E-mail: one letter to one person, recognisable when it comes twice, and no forged header."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.channels.smtp_server import SmtpServer
from workers.channels import mail
from workers.channels.mail import Letter
from workers.channels.trouble import ChannelTrouble

AT = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smtp.test")])


@pytest.fixture
async def smtp():
    async with SmtpServer() as server:
        yield server


@pytest.fixture
def letter(smtp) -> Letter:
    return Letter(
        smtp.url,
        "Nightdesk <desk@nightdesk.test>",
        "mia@agency.test",
        "Corner Bistro: 4 new reviews",
        "3 of 4 are one star.\n.\nCafé “Zur Post”",
        "ntf_1.alarm@nightdesk.test",
        AT,
        timeout=1.0,
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC) + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_letter_says_what_it_was_given(smtp, letter, outside):
    sent = await mail.send(letter, outside)
    [taken] = smtp.letters
    assert sent.reference == "ntf_1.alarm@nightdesk.test"
    assert taken["Message-ID"] == "<ntf_1.alarm@nightdesk.test>"
    assert taken["From"] == "Nightdesk <desk@nightdesk.test>"
    assert (taken["To"], taken["Subject"]) == ("mia@agency.test", "Corner Bistro: 4 new reviews")
    assert taken["Date"].datetime == AT
    body = taken.get_content().replace("\r\n", "\n")
    assert body == "3 of 4 are one star.\n.\nCafé “Zur Post”\n"


async def test_a_host_in_another_script_is_reached(smtp, letter, outside):
    await mail.send(replace(letter, to="mia@café.test"), outside)
    assert smtp.letters[0]["To"] == "mia@xn--caf-dma.test"


async def test_a_repeat_is_the_same_letter(smtp, letter, outside):
    for _ in range(2):
        await mail.send(letter, outside)
    first, second = smtp.letters
    assert first.as_bytes() == second.as_bytes()


@pytest.mark.parametrize("verb", ["GREETING", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(("code", "permanent"), [("421", False), ("451", False), ("550", True)])
async def test_5xx_is_for_good_and_4xx_passes(smtp, letter, outside, verb, code, permanent):
    smtp.answers[verb] = f"{code} mia@agency.test says no"
    trouble = await _trouble(letter, outside)
    assert (trouble.permanent, trouble.gone) == (permanent, False)
    assert code in trouble.detail
    assert smtp.letters == []


@pytest.mark.parametrize("ill", ["hang", "drip", "html"])
async def test_a_server_that_does_not_answer_passes(smtp, letter, outside, ill):
    smtp.ill = ill
    assert not (await _trouble(replace(letter, timeout=0.3), outside)).permanent


async def test_a_lost_answer_is_trouble_that_passes(smtp, letter, outside):
    smtp.ill = "lost"
    assert not (await _trouble(letter, outside)).permanent
    smtp.ill = ""
    await mail.send(letter, outside)
    assert len({taken["Message-ID"] for taken in smtp.letters}) == 1


async def test_a_server_that_is_not_there_passes(smtp, letter, outside):
    await smtp.__aexit__()
    assert not (await _trouble(letter, outside)).permanent


@pytest.mark.parametrize("url", ["", "smtp.test", "http://smtp.test", "smtp://", "smtp://a:x"])
async def test_an_address_of_no_mail_server_is_for_the_operator(letter, outside, url):
    trouble = await _trouble(replace(letter, smtp_url=url), outside)
    assert trouble.permanent
    assert "operator" in trouble.detail


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mia",
        "mia@agency.test, eve@evil.test",
        "mia@agency.test\nBcc: eve@evil.test",
        "mia@agency.test\r\n\r\nHello",
        "<mia@agency.test> eve@evil.test",
        "mia@agency.test>\r\nRCPT TO:<eve@evil.test",
        "mía@agency.test",
        "mia@..",
        "mia@agency_ .test",
    ],
)
async def test_a_letter_has_one_reader(smtp, letter, outside, address):
    for forged in (replace(letter, to=address), replace(letter, sender=address)):
        assert (await _trouble(forged, outside)).permanent
    assert smtp.verbs == []


@pytest.mark.parametrize(
    "words",
    ["Hi\r\nBcc: eve@evil.test", "Hi\nX: y\n\nbody", "\x00\x1b\u202e", "x" * 5000, "é\r" * 99],
)
async def test_words_never_become_headers(smtp, letter, outside, words):
    name = f'"{words[:20]}" <desk@nightdesk.test>'.replace("\r", " ").replace("\n", " ")
    await mail.send(replace(letter, subject=words, body=words, sender=name), outside)
    [taken] = smtp.letters
    assert set(taken.keys()) == HEADERS
    assert smtp.verbs.count("RCPT") == 1
    assert taken["To"] == "mia@agency.test"


HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


async def test_a_forged_message_id_is_a_mistake_of_ours(letter, outside):
    with pytest.raises(ValueError, match="message id"):
        await mail.send(replace(letter, message_id="a@b\r\nBcc: x@y"), outside)


@pytest.mark.parametrize("from_start", [False, True])
async def test_a_letter_is_encrypted_where_that_is_offered(
    letter, outside, tls, certificate, monkeypatch, from_start
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with SmtpServer(tls, "secret", from_start=from_start) as smtp:
        await mail.send(replace(letter, smtp_url=smtp.url), outside)
    assert len(smtp.letters) == 1
    begun = smtp.verbs.index("AUTH")
    assert ("STARTTLS" in smtp.verbs[:begun]) != from_start


async def test_a_server_with_a_strange_certificate_gets_no_password(letter, outside, tls):
    async with SmtpServer(tls, "secret", from_start=True) as smtp:
        trouble = await _trouble(replace(letter, smtp_url=smtp.url), outside)
    assert not trouble.permanent
    assert smtp.verbs == []


async def test_a_password_never_goes_over_an_open_line(letter, outside):
    async with SmtpServer(password="secret") as smtp:
        elsewhere = smtp.url.replace("127.0.0.1", "0.0.0.0")
        trouble = await _trouble(replace(letter, smtp_url=elsewhere), outside)
    assert trouble.permanent
    assert "AUTH" not in smtp.verbs


async def test_a_wrong_password_is_for_the_operator(letter, outside):
    async with SmtpServer(password="secret") as smtp:
        url = smtp.url.replace("secret", "guess")
        trouble = await _trouble(replace(letter, smtp_url=url), outside)
    assert trouble.permanent
    assert "operator" in trouble.detail


async def _trouble(letter: Letter, outside) -> ChannelTrouble:
    with pytest.raises(ChannelTrouble) as raised:
        await mail.send(letter, outside)
    detail = raised.value.detail
    assert not [one for one in ("agency.test", "secret", "guess", "127.0.0.1") if one in detail]
    return raised.value
