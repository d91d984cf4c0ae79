"""Reads the real series as streams, with the attacks that the press documented.

Sixteen carried series and that of Towns are always there; the others come from the material
folder, where it is. `tests/data/README.md` says where the carried ones are from.
"""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from tests.bench.detection.material import folder
from tests.bench.detection.streams import DAY, MINUTE, Attack, Benign, Review, Stream, is_low
from tests.bench.detection.streams import low_share as share_of_low

CARRIED: Final = Path(__file__).parent.parent.parent / "data"
ENDING: Final = ".csv.gz"
MET_AFTER: Final = MINUTE

OF_REVIEWS: Final = ("steam_", "tp_", "gp_")
FEWEST_REVIEWS: Final = 30
SHORTEST: Final = 60 * DAY
MOSTLY: Final = 0.5

SURGE_FROM: Final = 6
SURGE_TIMES: Final = 6
SURGE_BASE: Final = 60
"""Days."""
LEAST_BASE: Final = 0.15

DOCUMENTED: Final = {
    "steam_towns": [("2014-05-06T20:00", "2014-05-10T00:00")],
    "gp_mpaspor": [
        ("2022-03-30T21:00", "2022-04-16T00:00"),
        ("2023-01-29T23:00", "2023-02-07T00:00"),
    ],
}
"""From and until, UTC; the press told of each of them, the hours are from the series.

Towns: abandoned by its developer on 6 and 7 May 2014, "store page is now flooded with negative
reviews" (US Gamer; Load the Game, 8 May 2014; Kotaku; Eurogamer, "The fall of Towns").
M-Paspor: "hard to reach since last week" (bisnis.com, 11 April 2022; Antara Palembang, April 2022),
and unreachable, "third day" on 1 February 2023 (Tribunnews, 1 and 4 February 2023).
"""


def ordinary() -> list[Stream]:
    """Reviews of 60 days and 30 reviews at least, fewer than half of them low."""
    return [stream for stream in _reviewed() if share_of_low(stream) < MOSTLY]


def mostly_negative() -> list[Stream]:
    """The same where at least half are low; the documented attacks are among them."""
    return [stream for stream in _reviewed() if share_of_low(stream) >= MOSTLY]


def documented() -> list[Stream]:
    return [stream for stream in _reviewed() if stream.attacks]


def thinned_bombs() -> dict[str, list[float]]:
    """When the reviews of human-labelled review bombs were written, of those both low and labelled.

    They are samples without the time before, and good for their shape only.
    """
    return {
        name: sorted(float(row["ts"]) for row in rows if row["rating"] == row["bomb"] == "1")
        for name, rows in _files("shape_")
        if not name.endswith("_positive")
    }


def counts() -> dict[str, list[tuple[float, int]]]:
    """Mentions of brands in five minutes each, from NAB: when, and how many."""
    return {
        name: [(float(row["ts"]), int(row["count"])) for row in rows]
        for name, rows in _files("nab_")
    }


def surges(reviews: list[Review]) -> Iterator[Benign]:
    """Around days with 6 low reviews or more that are also over 6 times the mean of 60 days before.

    The day right before is left out of the mean, which is 0.15 at least. A surge is from the day
    before until seven days after; overlapping ones are one.
    """
    start = end = 0.0
    for day in _sudden_days(Counter(int(one.at // DAY) for one in reviews if is_low(one))):
        if (day - 1) * DAY > end:
            if end:
                yield Benign("surge", start, end)
            start = (day - 1) * DAY
        end = (day + 8) * DAY
    if end:
        yield Benign("surge", start, end)


def _sudden_days(low: Counter[int]) -> Iterator[int]:
    for day in sorted(low):
        before = sum(low[other] for other in range(day - SURGE_BASE, day - 1))
        usual = max(LEAST_BASE, before / (SURGE_BASE - 1))
        if low[day] >= SURGE_FROM and low[day] > SURGE_TIMES * usual:
            yield day


@cache
def _reviewed() -> tuple[Stream, ...]:
    found = (_stream(name, rows) for name, rows in _files(*OF_REVIEWS))
    return tuple(
        stream
        for stream in found
        if len(stream.reviews) >= FEWEST_REVIEWS and stream.end - stream.start >= SHORTEST
    )


def _files(*kinds: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The name and the rows of each series of these kinds, in the order of their names."""
    more = folder()
    folders = [CARRIED, CARRIED / "steam", *([more / "open" / "real"] if more else [])]
    paths = {path.name: path for each in folders for path in each.glob(f"*{ENDING}")}
    for name in sorted(paths):
        if name.startswith(kinds):
            with gzip.open(paths[name], "rt") as lines:
                yield name.removesuffix(ENDING), list(csv.DictReader(lines))


def _stream(name: str, rows: list[dict[str, str]]) -> Stream:
    attacks = [_attack(name, *times) for times in DOCUMENTED.get(name, [])]
    reviews = list(_reviews(name, rows, attacks))
    return Stream(
        name=name,
        zone_hours=0,
        reviews=reviews,
        attacks=tuple(_counted(attack, reviews) for attack in attacks),
        benign=tuple(surges(reviews)),
        start=reviews[0].at,
        end=reviews[-1].at,
        warm=(60 if name.startswith("steam_") else 30) * DAY,
    )


def _reviews(name: str, rows: list[dict[str, str]], attacks: list[Attack]) -> Iterator[Review]:
    """Steam tells the minute only: where in it is drawn, the same in every run."""
    drawn = random.Random(name)
    spread = MINUTE if name.startswith("steam_") else 0.0
    found = sorted((float(row["ts"]) + spread * drawn.random(), row["rating"]) for row in rows)
    for key, (at, rating) in enumerate(found, start=1):
        attack = any(one.start <= at <= one.end for one in attacks)
        yield Review(at + MET_AFTER, at, int(rating), None, key, attack)


def _attack(name: str, start: str, end: str) -> Attack:
    return Attack(name, _seconds(start), _seconds(end), 0)


def _counted(attack: Attack, reviews: list[Review]) -> Attack:
    during = (one for one in reviews if attack.start <= one.at <= attack.end)
    return replace(attack, low=sum(map(is_low, during)))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
