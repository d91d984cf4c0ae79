"""What was counted down begins when nobody stopped it, if its yes still holds for these words."""

from uuid import UUID

from api.acting import do
from api.clock import now
from api.database import Reader, transaction
from api.errors import ApprovalLapsed, ApprovalMissing, DigestChanged
from api.lifecycle import action as lifecycle
from api.lifecycle import statement as statements
from api.lifecycle import timeline
from api.lifecycle.timeline import SYSTEM
from api.models import Action, Statement


async def due(session: Reader) -> list[UUID]:
    """The countdowns that have ended."""
    return await lifecycle.counted_down(session)


async def count_down(action_id: UUID) -> None:
    """Begin, or stop where the yes is gone by now."""
    async with transaction() as session:
        known = await session.get_one(Action, action_id)
        await timeline.hold(session, known.incident_id)
        action = await session.get_one(Action, action_id, populate_existing=True)
        if action.state != "counting_down" or action.due_at is None or action.due_at > now():
            return
        if action.statement_id is None:
            await lifecycle.start(session, action, by=SYSTEM)
            return
        statement = await session.get_one(Statement, action.statement_id)
        try:
            await do.use_words(session, action, statement)
        except (ApprovalMissing, ApprovalLapsed, DigestChanged) as gone:
            await lifecycle.cancel(session, action, by=SYSTEM)
            await statements.not_sent(session, statement, gone.detail)
