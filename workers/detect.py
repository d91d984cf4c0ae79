"""The last reviews of one client → judgement → an incident, a bigger one, or nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, transaction
from api.ids import encode
from api.lifecycle import escalation as escalations
from api.lifecycle import incident as incidents
from api.lifecycle import notification as notices
from api.lifecycle import source as sources
from api.models import Client, Incident, Review
from api.settings import settings
from workers import words
from workers.rules.baseline import Seen
from workers.rules.spike import Spike, judge
from workers.rules.words import spell

# More than a year, so that last year's same season is part of what is usual.
_MEMORY = timedelta(days=400)
_SAME_MATTER = timedelta(days=7)


async def due(session: Reader) -> list[UUID]:
    """The clients whose newest reviews wait for a judgement."""
    found = await session.exec(
        select(Client.id).where(col(Client.detect_at) <= now(), col(Client.archived_at).is_(None))
    )
    return list(found)


async def detect(client_id: UUID) -> None:
    """Judge one client's reviews; one transaction, as nothing here leaves the house.

    A review that arrives meanwhile waits for the client's row and asks for another judgement.
    """
    async with transaction() as session:
        client = await _claim(session, client_id)
        if client is None:
            return
        reviews = await seen_reviews(session, client_id)
        incident = await incidents.of_client(session, client_id)
        if incident:
            await _follow(session, incident, reviews)
        else:
            await _look(session, client, reviews)


async def _claim(session: Writer, client_id: UUID) -> Client | None:
    claimed = await session.exec(
        update(Client)
        .where(
            col(Client.id) == client_id,
            col(Client.detect_at) <= now(),
            col(Client.archived_at).is_(None),
        )
        .values(detect_at=None)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Client, client_id, populate_existing=True)


async def seen_reviews(session: Reader, client_id: UUID) -> list[Seen]:
    """The reviews of a client as the rules see them, oldest first."""
    found = await session.exec(
        select(Review.counts_at, Review.stars, Review.seen_at, Review.history)
        .where(Review.client_id == client_id, col(Review.counts_at) > now() - _MEMORY)
        .order_by(col(Review.counts_at))
    )
    return [Seen(at, stars, seen_at, history) for at, stars, seen_at, history in found]


async def _look(session: Writer, client: Client, reviews: Sequence[Seen]) -> None:
    before = await _newest(session, client.id)
    if before and _dismissed_lately(before):
        await _watch_for_doubling(session, before, reviews)
        return
    spike = _judge(_explained(reviews, before.ended_at if before else None))
    if spike is None:
        return
    if before and before.state == "resolved" and _lately(before, _SAME_MATTER):
        await incidents.reopen(session, before)
    else:
        await incidents.begin(session, client, finding(spike))
    await sources.hurry(session, client.id)


async def _newest(session: Reader, client_id: UUID) -> Incident | None:
    return (
        await session.exec(
            select(Incident)
            .where(Incident.client_id == client_id)
            .order_by(col(Incident.id).desc())
        )
    ).first()


def _lately(incident: Incident, within: timedelta) -> bool:
    return incident.ended_at is not None and incident.ended_at > now() - within


def _dismissed_lately(incident: Incident) -> bool:
    return incident.state == "dismissed" and _lately(incident, incidents.DOUBLING_WATCH)


async def _watch_for_doubling(session: Writer, incident: Incident, reviews: Sequence[Seen]) -> None:
    """Ring again when what was dismissed has doubled since."""
    low = _low_since(reviews, incident.since)
    if low >= 2 * incident.low_count:
        await incidents.reopen(session, incident)
        await incidents.grow(session, incident, low)


def _explained(reviews: Sequence[Seen], end: datetime | None) -> Sequence[Seen]:
    """What a person has seen and judged teaches what is usual, but is no news.

    What was written before the end and met after it was not seen: it is news.
    """
    if end is None:
        return reviews
    return [
        Seen(r.at, r.stars, r.seen_at, history=True) if max(r.at, r.seen_at) <= end else r
        for r in reviews
    ]


def _judge(reviews: Sequence[Seen]) -> Spike | None:
    return judge(reviews, now(), false_wakes_per_year=settings.false_wakes_per_year)


def finding(spike: Spike) -> dict[str, Any]:
    """A spike as it is stored: plain values, with the title of its incident."""
    facts = asdict(spike)
    span = min(spike.window, now() - spike.since)
    return facts | {
        "since": spike.since.isoformat(),
        "window": spike.window.total_seconds(),
        "stars": {str(stars): count for stars, count in spike.stars.items()},
        "title": words.new_reviews(spike.total_count, spell(span)),
    }


async def _follow(session: Writer, incident: Incident, reviews: Sequence[Seen]) -> None:
    low = _low_since(reviews, incident.since)
    if low <= incident.low_count:
        return
    await incidents.grow(session, incident, low)
    if incident.state == "monitoring" and _judge(_explained(reviews, incident.explained_until)):
        await incidents.relapse(session, incident)
    elif low >= 2 * incident.told_low_count:
        await incidents.tell_growth(session, incident, low)
        await _tell_whoever_has_it(session, incident, low)


def _low_since(reviews: Sequence[Seen], since: datetime) -> int:
    return sum(1 for r in reviews if r.at >= since and r.low and not r.history)


async def _tell_whoever_has_it(session: Writer, incident: Incident, low: int) -> None:
    """One push at each doubling to the person who has it; the others sleep.

    Where a program said “I’m on it”, the first of the ladder is the nearest person.
    """
    escalation = await escalations.live(session, incident.id)
    if escalation is None or escalation.state != "acknowledged":
        return
    first = [user.id for user in await escalations.ladder(session, practice=incident.practice)][:1]
    for user_id in [escalation.acknowledged_by] if escalation.acknowledged_by else first:
        await notices.ring_devices(
            session, user_id, "growing",
            key=f"{encode('inc', incident.id)}:growing:{low}", incident_id=incident.id,
        )  # fmt: skip
