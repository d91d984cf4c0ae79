"""Signed webhooks: `{"type": "review.created", "timestamp": …, "data": {…} or […]}`.

The signature is checked where the delivery comes in; here its body becomes items.
"""

from datetime import datetime

from api.items.checks import MAX_BATCH, check_all
from api.items.item import Problem, Read
from workers.platforms.documents import as_json, bad_content

TAKEN = ("review.", "mention.", "comment.")
REMOVALS = (".deleted", ".removed")


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """Check the review, or up to 500 reviews, under `data`.

    An event of another type is no trouble: it is reported as `type-not-taken`.
    Raises SourceTrouble bad_content.
    """
    del content_type
    event = as_json(body)
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict | list):
        bad_content('Send a JSON object with the review under "data".')
    kind = event.get("type", "review.created")
    if not isinstance(kind, str) or not kind.startswith(TAKEN) or kind.endswith(REMOVALS):
        return Read([], [Problem(None, None, "type-not-taken", "This type of event is not read.")])
    data = event["data"] if isinstance(event["data"], list) else [event["data"]]
    if len(data) > MAX_BATCH:
        bad_content(f"{len(data)} reviews came at once. Send at most {MAX_BATCH}.")
    return check_all(data, now)
