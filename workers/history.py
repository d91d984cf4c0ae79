"""What a client's watch is told, from the ledger: reviews, verdicts of people, and blindness."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from sqlalchemy import case
from sqlmodel import col, select

from api.database import Reader
from api.models import Entry, Incident, Review, Sight
from api.models.incidents import TEACHING
from workers.rules.polarity import negative
from workers.rules.reviews import LOW_STARS, Seen, weight_of
from workers.rules.watch import Watch

EXPLAINING = ("dismiss", "monitor", "resolve")
SAYING = (*EXPLAINING, "confirm", "reopen")


class Learned(NamedTuple):
    """A verdict of a person (`kind`, `reason`), or how much can be seen (`share`), at a moment."""

    at: float
    kind: str
    reason: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was met from a moment on."""

    reviews: list[Seen]
    told: list[Learned]


async def history(session: Reader, client_id: UUID, since: datetime | None) -> History:
    """What was met at `since` or later; with None, all of it."""
    reviews = [
        seen
        for row in await _reviews(session, client_id, since)
        for seen in sightings(row)
        if since is None or seen.seen_at >= since.timestamp()
    ]
    told = [*await _verdicts(session, client_id, since), *await _sights(session, client_id, since)]
    return History(reviews, sorted(told))


async def _reviews(session: Reader, client_id: UUID, since: datetime | None) -> list[Any]:
    unrated = case((col(Review.stars).is_(None), Review.text), else_="").label("text")
    columns: Any = (
        Review.created_at, Review.seen_at, Review.counts_at, Review.stars, unrated,
        Review.history, Review.source_id, Review.earlier,
    )  # fmt: skip
    query: Any = select(*columns).where(Review.client_id == client_id)
    if since is not None:
        query = query.where(col(Review.told_at) >= since)
    return list(await session.exec(query))


def sightings(row: Any) -> Iterator[Seen]:
    """How a review was met: as it was first, and again for each edit from good to bad."""
    source = crc32(row.source_id.bytes)
    if not row.earlier:
        weight = _weight(row.stars, row.text)
        at, met = row.created_at.timestamp(), row.seen_at.timestamp()
        yield Seen(at, met, weight, source, history=row.history)
        return
    now = {"stars": row.stars, "text": row.text, "counts_at": row.counts_at.isoformat()}
    versions = [*row.earlier, now]
    weight = _weight(versions[0]["stars"], versions[0]["text"])
    yield Seen(
        row.created_at.timestamp(), row.seen_at.timestamp(), weight, source, history=row.history
    )
    for before, after in pairwise(versions):
        if _is_low(after["stars"]) and not _is_low(before["stars"]):
            at = datetime.fromisoformat(after.get("counts_at", before["until"]))
            met = datetime.fromisoformat(before["until"])
            yield Seen(at.timestamp(), met.timestamp(), 1.0, source)


def _is_low(stars: float | None) -> bool:
    return stars is not None and stars <= LOW_STARS


def _weight(stars: float | None, text: str) -> float:
    return weight_of(stars, negative(text) if stars is None else None)


async def _verdicts(session: Reader, client_id: UUID, since: datetime | None) -> list[Learned]:
    query = (
        select(Entry.created_at, Entry.kind, Entry.facts)
        .join(Incident, col(Incident.id) == Entry.incident_id)
        .where(
            Incident.client_id == client_id,
            col(Entry.kind).in_(SAYING),
            Entry.actor_type != "system",
        )
    )
    if since is not None:
        query = query.where(col(Entry.created_at) >= since)
    found = await session.exec(query)
    return [Learned(at.timestamp(), kind, facts.get("reason") or "") for at, kind, facts in found]


async def _sights(session: Reader, client_id: UUID, since: datetime | None) -> list[Learned]:
    query = select(Sight.created_at, Sight.share).where(Sight.client_id == client_id)
    if since is not None:
        query = query.where(col(Sight.created_at) >= since)
    return [Learned(at.timestamp(), "sight", "", share) for at, share in await session.exec(query)]


def tell(watch: Watch, told: Learned) -> None:
    """Let a watch know what a person said, or what can be seen."""
    if told.kind == "sight":
        watch.see(told.at, told.share)
        return
    if told.kind in EXPLAINING:
        watch.explain(told.at)
    if told.kind == "dismiss" and told.reason in TEACHING:
        watch.learn_verdict(told.at, real=False)
    if told.kind in {"confirm", "reopen"}:
        watch.learn_verdict(told.at, real=True)
