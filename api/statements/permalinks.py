"""Where everybody can read what was published: made from the platform's own name for it."""

from collections.abc import Mapping
from typing import Any

_POST = "/app.bsky.feed.post/"


def permalink(kind: str, made: str, place: Mapping[str, Any]) -> str:
    """A web address; empty where none can be made. What a hand pasted is one already."""
    if made.startswith(("https://", "http://")):
        return made
    if kind == "facebook" and made:
        return f"https://www.facebook.com/{made}"
    if kind == "bluesky" and _POST in made:
        whose, _, post = made.removeprefix("at://").partition(_POST)
        return f"https://bsky.app/profile/{whose}/post/{post}"
    if kind == "mastodon" and made and place.get("host"):
        return f"https://{place['host']}/statuses/{made}"
    return ""
