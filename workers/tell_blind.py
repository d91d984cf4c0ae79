"""A source that stays blind is told to whoever is on call, once."""

from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, emit, transaction
from api.ids import encode
from api.lifecycle import source as lifecycle
from api.lifecycle import warning
from api.lifecycle.plan import ladder
from api.models import Client, Notification, Source
from workers import words


async def due(session: Reader) -> list[UUID]:
    """The sources that were blind for too long and not told of."""
    found = await session.exec(
        select(Source.id).where(
            col(Source.tell_at) <= now(),
            col(Source.removed_at).is_(None),
            col(Source.client_id).in_(lifecycle.LOOKED_AFTER),
        )
    )
    return list(found)


async def tell_blind(source_id: UUID) -> None:
    """Tell the first person whose phone can be reached; nobody to tell is an event of its own."""
    async with transaction() as session:
        source = await lifecycle.told(session, source_id)
        if source is None:
            return
        client = await session.get_one(Client, source.client_id)
        if not await _tell_somebody(session, source, practice=client.practice):
            about = {"id": encode("src", source.id), "object": "source"}
            emit(session, "coverage.gap_opened", client_id=client.id, object=about)
            await lifecycle.tell_again(session, source.id)


async def _tell_somebody(session: Writer, source: Source, *, practice: bool) -> bool:
    """The first person with a phone who was not tried in vain; then the first one again."""
    tried = await _tried_in_vain(session, source)
    people = await ladder(session, practice=practice)
    client = await session.get_one(Client, source.client_id)
    line = words.source_blind(client, source).title + "."
    for user in sorted(people, key=lambda user: user.id in tried):
        key = f"blind:{source.id}:{now().isoformat()}"
        if await warning.warn(
            session, user, "source_blind", key=key, line=line, source_id=source.id
        ):
            return True
    return False


async def _tried_in_vain(session: Writer, source: Source) -> set[UUID]:
    found = await session.exec(
        select(Notification.user_id).where(
            Notification.source_id == source.id,
            col(Notification.created_at) >= source.failing_since,
            col(Notification.state).in_(("failed", "expired")),
        )
    )
    return set(found)
