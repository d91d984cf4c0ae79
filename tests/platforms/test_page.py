"""A public page's own rating for machines: counted, read as people write it, and never for long."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as some

from api.items.item import SourceTrouble
from tests import illnesses
from tests.platforms.counters import CounterContract, CounterVendor
from tests.platforms.vendor import NOW, told
from workers.platforms import page
from workers.platforms.connector import Place
from workers.platforms.page_markup import rated_in

PAGE = "https://crumbco.test/menu"


class Website(CounterVendor):
    """A bakery's own page; `reviews` stand in its data, `moves` sends visitors elsewhere."""

    hosts = ("crumbco.test",)
    expired = staticmethod(told(401, {}))
    forbidden = staticmethod(told(403, {}))
    throttled = staticmethod(told(429, {}, {"Retry-After": "120"}))
    broken = staticmethod(told(503, {}))

    def build(self, router: web.UrlDispatcher) -> None:
        self.reviews: list[dict[str, Any]] = []
        router.add_get("/menu", self._menu)

    def reviewed(self, stars: int, text: str, at: datetime) -> None:
        self.stars.append(stars)
        self.reviews.append({
            "@type": "Review",
            "author": {"@type": "Person", "name": "Kim T"},
            "datePublished": at.isoformat(),
            "reviewBody": text,
            "reviewRating": {"@type": "Rating", "ratingValue": str(stars), "bestRating": "5"},
        })  # fmt: skip

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.reviews

    def shows_one(self, stars: int, at: datetime) -> None:
        self.reviewed(stars, "Stale.", at)

    async def _menu(self, _: web.Request) -> web.Response:
        rating = {"reviewCount": str(len(self.stars))}
        rating |= {"ratingValue": f"{self.mean():.1f}"} if self.stars else {}
        bakery = {
            "@context": "https://schema.org",
            "@type": "Bakery",
            "aggregateRating": rating,
            "review": self.reviews,
        }
        return web.Response(text=a_page(json.dumps(bakery)), content_type="text/html")


def a_page(*scripts: str) -> str:
    data = "".join(f'<script type="application/ld+json">{one}</script>' for one in scripts)
    return f"<!DOCTYPE html><html><head><title>Crumb</title>{data}</head><body>Hi</body></html>"


def rated(*scripts: str):
    return rated_in(a_page(*scripts).encode(), NOW)


class TestPage(CounterContract):
    connector = page
    place = Place(ids={}, now=NOW, url=PAGE)
    without = ("author", "reviewBody", "@type")
    unknown = ("@type", "Complaint")

    @pytest.fixture
    async def vendor(self):
        async with Website() as running:
            yield running

    def health_of(self, fault):
        return "transient" if fault in (illnesses.drip, illnesses.reset) else "bad_content"

    async def test_a_review_in_the_data_is_read_once_and_not_counted_twice(self, vendor):
        _, after = await self.seen(vendor)
        vendor.reviewed(1, "Stale.", NOW - timedelta(hours=1))
        read, after = await self.seen(vendor, after)
        [item] = read.items
        assert (item.stars, item.text, item.author) == (1, "Stale.", "Kim T")
        assert item.created_at == NOW - timedelta(hours=1)
        assert (await self.seen(vendor, after))[0] is None
        again, _ = await self.seen(vendor)
        assert [one.external_id for one in again.items] == [item.external_id]

    async def test_a_review_is_read_where_nobody_counts(self, vendor):
        vendor.reviewed(1, "Stale.", NOW)
        vendor.stars = []
        read, after = await self.seen(vendor)
        assert [item.text for item in read.items] == ["Stale."]
        assert (await self.seen(vendor, after))[0] is None

    @pytest.mark.parametrize(
        "url",
        [
            "https://www.yelp.com/biz/crumb",
            "https://www.tripadvisor.co.uk/Restaurant_Review-g1-d2",
            "https://de.trustpilot.com/review/crumbco.test",
            "https://www.google.com/maps/place/Crumb",
        ],
    )
    async def test_platforms_that_forbid_it_are_not_even_met(self, vendor, url):
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor, Place(ids={}, now=NOW, url=url))
        assert (told.value.health, told.value.permanent) == ("policy_blocked", True)
        assert not vendor.log

    async def test_a_page_that_leads_to_such_a_platform_is_not_read(self, vendor):
        vendor.hosts = ("crumbco.test", "www.yelp.com")
        vendor.misbehave(illnesses.redirect("https://www.yelp.com/menu", 302), times=1)
        with pytest.raises(SourceTrouble) as told:
            await self.asks(vendor)
        assert told.value.health == "policy_blocked"

    async def test_a_page_that_moved_for_good_is_read_there_from_now_on(self, vendor):
        vendor.hosts = ("crumbco.test", "new.crumbco.test")
        vendor.misbehave(illnesses.redirect("https://new.crumbco.test/menu", 301), times=1)
        assert (await self.asks(vendor)).moved_to == "https://new.crumbco.test/menu"


