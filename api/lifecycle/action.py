"""What may become of something that people decided to do for a client, at one place or at many."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import Invalid, InvalidTransition
from api.ids import encode, new_id
from api.lifecycle import result as results
from api.lifecycle import timeline
from api.lifecycle.approval import Subject, supersede_of
from api.lifecycle.down import is_there
from api.lifecycle.moves import Moves, allowed, move, try_to_move
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Action, Incident, Result
from api.shown import code_of, digest_of

MOVES: Moves = (
    ("proposed", "ask", "awaiting_approval"),
    ("proposed", "ready", "ready"),
    ("proposed", "cancel", "cancelled"),
    ("awaiting_approval", "ready", "ready"),
    ("awaiting_approval", "cancel", "cancelled"),
    ("ready", "ask", "awaiting_approval"),
    ("ready", "execute", "executing"),
    ("ready", "count_down", "counting_down"),
    ("ready", "cancel", "cancelled"),
    ("counting_down", "execute", "executing"),
    ("counting_down", "cancel", "cancelled"),
    ("executing", "succeed", "succeeded"),
    ("executing", "partly", "partially_succeeded"),
    ("executing", "fail", "failed"),
    ("executing", "reverted", "reverted"),
    ("failed", "retry", "executing"),
    ("failed", "revert", "reverting"),
    ("failed", "succeed", "succeeded"),
    ("failed", "partly", "partially_succeeded"),
    ("failed", "reverted", "reverted"),
    ("partially_succeeded", "retry", "executing"),
    ("partially_succeeded", "accept", "succeeded"),
    ("partially_succeeded", "revert", "reverting"),
    ("partially_succeeded", "succeed", "succeeded"),
    ("partially_succeeded", "reverted", "reverted"),
    ("succeeded", "revert", "reverting"),
    ("reverting", "reverted", "reverted"),
    ("reverting", "succeed", "succeeded"),
    ("reverting", "partly", "partially_succeeded"),
    ("reverting", "fail", "failed"),
)
BY_PEOPLE = ("cancel", "execute", "retry", "accept", "revert")
UNDER_WAY = ("counting_down", "executing", "reverting")
DONE = ("succeeded", "partially_succeeded", "failed")
COUNT_DOWN = timedelta(seconds=30)
# What cannot be called back is counted down; what can be put back is done at once.
_COUNTED_DOWN = ("publish_statement", "reply")


@dataclass(frozen=True, slots=True)
class Plan:
    """One thing to be done at one place; `what` is how it was shown."""

    name: str
    verb: str
    what: str
    certainty: str
    source_id: UUID | None = None
    back_verb: str = ""
    target: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    link: str = ""


async def propose(
    session: Writer, incident: Incident, kind: str, plans: Sequence[Plan], *,
    by: Actor, stays: Sequence[str] = (), words: str = "", statement_id: UUID | None = None,
) -> Action:  # fmt: skip
    """Write down what would be done, and exactly how it is shown; nothing is done by this."""
    if not plans:
        raise Invalid("Nothing was chosen.", hint="Choose at least one place.")
    shown = shown_of(kind, plans, stays, words)
    digest = digest_of(shown)
    action = Action(
        id=new_id(), incident_id=incident.id, client_id=incident.client_id, kind=kind, shown=shown,
        statement_id=statement_id, practice=incident.practice, by_id=by.id, by_name=by.name,
        digest=digest, code=code_of(digest),
    )  # fmt: skip
    session.add(action)
    await session.flush()
    for plan in plans:
        told = {name: one for name, one in asdict(plan).items() if name != "what"}
        session.add(Result(id=new_id(), action_id=action.id, **told))
    await session.flush()
    return action


def shown_of(
    kind: str, plans: Sequence[Plan], stays: Sequence[str] = (), words: str = ""
) -> dict[str, Any]:
    """What the owner is shown, word for word: what goes, what stays, which words go out."""
    places = [{"name": one.name, "what": one.what, "target": one.target} for one in plans]
    return {"kind": kind, "places": places, "stays": list(stays), "words": words}


def subject(action: Action) -> Subject:
    """The action as something to be asked about; its digest is taken anew from what is shown."""
    digest = digest_of(action.shown)
    return Subject(
        "action", action.id, action.client_id, action.incident_id, action.shown, digest,
        code_of(digest),
    )  # fmt: skip


def verbs(state: str) -> list[str]:
    """What a person may do with an action in this state."""
    return allowed(MOVES, state, verbs=BY_PEOPLE)


async def ask(session: Writer, action: Action, *, by: Actor) -> None:
    """It waits for the owner."""
    await _go(session, action, "ask", by)


async def ready(session: Writer, action: Action, *, by: Actor) -> None:
    """There is a yes."""
    await _go(session, action, "ready", by)


async def cancel(session: Writer, action: Action, *, by: Actor) -> None:
    """It is not done, or not any further; a countdown stops."""
    await _go(session, action, "cancel", by, due_at=None, ask_at=None, ended_at=now())


async def start(session: Writer, action: Action, *, by: Actor) -> None:
    """Begin: at once what can be put back, after a visible countdown what cannot."""
    if action.kind in _COUNTED_DOWN and action.state == "ready":
        await _go(session, action, "count_down", by, due_at=now() + COUNT_DOWN)
        return
    await _go(session, action, "execute", by, due_at=None, started_at=now())
    await _write(session, action, "executing", by)
    for one in await results.of_action(session, action.id):
        await results.begin(session, one)


async def retry(session: Writer, action: Action, *, by: Actor) -> None:
    """Try the failed parts once more; InvalidTransition where only hands are waited for."""
    failed = [one for one in await results.of_action(session, action.id) if can_retry(one)]
    if not failed:
        raise InvalidTransition(
            "Nothing of this can be tried again.", current_state=action.state, allowed=[]
        )
    await _go(session, action, "retry", by, ended_at=None)
    for one in failed:
        await results.retry(session, one)


def can_retry(one: Result) -> bool:
    """Whether we can try this place once more."""
    return "retry" in results.verbs(one)


async def accept(session: Writer, action: Action, *, by: Actor) -> None:
    """What is done is enough."""
    await _go(session, action, "accept", by)


async def revert(
    session: Writer, action: Action, places: Collection[UUID] = (), *, by: Actor
) -> None:
    """Put it back: all of it, or the chosen places first."""
    can = [one for one in await results.of_action(session, action.id) if is_there(one)]
    chosen = [one for one in can if not places or one.id in places]
    if not chosen:
        raise InvalidTransition(
            "Nothing of this is down.", current_state=action.state, allowed=verbs(action.state)
        )
    await _go(session, action, "revert", by, ask_at=None, left_at=None)
    await _write(session, action, "reverting", by)
    for one in chosen:
        await results.turn(session, one)


async def leave(session: Writer, action: Action, *, by: Actor) -> None:
    """It stays down: nobody is asked for the way back any more."""
    if action.state not in DONE:
        raise InvalidTransition(
            f"This is {action.state} now.", current_state=action.state, allowed=verbs(action.state)
        )
    action.left_at, action.ask_at, action.version = now(), None, action.version + 1
    session.add(action)
    await _write(session, action, "left_down", by)


async def settle(session: Writer, action: Action, verb: str) -> bool:
    """All its places came to an end; False when that was known already."""
    before = action.state
    ended = {"ended_at": now(), "version": Action.version + 1}
    if not await try_to_move(session, Action, MOVES, action.id, verb, **ended):
        return False
    await session.refresh(action)
    if action.state == before:
        return False
    _tell(session, action, f"action.{action.state}", before, SYSTEM)
    return True


async def ask_at(session: Writer, action_id: UUID, at: datetime | None) -> None:
    """When somebody is to be asked for the way back."""
    await session.exec(update(Action).where(col(Action.id) == action_id).values(ask_at=at))


async def let_go(session: Writer, incident_id: UUID, *, by: Actor) -> None:
    """The incident is over: what was not begun is not done, and nobody is asked about it."""
    for one in await of_incident(session, incident_id):
        if one.state in ("proposed", "awaiting_approval", "ready"):
            await supersede_of(session, one.id, "The incident is over.")
            await cancel(session, one, by=by)


async def ask_about_all(session: Writer, incident_id: UUID) -> None:
    """It is quiet: whatever is down may come back, and somebody is asked about it now."""
    await session.exec(
        update(Action)
        .where(col(Action.incident_id) == incident_id, col(Action.ask_at).is_not(None))
        .values(ask_at=now())
    )


async def of_incident(session: Reader, incident_id: UUID) -> list[Action]:
    """All that was decided in an incident, newest first."""
    found = await session.exec(
        select(Action).where(Action.incident_id == incident_id).order_by(col(Action.id).desc())
    )
    return list(found)


async def counted_down(session: Reader) -> list[UUID]:
    """The countdowns that have ended."""
    found = await session.exec(
        select(Action.id).where(Action.state == "counting_down", col(Action.due_at) <= now())
    )
    return list(found)


async def to_ask_about(session: Reader) -> list[UUID]:
    """What is down for so long that somebody should be asked for the way back."""
    return list(await session.exec(select(Action.id).where(col(Action.ask_at) <= now())))


async def _go(session: Writer, action: Action, verb: str, by: Actor, **columns: Any) -> None:
    before = action.state
    await move(session, Action, MOVES, action.id, verb, version=Action.version + 1, **columns)
    await session.refresh(action)
    _tell(session, action, f"action.{action.state}", before, by)


async def _write(session: Writer, action: Action, kind: str, by: Actor) -> None:
    places = [one["name"] for one in action.shown["places"]]
    facts = {"places": ", ".join(dict.fromkeys(places)), "code": action.code}
    await timeline.write(session, action.incident_id, kind, by=by, **facts)


def _tell(session: Writer, action: Action, kind: str, before: str, by: Actor) -> None:
    facts = {
        "id": encode("act", action.id), "object": "action", "kind": action.kind,
        "state": action.state, "incident_id": encode("inc", action.incident_id),
        "client_id": encode("cli", action.client_id),
    }  # fmt: skip
    emit(
        session, kind, client_id=action.client_id, object=facts, previous_state=before,
        actor=by.type,
    )  # fmt: skip
