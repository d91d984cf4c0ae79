"""Mail servers that refuse, are ill, are others than they say, or tell of new mail."""

import asyncio
from dataclasses import replace

import pytest

from api.items.item import SourceTrouble
from tests.platforms.imap_server import ImapServer
from tests.platforms.mailbox import HOST, a_mail, certificate, place_of, serving, way_to
from tests.platforms.vendor import NOW
from workers.platforms import mail, mail_box, mail_idle
from workers.platforms.calls import Calls


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(papers):
    async with ImapServer(serving(papers)) as running:
        yield running


@pytest.fixture
async def calls(papers):
    async with way_to(papers) as out:
        yield out


@pytest.fixture
def place(server):
    return place_of(server)


def titles(fetched):
    assert fetched.body is not None
    read = mail.read(fetched.body, fetched.content_type, NOW)
    assert not read.problems, read.problems
    return [item.title for item in read.items]


@pytest.mark.parametrize(
    ("refusal", "health"),
    [
        ('NO [AUTHENTICATIONFAILED] Wrong password p"ass\\word', "auth_expired"),
        ("NO LOGIN failed", "auth_expired"),
        ("NO [UNAVAILABLE] Directory is down", "transient"),
        ("NO [ALERT] Too many simultaneous connections.", "rate_limited"),
        ("BAD what is this", "auth_expired"),
    ],
)
async def test_a_sign_in_that_is_refused_is_named_without_the_password(
    server, calls, place, refusal, health
):
    server.refusal = refusal
    wrong = replace(place, secrets={"password": 'p"ass\\word wrong'})
    with pytest.raises(SourceTrouble) as told:
        await mail.fetch(calls, wrong)
    assert told.value.health == health
    assert "word" not in told.value.detail.replace("name and password", "")
    assert told.value.__suppress_context__


async def test_a_folder_that_is_not_there_is_named(server, calls):
    with pytest.raises(SourceTrouble) as told:
        await mail.fetch(calls, place_of(server, folder="Nowhere"))
    assert (told.value.health, told.value.permanent) == ("gone", True)


@pytest.mark.parametrize("ill", ["hang", "reset", "drip", "html", "huge", "cut"])
async def test_a_server_that_is_ill_is_read_when_it_is_well(server, calls, place, ill, monkeypatch):
    monkeypatch.setattr(mail_box, "SILENCE", 0.3)
    server.put(a_mail(1))
    server.ill = ill
    with pytest.raises((SourceTrouble, TimeoutError)) as told:
        async with asyncio.timeout(1.5):
            await mail.fetch(calls, place)
    assert getattr(told.value, "health", "transient") == "transient"
    server.ill = ""
    assert titles(await mail.fetch(calls, place)) == ["Hello 1"]


async def test_a_reading_that_is_given_up_leaves_no_thread_waiting(server, calls, place):
    server.ill = "drip"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await mail.fetch(calls, place)
    async with asyncio.timeout(5):
        while any(not task.done() for task in server._lines.values()):
            server.closing.set()
            await asyncio.sleep(0.01)


async def test_a_server_with_another_name_is_not_told_the_password(papers, tmp_path, calls):
    async with ImapServer(serving(certificate(tmp_path, "other.test"))) as stranger:
        with pytest.raises(SourceTrouble) as told:
            await mail.fetch(calls, place_of(stranger))
    assert "certificate" in told.value.detail
    assert not stranger.said


async def test_a_true_certificate_of_another_name_is_refused_as_well(tmp_path):
    papers = certificate(tmp_path, "other.test")
    async with ImapServer(serving(papers)) as stranger, way_to(papers) as calls:
        with pytest.raises(SourceTrouble) as told:
            await mail.fetch(calls, place_of(stranger))
    assert "certificate" in told.value.detail
    assert not stranger.said


async def test_without_a_checked_way_no_server_is_met(server, place):
    with pytest.raises(SourceTrouble) as told:
        await mail.fetch(Calls(None, NOW, None), place)  # type: ignore[arg-type]
    assert told.value.health == "policy_blocked"
    assert HOST in told.value.detail
    assert not server.said


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "imap.test\r\nA1 LOGOUT"},
        {"host": "imap.test/x"},
        {"port": "25"},
        {"port": "70000"},
        {"port": "x"},
        {"user": "a\r\nb"},
        {"user": ""},
        {"folder": "IN\r\nBOX"},
    ],
)
async def test_what_cannot_be_a_mailbox_is_refused_before_anything_is_met(server, calls, wrong):
    with pytest.raises(SourceTrouble) as told:
        await mail.fetch(calls, place_of(server, **wrong))
    assert told.value.permanent
    assert not server.said


async def test_a_missing_password_is_asked_for(server, calls, place):
    with pytest.raises(SourceTrouble) as told:
        await mail.fetch(calls, replace(place, secrets={}))
    assert told.value.detail == "The password is missing. Enter it."
    assert not server.said


async def test_no_source_sends_the_password_elsewhere_than_its_account_says(server, calls, place):
    server.put(a_mail(1))
    account = {name: place.ids[name] for name in ("host", "port", "user")}
    lured = replace(
        place,
        ids=place.ids | {"host": "imap.evil.test", "user": "other"},
        secrets=account | dict(place.secrets),
    )
    assert titles(await mail.fetch(calls, lured)) == ["Hello 1"]


async def test_new_mail_ends_the_waiting_at_once(server, calls, place):
    waiting = asyncio.create_task(mail_idle.idle(calls, place, asyncio.Event()))
    await asyncio.wait_for(server.idling.wait(), 10)
    await server.receive(a_mail(1))
    heard = await asyncio.wait_for(waiting, 10)
    assert heard == mail_idle.Heard(came=True, next_uid=2)


async def test_mail_that_comes_with_the_go_ahead_is_not_overheard(server, calls, place):
    server.early = [a_mail(1)]
    heard = await asyncio.wait_for(mail_idle.idle(calls, place, asyncio.Event()), 10)
    assert heard == mail_idle.Heard(came=True, next_uid=2)


async def test_mail_between_two_waitings_is_told_once(server, calls, place):
    stop = asyncio.Event()
    first = await mail_idle.idle(calls, place, stop, longest=0.1)
    assert first == mail_idle.Heard(came=False, next_uid=1)
    server.put(a_mail(1))
    second = await mail_idle.idle(calls, place, stop, next_uid=first.next_uid, longest=0.1)
    third = await mail_idle.idle(calls, place, stop, next_uid=second.next_uid, longest=0.1)
    assert [second.came, third.came] == [True, False]


async def test_waiting_ends_when_it_is_stopped(server, calls, place):
    stop = asyncio.Event()
    waiting = asyncio.create_task(mail_idle.idle(calls, place, stop, next_uid=1))
    await asyncio.wait_for(server.idling.wait(), 10)
    stop.set()
    heard = await asyncio.wait_for(waiting, 10)
    assert heard == mail_idle.Heard(came=False, next_uid=1)


async def test_waiting_at_a_server_without_idle_says_so(server, calls, place):
    server.idles = False
    with pytest.raises(SourceTrouble) as told:
        await mail_idle.idle(calls, place, asyncio.Event())
    assert told.value.health == "unavailable_capability"


async def test_waiting_ends_with_trouble_when_the_server_goes(server, calls, place):
    waiting = asyncio.create_task(mail_idle.idle(calls, place, asyncio.Event()))
    await asyncio.wait_for(server.idling.wait(), 10)
    for line in server._lines:
        line.transport.abort()
    with pytest.raises(SourceTrouble) as told:
        await asyncio.wait_for(waiting, 10)
    assert told.value.health == "transient"
