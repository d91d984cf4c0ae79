"""Writes tables of reviews: a quiet place, and an attack on it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

NIGHT = datetime(2026, 3, 14, 2, 10, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HABIT = [NIGHT - 3 * DAY * week for week in range(60, 0, -1)]


def table(rows, columns=("at", "stars")) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue()


def story(attack=6, **more) -> list[dict[str, Any]]:
    """A quiet place, and an attack on it; in rows of a table."""
    past = [
        {"at": at.isoformat(), "stars": 1 + 4 * (place % 8 > 0)} for place, at in enumerate(HABIT)
    ]
    lows = [
        {"at": (NIGHT + 10 * MINUTE * place).isoformat(), "stars": 1} for place in range(attack)
    ]
    return [{**row, **more} for row in [*past, *lows]]


def written(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return table([[row.get(name, "") for name in columns] for row in rows], columns)
