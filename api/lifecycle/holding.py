"""Holding an approved statement back until it is quiet, until a time, or until somebody says so.

Nothing goes out by the clock: when its condition is met, somebody is asked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select, update

from api import words_statements as words
from api.clock import now
from api.database import Reader, Writer
from api.errors import Invalid
from api.lifecycle import statement as statements
from api.lifecycle import statement_facts, warning
from api.lifecycle.moves import try_to_move
from api.lifecycle.ringing import ring_devices
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Client, Incident, Notification, Source, Statement, User
from api.models.incidents import OPEN_STATES
from api.statements.calm import Calm, calm_for

USUAL_HOURS = 48
_ONE_LOOK, _NEXT_LOOK = timedelta(minutes=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Until:
    """For how long: `hours` of measured calm, `at` a time (UTC), or, with neither, by hand."""

    hours: int | None = None
    at: datetime | None = None

    @property
    def kind(self) -> str:
        """The word of the table for it."""
        return "quiet" if self.hours else "time" if self.at else "hand"


async def hold(
    session: Writer, statement: Statement, until: Until, *, by: Actor, despite: bool = False
) -> None:
    """Hold it, or hold it longer. Invalid with the reason where silence may be the wrong choice."""
    against = await statement_facts.weighed(session, statement)
    if against and not despite:
        raise Invalid(
            against.sentence, hint="Publish it, or hold it and say that you mean it.",
            errors=[{"pointer": "/despite", "detail": against.sentence}],
        )  # fmt: skip
    looked_at = now() if until.hours else until.at
    await statements.go(
        session, statement, "hold", by, "statement.held",
        hold=until.kind, quiet_hours=until.hours, ask_at=looked_at, due_since=None,
    )  # fmt: skip
    await withdraw_question(session, statement)
    said = await _until_words(session, statement, until)
    await statements.write(session, statement, "statement_held", by, until_words=said)
    if against:
        heard = [word for one in against.heard for word in one.words]
        await statements.write(session, statement, "statement_despite", by, heard=", ".join(heard))


async def _until_words(session: Reader, statement: Statement, until: Until) -> str:
    client = await session.get_one(Client, statement.client_id)
    at = until.at.astimezone(ZoneInfo(client.zone)) if until.at else None
    clock = f"{at:%A} {at.day} {at:%B}, {at:%H:%M}" if at else ""
    return words.until(until.kind, until.hours, clock)


async def to_look_at(session: Reader) -> list[UUID]:
    """The held statements whose condition may be met, or may be met no more."""
    found = await session.exec(
        select(Statement.id).where(Statement.state == "held", col(Statement.ask_at) <= now())
    )
    return list(found)


async def look(session: Writer, statement_id: UUID) -> Statement | None:
    """See whether somebody has to be asked about it; the statement while that is so.

    A second wave takes the question back and counts from the beginning.
    """
    statement = await statements.take(session, statement_id)
    if statement.state != "held" or statement.ask_at is None or statement.ask_at > now():
        return None
    if statement.hold == "time":
        await _due(session, statement, again=None)
        return statement
    calm = await calm_of(session, statement)
    if calm.is_due:
        await _due(session, statement, again=now() + _ONE_LOOK)
        return statement
    if statement.due_since is not None:
        await _not_due(session, statement)
    statement.ask_at = max(calm.due_at or now() + _NEXT_LOOK, now() + _ONE_LOOK)
    session.add(statement)
    return None


async def _due(session: Writer, statement: Statement, *, again: datetime | None) -> None:
    """Note it once; looked at again, as it may be taken back."""
    if statement.due_since is not None:
        statement.ask_at = again
        session.add(statement)
        return
    values = {"due_since": now(), "ask_at": again, "version": Statement.version + 1}
    if await try_to_move(session, Statement, statements.MOVES, statement.id, "due", **values):
        await session.refresh(statement)
        hours = statement.quiet_hours
        await statements.write(session, statement, "statement_due", SYSTEM, hours=hours)
        statements.tell(session, statement, "statement.hold_due", SYSTEM)


async def _not_due(session: Writer, statement: Statement) -> None:
    statement.due_since, statement.version = None, statement.version + 1
    await withdraw_question(session, statement)
    await statements.write(session, statement, "statement_not_due", SYSTEM)


async def ask(
    session: Writer, statement: Statement, user: User, title: str, body: str, path: str
) -> int:
    """Ask one person, once per question: now, or in the morning where it is quiet."""
    morning = warning.quiet_end(user)
    about = {"title": title, "body": body, "path": path, "at": (morning or now()).isoformat()}
    key = f"{_question(statement)}{statement.due_since:%Y%m%dT%H%M%S}:{user.id}"
    return await ring_devices(
        session, user.id, "told", key=key, channels=("webpush",), at=morning, facts=about
    ) or await ring_devices(session, user.id, "told", key=key, at=morning, facts=about)


async def withdraw_question(session: Writer, statement: Statement) -> None:
    """What has not left yet need not be answered any more."""
    await session.exec(
        update(Notification)
        .where(
            col(Notification.step_key).startswith(_question(statement)),
            col(Notification.state) == "queued",
        )
        .values(state="superseded")
    )


def _question(statement: Statement) -> str:
    return f"release:{statement.id}:"


async def calm_of(session: Reader, statement: Statement) -> Calm:
    """For how long it has been quiet at its client; nothing is due while that cannot be seen."""
    client = await session.get_one(Client, statement.client_id)
    incident = await session.get(Incident, statement.incident_id)
    since = await _quiet_since(session, incident) if incident else None
    calm = calm_for(since, now(), client.zone, statement.quiet_hours or USUAL_HOURS)
    if client.detect_at is not None or await blind(session, client.id):
        return replace(calm, due_at=None, is_due=False)
    return calm


async def _quiet_since(session: Reader, incident: Incident) -> datetime | None:
    """Since when no burst of this client goes on: by measure, else by what people said."""
    found = await session.exec(
        select(Incident).where(
            Incident.client_id == incident.client_id,
            col(Incident.opened_at) >= incident.opened_at,
        )
    )
    moments = []
    for one in found:
        if one.state in OPEN_STATES and one.quiet_since is None:
            return None
        if one.id == incident.id or one.state != "dismissed":
            moments.append(one.quiet_since or one.ended_at)
    return max((moment for moment in moments if moment), default=None)


async def blind(session: Reader, client_id: UUID) -> list[str]:
    """The sources of a client that cannot be read now: what they hide is not quiet."""
    found = await session.exec(
        select(Source.name).where(
            Source.client_id == client_id,
            col(Source.failing_since).is_not(None),
            col(Source.removed_at).is_(None),
        )
    )
    return list(found)
