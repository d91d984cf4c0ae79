"""Silence is never a yes: questions that nobody answered end, and answers that grew old lapse."""

from uuid import UUID

from api.acting import follow
from api.database import Reader, transaction
from api.lifecycle import approval as lifecycle
from api.lifecycle import timeline
from api.lifecycle.timeline import SYSTEM
from api.models import Approval


async def due(session: Reader) -> list[UUID]:
    """The approvals whose time is over."""
    return await lifecycle.over(session)


async def grow_old(approval_id: UUID) -> None:
    """End one; what stood ready on it waits for another yes."""
    async with transaction() as session:
        known = await session.get_one(Approval, approval_id)
        await timeline.hold(session, known.incident_id)
        ended = await lifecycle.grow_old(session, approval_id)
        if ended is not None:
            await follow.yes_is_gone(session, ended, by=SYSTEM)
