"""Engines and the two kinds of session; `transaction()` holds the only commit in the repository.

SQLite gets one writing connection that waits its turn (BEGIN IMMEDIATE, synchronous=FULL) and a
pool of readers; PostgreSQL gets one pool for both.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from api import queue
from api.models import Counter, Event
from api.settings import settings

_BUSY_MS = 10_000
# What people wrote, and sealed secrets, stay out of error messages and so out of logs.
_DISCREET: dict[str, Any] = {"hide_parameters": True}


class Reader(AsyncSession):
    """A session that must not write; the type lets the checker say so."""


class Writer(Reader):
    """A session whose changes are committed once, when its `transaction()` ends."""


def _on_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _sqlite_engine(begin: str, connections: int) -> AsyncEngine:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        settings.database, pool_size=connections, max_overflow=0, pool_timeout=30, **_DISCREET
    )
    _on_sqlite(engine.sync_engine, begin)
    return engine


@cache
def writing() -> AsyncEngine:
    """The engine that changes things."""
    if settings.database.startswith("sqlite"):
        return _sqlite_engine("BEGIN IMMEDIATE", 1)
    return create_async_engine(settings.database, pool_size=10, pool_pre_ping=True, **_DISCREET)


@cache
def reading_engine() -> AsyncEngine:
    """The engine that only looks."""
    return _sqlite_engine("BEGIN", 5) if settings.database.startswith("sqlite") else writing()


async def close() -> None:
    """Give every connection back; the next session opens new ones."""
    for engine in (writing, reading_engine):
        if engine.cache_info().currsize:
            await engine().dispose()
            engine.cache_clear()


@asynccontextmanager
async def reading() -> AsyncGenerator[Reader]:
    """A session for looking at things as they are."""
    async with Reader(reading_engine(), expire_on_commit=False) as session:
        yield session


@asynccontextmanager
async def transaction() -> AsyncGenerator[Writer]:
    """All of it or nothing; events are numbered last, jobs leave after the commit.

    Never hold one across the network: claim in one, call outside, record in the next.
    """
    async with Writer(writing(), expire_on_commit=False) as session:
        yield session
        await _number_events(session)
        await session.commit()
    await queue.send(queue.buffered(session.info))


def emit(session: Writer, kind: str, *, client_id: Any = None, **data: Any) -> None:
    """Add an event to the log of this transaction."""
    pending = session.info.setdefault("events", [])
    pending.append(Event(seq=0, type=kind, client_id=client_id, data=data))


async def _number_events(session: Writer) -> None:
    """Numbers come from a locked row and not from a sequence.

    A sequence hands them out before the commit, and a reader that catches up by number would
    miss the slower of two transactions. The price: transactions with events commit in a row.
    """
    events: list[Event] = session.info.pop("events", [])
    if not events:
        return
    await session.flush()
    counted = await session.exec(
        update(Counter)
        .where(col(Counter.name) == "event")
        .values(value=Counter.value + len(events))
        .returning(col(Counter.value))
    )
    last = int(counted.scalar_one())
    for seq, one in enumerate(events, start=last - len(events) + 1):
        one.seq = seq
    session.add_all(events)


async def last_seq(session: Reader) -> int:
    """The number of the newest event."""
    counter = (await session.exec(select(Counter.value).where(Counter.name == "event"))).first()
    return counter or 0
