"""What a notification mail tells, what proves it, and that no mail is lost or believed too much."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.platforms.mailbox import raw
from workers.platforms import mail
from workers.platforms.kept import as_body
from workers.platforms.mail_read import arrived, letter_of
from workers.platforms.mail_rules import SENDERS
from workers.platforms.mail_trust import proven, server_of

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
OWN = "mx.agency.test"


def read(octets, own_server=OWN, at="2026-11-21T19:00:00+00:00"):
    kept = {"key": "k1", "at": at, "raw": base64.b64encode(octets).decode()}
    found = mail.read(as_body([{"own_server": own_server, "mails": [kept]}]), "", NOW)
    assert not found.problems, found.problems
    [item] = found.items
    return item


STALE = """Stale bread, and we waited an hour.
I got a new 5-star review where I went next."""
TOLD = {
    "google": (
        "review", 1.0, "Kim Tester", STALE,
        "https://business.google.com/reviews/l/123?review=a1",
    ),
    "facebook": (
        "review", 1.0, "Raj Specimen", "Cold soup, colder waiter.",
        "https://www.facebook.com/n/?crumbco&id=77",
    ),
    "yelp": (
        "review", 2.0, "Ella A.", "I waited an hour and the croissant was stale.",
        "https://biz.yelp.com/r2r/crumb-and-co",
    ),
    "tripadvisor": (
        "review", 1.0, "", "Avoid. Nothing was fresh.",
        "https://www.tripadvisor.com/ShowUserReviews-g1-d93450-r988001.html",
    ),
    "trustpilot": (
        "review", 1.0, "Jo Sample", "Never arrived. Nobody answers.",
        "https://businessapp.b2b.trustpilot.com/reviews/6740aa11",
    ),
    "google_digest": (
        "mention", None, "", "", "https://business.google.com/reviews/l/123",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_a_proven_mail_of_a_known_form_tells_its_facts(name):
    item = read(raw(name))
    assert (item.kind, item.stars, item.author, item.text, item.url) == TOLD[name]
    assert item.title
    assert item.created_at == datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"google_digest"}))
@pytest.mark.parametrize("own_server", ["", "mx.other.test"])
def test_without_the_word_of_the_own_server_it_is_a_mention_and_says_so(name, own_server):
    item = read(raw(name), own_server)
    assert (item.kind, item.stars, item.url) == ("mention", None, None)
    assert item.title.startswith("Not proven to come from ")


def test_a_new_form_of_a_known_platform_is_shown_as_such():
    item = read(raw("google_other_form"))
    assert (item.kind, item.stars) == ("mention", None)
    assert item.title == "A new form of e-mail from Google: Feedback waits for Crumb & Co"
    assert item.url == "https://business.google.com/n/123"
    assert "Somebody rated" in item.text


def test_a_mail_of_a_stranger_is_a_mention_without_its_attachment():
    item = read(raw("stranger"))
    assert (item.kind, item.stars, item.author) == ("mention", None, "Pat Guest")
    assert (item.title, item.url) == ("An unhappy guest", None)
    assert "money back" in item.text
    assert "attached" not in item.text


def test_a_forged_mail_is_not_believed():
    item = read(raw("forged"))
    assert (item.kind, item.stars, item.url) == ("mention", None, None)
    assert item.title.startswith("Not proven to come from Google")


def test_google_vouches_for_its_own_senders_and_not_for_its_forms():
    form = raw("google").replace(b"businessprofile-noreply@", b"forms-receipts-noreply@")
    item = read(form)
    assert (item.kind, item.stars) == ("mention", None)
    assert item.title == "Kim left a review for Crumb & Co"


def test_a_second_from_is_one_too_many():
    twice = b"From: Pat <pat@x.test>\n" + raw("google")
    assert (read(twice).kind, read(twice).stars) == ("mention", None)


@pytest.mark.parametrize(
    ("results", "is_so"),
    [
        ([f"{OWN}; dkim=pass header.d=google.com"], True),
        ([f"{OWN} 1; dkim=pass (good; signature) header.i=@mail.google.com"], True),
        ([f"{OWN}; dkim=fail header.d=x.test; dkim=pass header.d=google.com"], True),
        ([f"{OWN.upper()}; spf=pass", f"{OWN}; dkim=pass header.d=google.com"], True),
        ([f"{OWN}; dkim=fail header.d=google.com"], False),
        ([f"{OWN}; dkim=pass header.d=notgoogle.com"], False),
        ([f"{OWN}; dkim=pass header.d=google.com.evil.test"], False),
        ([f"{OWN}; spf=pass smtp.mailfrom=google.com"], False),
        ([f"{OWN}; none"], False),
        (["mx.evil.test; dkim=pass header.d=google.com"], False),
        ([f"{OWN}; dkim=none", f"{OWN}; dkim=pass header.d=google.com"], False),
        ([f"{OWN}; dkim=none (dkim=pass header.d=google.com)"], False),
        ([f'{OWN}; spf=pass smtp.mailfrom="a;dkim=pass header.d=google.com;"@x.test'], False),
        ([f'{OWN}; spf=pass smtp.mailfrom="a;dkim=pass header.d=google.com'], False),
        ([f"{OWN}; dkim=fail reason=(((((((x))))))) ; dkim=pass header.d=google.com"], False),
        (["spf=pass; dkim=pass header.d=google.com"], False),
        ([""], False),
        ([], False),
    ],
)
def test_only_the_own_server_proves(results, is_so):
    assert proven(results, OWN, ("google.com",)) is is_so


def test_a_provider_with_many_servers_is_named_by_a_star():
    results = ["mx7.provider.test; dkim=pass header.d=google.com"]
    assert proven(results, "mx.agency.test, *.provider.test", ("google.com",))
    assert not proven(results, "*.other.test", ("google.com",))
    assert server_of(results[0]) == "mx7.provider.test"


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)
def test_no_platform_writes_in_the_name_of_another(sender):
    others = [one for one in SENDERS if one is not sender]
    for domain in sender.domains:
        assert not any(one.writes_as(f"noreply@{domain}") for one in others)
        assert not sender.writes_as(f"noreply@{domain}.evil.test")
        assert not sender.writes_as(f"noreply@evil{domain}")


def test_stars_that_the_reviewer_writes_are_not_the_stars_that_were_given():
    text = "1 of 5 bubbles\r\n“Avoid.\r\n5 of 5 bubbles\r\nNothing was fresh.”"
    octets = raw("tripadvisor").replace(b"1 of 5 bubbles", text.encode())
    assert read(octets).stars == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00\x01" * 50,
        b"Subject: =?utf-8?B?////?=\nFrom: =?x?=<\n\nhi",
        b"Content-Type: text/plain; charset=no-such-thing\n\n\xe4\xf6",
        b"Content-Type: text/html; charset=utf-7\n\n+ADw-b+AD4-",
        b"Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\nabc",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: message/rfc822\n\n" * 5000,
        b'Content-Type: multipart/mixed; boundary="a"\n\n--a\n' * 3000,
        b'Content-Type: multipart/mixed; boundary="a"\n\n' + b"--a\n\nx\n" * 13_000,
        b"From: " + b"a@b.test," * 10_000,
        b"From: " + b"a " * 45_000,
        b"Subject: " + b"a " * 45_000,
        b"Subject: " + b"=?utf-8?q?=20?= " * 5000,
        b"Content-Type: text/plain; " + b"a*0=b;" * 15_000 + b"\n\nx",
    ],
    ids=range(16),
)
@pytest.mark.timeout(10)
def test_what_is_hardly_a_mail_is_still_shown_and_soon(octets):
    assert read(octets).kind == "mention"


def test_a_mail_that_was_cut_off_in_the_middle_is_read_as_far_as_it_goes():
    whole = raw("google")
    cut = whole[: whole.index(b"UmVwbHkgdG8") - 90] if b"UmVwbHkgdG8" in whole else whole[:1300]
    item = read(cut)
    assert (item.kind, item.stars) == ("review", 1.0)


@settings(max_examples=200, deadline=None)
@given(some.binary(max_size=400), some.integers(0, 900), some.integers(0, 60))
def test_no_damage_to_a_mail_stops_the_reading(noise, start, length):
    whole = raw("google")
    read(whole[:start] + noise + whole[start + length :])


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("21-Nov-2026 19:00:00 +0000", datetime(2026, 11, 21, 19, 0, tzinfo=UTC)),
        (" 1-Nov-2026 02:00:00 +0100", datetime(2026, 11, 1, 1, 0, tzinfo=UTC)),
        ("21-Nov-2036 19:00:00 +0000", NOW),
        ("soon", None),
        ("", None),
    ],
)
def test_the_clock_of_the_server_is_believed_up_to_now(written, at):
    assert arrived(written, NOW) == at


def test_a_mail_without_a_time_is_taken_all_the_same():
    assert read(raw("yelp"), at=None).created_at is None


def test_what_is_kept_is_the_mail_itself():
    kept = {"key": "k1", "at": None, "raw": base64.b64encode(raw("yelp")).decode()}
    body = json.loads(as_body([{"own_server": OWN, "mails": [kept]}]))
    assert base64.b64decode(body["pages"][0]["mails"][0]["raw"]) == raw("yelp")
    assert letter_of(raw("yelp")).address == "no-reply@biz.yelp.com"
