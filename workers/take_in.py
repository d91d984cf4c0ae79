"""Raw delivery → reviews, as often as you like."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, reading, transaction
from api.items import Problem, Read
from api.items.item import SourceTrouble
from api.lifecycle import intake as lifecycle
from api.lifecycle import removal
from api.lifecycle import source as sources
from api.models import Intake, Source
from workers.platforms import PLATFORMS

_MOST_TRIES = 5
_PROBLEMS_KEPT = 100


async def due(session: Reader) -> list[UUID]:
    """The deliveries that wait to be read."""
    found = await session.exec(
        select(Intake.id).where(Intake.state == "waiting", col(Intake.take_in_at) <= now())
    )
    return list(found)


async def take_in(intake_id: UUID) -> None:
    """Read one delivery and write its reviews; a delivery that cannot be read blinds its source."""
    async with reading() as session:
        intake = await session.get(Intake, intake_id)
        if intake is None or intake.state != "waiting" or intake.body is None:
            return
        source = await session.get_one(Source, intake.source_id)
    kind = "file" if intake.history else source.kind
    try:
        found = await asyncio.to_thread(
            PLATFORMS[kind].read, intake.body, intake.content_type, now()
        )
        await _write(intake, source, found)
    except SourceTrouble as trouble:
        await _refuse(intake, source, trouble)
    except Exception:
        await _put_back(intake, source)
        raise


async def _write(intake: Intake, source: Source, found: Read) -> None:
    """Items and “taken in” are one transaction: dying before it repeats it, after it nothing."""
    async with transaction() as session:
        if not await lifecycle.taken_in(session, intake.id, result={}):
            return
        results = await lifecycle.take(
            session, source, found.items,
            history=intake.history, undated_are_history=source.last_ok_at is None,
        )  # fmt: skip
        await lifecycle.note_result(session, intake.id, _result(results, found.problems))
        if not intake.history:
            await removal.note(
                session, source,
                covers=found.covers, present=_shown(found), said_gone=found.gone,
            )  # fmt: skip
            counted = {"counters": dict(found.counters)} if found.counters else {}
            await sources.seen(session, source, **counted)


def _shown(found: Read) -> list[str]:
    """Everything that the platform shows, whether it could be taken or not."""
    refused = [problem.external_id for problem in found.problems if problem.external_id]
    return [*(item.external_id for item in found.items), *refused]


def _result(results: dict[str, str], problems: Sequence[Problem]) -> dict[str, Any]:
    words = list(results.values())
    counts = {word: words.count(word) for word in ("created", "updated", "unchanged")}
    told = [
        {"index": p.index, "external_id": p.external_id, "code": p.code, "detail": p.detail}
        for p in problems[:_PROBLEMS_KEPT]
    ]
    return counts | {"rejected": len(problems), "problems": told}


async def _refuse(intake: Intake, source: Source, trouble: SourceTrouble) -> None:
    """Said where it was handed in; a feed or webhook that sends this is blind until it mends."""
    async with transaction() as session:
        await lifecycle.failed(
            session, intake.id, {"code": trouble.health, "detail": trouble.detail}
        )
        if not intake.history:
            await sources.trouble(session, source, trouble.health, trouble.detail)


async def _put_back(intake: Intake, source: Source) -> None:
    """Our own fault: tried again with a pause, kept for a person and said after five times."""
    async with transaction() as session:
        if intake.attempts + 1 >= _MOST_TRIES:
            words = "This delivery could not be read."
            detail = {"code": "unreadable", "detail": words}
            await lifecycle.failed(session, intake.id, detail)
            if not intake.history:
                await sources.trouble(session, source, "bad_content", words)
        else:
            pause = timedelta(seconds=10 * 2**intake.attempts)
            await lifecycle.put_back(session, intake.id, now() + pause)
