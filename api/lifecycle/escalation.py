"""Who is rung for an incident, until somebody has it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import InvalidTransition
from api.ids import encode
from api.lifecycle import plan, ringing, timeline
from api.lifecycle.moves import Moves, try_to_move
from api.lifecycle.timeline import Actor
from api.models import Escalation, Incident, User
from api.models.escalations import LIVE_STATES
from api.queue import after_commit
from api.settings import settings

MOVES: Moves = (
    ("deferred", "due", "ringing"),
    ("deferred", "hand_over", "ringing"),
    ("deferred", "acknowledge", "acknowledged"),
    ("deferred", "cancel", "cancelled"),
    ("deferred", "end", "ended"),
    ("ringing", "acknowledge", "acknowledged"),
    ("ringing", "hand_over", "ringing"),
    ("ringing", "exhaust", "exhausted"),
    ("ringing", "cancel", "cancelled"),
    ("ringing", "end", "ended"),
    ("acknowledged", "ack_expired", "ringing"),
    ("acknowledged", "hand_over", "ringing"),
    ("acknowledged", "end", "ended"),
    ("acknowledged", "cancel", "cancelled"),
    ("exhausted", "retry", "ringing"),
    ("exhausted", "acknowledge", "acknowledged"),
    ("exhausted", "hand_over", "ringing"),
    ("exhausted", "cancel", "cancelled"),
    ("exhausted", "end", "ended"),
)


async def live(session: Reader, incident_id: UUID) -> Escalation | None:
    """The escalation of an incident that has not ended."""
    return (
        await session.exec(
            select(Escalation).where(
                Escalation.incident_id == incident_id, col(Escalation.state).in_(LIVE_STATES)
            )
        )
    ).first()


async def newest(session: Reader, incident_id: UUID) -> Escalation | None:
    """The last escalation of an incident, ended or not."""
    return (
        await session.exec(
            select(Escalation)
            .where(Escalation.incident_id == incident_id)
            .order_by(col(Escalation.id).desc())
        )
    ).first()


async def start(session: Writer, incident: Incident, *, doubted: bool = False) -> None:
    """Freeze the ladder as it is now; the first alarm is its step zero and due at once.

    In doubt it is deferred: it rings when the doubt is over, unless a person says what it is.
    """
    if await live(session, incident.id):
        return
    row = Escalation(
        incident_id=incident.id,
        plan=await plan.frozen(session, incident),
        state="deferred" if doubted else "ringing",
        due_at=now() + settings.doubt_for if doubted else now(),
    )
    session.add(row)
    await session.flush()
    _tell(session, row, incident.client_id, "escalation.started")
    after_commit(session, "escalate", row.id)


async def stop_doubting(session: Writer, incident_id: UUID) -> None:
    """The deferred ringing is due now."""
    row = await live(session, incident_id)
    if row and await try_to_move(session, Escalation, MOVES, row.id, "due", due_at=now()):
        await timeline.write(session, incident_id, "not_doubted")
        after_commit(session, "escalate", row.id)


async def acknowledge(session: Writer, row: Escalation, *, by: Actor) -> None:
    """“I'm on it”: the ringing stops for everyone. A second tap learns who has it."""
    await timeline.hold(session, row.incident_id)
    until = now() + settings.acknowledged_for
    first = await try_to_move(
        session, Escalation, MOVES, row.id, "acknowledge",
        acknowledged_by=by.id if by.type == "user" else None, acknowledged_name=by.name,
        acknowledged_at=now(), ack_expires_at=until, due_at=until,
    )  # fmt: skip
    await session.refresh(row)
    if not first:
        _must_be_live(row)
        return
    await ringing.supersede(session, row.id)
    await ringing.tell_the_others(session, row)
    await timeline.write(session, row.incident_id, "acknowledged", by=by)
    await _announce(session, row, "escalation.acknowledged", by_name=by.name)


def _must_be_live(row: Escalation) -> None:
    if row.state not in LIVE_STATES:
        raise InvalidTransition(
            "This ringing has ended.", current_state=row.state, allowed=[],
            hint="The incident shows what is true now.",
        )  # fmt: skip


def who_has_it(row: Escalation | None) -> str | None:
    """The name of whoever has it now; an acknowledgement that ran out counts no more."""
    return row.acknowledged_name if row and row.state in {"acknowledged", "ended"} else None


async def extend(session: Writer, row: Escalation, *, by: Actor) -> None:
    """“Still on it”: ten more minutes."""
    await timeline.hold(session, row.incident_id)
    until = now() + settings.acknowledged_for
    extended = await session.exec(
        update(Escalation)
        .where(col(Escalation.id) == row.id, col(Escalation.state) == "acknowledged")
        .values(ack_expires_at=until, due_at=until)
    )
    await session.refresh(row)
    if not extended.rowcount:
        await acknowledge(session, row, by=by)
        return
    await timeline.write(session, row.incident_id, "still_on_it", by=by)


async def still_awake(session: Writer, row: Escalation) -> None:
    """Whoever has it did something: their ten minutes begin anew, without a word."""
    until = now() + settings.acknowledged_for
    await session.exec(
        update(Escalation)
        .where(col(Escalation.id) == row.id, col(Escalation.state) == "acknowledged")
        .values(ack_expires_at=until, due_at=until)
    )


