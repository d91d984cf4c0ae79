"""Reddit's public feeds: Atom by address, and a short temper with servers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from aiohttp import web

from tests.illnesses import reply
from tests.platforms.vendor import Vendor, Written


class RedditVendor(Vendor):
    """One subreddit and one search; what was written is in both."""

    hosts = ("www.reddit.com",)
    throttled = staticmethod(reply(429, {"Retry-After": "120"}))
    angry = staticmethod(reply(429))
    expired = staticmethod(reply(401))
    broken = staticmethod(reply(503))
    forbidden = staticmethod(reply(403, text="<html>blocked</html>"))

    def build(self, router: web.UrlDispatcher) -> None:
        self.at_once = self.most_at_once = 0
        router.add_get("/{path:.*}", self._feed)

    async def _feed(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert "nightdesk" in request.headers["User-Agent"]
        entries = "".join(entry(one) for one in self.newest_first())
        self.at_once -= 1
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>r</title>{entries}</feed>'
        return web.Response(text=feed, content_type="application/atom+xml")


def entry(one: Written) -> str:
    """One post as an entry of Atom; `more` leaves parts of it out."""
    parts = {
        "id": f"<id>{one.name}</id>",
        "title": f"<title>{escape(one.text)}</title>",
        "author": "<author><name>/u/kim</name></author>",
        "link": f'<link href="https://www.reddit.com/r/graz/comments/{one.name}/"/>',
        "updated": f"<updated>{one.touched.isoformat()}</updated>",
        "published": f"<published>{one.at.isoformat()}</published>",
        "content": f'<content type="html">{escape(f"<p>{one.text}</p>")}</content>',
    }
    shown = parts | {name: value or "" for name, value in one.more.items()}
    return f"<entry>{''.join(shown.values())}</entry>"
