"""CSV from any spreadsheet: separator and encoding are recognised, columns go by many names."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from api.items.checks import REFUSED_TEXT_BYTES, check_all, moment
from api.items.item import Problem, Read
from workers.platforms.documents import as_text, bad_content

MAX_ROWS = 100_000
SEPARATORS = (",", ";", "\t", "|")
COLUMNS = {
    "external_id": ("external_id", "id", "review_id", "reviewid"),
    "created_at": ("created_at", "date", "at", "created", "time", "datum", "published_at"),
    "updated_at": ("updated_at", "updated"),
    "stars": ("stars", "rating", "star_rating", "score", "sterne", "bewertung"),
    "title": ("title", "subject", "titel"),
    "text": ("text", "comment", "review", "content", "body", "kommentar"),
    "author": ("author", "name", "reviewer", "user", "autor"),
    "url": ("url", "link"),
}
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
UNZONED = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")


def read(body: bytes, now: datetime) -> Read:
    """Check the rows of a table. Dates without a time zone count as UTC.

    Needed columns: a date, and stars or text. A problem's index counts filled rows from 0, its
    sentence names the row as a spreadsheet does. Raises SourceTrouble bad_content.
    """
    text = as_text(body, "utf-8").replace("\x00", "")
    if not text.strip():
        bad_content("The file is empty.")
    rows = _rows(text)
    columns = _columns(next(rows, []))
    filled = [(number, row) for number, row in enumerate(rows, 2) if any(map(str.strip, row))]
    found = check_all([_raw(row, columns) for _, row in filled], now)
    numbers = [number for number, _ in filled]
    return Read(found.items, [_with_row(problem, numbers) for problem in found.problems])


def _rows(text: str) -> Iterator[list[str]]:
    """All rows; the header decides about the separator."""
    header = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader):
            if number > MAX_ROWS:
                bad_content(f"The file has over {MAX_ROWS:,} rows. Split it.")
            yield row
    except csv.Error:
        bad_content("The table is broken: a quote is never closed, or a cell is too long.")


def _columns(header: list[str]) -> dict[str, int]:
    names = [re.sub(r"[\s-]+", "_", name.strip().strip('"').lower()) for name in header]
    columns = {
        field: names.index(known)
        for field, synonyms in COLUMNS.items()
        for known in [next((name for name in synonyms if name in names), None)]
        if known is not None
    }
    if "created_at" not in columns or not {"stars", "text"} & set(columns):
        seen = (
            ", ".join(name.strip()[:30] for name in header[:8] if name.strip())
            or "nothing readable"
        )
        bad_content(f"The first row must name date, and stars or text. It names: {seen}.")
    return columns


def _raw(row: list[str], columns: dict[str, int]) -> dict[str, object]:
    cells = {
        field: row[place].strip() or None for field, place in columns.items() if place < len(row)
    }
    raw: dict[str, object] = dict(cells)
    raw["created_at"] = _date(cells.get("created_at") or "")
    raw["updated_at"] = _date(cells.get("updated_at") or "") or None
    raw["external_id"] = cells.get("external_id") or _row_id(row)
    return raw


def _row_id(row: list[str]) -> str:
    joined = "\x1f".join(cell.strip() for cell in row)[: REFUSED_TEXT_BYTES * 2]
    return "row:" + hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()


def _date(text: str) -> datetime | str:
    """A moment, or the text itself so that the check can refuse it. 5/6/2026 is not guessed."""
    try:
        if found := DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if UNZONED.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return text
    return moment(text) or text


def _with_row(problem: Problem, numbers: list[int]) -> Problem:
    if problem.index is None:
        return problem
    return replace(problem, detail=f"Row {numbers[problem.index]}: {problem.detail}")
