"""What may become of a question to the owner, and when an answer counts.

Silence is never a yes, a yes is for exactly what was shown, it grows old, and it is used once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import ApprovalLapsed, ApprovalMissing, DigestChanged, InvalidTransition
from api.ids import encode
from api.lifecycle import timeline
from api.lifecycle.moves import Moves, allowed, move, try_to_move
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Approval

MOVES: Moves = (
    ("requested", "approve", "approved"),
    ("requested", "decline", "declined"),
    ("requested", "request_changes", "changes_requested"),
    ("requested", "supersede", "superseded"),
    ("requested", "withdraw", "withdrawn"),
    ("requested", "expire", "expired"),
    ("changes_requested", "supersede", "superseded"),
    ("approved", "revoke", "revoked"),
    ("approved", "supersede", "superseded"),
    ("approved", "lapse", "lapsed"),
    ("approved", "consume", "consumed"),
)
LIVE = ("requested", "approved", "changes_requested")
# A take-down is for tonight, words may wait for days until it is quiet.
HOLDS_FOR = {"action": timedelta(hours=2), "statement": timedelta(hours=72)}
_OPEN_FOR = {"action": timedelta(hours=12), "statement": timedelta(hours=72)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about; `shown` is word for word what the owner is shown."""

    kind: str
    id: UUID
    client_id: UUID
    incident_id: UUID | None
    shown: dict[str, Any]
    digest: str
    code: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answered, over which way (`page`, `phone`, `in_person`, `standing`), in which words."""

    how: str
    contact_id: UUID | None
    contact_name: str
    call_id: UUID | None = None
    phone_id: UUID | None = None
    words: str = ""
    until: datetime | None = None


async def request(session: Writer, subject: Subject, *, by: Actor) -> Approval:
    """Ask; whatever was asked or agreed before about the same thing counts no more."""
    await supersede_of(session, subject.id, "It was asked anew.")
    asked = Approval(
        client_id=subject.client_id, incident_id=subject.incident_id, subject=subject.kind,
        subject_id=subject.id, shown=subject.shown, digest=subject.digest, code=subject.code,
        by_name=by.name, expires_at=now() + _OPEN_FOR[subject.kind],
    )  # fmt: skip
    session.add(asked)
    await session.flush()
    _tell(session, asked, "approval.requested", by)
    return asked


async def approve(session: Writer, asked: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner says yes to what was shown. InvalidTransition when it was over already."""
    until = answer.until or now() + HOLDS_FOR[asked.subject]
    await _decide(session, asked, "approve", answer, by, valid_until=until)


