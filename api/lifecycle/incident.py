"""What may become of an incident, and what follows from each move."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import InvalidTransition
from api.ids import encode
from api.lifecycle import action as actions
from api.lifecycle import down, escalation, timeline
from api.lifecycle.moves import Moves, allowed, move, try_to_move
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Client, Incident
from api.models.incidents import OPEN_STATES, TEACHING

MOVES: Moves = (
    ("triage", "confirm", "active"),
    ("triage", "dismiss", "dismissed"),
    ("active", "monitor", "monitoring"),
    ("active", "resolve", "resolved"),
    ("monitoring", "relapse", "active"),
    ("monitoring", "resolve", "resolved"),
    ("resolved", "reopen", "active"),
    ("resolved", "close", "closed"),
    ("dismissed", "reopen", "triage"),
)
BY_PEOPLE = ("confirm", "dismiss", "monitor", "resolve", "reopen", "close")

# A dismissed burst that doubles within this time rings again; later it must earn it anew.
DOUBLING_WATCH = timedelta(hours=6)
# After a burst less is needed to wake somebody, for so long.
SHARPER_FOR = timedelta(days=7)


def verbs(state: str) -> list[str]:
    """What a person may do with an incident in this state."""
    return allowed(MOVES, state, verbs=BY_PEOPLE)


async def of_client(session: Reader, client_id: UUID) -> Incident | None:
    """The open incident of a client; there is at most one."""
    return (
        await session.exec(
            select(Incident).where(
                Incident.client_id == client_id, col(Incident.state).in_(OPEN_STATES)
            )
        )
    ).first()


async def begin(
    session: Writer, client: Client, finding: Mapping[str, Any],
    *, look_at: datetime | None, doubt: Mapping[str, Any] | None = None,
) -> Incident:  # fmt: skip
    """Open an incident and its escalation; ringing is left to whoever sees that it is due.

    In doubt, when it looks like a fault of its source, it rings later, and at once if more comes.
    """
    incident = Incident(
        client_id=client.id,
        title=finding["title"],
        sentence=finding["sentence"],
        finding=dict(finding),
        practice=client.practice,
        since=datetime.fromisoformat(finding["since"]),
        opened_at=now(),
        low_count=finding["low_count"],
        told_low_count=finding["low_count"],
        look_at=look_at,
    )
    session.add(incident)
    await session.flush()
    await timeline.write(session, incident.id, "opened", sentence=incident.sentence)
    _tell(session, incident, "incident.created")
    if doubt:
        await timeline.write(session, incident.id, "doubted", **doubt)
    await escalation.start(session, incident, doubted=bool(doubt))
    return incident


async def grow(
    session: Writer, incident: Incident, low_count: int, *, look_at: datetime | None
) -> None:
    """Take the newer number into an open incident; calm has to be measured anew."""
    await session.exec(
        update(Incident)
        .where(col(Incident.id) == incident.id)
        .values(
            low_count=low_count,
            look_at=look_at,
            quiet_since=None,
            version=Incident.version + 1,
        )
    )
    _tell(session, incident, "incident.grown")


async def tell_growth(session: Writer, incident: Incident, low_count: int) -> None:
    """Note that the doubled number was told, so that it is told once."""
    incident.told_low_count = low_count
    session.add(incident)
    await timeline.write(session, incident.id, "doubled", low_count=low_count)


async def confirm(session: Writer, incident: Incident, *, by: Actor) -> None:
    """It is real."""
    await _go(session, incident, "confirm", by)


async def dismiss(session: Writer, incident: Incident, reason: str, *, by: Actor) -> None:
    """It is nothing: the ringing stops, and only a doubling rings again."""
    await _go(session, incident, "dismiss", by, dismiss_reason=reason, ended_at=now(), look_at=None)
    await actions.let_go(session, incident.id, by=by)
    if reason in TEACHING:
        await timeline.write(session, incident.id, "learned")
    await escalation.cancel(session, incident.id)


async def monitor(session: Writer, incident: Incident, *, by: Actor) -> None:
    """It is slowing; watch it."""
    await _go(session, incident, "monitor", by, explained_until=now())
    await escalation.end(session, incident.id)


async def resolve(session: Writer, incident: Incident, *, by: Actor) -> None:
    """It is over. InvalidTransition while something is being done, or is down without a word."""
    await _nothing_is_open(session, incident)
    await _sharpen(session, incident.client_id)
    await _go(session, incident, "resolve", by, ended_at=now(), look_at=None)
    await actions.let_go(session, incident.id, by=by)
    await escalation.end(session, incident.id)


async def _nothing_is_open(session: Reader, incident: Incident) -> None:
    for one in await actions.of_incident(session, incident.id):
        if one.state in actions.UNDER_WAY:
            why, hint = "Something is being done at this moment.", "Wait until it is done."
        elif one.left_at is None and one.kind == "take_down" and await down.stands(session, one):
            why, hint = "Something is still down.", "Put it back, or say that it stays down."
        else:
            continue
        raise InvalidTransition(
            why, hint=hint, current_state=incident.state, allowed=verbs(incident.state)
        )


async def close(session: Writer, incident: Incident, *, by: Actor) -> None:
    """Put it away."""
    await _go(session, incident, "close", by)


async def reopen(session: Writer, incident: Incident, *, by: Actor = SYSTEM) -> None:
    """It was not over: ring again. A client has one open incident at a time."""
    open_one = await of_client(session, incident.client_id)
    if open_one and open_one.id != incident.id:
        raise InvalidTransition(
            "Another incident of this client is open.", current_state=incident.state,
            allowed=[], hint="Work on the open one.",
        )  # fmt: skip
    await _go(
        session, incident, "reopen", by,
        ended_at=None, dismiss_reason=None, look_at=now(), slowing_at=None, quiet_since=None,
    )  # fmt: skip
    await escalation.start(session, incident)


async def relapse(session: Writer, incident: Incident) -> None:
    """The rate left the band while it was being watched: ring again."""
    came_back = await try_to_move(
        session, Incident, MOVES, incident.id, "relapse", slowing_at=None, quiet_since=None
    )
    if came_back:
        await timeline.write(session, incident.id, "relapse")
        _tell(session, incident, "incident.relapsed")
        await escalation.start(session, incident)


async def look_again(session: Writer, incident: Incident, at: datetime | None) -> None:
    """Move the next measuring of calm."""
    incident.look_at = at
    session.add(incident)


async def wait(session: Writer, incident: Incident, until: datetime | None) -> None:
    """Somebody is asked to look again then; with None nobody is."""
    incident.ask_at = until
    session.add(incident)


async def slowing(session: Writer, incident: Incident, at: datetime) -> None:
    """Measured: low reviews come at most a quarter as fast as at the worst."""
    incident.slowing_at = at
    session.add(incident)
    await timeline.write(session, incident.id, "slowing", at=at.isoformat())


async def second_wave(session: Writer, incident: Incident) -> None:
    """Measured: it was over, and it has begun again while people still work on it."""
    incident.slowing_at = None
    session.add(incident)
    await timeline.write(session, incident.id, "second_wave")


async def calm(session: Writer, incident: Incident, since: datetime) -> None:
    """Measured: nothing unusual since then. What follows from it is for a person to say."""
    await _sharpen(session, incident.client_id)
    incident.quiet_since, incident.look_at = since, None
    incident.explained_until = now()
    session.add(incident)
    await timeline.write(session, incident.id, "calm", since=since.isoformat())
    await actions.ask_about_all(session, incident.id)
    _tell(session, incident, "incident.calm")


async def _sharpen(session: Writer, client_id: UUID) -> None:
    """For a week less is needed. Whoever holds both rows takes that of the client first."""
    await session.exec(
        update(Client)
        .where(col(Client.id) == client_id)
        .values(sharper_until=now() + SHARPER_FOR)
        .execution_options(synchronize_session="fetch")
    )


async def _go(session: Writer, incident: Incident, verb: str, by: Actor, **columns: Any) -> None:
    before = incident.state
    await move(session, Incident, MOVES, incident.id, verb, **columns)
    await session.refresh(incident)
    await timeline.write(session, incident.id, verb, by=by, reason=columns.get("dismiss_reason"))
    _tell(session, incident, f"incident.{EVENTS[verb]}", previous_state=before, actor=by.type)


EVENTS = {
    "confirm": "confirmed",
    "dismiss": "dismissed",
    "monitor": "monitoring",
    "resolve": "resolved",
    "reopen": "reopened",
    "close": "closed",
}


def _tell(session: Writer, incident: Incident, kind: str, **more: Any) -> None:
    client_id = encode("cli", incident.client_id)
    facts = {
        "id": encode("inc", incident.id),
        "object": "incident",
        "state": incident.state,
        "client_id": client_id,
    }
    emit(session, kind, client_id=incident.client_id, object=facts, **more)
