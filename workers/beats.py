"""Heartbeats: who finished a round of its work when, one per process and one per duty of it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from api.clock import now
from api.database import reading, transaction
from api.models import Heartbeat


def of_duty(process: str, duty: str) -> str:
    """The name of a duty's beat."""
    return f"{process}:{duty}"


async def leave(*names: str) -> None:
    """Write these beats with the present moment, all in one statement."""
    async with transaction() as session:
        dialect = session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        beats = insert(Heartbeat).values([{"name": name, "at": now()} for name in names])
        await session.exec(
            beats.on_conflict_do_update(
                index_elements=["name"], set_={"at": beats.excluded["at"]}
            )
        )  # fmt: skip


async def old(names: Collection[str], after: timedelta) -> list[str]:
    """Which of these beats are missing, or lie further off than that.

    A beat that lies ahead is no good one either: the clock was set back, and who left it is silent.
    """
    async with reading() as session:
        found = await session.exec(select(Heartbeat).where(col(Heartbeat.name).in_(names)))
        at: Mapping[str, datetime] = {beat.name: beat.at for beat in found}
    return [name for name in names if name not in at or abs(now() - at[name]) >= after]
