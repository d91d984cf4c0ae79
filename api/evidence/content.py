"""One review as evidence: what is kept of it, the page that shows it, and both without a name."""

from typing import Any

from api import pages, words_report
from api.models import Review, Source
from api.platforms import CATALOGUE
from api.words_report import A_DAY, FORGOTTEN, KEPT, NEVER


def content_of(review: Review, source: Source, zone: str) -> dict[str, Any]:
    """All that is known of a review now; times in UTC (RFC 3339), `zone` for reading them."""
    platform = CATALOGUE[source.kind]
    said = {
        "platform": platform.name,
        "source": source.name,
        "kind": review.kind,
        "external_id": review.external_id,
        "url": review.url,
        "author": review.author,
        "author_id": review.author_id,
        "stars": review.stars,
        "title": review.title,
        "text": review.text,
        "reply": review.reply,
        "earlier": review.earlier,
        "edited": bool(review.earlier),
        "hidden": review.hidden,
        "written_at": review.created_at.isoformat(),
        "seen_at": review.seen_at.isoformat(),
        "gone_at": review.gone_at and review.gone_at.isoformat(),
        "zone": zone,
        "words": KEPT,
        "name": KEPT,
    }
    return _as_allowed(said, platform.retention)


def _as_allowed(said: dict[str, Any], retention: str) -> dict[str, Any]:
    if retention == "full":
        return said
    if retention == "ids":
        return without_words(said) | {"words": NEVER}
    has_words = said["title"] or said["text"] or said["author"]
    return said | {"words": A_DAY} if has_words else without_words(said)


def without_words(content: dict[str, Any]) -> dict[str, Any]:
    """The ids, stars and times alone: what may stay where words may not."""
    bare = content | {"title": "", "text": "", "reply": None, "earlier": []}
    return without_name(bare | {"words": FORGOTTEN})


def without_name(content: dict[str, Any]) -> dict[str, Any]:
    """The same review of nobody."""
    return content | {"author": "", "author_id": None, "name": FORGOTTEN}


def page_of(content: dict[str, Any]) -> str:
    """A small page that needs nothing else and shows this review; hostile text stays text."""
    zone = content["zone"]
    facts = {
        "review": content,
        "stars": words_report.stars_of(content["stars"]),
        "written": words_report.said_at(content["written_at"], zone),
        "seen": words_report.said_at(content["seen_at"], zone),
        "gone": content["gone_at"] and words_report.said_at(content["gone_at"], zone),
        "earlier": [_earlier(one, zone) for one in content["earlier"]],
        "note": words_report.note_of(content),
        "link": link_of(content),
        "not_here": words_report.NOT_HERE,
    }
    return pages.render("evidence_review.html", facts)[0]


def link_of(content: dict[str, Any]) -> str:
    """Where the review stands, when that is an address that is safe to open; else empty."""
    url = content["url"] or ""
    return url if url.startswith(("https://", "http://")) else ""


def _earlier(one: dict[str, Any], zone: str) -> dict[str, str]:
    return {
        "until": words_report.said_at(one["until"], zone),
        "stars": words_report.stars_of(one["stars"]),
        "title": one["title"],
        "text": one["text"],
    }
