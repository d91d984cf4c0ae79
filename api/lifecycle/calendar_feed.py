"""Calendar feeds of a rota: 256 bits, kept as a hash, shown once, replaced at will."""

from uuid import UUID

from sqlmodel import col, delete, select

from api.crypto import digest, new_token
from api.database import Reader, Writer
from api.errors import NotThere
from api.models import CalendarFeed, Schedule


async def create(session: Writer, schedule_id: UUID, user_id: UUID | None, *, rotate: bool) -> str:
    """The secret of a new feed; with `rotate`, the ones before it for the same end at once.

    With a person it is about their shifts alone. It lives until it is replaced: a calendar reads
    it for years.
    """
    if rotate:
        await session.exec(
            delete(CalendarFeed).where(
                col(CalendarFeed.schedule_id) == schedule_id,
                col(CalendarFeed.user_id) == user_id,
            )
        )
    token = new_token()
    session.add(CalendarFeed(token_hash=digest(token), schedule_id=schedule_id, user_id=user_id))
    await session.flush()
    return token


async def opened(session: Reader, token: str) -> tuple[Schedule, UUID | None]:
    """The rota behind a secret, and whose shifts alone; NotThere for any other."""
    found = (
        await session.exec(
            select(Schedule, CalendarFeed)
            .join(CalendarFeed, col(CalendarFeed.schedule_id) == col(Schedule.id))
            .where(CalendarFeed.token_hash == digest(token))
        )
    ).first()
    if found is None:
        raise NotThere
    return found[0], found[1].user_id
