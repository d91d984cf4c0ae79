"""Reviews that are not there any more: believed after two whole readings, an hour apart."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.ids import encode
from api.models import Review, Source

# A reading may have met the platform in the middle of a change, and so may the one after it.
BELIEVED_AFTER = timedelta(hours=1)
_AT_ONCE = 500


class _There(NamedTuple):
    id: UUID
    external_id: str
    missing_since: datetime | None
    gone_at: datetime | None


async def note(
    session: Writer, source: Source,
    *, covers: datetime | None, present: Collection[str], said_gone: Collection[str] = (),
) -> None:  # fmt: skip
    """Compare a reading with the ledger.

    `covers` is the moment since which it holds everything; `said_gone` the platform itself told of.
    """
    known = await _known(session, source, covers, [*present, *said_gone])
    shown, said = set(present), set(said_gone)
    back = [
        one.id for one in known if one.external_id in shown and (one.missing_since or one.gone_at)
    ]
    lost = [one for one in known if one.external_id not in shown and one.gone_at is None]
    since = now() - BELIEVED_AFTER
    sure = [one.id for one in lost if one.external_id in said or _before(one, since)]
    await _set(session, back, missing_since=None, gone_at=None)
    first = [one.id for one in lost if one.missing_since is None]
    await _set(session, first, missing_since=now())
    await _set(session, sure, gone_at=now())
    if sure:
        about = {"id": encode("src", source.id), "object": "source"}
        emit(session, "review.removed", client_id=source.client_id, object=about, removed=len(sure))


def _before(one: _There, since: datetime) -> bool:
    return one.missing_since is not None and one.missing_since <= since


async def _known(
    session: Reader, source: Source, covers: datetime | None, ids: list[str]
) -> list[_There]:
    """The reviews that the reading says something about."""
    of_source = select(
        Review.id, Review.external_id, col(Review.missing_since), col(Review.gone_at)
    ).where(Review.source_id == source.id)
    if covers is not None:
        found = await session.exec(of_source.where(col(Review.created_at) >= covers))
        return [_There(*row) for row in found]
    rows: list[_There] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = col(Review.external_id).in_(ids[start : start + _AT_ONCE])
        rows += [_There(*row) for row in await session.exec(of_source.where(some))]
    return rows


async def _set(session: Writer, ids: list[UUID], **columns: object) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = col(Review.id).in_(ids[start : start + _AT_ONCE])
        await session.exec(update(Review).where(some).values(**columns))
