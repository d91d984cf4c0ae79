"""A feed for practice: a real HTTP server whose reviews are written by the drill."""

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web

LOOPBACK = "127.0.0.1"
TITLE = "Practice reviews"
APP_STORE = "http://itunes.apple.com/rss"


@dataclass(frozen=True, slots=True)
class PracticeReview:
    """One written review; without stars it is a mention. `at` is aware UTC."""

    external_id: str
    text: str
    at: datetime
    stars: int | None = None
    author: str = ""
    title: str = ""
    link: str = ""


@dataclass(slots=True)
class PracticeFeed:
    """The reviews so far, newest first in every shape; appending changes the ETag."""

    reviews: list[PracticeReview] = field(default_factory=list)

    def add(self, review: PracticeReview) -> None:
        self.reviews.append(review)

    @property
    def newest_first(self) -> list[PracticeReview]:
        return sorted(self.reviews, key=lambda review: review.at, reverse=True)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(repr(self.reviews).encode()).hexdigest()[:16]}"'

    @property
    def changed_at(self) -> datetime:
        earliest = datetime(2020, 1, 1, tzinfo=UTC)
        return max([review.at for review in self.reviews] or [earliest]).replace(microsecond=0)


@asynccontextmanager
async def serving(feed: PracticeFeed, *, port: int = 0) -> AsyncIterator[str]:
    """Serve the feed on this machine only; gives the address to put a shape's path behind.

    The paths are /rss, /atom, /feed.json, /app-store.xml and /app-store.json.
    """
    runner = web.AppRunner(application(feed), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def application(feed: PracticeFeed) -> web.Application:
    app = web.Application()
    add_routes(app, feed)
    return app


def add_routes(app: web.Application, feed: PracticeFeed) -> None:
    """Serve the feed in each of its shapes beside whatever else the application serves."""
    for path, (shape, content_type) in SHAPES.items():
        app.router.add_get(path, _answering(feed, shape, content_type))


def as_rss(feed: PracticeFeed) -> str:
    items = "".join(map(_rss_item, feed.newest_first))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:im="{APP_STORE}">'
        f"<channel><title>{TITLE}</title><link>http://practice.invalid/</link>"
        f"<description>{TITLE}</description>{items}</channel></rss>"
    )


def as_atom(feed: PracticeFeed) -> str:
    entries = "".join(map(_atom_entry, feed.newest_first))
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="{APP_STORE}">'
        f"<id>urn:practice</id><title>{TITLE}</title>"
        f"<updated>{feed.changed_at.isoformat()}</updated>{entries}</feed>"
    )


def as_json_feed(feed: PracticeFeed) -> str:
    items = [_json_item(review) for review in feed.newest_first]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": TITLE, "items": items})


def as_app_store(feed: PracticeFeed) -> str:
    app = {"im:name": {"label": "Practice"}, "id": {"label": "https://apps.invalid/1"}}
    reviews = [_app_store_entry(review) for review in feed.newest_first if review.stars]
    return json.dumps({"feed": {"author": {"name": {"label": "Store"}}, "entry": [app, *reviews]}})


def _rss_item(review: PracticeReview) -> str:
    return (
        f"<item><guid isPermaLink='false'>{escape(review.external_id)}</guid>"
        f"<title>{escape(review.title)}</title><link>{escape(review.link)}</link>"
        f"<description>{escape(escape(review.text))}</description>{_rating(review)}"
        f"<author>{escape(review.author)}</author>"
        f"<pubDate>{format_datetime(review.at)}</pubDate></item>"
    )


def _atom_entry(review: PracticeReview) -> str:
    link = f'<link href="{escape(review.link)}"/>' if review.link else ""
    return (
        f"<entry><id>{escape(review.external_id)}</id><title>{escape(review.title)}</title>{link}"
        f'<content type="text">{escape(review.text)}</content>{_rating(review)}'
        f"<author><name>{escape(review.author)}</name></author>"
        f"<published>{review.at.isoformat()}</published>"
        f"<updated>{review.at.isoformat()}</updated></entry>"
    )


def _rating(review: PracticeReview) -> str:
    return "" if review.stars is None else f"<im:rating>{review.stars}</im:rating>"


def _json_item(review: PracticeReview) -> dict[str, object]:
    item: dict[str, object] = {
        "id": review.external_id,
        "url": review.link,
        "title": review.title,
        "content_text": review.text,
        "date_published": review.at.isoformat(),
        "authors": [{"name": review.author}],
    }
    return item if review.stars is None else {**item, "_review": {"stars": review.stars}}


def _app_store_entry(review: PracticeReview) -> dict[str, object]:
    return {
        "id": {"label": review.external_id},
        "title": {"label": review.title},
        "content": {"label": review.text, "attributes": {"type": "text"}},
        "im:rating": {"label": str(review.stars)},
        "author": {"name": {"label": review.author}, "uri": {"label": ""}},
        "updated": {"label": review.at.isoformat()},
        "link": {"attributes": {"rel": "related", "href": review.link}},
    }


SHAPES: Mapping[str, tuple[Callable[[PracticeFeed], str], str]] = {
    "/rss": (as_rss, "application/rss+xml"),
    "/atom": (as_atom, "application/atom+xml"),
    "/feed.json": (as_json_feed, "application/feed+json"),
    "/app-store.xml": (as_atom, "application/atom+xml"),
    "/app-store.json": (as_app_store, "text/javascript"),
}


def _answering(
    feed: PracticeFeed, shape: Callable[[PracticeFeed], str], content_type: str
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        validators = {"ETag": feed.etag, "Last-Modified": _http_date(feed.changed_at)}
        if _unchanged(request, validators):
            return web.Response(status=304, headers=validators)
        body = shape(feed).encode()
        return web.Response(body=body, content_type=content_type, headers=validators)

    return answer


def _unchanged(request: web.Request, validators: Mapping[str, str]) -> bool:
    if etag := request.headers.get("If-None-Match"):
        return etag == validators["ETag"]
    return request.headers.get("If-Modified-Since") == validators["Last-Modified"]


def _http_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
