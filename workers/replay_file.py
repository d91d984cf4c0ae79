"""Reads a table of past reviews for a replay, and says which of its rows cannot be read."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from workers.rules import polarity
from workers.rules.reviews import Seen, weight_of

STANDARD_INPUT: Final = "-"
GZIP: Final = b"\x1f\x8b"
MINUTE: Final = 60.0

FIRST_FEW: Final = 5
"""So many rows that cannot be read are named by their line."""

LATEST: Final = datetime.fromisoformat("3000-01-01T00:00:00Z").timestamp()
"""A number beyond it, or not after 1970 began, is no time of a review: milliseconds, likely."""

BLANK: Final = frozenset({"", "nan", "none", "null"})


class CannotRead(Exception):
    """The file as a whole; its text is one sentence for the operator."""


class Row(NamedTuple):
    """One review; its key counts the rows below the header from 0.

    Rows that are equal in `same` are one review delivered again, or cannot be if it is None.
    """

    review: Seen
    client: str
    source: str
    same: tuple[str, str] | tuple[str, float, int] | None


class Table(NamedTuple):
    """The rows in the order of the file, how many could not be read, the lines of the first.

    `zone` is where times without an offset are.
    """

    rows: list[Row]
    zone: tzinfo
    unreadable: int
    lines: list[int]


class _Columns(NamedTuple):
    """Where in a row each column is; one that is missing is where a blank is added: last."""

    at: int
    seen_at: int
    stars: int
    negative: int
    text: int
    client: int
    source: int
    id: int


def read(path: str, zone: tzinfo) -> Table:
    """Read a CSV file, which may be gzipped, or standard input; raises CannotRead.

    Times without an offset are in `zone`. A row that cannot be read does not stop the others.
    """
    piped = path == STANDARD_INPUT
    try:
        with open(0, "rb", closefd=False) if piped else Path(path).open("rb") as file:
            packed = file.peek(len(GZIP)).startswith(GZIP)
            unpacked = gzip.GzipFile(fileobj=file) if packed else file
            with io.TextIOWrapper(unpacked, "utf-8-sig", errors="replace", newline="") as lines:
                return _table(lines, zone)
    except FileNotFoundError:
        raise CannotRead(f"There is no file {path}.") from None
    except (OSError, EOFError, ValueError, zlib.error) as reason:
        raise CannotRead(f"The file {path} cannot be read: {reason}.") from reason


def first_deliveries(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in the order in which they were met, without those that repeat an earlier one.

    Without an id only a row that was met at another moment is a repeat: two guests may well give
    one star in the same second.
    """
    known: dict[tuple[object, ...], float] = {}
    for row in sorted(rows, key=_met):
        review, same = row.review, row.same
        if same is None:
            yield row
            continue
        delivery = review.key if len(same) == 2 else review.seen_at
        if known.setdefault(same, delivery) == delivery:
            yield row


def _met(row: Row) -> float:
    return row.review.seen_at


def _table(lines: Iterable[str], zone: tzinfo) -> Table:
    reader = csv.reader(lines)
    records = _records(reader)
    columns = _columns(next(records, []))
    width = max(columns) + 1
    rows: list[Row] = []
    unreadable: list[int] = []
    sources: dict[str, int] = {}
    for key, record in enumerate(records):
        cells = [*record, *[""] * max(1, width + 1 - len(record))]
        try:
            rows.append(_row(key, cells, columns, sources, zone))
        except (ValueError, OverflowError):
            unreadable.append(reader.line_num)
    return Table(rows, zone, len(unreadable), unreadable[:FIRST_FEW])


def _records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The filled rows; a blank one in place of a row that breaks the format."""
    while True:
        try:
            yield from filter(None, reader)
            return
        except csv.Error:
            yield [""]


def _columns(header: list[str]) -> _Columns:
    names = [name.strip().lower() for name in header]
    if "at" not in names:
        found = ", ".join(name[:30] for name in names[:8] if name) or "nothing"
        raise CannotRead(f"The first line has to name a column at; it names {found}.")
    return _Columns(*(names.index(name) if name in names else -1 for name in _Columns._fields))


def _row(
    key: int, cells: list[str], columns: _Columns, sources: dict[str, int], zone: tzinfo
) -> Row:
    """What one row says; raises ValueError or OverflowError when it cannot be read."""
    at = seen_at = _moment(cells[columns.at], zone)
    if cells[columns.seen_at]:
        seen_at = _moment(cells[columns.seen_at], zone)
    stars, text = cells[columns.stars], cells[columns.text]
    client, source = cells[columns.client].strip(), cells[columns.source].strip()
    weight = _weight(stars, cells[columns.negative], text)
    number = sources.setdefault(source, len(sources))
    same: tuple[str, str] | tuple[str, float, int] | None = None
    if cells[columns.id]:
        same = (client, cells[columns.id])
    elif columns.seen_at >= 0 and at % MINUTE:
        same = (client, at, hash((stars, text, source)))
    return Row(Seen(at, seen_at, weight, number, history=False, key=key), client, source, same)


def _moment(cell: str, zone: tzinfo) -> float:
    """Unix seconds from a number or ISO 8601; ValueError outside of 1970 to 2999."""
    try:
        at = float(cell)
    except ValueError:
        moment = datetime.fromisoformat(cell.strip())
        at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    if not 0 < at < LATEST:
        raise ValueError(cell)
    return at


def _weight(stars: str, negative: str, text: str) -> float:
    rating = _number(stars, 0, 5)
    if rating:
        return weight_of(rating, None)
    chance = _number(negative, 0, 1)
    return weight_of(None, _negative(text) if chance is None else chance)


@lru_cache(maxsize=1024)
def _number(cell: str, least: float, most: float) -> float | None:
    """The number in a cell, None if it is blank; ValueError if it is something else."""
    plain = cell.strip().lower()
    if plain in BLANK:
        return None
    number = float(plain)
    if not least <= number <= most:
        raise ValueError(cell)
    return number


@lru_cache(maxsize=10_000)
def _negative(text: str) -> float | None:
    return polarity.negative(text) if text else None
