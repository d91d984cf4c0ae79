"""A mailbox read over real IMAP and TLS: each mail once, none lost, and nothing changed there."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.platforms.imap_server import ImapServer
from tests.platforms.mailbox import a_mail, certificate, place_of, raw, serving, way_to
from tests.platforms.vendor import NOW
from workers.platforms import mail


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


def later(place, fetched, **more):
    return replace(place, cursor=json.loads(json.dumps(fetched.cursor)), **more)


def titles(fetched):
    assert fetched.body is not None
    read = mail.read(fetched.body, fetched.content_type, NOW)
    assert not read.problems, read.problems
    return [item.title for item in read.items]


async def test_a_mail_is_read_once_and_stays_unread_for_people(server, calls, place):
    server.put(a_mail(1))
    first = await mail.fetch(calls, place)
    assert titles(first) == ["Hello 1"]
    assert (await mail.fetch(calls, later(place, first))).body is None
    assert not any(said.startswith(("SELECT", "STORE", "UID STORE")) for said in server.said)
    assert "BODY[" not in " ".join(server.said)


async def test_what_came_since_is_read_and_nothing_else(server, calls, place):
    server.put(a_mail(1))
    first = await mail.fetch(calls, place)
    server.put(a_mail(2))
    server.put(a_mail(3))
    assert titles(await mail.fetch(calls, later(place, first))) == ["Hello 2", "Hello 3"]


async def test_an_empty_mailbox_is_no_trouble(server, calls, place):
    first = await mail.fetch(calls, place)
    assert first.body is None
    server.put(a_mail(1))
    assert titles(await mail.fetch(calls, later(place, first))) == ["Hello 1"]


async def test_the_first_reading_goes_back_a_month(server, calls, place):
    server.put(a_mail(1), at=NOW - timedelta(days=60))
    server.put(a_mail(2), at=NOW - timedelta(days=20))
    assert titles(await mail.fetch(calls, place)) == ["Hello 2"]


async def test_a_mailbox_that_was_numbered_anew_repeats_nothing(server, calls, place):
    for number in (1, 2, 3):
        server.put(a_mail(number))
    first = await mail.fetch(calls, place)
    del server.folders["INBOX"].mails[0]
    server.number_anew()
    server.put(a_mail(4))
    second = await mail.fetch(calls, later(place, first))
    assert titles(second) == ["Hello 4"]
    assert (await mail.fetch(calls, later(place, second))).body is None


async def test_a_mail_that_was_delivered_twice_is_one(server, calls, place):
    server.put(a_mail(1))
    first = await mail.fetch(calls, place)
    server.put(a_mail(1))
    assert (await mail.fetch(calls, later(place, first))).body is None


async def test_the_same_mail_has_the_same_id_in_every_reading(server, calls, place):
    server.put(a_mail(1))
    server.put(b"From: x@x.test\nSubject: No id\n\nHi there.\n")
    ids = []
    for _ in range(2):
        fetched = await mail.fetch(calls, place)
        read = mail.read(fetched.body or b"", fetched.content_type, NOW)
        ids.append([item.external_id for item in read.items])
        server.number_anew()
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


async def test_a_flood_is_read_in_pieces_and_to_the_end(server, calls, place, monkeypatch):
    monkeypatch.setattr(mail, "HEADS", 20)
    monkeypatch.setattr(mail, "HEADS_AT_ONCE", 7)
    server.put(a_mail(0))
    fetched = await mail.fetch(calls, place)
    for number in range(1, 51):
        server.put(a_mail(number))
    found = []
    while (fetched := await mail.fetch(calls, later(place, fetched))).body is not None:
        found += titles(fetched)
    assert found == [f"Hello {number}" for number in range(1, 51)]


@pytest.mark.parametrize(("limit", "value"), [("MOST_OCTETS", 1), ("LONGEST", -1.0)])
async def test_a_reading_stops_at_its_limits_and_the_next_goes_on(
    server, calls, place, monkeypatch, limit, value
):
    monkeypatch.setattr(mail, "HEADS_AT_ONCE", 2)
    monkeypatch.setattr(mail, limit, value)
    for number in range(5):
        server.put(a_mail(number))
    first = await mail.fetch(calls, place)
    second = await mail.fetch(calls, later(place, first))
    assert titles(first) == ["Hello 0", "Hello 1"]
    assert titles(second) == ["Hello 2", "Hello 3"]


async def test_each_client_reads_the_mail_to_its_own_address(server, calls, place):
    server.put(a_mail(1, to="Reviews+CrumbCo@agency.test"))
    server.put(a_mail(2, to="reviews+other@agency.test"))
    server.put(b"Delivered-To: reviews+crumbco@agency.test\n" + a_mail(3, to="owner@crumbco.test"))
    first = await mail.fetch(calls, place_of(server, plus="crumbco"))
    assert titles(first) == ["Hello 1", "Hello 3"]
    again = later(place_of(server, plus="crumbco"), first)
    assert (await mail.fetch(calls, again)).body is None


async def test_a_folder_of_its_own_is_read_alone(server, calls):
    server.put(a_mail(1))
    server.put(a_mail(2), folder="Crumb & Co")
    server.folders["Crumb &- Co"] = server.folders.pop("Crumb & Co")  # RFC 3501, 5.1.3
    assert titles(await mail.fetch(calls, place_of(server, folder="Crumb & Co"))) == ["Hello 2"]


async def test_a_large_mail_is_read_as_far_as_its_words_go(server, calls, place):
    server.put(a_mail(1) + b"x" * 3_000_000)
    fetched = await mail.fetch(calls, place)
    assert titles(fetched) == ["Hello 1"]
    assert len(fetched.body or b"") < 200_000


async def test_the_time_is_when_it_arrived_and_not_what_the_sender_claims(server, calls, place):
    server.put(raw("forged"), at=NOW - timedelta(minutes=3))
    fetched = await mail.fetch(calls, place)
    [item] = mail.read(fetched.body or b"", fetched.content_type, NOW).items
    assert item.created_at == NOW - timedelta(minutes=3)


async def test_a_name_and_password_in_other_scripts_are_sent_as_they_are(server, calls):
    server.password = "пароль"
    server.put(a_mail(1))
    assert titles(await mail.fetch(calls, place_of(server))) == ["Hello 1"]


async def test_the_daily_check_says_which_server_has_to_be_named(server, calls, place):
    server.put(raw("google"))
    unnamed = place_of(server, own_mx="")
    assert "mx.agency.test" in (await mail.check(calls, unnamed)).ready_detail
    assert (await mail.check(calls, place)).ready_detail == ""


async def test_every_reading_says_so_too_until_it_is_named(server, calls):
    unnamed = place_of(server, own_mx="")
    first = await mail.fetch(calls, unnamed)
    assert "Enter your mail server’s name" in (first.probed or {})["proof"]
    server.put(raw("google"))
    second = await mail.fetch(calls, later(unnamed, first, probed=first.probed))
    assert "mx.agency.test" in (second.probed or {})["proof"]
    known = later(unnamed, second, probed=second.probed)
    assert (await mail.fetch(calls, known)).probed is None
    named = replace(known, ids=place_of(server).ids)
    assert (await mail.fetch(calls, named)).probed == {}


async def test_a_server_that_tells_of_nothing_is_known_as_such(server, calls, place):
    server.idles = False
    fetched = await mail.fetch(calls, place)
    assert set(fetched.probed or {}) == {"hear"}
    assert (await mail.fetch(calls, replace(place, probed=fetched.probed))).probed is None
    server.idles = True
    assert (await mail.fetch(calls, replace(place, probed=fetched.probed))).probed == {}
