"""Forgets what has served its time, and what a platform lets us keep for a day alone."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import String, cast, or_
from sqlmodel import col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from api import evidence
from api.clock import now
from api.database import Reader, Writer, transaction
from api.ids import new_id
from api.lifecycle import chosen, connection
from api.models import Answer, Event, Heartbeat, Hint, Intake, Review, SignIn, Source
from api.platforms import CATALOGUE, Retention
from api.settings import settings

# Answers are repeated for 48 hours, webhook ids are known for a week, events stay 30 days.
_ANSWERS, _INTAKES, _EVENTS = timedelta(hours=48), timedelta(days=7), timedelta(days=30)
_HINTS = timedelta(days=7)
# Where a platform lets words be kept for a day, they go after 23 hours: this runs once an hour.
_WORDS = timedelta(hours=23)
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
        await session.exec(delete(Hint).where(col(Hint.created_at) < now() - _HINTS))
        await connection.expire(session)
        await chosen.forget_the_rest(session)
        await _forget_words(session)
        await evidence.forget_names(session, now() - settings.names_kept_for)
        await session.merge(Heartbeat(name=_NAME, at=now()))


async def _forget_words(session: Writer) -> None:
    """Ids, stars and times stay; so does the hash, by which the same words are not kept again.

    The same goes for what was saved as evidence, whose hashes stay those of the day of saving.

    `told_at` is when we met the words, or the edit that made them hurt; any other edit is forgotten
    at the next round.
    """
    over = now() - _WORDS
    await evidence.forget_words(session, _kinds("day"), over)
    await session.exec(
        update(Review)
        .where(col(Review.source_id).in_(_of("day")), col(Review.told_at) < over, _HAS_WORDS)
        .values(title="", text="", author="", author_id=None, reply=None, earlier=[])
    )
    await session.exec(
        update(Intake)
        .where(
            col(Intake.source_id).in_(_of("day", "ids")),
            col(Intake.state) == "failed",
            col(Intake.created_at) < over,
        )
        .values(body=None)
    )


_HAS_WORDS = or_(
    col(Review.text) != "",
    col(Review.title) != "",
    col(Review.author) != "",
    col(Review.author_id).is_not(None),
    cast(Review.reply, String) != "null",
    cast(Review.earlier, String) != "[]",
)


def _of(*retentions: Retention) -> SelectOfScalar[UUID]:
    return select(Source.id).where(col(Source.kind).in_(_kinds(*retentions)))


def _kinds(*retentions: Retention) -> list[str]:
    return [one.kind for one in CATALOGUE.values() if one.retention in retentions]