async def ring_on(session: Writer, row: Escalation, step: int, due_at: datetime) -> None:
    """A step was rung; the next one is due then."""
    row.step, row.due_at = step, due_at
    session.add(row)


async def forget_acknowledgement(session: Writer, row: Escalation) -> None:
    """Ten minutes without a sign: ring again, the same person first."""
    if await try_to_move(session, Escalation, MOVES, row.id, "ack_expired", due_at=now()):
        await session.refresh(row)
        row.step, row.round = 0, row.round + 1
        row.plan = await _beginning_with(session, row.plan, row.acknowledged_by)
        session.add(row)
        await timeline.write(session, row.incident_id, "ack_expired")
        await _announce(session, row, "escalation.acknowledgement_expired")


async def _beginning_with(
    session: Reader, frozen: dict[str, Any], person: UUID | None
) -> dict[str, Any]:
    """The same ladder with one person's steps first, also of somebody who was not on it."""
    first = [step for step in frozen["steps"] if str(person) in step["people"]]
    user = await session.get(User, person) if person and not first else None
    if user:
        first = await plan.of_person(session, user)
    return frozen | {"steps": first + [step for step in frozen["steps"] if step not in first]}


async def hand_over(session: Writer, row: Escalation, to: User, *, by: Actor) -> None:
    """Ring somebody else now, and go on from there; whoever had it has it no more."""
    await timeline.hold(session, row.incident_id)
    if not await try_to_move(session, Escalation, MOVES, row.id, "hand_over", due_at=now()):
        _must_be_live(row)
        return
    await session.refresh(row)
    await ringing.supersede(session, row.id)
    row.step, row.round = 0, row.round + 1
    rest = [plan.without(step, to.id) for step in row.plan["steps"]]
    steps = await plan.of_person(session, to) + [step for step in rest if step["people"]]
    row.plan = row.plan | {"steps": steps}
    session.add(row)
    await timeline.write(session, row.incident_id, "handed_over", by=by, name=to.name)
    await _announce(session, row, "escalation.handed_over", to=encode("usr", to.id))
    after_commit(session, "escalate", row.id)


async def next_after(session: Reader, row: Escalation, user_id: UUID) -> User | None:
    """Who comes after this person on the frozen ladder; None when nobody does."""
    order = list(dict.fromkeys(one for step in row.plan["steps"] for one in step["people"]))
    later = order[order.index(str(user_id)) + 1 :] if str(user_id) in order else order
    return await session.get(User, UUID(later[0])) if later else None


async def exhaust(session: Writer, row: Escalation) -> None:
    """Nobody answered: said plainly, and the whole ladder comes again."""
    again = now() + settings.repeat_every
    if await try_to_move(session, Escalation, MOVES, row.id, "exhaust", due_at=again):
        await timeline.write(session, row.incident_id, "exhausted")
        await _announce(session, row, "escalation.exhausted")


async def retry(session: Writer, row: Escalation) -> None:
    """The whole ladder again, as it is now: it was frozen for one round, not for a night."""
    if await try_to_move(session, Escalation, MOVES, row.id, "retry", due_at=now()):
        await session.refresh(row)
        incident = await session.get_one(Incident, row.incident_id)
        row.plan = await plan.frozen(session, incident, as_set=await ringing.rang(session, row))
        row.step, row.round = 0, row.round + 1
        session.add(row)


async def hurry(session: Writer, escalation_id: UUID, round_: int | None, step: int | None) -> None:
    """Nobody was reached by this step: the next one is due now, unless it was rung already."""
    hurried = await session.exec(
        update(Escalation)
        .where(
            col(Escalation.id) == escalation_id,
            col(Escalation.state) == "ringing",
            col(Escalation.round) == round_,
            col(Escalation.step) == (step or 0) + 1,
            col(Escalation.due_at) > now(),
        )
        .values(due_at=now())
    )
    if hurried.rowcount:
        after_commit(session, "escalate", escalation_id)


async def end(session: Writer, incident_id: UUID) -> None:
    """A decision was made; nobody needs to be rung."""
    await _stop(session, incident_id, "end")


async def cancel(session: Writer, incident_id: UUID) -> None:
    """It was nothing; nobody needs to be rung."""
    await _stop(session, incident_id, "cancel")


async def _stop(session: Writer, incident_id: UUID, verb: str) -> None:
    row = await live(session, incident_id)
    if row and await try_to_move(session, Escalation, MOVES, row.id, verb, due_at=None):
        await ringing.supersede(session, row.id)
        if verb == "cancel":
            await _announce(session, row, "escalation.cancelled")


async def _announce(session: Writer, row: Escalation, kind: str, **more: Any) -> None:
    incident = await session.get_one(Incident, row.incident_id)
    _tell(session, row, incident.client_id, kind, **more)


def _tell(session: Writer, row: Escalation, client_id: UUID, kind: str, **more: Any) -> None:
    facts = {
        "id": encode("esc", row.id),
        "object": "escalation",
        "state": row.state,
        "incident_id": encode("inc", row.incident_id),
        "client_id": encode("cli", client_id),
    }
    emit(session, kind, client_id=client_id, object=facts, **more)
