"""Leads past reviews through the engine as if they came now, and tells what it says."""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import typer

from workers.replay_file import CannotRead, Row, Table, first_deliveries, read
from workers.rules.findings import Finding, Numbers, burst_in_words
from workers.rules.reviews import Seen
from workers.rules.together import SHOWN_OTHERWISE, fault_in_words, fault_of_source
from workers.rules.watch import STALE, Watch, Wish
from workers.rules.words import counted

MINUTE: Final = 60.0
UNUSABLE: Final = 2
"""The exit code when there is nothing to replay."""

KINDS: Final = ("notice", "wake", "slowing", "over")


class Told(NamedTuple):
    """A finding about a client, and which row of the file told it, from 0."""

    client: str
    row: int
    finding: Finding


class Held(NamedTuple):
    """A wake-up that was held back, and what the watch of the client showed by then."""

    finding: Finding
    opened: float
    low: float
    total: float


@dataclass(slots=True)
class Place:
    """One client on the way through the file."""

    name: str
    watch: Watch = field(default_factory=Watch)
    last_low: int = -1
    held: Held | None = None


def run(path: str, *, as_json: bool, notice: float, wake: float, zone: str) -> int:
    """Replay a file to standard output; the exit code. Rows that cannot be read are told apart."""
    try:
        wish, table = _wish(notice, wake), read(path, _zone(zone))
    except CannotRead as reason:
        typer.echo(str(reason), err=True)
        return UNUSABLE
    if table.unreadable:
        typer.echo(_unreadable(table), err=True)
    rows = list(first_deliveries(table.rows))
    told = replay(rows, wish, table.zone)
    lines = map(_as_json, told) if as_json else _in_words(told, table, rows)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CannotRead(f"There is no time zone {name!r}; one is Europe/Berlin.") from None


def _wish(notice: float, wake: float) -> Wish:
    if not all(math.isfinite(wished) and wished > 0 for wished in (notice, wake)):
        raise CannotRead("The wished false alarms in a year have to be more than 0.")
    return Wish(notice, wake)


def _unreadable(table: Table) -> str:
    lines = ", ".join(map(str, table.lines))
    more = " and others" if table.unreadable > len(table.lines) else ""
    return f"{counted(table.unreadable, 'row')} could not be read: line {lines}{more}."


def _minute(row: Row) -> float:
    return row.review.seen_at // MINUTE


def replay(rows: Iterable[Row], wish: Wish, zone: tzinfo) -> list[Told]:
    """All findings in the order of their time; the rows come in the order in which they were met.

    Calls the engine as the workers do: minute by minute, and at the end as if nothing more came.
    """
    places: dict[str, Place] = {}
    watched: dict[str, set[str]] = {}
    told: list[Told] = []
    for minute, together in groupby(rows, key=_minute):
        batch = list(together)
        reviews = _by_client(batch, watched)
        found: list[Told] = []
        for name, some in reviews.items():
            place = places.get(name) or places.setdefault(name, Place(name))
            found += _meet(place, minute * MINUTE, some, wish, zone)
        if found:
            told += _decide(found, batch, places, watched)
        for name, some in reviews.items():
            told += _released(places[name], some)
    for place in places.values():
        told += _at_the_end(place)
    return sorted(told, key=lambda one: one.finding.at)


def _by_client(batch: Sequence[Row], watched: dict[str, set[str]]) -> dict[str, list[Seen]]:
    reviews: dict[str, list[Seen]] = {}
    for row in batch:
        reviews.setdefault(row.client, []).append(row.review)
        if row.source:
            watched.setdefault(row.source, set()).add(row.client)
    return reviews


def _meet(
    place: Place, start: float, reviews: Sequence[Seen], wish: Wish, zone: tzinfo
) -> list[Told]:
    """Take in what one client got within the minute from `start` on."""
    found = [Told(place.name, place.last_low, one) for one in place.watch.until(start)]
    for one in place.watch.take(reviews, wish, zone):
        index = _last_low(reviews, one.numbers.until, place.last_low) if one.key < 0 else one.key
        found.append(Told(place.name, index, one))
    place.last_low = _last_low(reviews, math.inf, place.last_low)
    return found