async def decline(session: Writer, asked: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner says no."""
    await _decide(session, asked, "decline", answer, by)


async def request_changes(session: Writer, asked: Approval, answer: Answer, *, by: Actor) -> None:
    """The owner wants other words."""
    await _decide(session, asked, "request_changes", answer, by)


async def withdraw(session: Writer, asked: Approval, *, by: Actor) -> None:
    """The manager does not ask any more."""
    await _end(session, asked, "withdraw", "The question was taken back.", by)


async def revoke(session: Writer, asked: Approval, why: str, *, by: Actor) -> None:
    """A yes is taken back before it was used."""
    await _end(session, asked, "revoke", why, by)


async def consume(session: Writer, asked: Approval) -> None:
    """The yes is used, once: of two at the same moment the second is refused."""
    await move(session, Approval, MOVES, asked.id, "consume", version=Approval.version + 1)
    await session.refresh(asked)


async def supersede_of(session: Writer, subject_id: UUID, why: str) -> None:
    """The thing changed: no question and no yes about it counts any more."""
    for one in await of_subject(session, subject_id):
        if "supersede" in verbs(one.state):
            await _end(session, one, "supersede", why, SYSTEM)


async def holding(session: Reader, subject: Subject) -> Approval:
    """The yes that holds for exactly this now; what is missing is said."""
    given = [one for one in await of_subject(session, subject.id) if one.state == "approved"]
    if not given:
        raise await _why_not(session, subject.id)
    found = given[0]
    if found.digest != subject.digest:
        raise DigestChanged(f"The yes was for {found.code}, this is {subject.code}.")
    if found.valid_until is None or found.valid_until <= now():
        raise ApprovalLapsed
    return found


async def _why_not(session: Reader, subject_id: UUID) -> ApprovalMissing | ApprovalLapsed:
    newest = await newest_of(session, subject_id)
    return ApprovalLapsed() if newest and newest.state == "lapsed" else ApprovalMissing()


def verbs(state: str) -> list[str]:
    """What may become of it from this state."""
    return allowed(MOVES, state)


async def of_subject(session: Reader, subject_id: UUID) -> list[Approval]:
    """All questions about one thing, newest first."""
    found = await session.exec(
        select(Approval).where(Approval.subject_id == subject_id).order_by(col(Approval.id).desc())
    )
    return list(found)


async def newest_of(session: Reader, subject_id: UUID) -> Approval | None:
    """The newest question about one thing."""
    return next(iter(await of_subject(session, subject_id)), None)


async def over(session: Reader) -> list[UUID]:
    """Questions that nobody answered in time, and answers that grew old."""
    asked = (col(Approval.state) == "requested") & (col(Approval.expires_at) <= now())
    given = (col(Approval.state) == "approved") & (col(Approval.valid_until) <= now())
    return list(await session.exec(select(Approval.id).where(asked | given)))


async def grow_old(session: Writer, approval_id: UUID) -> Approval | None:
    """Let the clock end one; None when somebody was faster."""
    asked = await session.get_one(Approval, approval_id, populate_existing=True)
    verb = {"requested": "expire", "approved": "lapse"}.get(asked.state)
    ends = asked.expires_at if verb == "expire" else asked.valid_until
    if verb is None or ends is None or ends > now():
        return None
    why = "Nobody answered." if verb == "expire" else "The yes grew too old."
    if not await try_to_move(session, Approval, MOVES, asked.id, verb, ended_why=why):
        return None
    await _ended(session, asked, SYSTEM)
    return asked


async def opened(session: Writer, approval_id: UUID) -> None:
    """The owner has looked at it."""
    await session.exec(
        update(Approval)
        .where(col(Approval.id) == approval_id, col(Approval.opened_at).is_(None))
        .values(opened_at=now())
    )


async def objected(session: Writer, asked: Approval, *, by: Actor) -> None:
    """The owner says that this yes is not right: it is noted, whatever was done with it."""
    asked.objected_at = asked.objected_at or now()
    session.add(asked)
    if asked.incident_id:
        await timeline.write(session, asked.incident_id, "not_right", by=by, code=asked.code)


async def _decide(
    session: Writer, asked: Approval, verb: str, answer: Answer, by: Actor, **more: Any
) -> None:
    if asked.state == "requested" and asked.expires_at and asked.expires_at <= now():
        raise InvalidTransition("Its time is over.", current_state="expired", allowed=[])
    await move(
        session, Approval, MOVES, asked.id, verb, decided_at=now(), how=answer.how,
        contact_id=answer.contact_id, contact_name=answer.contact_name, words=answer.words,
        phone_id=answer.phone_id, call_id=answer.call_id, version=Approval.version + 1, **more,
    )  # fmt: skip
    await session.refresh(asked)
    _tell(session, asked, f"approval.{asked.state}", by)


async def _end(session: Writer, asked: Approval, verb: str, why: str, by: Actor) -> None:
    await move(session, Approval, MOVES, asked.id, verb, ended_why=why, version=asked.version + 1)
    await _ended(session, asked, by)


async def _ended(session: Writer, asked: Approval, by: Actor) -> None:
    await session.refresh(asked)
    _tell(session, asked, f"approval.{asked.state}", by)
    if asked.incident_id:
        facts = {"code": asked.code, "why": asked.ended_why}
        await timeline.write(session, asked.incident_id, "yes_over", by=by, **facts)


def _tell(session: Writer, asked: Approval, kind: str, by: Actor) -> None:
    facts = {
        "id": encode("apr", asked.id), "object": "approval", "state": asked.state,
        "client_id": encode("cli", asked.client_id), "subject": asked.subject, "code": asked.code,
    }  # fmt: skip
    emit(session, kind, client_id=asked.client_id, object=facts, actor=by.type)
