"""Google Takeout of a Business Profile: reviews.json, alone or inside the zip, never unpacked.

Google publishes no schema; the shape is what several public readers agree on.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from api.items.checks import check_all
from api.items.item import Problem, Read
from workers.platforms.documents import as_json, bad_content

STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "STAR_RATING_UNSPECIFIED": None}
REVIEW_FILE = re.compile(r"(^|/)reviews([-_][^/]{0,100})?\.json$", re.IGNORECASE)
REVIEW_KEY = re.compile(r"locations/[^/]+/reviews/[^/]+$")
MAX_MEMBERS = 20_000
MAX_FILES = 500
MAX_FILE_BYTES = 20_000_000
MAX_TOTAL_BYTES = 60_000_000
MAX_RATIO = 200
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)


def read_json(body: bytes, now: datetime) -> Read:
    """Check one reviews.json. Raises SourceTrouble bad_content, in words for the usual mix-up."""
    document = as_json(body)
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        bad_content("These are reviews you wrote on Maps. Export Google Business Profile instead.")
    reviews = document.get("reviews") if isinstance(document, dict) else document
    if not isinstance(reviews, list):
        bad_content("This JSON holds no reviews. Choose reviews.json from Google Takeout.")
    return check_all(_newest(reviews), now)


def read_zip(body: bytes, now: datetime) -> Read:
    """Check all review files of a Takeout zip; members are read in memory, by name only."""
    reviews: list[object] = []
    problems: list[Problem] = []
    for name, content in _members(body):
        found = _reviews_in(content)
        if found is None:
            detail = f"{name[-80:]} holds no reviews of a business."
            problems.append(Problem(None, None, "file-not-read", detail))
        reviews += found or []
    if not reviews:
        bad_content("The zip holds no reviews.json of a Google Business Profile.")
    read = check_all(_newest(reviews), now)
    return Read(read.items, [*read.problems, *problems])


def _reviews_in(content: bytes) -> list[object] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    found = document.get("reviews") if isinstance(document, dict) else None
    return found if isinstance(found, list) else None


def _members(body: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for member in _wanted(archive.infolist()):
                with archive.open(member) as opened:
                    yield member.filename, opened.read(MAX_FILE_BYTES)
    except (*BROKEN, NotImplementedError):
        bad_content("The zip is damaged or locked. Download it again.")


def _wanted(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    wanted = [one for one in members if REVIEW_FILE.search(one.filename)]
    if len(members) > MAX_MEMBERS or len(wanted) > MAX_FILES:
        bad_content("The zip holds too many files. Export only Google Business Profile.")
    oversized = any(one.file_size > MAX_FILE_BYTES for one in wanted)
    if oversized or sum(one.file_size for one in wanted) > MAX_TOTAL_BYTES:
        bad_content("The reviews in the zip are too large. Split the export.")
    if any(one.file_size > MAX_RATIO * max(one.compress_size, 1_000) for one in wanted):
        bad_content("The zip is packed too tightly to be an export. It was not opened.")
    return wanted


def _newest(reviews: list[Any]) -> list[object]:
    """One raw object per review; the same one under several accounts counts once."""
    newest: dict[str, dict[str, Any]] = {}
    rest: list[object] = []
    for review in reviews:
        raw = _raw(review) if isinstance(review, dict) else review
        key = raw.get("external_id") if isinstance(raw, dict) else None
        if not isinstance(key, str):
            rest.append(raw)
        elif key not in newest or _updated(raw) > _updated(newest[key]):
            newest[key] = raw
    return [*newest.values(), *rest]


def _updated(raw: dict[str, Any]) -> str:
    return str(raw.get("updated_at") or raw.get("created_at") or "")


def _raw(review: dict[str, Any]) -> dict[str, Any]:
    reviewer = review.get("reviewer")
    stars = review.get("starRating")
    return {
        "external_id": _key(review.get("name")),
        "stars": STARS.get(stars, stars) if isinstance(stars, str) else stars,
        "text": review.get("comment"),
        "author": reviewer.get("displayName") if isinstance(reviewer, dict) else None,
        "created_at": review.get("createTime") or "",
        "updated_at": review.get("updateTime"),
    }


def _key(name: object) -> object:
    """`locations/<l>/reviews/<r>`: the part that stays the same under every account."""
    found = REVIEW_KEY.search(name) if isinstance(name, str) else None
    return found[0] if found else name