def _last_low(reviews: Iterable[Seen], until: float, otherwise: int) -> int:
    """The row of the last low review that was written up to `until` and is no history."""
    lows = [
        one
        for one in reviews
        if one.weight and one.seen_at - one.at <= STALE and min(one.at, one.seen_at) <= until
    ]
    return max(lows).key if lows else otherwise


def _decide(
    found: Sequence[Told],
    batch: Iterable[Row],
    places: Mapping[str, Place],
    watched: Mapping[str, set[str]],
) -> Iterator[Told]:
    """What is told of the findings of one minute; of a wake-up that is held back, a notice."""
    sources = {row.review.key: row.source for row in batch}
    faults = _faults(found, sources, watched)
    for one in found:
        place, finding = places[one.client], one.finding
        fault = faults.get(sources.get(one.row, ""))
        if fault and finding.kind == "wake":
            episode = place.watch.episode
            place.held = Held(finding, episode.opened, episode.low, place.watch.total)
            reason = fault_in_words(*fault, finding.reason)
            yield one._replace(finding=finding._replace(kind="notice", reason=reason))
        elif place.held is None:
            yield one
        elif finding.kind == "over":
            place.held = None


def _faults(
    found: Iterable[Told], sources: Mapping[int, str], watched: Mapping[str, set[str]]
) -> dict[str, tuple[int, int]]:
    """The sources at fault: how many of their clients were woken, and how many they have."""
    woken = {(sources[one.row], one.client) for one in found if one.finding.kind == "wake"}
    counts = Counter(source for source, _ in woken if source)
    seen = {source: (count, len(watched[source])) for source, count in counts.items()}
    return {source: counts for source, counts in seen.items() if fault_of_source(*counts)}


def _released(place: Place, reviews: Sequence[Seen]) -> Iterator[Told]:
    """The wake-up of a client that was held back, once its own low reviews go on."""
    held, episode = place.held, place.watch.episode
    if held is None or episode.opened != held.opened:
        return
    if episode.low < held.low + SHOWN_OTHERWISE:
        return
    place.held = None
    numbers = held.finding.numbers
    total = numbers.total + round(place.watch.total - held.total)
    numbers = numbers._replace(low=episode.low, total=total, until=episode.newest)
    met = max(review.seen_at for review in reviews)
    finding = Finding("wake", met, place.last_low, burst_in_words(numbers), numbers)
    yield Told(place.name, place.last_low, finding)


def _at_the_end(place: Place) -> Iterator[Told]:
    for one in place.watch.until(math.inf):
        if place.held is None:
            yield Told(place.name, place.last_low, one)


def _as_json(told: Told) -> str:
    finding = told.finding
    line = {
        "client": told.client,
        "at": _iso(finding.at),
        "kind": finding.kind,
        "index": told.row,
        "reason": finding.reason,
        "numbers": _as_object(finding.numbers),
    }
    return json.dumps(line, ensure_ascii=False, allow_nan=False)


def _as_object(numbers: Numbers) -> dict[str, Any]:
    doubling = numbers.doubling._asdict() if numbers.doubling else None
    since, until = _iso(numbers.since), _iso(numbers.until)
    return {**numbers._asdict(), "since": since, "until": until, "doubling": doubling}


def _iso(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _in_words(told: Sequence[Told], table: Table, rows: Sequence[Row]) -> Iterator[str]:
    for one in told:
        when = datetime.fromtimestamp(one.finding.at, table.zone)
        words = (f"{when:%Y-%m-%d %H:%M}", " ".join(one.client.split()), one.finding.kind)
        yield "  ".join(filter(None, (*words, one.finding.reason)))
    kinds = Counter(one.finding.kind for one in told)
    clients = counted(len({row.client for row in rows}), "client")
    repeats = counted(len(table.rows) - len(rows), "repeat")
    said = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    yield f"{counted(len(rows), 'review')} of {clients}, {repeats} left out: {said}."
