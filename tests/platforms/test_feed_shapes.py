"""The four shapes of a feed: recorded payloads in, items out; what is no feed is named."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from api.items.item import Read, SourceTrouble
from workers.platforms import feed

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
AT = datetime(2026, 11, 21, 18, 2, 20, tzinfo=UTC)

ALERTS = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:idx="urn:atom-extension:indexing">
 <id>tag:google.com,2005:reader/user/0071/state/com.google/alerts/1138</id>
 <title>Google Alert – "Crumb &amp; Co"</title>
 <link href="https://www.google.com/alerts/feeds/0071/1138" rel="self"/>
 <updated>2026-11-21T18:02:20Z</updated>
 <entry><id>tag:google.com,2013:googlealerts/feed:4282476652342308031</id>
  <title type="html">Bakery &lt;b&gt;Crumb&lt;/b&gt; under fire</title>
  <link href="https://www.google.com/url?sa=t&amp;url=https://news.example/s%3Fa%3D1&amp;ct=a"/>
  <published>2026-11-21T18:02:20Z</published><updated>2026-11-21T18:02:20Z</updated>
  <content type="html">… &lt;b&gt;Crumb&lt;/b&gt; &amp;amp; Co …</content>
  <author><name></name></author></entry>
 <entry><id>tag:google.com,2013:googlealerts/feed:999</id>
  <title type="html">Same story, new id</title>
  <link href="https://www.google.com/url?url=https://news.example/s%3Fa%3D1"/>
  <published>2026-11-21T19:02:20Z</published><content type="html">x</content></entry></feed>"""

