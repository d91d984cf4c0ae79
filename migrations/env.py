"""Runs the migrations on the database of the settings, on SQLite and PostgreSQL alike."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import api.models  # noqa: F401  registers the tables
from api.models.base import UtcTime
from api.settings import settings

_TABLES = SQLModel.metadata


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations stand alone: our own types are written as what they are in the database."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item.__class__.__name__ == "AutoString":
        return "sa.String()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=_TABLES,
        render_as_batch=True,
        render_item=_render,
        compare_type=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # A migration that waits for a lock would make every alarm wait behind it.
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


async def _migrate() -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(settings.database)
    async with engine.begin() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_migrate())
