"""The health of a source: read, or blind with a reason; never silently quiet."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.ids import encode
from api.lifecycle import incident
from api.models import Client, Sight, Source
from api.platforms import CATALOGUE, Entry
from api.settings import settings

# Health words that stay wrong until a person does something: asking every few minutes is no use.
FOR_A_PERSON = ("auth_expired", "permission", "gone", "policy_blocked")
_SLOW = timedelta(hours=1)
# Edits and removals show in a whole reading alone; in an attack the newest pages come first.
WHOLE_EVERY = timedelta(hours=6)

LOOKED_AFTER = select(Client.id).where(col(Client.archived_at).is_(None))


def blind(source: Source) -> bool:
    """Whether this source cannot be seen now."""
    return source.failing_since is not None


def entry(source: Source) -> Entry:
    """What the catalogue knows of its platform."""
    return CATALOGUE[source.kind]


async def rhythm(session: Reader, client: Client, source: Source) -> timedelta:
    """The time until the next reading, with a fifth of jitter so that sources spread out."""
    every = max(settings.poll_every, entry(source).every)
    if client.practice:
        every = settings.poll_every_in_practice
    elif await incident.of_client(session, client.id):
        every = max(settings.poll_every_in_incident, entry(source).every_in_incident)
    return every * random.uniform(0.8, 1.2)  # noqa: S311  spreading load, not hiding anything


async def hurry(session: Writer, client_id: UUID) -> None:
    """An incident is open: what would be read in five minutes is read in one, budgets allowing."""
    for every in {one.every_in_incident for one in CATALOGUE.values()}:
        kinds = [one.kind for one in CATALOGUE.values() if one.every_in_incident == every]
        soon = now() + max(settings.poll_every_in_incident, every)
        await session.exec(
            update(Source)
            .where(
                col(Source.client_id) == client_id,
                col(Source.kind).in_(kinds),
                col(Source.poll_at) > soon,
            )
            .values(poll_at=soon)
        )


async def due(session: Reader) -> list[UUID]:
    """The sources whose next reading is due, of clients that are looked after."""
    found = await session.exec(
        select(Source.id).where(
            col(Source.poll_at) <= now(),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(LOOKED_AFTER),
        )
    )
    return list(found)


async def claim(session: Writer, source_id: UUID) -> Source | None:
    """Take one reading for as long as the lease lasts; None when it is not due."""
    claimed = await session.exec(
        update(Source)
        .where(
            col(Source.id) == source_id,
            col(Source.poll_at) <= now(),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(LOOKED_AFTER),
        )
        .values(poll_at=now() + settings.read_lease)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Source, source_id, populate_existing=True)


async def polled(session: Writer, source: Source, **columns: Any) -> None:
    """It sent something; whether that can be read is known when it is taken in."""
    await _note(session, source, **columns)


async def seen(session: Writer, source: Source, **columns: Any) -> None:
    """It was read, with news or without."""
    was_blind = await _failing_since(session, source) is not None
    await _note(
        session, source,
        health="ok", health_detail="", failing_since=None, tell_at=None,
        last_ok_at=now(), **columns,
    )  # fmt: skip
    if was_blind:
        _tell(session, source, "source.recovered")
        await note_sight(session, source.client_id)


async def trouble(
    session: Writer, source: Source, health: str, detail: str,
    *, next_at: datetime | None = None, reread: bool = True,
) -> None:  # fmt: skip
    """It could not be read: blind from now on, told to the manager when it lasts.

    With `reread` the cursor is dropped: what came after it may not have been taken in.
    """
    columns: dict[str, Any] = {"cursor": {}} if reread else {}
    goes_blind = await _failing_since(session, source) is None
    if goes_blind:
        columns |= {"failing_since": now(), "tell_at": now() + settings.blind_after}
        _tell(session, source, "source.stale", health=health)
    if next_at is not None:
        slowly = health in FOR_A_PERSON
        columns["poll_at"] = max(next_at, now() + _SLOW) if slowly else next_at
    await _note(session, source, health=health, health_detail=detail, **columns)
    if goes_blind:
        await note_sight(session, source.client_id)


async def to_check(session: Reader) -> list[UUID]:
    """The sources whose daily check is due."""
    found = await session.exec(
        select(Source.id).where(
            col(Source.check_at) <= now(),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(LOOKED_AFTER),
        )
    )
    return list(found)


async def claim_check(session: Writer, source_id: UUID) -> Source | None:
    """Take one check for as long as the lease lasts; None when it is not due."""
    claimed = await session.exec(
        update(Source)
        .where(
            col(Source.id) == source_id,
            col(Source.check_at) <= now(),
            col(Source.removed_at).is_(None),
        )
        .values(check_at=now() + settings.read_lease)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Source, source_id, populate_existing=True)


async def check_again(session: Writer, source: Source, at: datetime) -> None:
    """The check could not be made: once more at that moment."""
    await _note(session, source, check_at=at)


async def checked(
    session: Writer, source: Source,
    *, ready: bool | None, detail: str, probed: dict[str, Any], next_at: datetime,
) -> None:  # fmt: skip
    """Whether a take-down would work now; a change of that is an event."""
    await _note(
        session, source,
        ready=ready, ready_detail=detail, probed=source.probed | probed, check_at=next_at,
        checked_at=now(),
    )  # fmt: skip
    if ready != source.ready:
        _tell(session, source, "source.checked", ready=ready)


async def note_sight(session: Writer, client_id: UUID) -> None:
    """Write down which share of a client's sources can be read from now on."""
    sources = await session.exec(
        select(Source.failing_since).where(
            Source.client_id == client_id, col(Source.removed_at).is_(None)
        )
    )
    seeing = [failing_since is None for failing_since in sources]
    share = sum(seeing) / len(seeing) if seeing else 1.0
    session.add(Sight(client_id=client_id, share=share))


async def _failing_since(session: Writer, source: Source) -> datetime | None:
    """As it is now: another delivery may have changed it since the row was read."""
    found = await session.exec(
        select(Source.failing_since).where(Source.id == source.id).with_for_update(key_share=True)
    )
    return found.one()


async def told(session: Writer, source_id: UUID) -> Source | None:
    """Claim the telling of a blind source, so that it is told once; None when nothing is due."""
    claimed = await session.exec(
        update(Source)
        .where(
            col(Source.id) == source_id,
            col(Source.tell_at) <= now(),
            col(Source.failing_since).is_not(None),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(LOOKED_AFTER),
        )
        .values(tell_at=None)
    )
    if claimed.rowcount != 1:
        return None
    return (await session.exec(select(Source).where(Source.id == source_id))).one()


async def tell_again(session: Writer, source_id: UUID) -> None:
    """The telling reached nobody: once more in five minutes, unless it can be seen by then."""
    await session.exec(
        update(Source)
        .where(col(Source.id) == source_id, col(Source.failing_since).is_not(None))
        .values(tell_at=now() + settings.repeat_every)
    )


async def _note(session: Writer, source: Source, **columns: Any) -> None:
    await session.exec(update(Source).where(col(Source.id) == source.id).values(**columns))


def _tell(session: Writer, source: Source, kind: str, **more: Any) -> None:
    facts = {
        "id": encode("src", source.id),
        "object": "source",
        "client_id": encode("cli", source.client_id),
    }
    emit(session, kind, client_id=source.client_id, object=facts, **more)