APP_STORE_ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
 <id>https://itunes.apple.com/us/rss/customerreviews/id=1/xml</id><title>iTunes Store</title>
 <entry><id>https://itunes.apple.com/us/app/crumb/id1</id><title>Crumb - Crumb Ltd</title>
  <im:name>Crumb</im:name><im:artist>Crumb Ltd</im:artist><content type="html">x</content></entry>
 <entry><updated>2026-11-21T10:02:20-08:00</updated><id>12000000001</id><title>Broken</title>
  <content type="text">Crashes &amp; burns &lt;always&gt;</content><im:contentType term="App"/>
  <im:voteSum>0</im:voteSum><im:rating>1</im:rating><im:version>4.1</im:version>
  <author><name>li_88</name><uri>https://itunes.apple.com/us/reviews/id88</uri></author>
  <link rel="related" href="https://itunes.apple.com/us/review?id=1&amp;type=x"/>
  <content type="html">&lt;table&gt;ugly&lt;/table&gt;</content></entry>
 <entry><id>12000000002</id><title>Odd</title><content type="text">x</content>
  <im:rating>9</im:rating></entry></feed>"""

REVIEW = {
    "id": {"label": "12000000001"},
    "title": {"label": "Broken"},
    "content": {"label": "Crashes", "attributes": {"type": "text"}},
    "im:rating": {"label": "1"},
    "author": {"name": {"label": "li_88"}, "uri": {"label": "https://itunes.apple.com/r/id88"}},
    "updated": {"label": "2026-11-21T10:02:20-08:00"},
    "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/us/review?id=1"}},
}
APP = {"im:name": {"label": "Crumb"}, "id": {"label": "https://itunes.apple.com/us/app/id1"}}

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><guid isPermaLink="false">story-1</guid><title>Caf\u00e9 &amp; bar</title>
<link>https://news.example/1</link><author>press@news.example (Ana)</author>
<description>&lt;p&gt;Bad&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;bread&lt;/p&gt;</description>
<pubDate>Sat, 21 Nov 2026 19:02:20 +0100</pubDate></item>
<item><title>No id</title><link>javascript:alert(1)</link>
<pubDate>Sat, 21 Nov 2099 18:02:20 GMT</pubDate></item>
<item><title>Only a title</title></item></channel></rss>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Reviews",
    "items": [
        {
            "id": 7,
            "url": "https://shop.example/7",
            "title": "Stale",
            "content_html": "<p>Old &amp; hard</p><style>p{}</style>",
            "date_published": "2026-11-21T18:02:20Z",
            "authors": [{"name": "Kim", "url": "https://shop.example/kim"}],
            "_review": {"stars": 2},
        },
        {"id": "8", "content_text": "Mentioned you", "date_published": "yesterday"},
        "not an object",
    ],
}


def read(body: str | bytes | Mapping[str, object], content_type: str = "") -> Read:
    text = json.dumps(body) if isinstance(body, Mapping) else body
    return feed.read(text.encode() if isinstance(text, str) else text, content_type, NOW)


def test_a_google_alert_is_unwrapped_and_known_by_its_article():
    (item,) = read(ALERTS).items
    assert item.external_id == item.url == "https://news.example/s?a=1"
    assert (item.title, item.text) == ("Bakery Crumb under fire", "… Crumb & Co …")
    assert (item.author, item.kind, item.stars) == ("", "mention", None)
    assert item.created_at == AT


def test_only_google_links_are_unwrapped():
    tricked = ALERTS.replace("https://www.google.com/url?", "https://google.evil.example/url?")
    assert {urlsplit(item.url or "").hostname for item in read(tricked).items} == {
        "google.evil.example"
    }


def test_an_app_store_feed_skips_the_app_and_keeps_the_good_reviews():
    result = read(APP_STORE_ATOM)
    (item,) = result.items
    assert (item.external_id, item.stars, item.kind) == ("12000000001", 1.0, "review")
    assert (item.title, item.text) == ("Broken", "Crashes & burns <always>")
    assert (item.author, item.author_id) == ("li_88", "https://itunes.apple.com/us/reviews/id88")
    assert item.created_at == AT
    assert [(p.external_id, p.code) for p in result.problems] == [
        ("12000000002", "stars-out-of-range")
    ]


@pytest.mark.parametrize("entry", [[APP, REVIEW], [REVIEW], REVIEW])
def test_an_app_store_feed_in_json_gives_the_same_review(entry):
    (item,) = read({"feed": {"entry": entry}}).items
    assert (item.external_id, item.stars, item.text) == ("12000000001", 1.0, "Crashes")
    assert (item.author, item.created_at) == ("li_88", AT)
    assert item.url == "https://itunes.apple.com/us/review?id=1"


@pytest.mark.parametrize("empty", [{"feed": {}}, {"feed": {"entry": APP}}])
def test_an_app_without_reviews_is_an_empty_feed_and_no_trouble(empty):
    assert read(empty) == Read([], [])


def test_an_rss_feed_is_read_without_its_markup_and_without_its_lies():
    first, second, third = read(RSS).items
    assert (first.external_id, first.title) == ("story-1", "Café & bar")
    assert first.text == "Bad\n\nbread"
    assert first.created_at == AT
    assert "Ana" in first.author
    assert (second.external_id, second.url) == ("javascript:alert(1)", None)
    assert second.created_at is None
    assert third.external_id.startswith("sha256:")


def test_a_json_feed_gives_reviews_with_stars_and_mentions_without():
    first, second = read(JSON_FEED).items
    assert (first.external_id, first.stars, first.text) == ("7", 2.0, "Old & hard")
    assert (first.author, first.author_id) == ("Kim", "https://shop.example/kim")
    assert (second.kind, second.created_at) == ("mention", None)


@pytest.mark.parametrize(
    "body",
    [
        RSS.encode("utf-8-sig"),
        RSS.replace("utf-8", "iso-8859-1").encode("iso-8859-1"),
        RSS.replace("utf-8", "utf-16").encode("utf-16"),
        RSS.replace("utf-8", "windows-1252").encode("cp1252"),
        RSS.replace("<?xml", "  \n<?xml").encode(),
    ],
)
def test_a_feed_is_read_in_the_encoding_it_came_in(body):
    assert read(body, "text/xml").items[0].title == "Café & bar"


def test_a_feed_with_a_stray_ampersand_is_still_read_and_the_fault_is_named():
    result = read(RSS.replace("Only a title", "Salt & pepper"))
    assert len(result.items) == 3
    assert [problem.code for problem in result.problems] == ["feed-broken"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty page"),
        (b" \r\n\t", "empty page"),
        (b"\xef\xbb\xbf", "empty page"),
        ("<!DOCTYPE html><html><body>Shop</body></html>", "web page"),
        ("<html><head>", "web page"),
        ("\n<!-- hi --><HTML>", "web page"),
        ("Not found", "not a feed"),
        ("/etc/passwd", "not a feed"),
        ("http://127.0.0.1/", "not a feed"),
        ("<note>hello</note>", "not a feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a feed"),
        (RSS[:60], "cut off"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"', "broken or cut off"),
        ("[1, 2]", "not a feed"),
        ('{"hello": "world"}', "not a feed"),
        ("[" * 100_000, "broken or cut off"),
        (f"<?xml version='1.0'?><!DOCTYPE rss [{LAUGHS}]><rss><a>&l9;</a></rss>", "entities"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "entities"),
        ("<rss>" + "<a>" * 200_000, "too many parts"),
    ],
)
def test_what_is_no_feed_is_named_in_one_sentence(body, words):
    with pytest.raises(SourceTrouble, match=words) as trouble:
        read(body)
    assert trouble.value.health == "bad_content"
    assert trouble.value.detail.endswith(".")


def test_entities_hidden_in_an_exotic_encoding_are_not_expanded():
    hidden = '<!DOCTYPE rss [<!ENTITY x "boom">]><rss version="2.0"><channel><item><title>&x;'
    body = b'<?xml version="1.0" encoding="utf-7"?>' + hidden.encode("utf-7")
    try:
        items = read(body).items
    except SourceTrouble:
        return
    assert all("boom" not in item.title for item in items)


def test_a_feed_of_thousands_is_cut_and_says_so():
    entries = "".join(f"<item><guid>g{n}</guid><title>t</title></item>" for n in range(1500))
    result = read(f"<rss version='2.0'><channel>{entries}</channel></rss>")
    assert len(result.items) == 1000
    assert [problem.code for problem in result.problems] == ["feed-too-long"]
