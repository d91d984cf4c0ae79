"""Reviews pushed by a program of the business: a JSON array of review objects."""

from datetime import datetime

from api.items.checks import MAX_BATCH, check_all, check_item
from api.items.item import Read
from workers.platforms.documents import as_json, bad_content

__all__ = ["check_item", "read"]


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """Check up to 500 pushed reviews: `[{external_id, stars, text, author, created_at, …}]`.

    An object with the list under `reviews` is read too. Raises SourceTrouble bad_content.
    """
    del content_type
    document = as_json(body)
    reviews = document.get("reviews") if isinstance(document, dict) else document
    if not isinstance(reviews, list):
        bad_content("Send a JSON list of reviews.")
    if len(reviews) > MAX_BATCH:
        bad_content(f"{len(reviews)} reviews came at once. Send at most {MAX_BATCH}.")
    return check_all(reviews, now)
