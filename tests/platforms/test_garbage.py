"""Garbage, and feeds built to hurt: every reader ends in items or in one kind of trouble."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.items.item import Item, SourceTrouble
from api.items.text import clean, web_link, without_markup
from workers.platforms import PLATFORMS

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><item><author>" + "a." * 1_000_000 + "</author></item>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><author><name>" + "a" * 2_000_000,
        "<rss><channel>" + "<item><title>x</title></item>" * 30_000,
        "<rss><channel><item><description>" + "&lt;a " * 500_000,
        "<rss><channel>" + "<a b='" * 140_000,
        "<rss><channel><item>" + "<a>" * 140_000,
        "<rss><channel><item><pubDate>" + "1" * 2_000_000 + "</pubDate></item>",
    ],
)
def test_a_feed_built_to_hurt_comes_to_an_end(body):
    assert len(reads_or_troubles("feed", body.encode())) <= 1000


@given(st.binary(max_size=300))
@example(b"{" * 50)
@example(b"\xff\xfe<\x00r\x00")
@settings(deadline=None, max_examples=200)
def test_random_bytes_end_in_items_or_in_trouble_and_nothing_else(body):
    for kind in PLATFORMS:
        reads_or_troubles(kind, body)


MARKUP = ["<rss>", "<channel>", "<item>", "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "&"]
MARKUP += ["<entry>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<im:rating>", "</item>"]
MARKUP += ["<pubDate>", "<content type='xhtml'>", "<link href='", "'>", "2026-11-21", "<!DOCTYPE ["]
MARKUP += ["<author>", "<name>", "</author>", "<guid>", "\x00", "\ud800", "é", "<?xml ", "?>", "9"]


@given(st.lists(st.sampled_from(MARKUP), max_size=40))
@settings(deadline=None, max_examples=200)
def test_shuffled_feed_markup_ends_in_items_or_in_trouble(pieces):
    reads_or_troubles("feed", ("<rss>" + "".join(pieces)).encode("utf-8", "surrogatepass"))


JSON_KEYS = ["version", "items", "id", "title", "feed", "entry", "im:rating", "label", "author"]
JSON_KEYS += ["data", "type", "external_id", "stars", "rating", "rating_scale", "created_at", "url"]
JSON_KEYS += ["reviews", "name", "starRating", "reviewer", "createTime", "authors", "text"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
LEAVES |= st.sampled_from(["https://jsonfeed.org/version/1", "2026-11-21T18:00:00Z", "ONE"])
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(JSON_KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(ANYTHING)
@settings(deadline=None, max_examples=300)
def test_any_json_ends_in_items_or_in_trouble(document):
    for kind in PLATFORMS:
        reads_or_troubles(kind, json.dumps(document).encode())
        reads_or_troubles(kind, json.dumps({"feed": {"entry": document}}).encode())
        reads_or_troubles(kind, json.dumps({"data": document, "type": "review.x"}).encode())


def reads_or_troubles(kind: str, body: bytes) -> list[Item]:
    try:
        items = PLATFORMS[kind].read(body, "application/xml; charset=utf-7", NOW).items
        health = "bad_content"
    except SourceTrouble as trouble:
        items, health = [], trouble.health
    assert health == "bad_content"
    for item in items:
        assert item.external_id
        assert item.stars is None or 1 <= item.stars <= 5
        seen = item.external_id + item.title + item.text + item.author
        assert "\x00" not in seen
        assert seen.encode()
    return list(items)


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("ze\u200bro \u2066x\u2069", "zero x"),
        ("pay\u200dpal", "paypal"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("bell\x07 \x00nul \x1b[31m", "bell nul [31m"),
        ("half \ud83d pair", "half  pair"),
        ("e\u0301", "\u00e9"),
        ("a\r\nb\rc\n\n\n\nd", "a\nb\nc\n\nd"),
        ("\U000e0041\U000e0042tag", "tag"),
    ],
)
def test_unseen_signs_are_removed(hostile, seen):
    assert clean(hostile, 100) == seen


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>bold</b> move", "bold move"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<script>alert(1)</script>after", "after"),
        ("<STYLE>p{}</STYLE>after", "after"),
        ("I <3 this & that", "I <3 this & that"),
        ("2 < 3 > 1", "2 < 3 > 1"),
        ("&lt;b&gt;", "<b>"),
        ("<!-- hidden -->seen", "seen"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_markup_becomes_words(markup, words):
    assert without_markup(markup, 100) == words


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["<a ", "<!--", "<a b='", "<a/", "</", "&#", "<", "<script>"])
def test_markup_built_to_hurt_comes_to_an_end(unit):
    clean(without_markup(unit * 100_000, 20_000), 20_000)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x?y=1#z", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://a.example/\u202e", False),
        ("https://a.example/a b", False),
        (7, False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, kept):
    assert (web_link(url) is not None) is kept
