"""What platforms tell us of their own accord: a reason to look now, never the truth itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer
from api.lifecycle.source import LOOKED_AFTER
from api.models import Hint, Source
from api.queue import after_commit

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
    soon = at or now()
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


async def taken(session: Writer, hints: Sequence[Hint]) -> None:
    """These were looked at."""
    if hints:
        ids = [hint.id for hint in hints]
        await session.exec(update(Hint).where(col(Hint.id).in_(ids)).values(taken_at=now()))
