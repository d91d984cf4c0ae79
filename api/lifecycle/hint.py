"""What platforms tell us of their own accord: a reason to look now, never the truth itself."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer
from api.items.google_hint import GoogleHint
from api.lifecycle.source import LOOKED_AFTER
from api.models import Hint, Source
from api.queue import after_commit

# Two readings that hints ask for are so far apart, at least.
APART = timedelta(seconds=10)
# The field of a place that names it to Google.
OF_GOOGLE = {"google": "location"}
# A platform that asked for a pause gets it, whatever else it tells us meanwhile.
ASKED_TO_WAIT = ("rate_limited", "quota_exhausted", "policy_blocked")


async def heard(
    session: Writer, source_id: UUID, delivery: str, about: dict[str, Any] | None = None,
    *, at: datetime | None = None,
) -> bool:  # fmt: skip
    """Look at this source now; False when this delivery came before and changes nothing.

    `delivery` is what the platform calls it, or a digest of it. `at` is a later moment for whoever
    is trusted less.
    """
    soon = max(at or now(), await _apart(session, source_id))
    row = Hint(source_id=source_id, delivery=f"{source_id}:{delivery}", about=about or {})
    if not await _is_first(session, row):
        return False
    await session.exec(
        update(Source)
        .where(
            col(Source.id) == source_id,
            col(Source.removed_at).is_(None),
            col(Source.poll_at) > soon,
            col(Source.health).not_in(ASKED_TO_WAIT),
        )
        .values(poll_at=soon)
    )
    after_commit(session, "poll", source_id)
    return True


async def heard_of_google(session: Writer, told: Iterable[tuple[str, GoogleHint | None]]) -> None:
    """Look at the places that messages of Pub/Sub name; each is its id and what it tells.

    A message that is pushed and pulled as well is one delivery.
    """
    found = await places(session, OF_GOOGLE)
    for message, hint in told:
        name = f"{hashlib.sha256(message.encode()).hexdigest()}:0"
        if hint is None:
            continue
        for source_id in found.get(hint.location, ()):
            await heard(session, source_id, name, dict(hint.about))


async def _apart(session: Reader, source_id: UUID) -> datetime:
    """Who comments fast on a page must not make us read it until the platform has had enough."""
    found = await session.exec(select(Source.last_ok_at).where(Source.id == source_id))
    last = found.first()
    return last + APART if last else now()


async def _is_first(session: Writer, row: Hint) -> bool:
    """Keep it once; of two that come at the same moment, the second waits here for the first."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    kept = await session.exec(
        insert(Hint).values(row.model_dump()).on_conflict_do_nothing(index_elements=["delivery"])
    )
    return bool(kept.rowcount)


async def places(session: Reader, named_by: Mapping[str, str]) -> dict[str, list[UUID]]:
    """The sources that are looked after, by the id of their place.

    `named_by` says which field of a place is that id, for each kind that is wanted.
    """
    found = await session.exec(
        select(Source.id, Source.kind, Source.place).where(
            col(Source.kind).in_(named_by),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(LOOKED_AFTER),
        )
    )
    by_id: dict[str, list[UUID]] = {}
    for source_id, kind, place in found:
        by_id.setdefault(str(place.get(named_by[kind]) or ""), []).append(source_id)
    by_id.pop("", None)
    return by_id


async def taken(session: Writer, source_id: UUID, *, until: datetime) -> None:
    """What was heard before a reading began is settled by it."""
    await session.exec(
        update(Hint)
        .where(
            col(Hint.source_id) == source_id,
            col(Hint.taken_at).is_(None),
            col(Hint.created_at) <= until,
        )
        .values(taken_at=now())
    )


async def waits(session: Reader, source_id: UUID) -> bool:
    """Whether something was heard that no reading has settled."""
    found = await session.exec(
        select(Hint.id).where(Hint.source_id == source_id, col(Hint.taken_at).is_(None)).limit(1)
    )
    return found.first() is not None