RATING = '"aggregateRating": {"ratingValue": "4,6", "reviewCount": "1,234"}'


@pytest.mark.parametrize(
    ("scripts", "count", "mean", "step"),
    [
        ([f'{{"@type": "Bakery", {RATING}}}'], 1234, 4.6, 0.1),
        ([f'[{{"@type": "WebSite"}}, {{"@type": "Bakery", {RATING}}}]'], 1234, 4.6, 0.1),
        ([f'{{"@graph": [{{"@type": "Organization", {RATING}}}]}}'], 1234, 4.6, 0.1),
        (['{"name": "x"}', f"{{{RATING}}}"], 1234, 4.6, 0.1),
        ([f"<!-- {{{RATING}}} -->"], 1234, 4.6, 0.1),
        ([f"//<![CDATA[\n{{{RATING},}}\n//]]>"], 1234, 4.6, 0.1),
        ([f"{{{RATING},\n}}"], 1234, 4.6, 0.1),
        ([f"{{{RATING}}}".replace('"', "&quot;")], 1234, 4.6, 0.1),
        (["not json", f"{{{RATING}}}"], 1234, 4.6, 0.1),
        (['{"aggregateRating": {"ratingValue": 9.2, "bestRating": 10, "ratingCount": 7}}'],
         7, 4.6, 0.05),
        (['{"aggregateRating": {"ratingValue": 92, "bestRating": "100", "reviewCount": 7.0}}'],
         7, 4.6, 0.05),
        (['{"aggregateRating": [{"ratingValue": 4.62, "reviewCount": 7}]}'], 7, 4.62, 0.01),
        (['{"aggregateRating": {"ratingValue": 4, "reviewCount": "1.234"}}'], 1234, 4.0, 1.0),
        (['{"aggregateRating": {"ratingValue": 4}}', f"{{{RATING}}}"], 1234, 4.6, 0.1),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_rating_is_read_however_it_is_written(scripts, count, mean, step):
    found = rated(*scripts)
    assert found is not None
    assert (found.count, found.mean) == (count, mean)
    assert found.step == pytest.approx(step)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"aggregateRating": {"ratingValue": 7, "reviewCount": 3}}',
        '{"aggregateRating": {"ratingValue": "good", "reviewCount": 3}}',
        '{"aggregateRating": {"ratingValue": NaN, "reviewCount": Infinity}}',
        '{"aggregateRating": "4.6"}',
        '{"review": [{"author": "x"}, "y", 3, null]}',
        "[" * 50_000,
        '{"a":' * 50_000,
        "9" * 5000,
    ],
    ids=range(12),
)
def test_what_is_no_rating_is_none(script):
    assert rated(script) is None


def test_reviews_keep_their_day_and_lose_their_markup():
    one = {
        "@type": "Review",
        "author": [{"name": "Ella"}],
        "name": "Avoid",
        "datePublished": "2026-11-20",
        "reviewBody": "Nothing was <b>fresh</b>.",
        "reviewRating": {"ratingValue": 2, "bestRating": 10},
    }
    found = rated(json.dumps([one, one | {"datePublished": "2036-01-01", "author": "Jo"}]))
    assert found is not None
    first, second = found.reviews
    assert (first["stars"], first["text"], first["author"]) == (1, "Nothing was fresh.", "Ella")
    assert first["created_at"] == datetime(2026, 11, 20, tzinfo=UTC).isoformat()
    assert second["created_at"] is None


def test_data_that_was_taken_out_of_the_page_is_not_read():
    hidden = f'<!-- <script type="application/ld+json">{{{RATING}}}</script> -->'
    assert rated_in(hidden.encode(), NOW) is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece",
    ["<script", "<script>", "<!--", "<", "<div>", '<script type="application/ld+json">', "<a"],
)
def test_a_page_that_is_built_to_stop_a_reader_stops_nobody(piece):
    assert rated_in((piece * 1_000_000)[:5_000_000].encode(), NOW) is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["[],", '{"a":1},', " ,", '"x",'])
def test_data_that_is_built_to_stop_a_reader_stops_nobody(piece):
    assert rated("[" + piece * 300_000 + "0]") is None


_JSON = some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(
        some.sampled_from([
            "aggregateRating", "ratingValue", "reviewCount", "ratingCount", "bestRating",
            "review", "reviewRating", "author", "name", "datePublished", "reviewBody", "@type",
        ]),
        inner,
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_JSON)
def test_no_shape_of_data_stops_the_reading(told):
    rated(json.dumps(told))
