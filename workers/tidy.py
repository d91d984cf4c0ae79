"""Forgets what has served its time: remembered answers, taken-in bodies, old events."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, delete

from api.clock import now
from api.database import Reader, transaction
from api.ids import new_id
from api.models import Answer, Event, Heartbeat, Intake, SignIn

# Answers are repeated for 48 hours, webhook ids are known for a week, events stay 30 days.
_ANSWERS, _INTAKES, _EVENTS = timedelta(hours=48), timedelta(days=7), timedelta(days=30)
_EVERY = timedelta(hours=1)
_NAME = "tidy"


async def due(session: Reader) -> list[UUID]:
    """Once an hour, by the row that the last round left."""
    last = await session.get(Heartbeat, _NAME)
    return [] if last and last.at > now() - _EVERY else [new_id()]


async def tidy(_: UUID) -> None:
    """Delete what is over its time."""
    async with transaction() as session:
        await session.exec(delete(Answer).where(col(Answer.created_at) < now() - _ANSWERS))
        await session.exec(delete(Event).where(col(Event.at) < now() - _EVENTS))
        await session.exec(delete(SignIn).where(col(SignIn.expires_at) < now()))
        await session.exec(
            delete(Intake).where(
                col(Intake.state) == "taken_in", col(Intake.created_at) < now() - _INTAKES
            )
        )
        await session.merge(Heartbeat(name=_NAME, at=now()))
