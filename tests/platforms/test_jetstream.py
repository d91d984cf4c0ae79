"""Jetstream: what is a frame, and which posts a search asks for."""

import json

import pytest

from tests.platforms.jetstream_server import post
from workers.platforms import jetstream


def meets(query, text):
    frame = jetstream.frame(json.dumps(post(text)))
    assert frame is not None
    return jetstream.search(query).meets(frame)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"crumb co"', "Never again, Crumb Co!"),
        ('"crumb co"', "CRUMB & CO has rats"),
        ('"crumb co"', "crumb crumb co"),
        ("“crumb co”", "crumb co"),
        ("crumbco", "#CrumbCo is the worst"),
        ("@crumb.example", "Shame on @crumb.example"),
        ("crumb graz", "In Graz, at Crumb"),
        ("straße", "In der STRASSE"),
        ("café", "The cafe\u0301 down there"),
        ("crumb lang:de -joke from:kim since:2026-01-01", "Crumb was bad"),
        ("パン屋", "パン屋 was bad"),
    ],
)  # fmt: skip
def test_a_post_with_the_words_is_met(query, text):
    assert meets(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"crumb co"', "co crumb"),
        ('"crumb co"', "crumb and co"),
        ("crumb", "breadcrumbs"),
        ("crumb", "crumbs"),
        ("crumb graz", "Crumb in Linz"),
        ("crumb", ""),
        ("", "anything"),
        ('""', "anything"),
        ("-crumb", "crumb"),
        ("lang:de", "crumb"),
    ],
)
def test_a_post_without_them_is_not(query, text):
    assert not meets(query, text)


def test_a_frame_tells_what_it_is_called_and_when_it_was():
    frame = jetstream.frame(json.dumps(post("Hello", "3lx", 1795284540123456)).encode())
    assert frame == jetstream.Frame(1795284540123456, "did:plc:kim/3lx", "Hello")


def other(**changes):
    told = post("crumb")
    told["commit"] = told["commit"] | changes
    return told


@pytest.mark.parametrize(
    "told",
    [
        other(operation="delete", record=None),
        other(operation="update"),
        other(collection="app.bsky.feed.like"),
        other(record={"text": 7}),
        other(record="text"),
        {"did": "did:plc:kim", "time_us": 1, "kind": "account", "account": {"active": True}},
        {"did": "did:plc:kim", "time_us": 1, "kind": "commit", "commit": "odd"},
    ],
)
def test_what_is_no_new_post_has_no_words(told):
    frame = jetstream.frame(json.dumps(told))
    assert frame is not None
    assert frame.text == ""
    assert not jetstream.search("crumb").meets(frame)


@pytest.mark.parametrize(
    "raw", ["", "[]", "{", "null", '{"time_us": "1"}', b"\xff\xfe", "[" * 9999]
)
def test_what_is_no_frame_is_none(raw):
    assert jetstream.frame(raw) is None


def test_listening_goes_on_a_little_before_the_last_frame():
    base = "wss://jetstream.example/subscribe"
    assert jetstream.address(base, None) == f"{base}?wantedCollections=app.bsky.feed.post"
    assert jetstream.address(base, 9_000_000).endswith("&cursor=4000000")
    assert jetstream.address(f"{base}?x=1", None).count("?") == 1
