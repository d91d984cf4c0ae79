"""A file with past reviews: CSV, or Google Takeout as reviews.json or a zip of it."""

from datetime import datetime

from api.items.item import Read
from workers.platforms import file_csv, file_takeout
from workers.platforms.documents import bad_content

MAX_BYTES = 25_000_000
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"


def read(body: bytes, content_type: str, now: datetime) -> Read:
    """Check every row or review of a file of up to 25 MB; bad rows do not stop the others.

    What the file is, is seen in its bytes. Raises SourceTrouble bad_content.
    """
    del content_type
    if len(body) > MAX_BYTES:
        bad_content(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it.")
    if body.startswith((ZIP, EMPTY_ZIP)):
        return file_takeout.read_zip(body, now)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return file_takeout.read_json(body, now)
    return file_csv.read(body, now)
