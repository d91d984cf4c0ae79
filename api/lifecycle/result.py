"""What becomes of an action at one place: kept, sent once, read back; a lost answer is looked at.

Nothing is sent before what putting back needs is kept, and nothing a second time before the place
itself showed that the first did nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from api.clock import now
from api.crypto import new_token
from api.database import Reader, Writer
from api.lifecycle import timeline
from api.lifecycle.moves import Moves, allowed, move, try_to_move
from api.lifecycle.timeline import SYSTEM, Actor
from api.models import Action, Result
from api.queue import after_commit
from api.settings import settings

MOVES: Moves = (
    ("planned", "begin", "preparing"),
    ("planned", "offer", "by_hand"),
    ("preparing", "keep", "sending"),
    ("preparing", "refuse", "refused"),
    ("preparing", "lose", "lost"),
    ("sending", "send", "looking"),
    ("sending", "refuse", "refused"),
    ("sending", "lose", "lost"),
    ("looking", "see", "done"),
    ("looking", "again", "sending"),
    ("looking", "offer", "by_hand"),
    ("looking", "refuse", "refused"),
    ("looking", "lose", "lost"),
    ("lost", "see", "done"),
    ("lost", "retry", "looking"),
    ("lost", "prepare", "preparing"),
    ("lost", "finish", "done"),
    ("lost", "turn", "sending"),
    ("refused", "retry", "preparing"),
    ("refused", "finish", "done"),
    ("by_hand", "finish", "done"),
    ("done", "turn", "sending"),
    ("done", "turn_by_hand", "by_hand"),
)
MOVING = ("preparing", "sending", "looking")
# A hand is asked after this long; what shows later is still noticed, for a while.
_GIVE_UP = timedelta(seconds=34)
# Whoever has it in hand even then may have died over it. A minute is all that anybody waits, and
# whoever is started anew needs some seconds of it.
_LAST_CALL = timedelta(seconds=6)
_LATE_LOOKS, _LATE_EVERY = timedelta(minutes=10), timedelta(minutes=1)
_LOOK_AGAIN = timedelta(seconds=2)
# What sets a state may be sent again after it was seen to have had no effect; words never are.
REPEATABLE = frozenset(
    {"take_down", "restore", "close_comments", "open_comments", "hide", "unhide", "unreply"}
)
_TOLD = {
    "publish": ("said_out", "not_out"),
    "reply": ("answered", "not_answered"),
    "report": ("reported", "not_reported"),
}


def verdict(results: Sequence[Result]) -> str | None:
    """The action’s next verb by what became of its places; None while one is under way."""
    states = {one.state for one in results}
    if states & {*MOVING, "planned"}:
        return None
    if states == {"done"}:
        return "reverted" if all(one.way == "back" for one in results) else "succeed"
    return "partly" if states & {"done", "by_hand"} else "fail"


def verbs(result: Result) -> list[str]:
    """What a person may do about one place."""
    return allowed(MOVES, result.state, verbs=("retry", "finish"))


async def of_action(session: Reader, action_id: UUID) -> list[Result]:
    """The places of an action, in the order in which they were shown."""
    found = await session.exec(
        select(Result)
        .where(Result.action_id == action_id)
        .order_by(col(Result.id))
        .execution_options(populate_existing=True)
    )
    return list(found)


async def begin(session: Writer, result: Result) -> None:
    """Now it is to be done: by us, or by a hand that is told how."""
    if result.certainty == "by_hand":
        await _go(session, result, "offer")
    else:
        await _go(session, result, "begin", act_at=now(), give_up_at=now() + _GIVE_UP)
        after_commit(session, "carry_out", result.id)


async def turn(session: Writer, result: Result) -> None:
    """The way back, as it came: by us, or by a hand."""
    fresh = {"way": "back", "seen_at": None, "detail": "", "done_by": ""}
    if result.certainty == "by_hand" or result.done_by or not result.back_verb:
        await _go(session, result, "turn_by_hand", **fresh)
        return
    ends = now() + _GIVE_UP
    at = _quiet_at(result)
    await _go(session, result, "turn", **fresh, sent_at=None, act_at=at, give_up_at=ends)
    after_commit(session, "carry_out", result.id)


async def retry(session: Writer, result: Result) -> None:
    """Once more, by a person’s wish: what may have been sent is looked at first, then sent."""
    fresh: dict[str, Any] = {
        "act_at": _quiet_at(result),
        "give_up_at": now() + _GIVE_UP,
        "detail": "",
    }
    if result.verb_now not in REPEATABLE:
        fresh["sent_at"] = None
    unprepared = result.state == "lost" and result.before is None
    await _go(session, result, "prepare" if unprepared else "retry", **fresh)
    after_commit(session, "carry_out", result.id)


def _quiet_at(result: Result) -> datetime:
    """When nothing that got lost can take effect any more; what was seen or refused is over."""
    if result.state != "lost" or result.sent_at is None:
        return now()
    return max(now(), result.sent_at + settings.act_in_flight)


async def finish(session: Writer, result: Result, *, link: str = "", by: Actor) -> None:
    """A hand did it; whoever did it is named, as nothing was read back."""
    made = {"made": link} if link else {}
    await _go(session, result, "finish", done_by=by.name, seen_at=now(), act_at=None, **made)
    await _note(session, result, "hand_done" if result.way == "there" else "hand_back", by=by)


async def due(session: Reader) -> list[UUID]:
    """The places where something is to be done, or was begun by somebody who died over it.

    Those that somebody waits for come first.
    """
    waited_for = (col(Result.state) == "lost", col(Result.give_up_at))
    return list(await session.exec(select(Result.id).where(_is_due()).order_by(*waited_for)))


def _is_due() -> ColumnElement[bool]:
    late = col(Result.state).in_(MOVING) & (col(Result.give_up_at) <= now() - _LAST_CALL)
    waits = col(Result.act_at).is_not(None)
    return waits & ((col(Result.act_at) <= now()) | late)


def is_too_late(result: Result) -> bool:
    """Whether there is no time left to ask the place: whoever waits is told that it got lost."""
    ends = result.give_up_at
    return result.state in MOVING and ends is not None and ends + _LAST_CALL <= now()


async def claim(session: Writer, result_id: UUID) -> Result | None:
    """Take one for as long as an act may last; None when it is done or in other hands.

    What is too late is taken out of any hands.
    """
    claimed = await session.exec(
        update(Result)
        .where(col(Result.id) == result_id, _is_due())
        .values(claim=new_token(), act_at=now() + settings.act_lease)
    )
    if claimed.rowcount != 1:
        return None
    return await session.get(Result, result_id, populate_existing=True)


async def keep(session: Writer, result: Result, before: Mapping[str, Any]) -> Result | None:
    """What stood there is kept; from now on it may be sent. None when it is in other hands."""
    return await _mine(session, result, "keep", before=dict(before))


async def sending(session: Writer, result: Result) -> Result | None:
    """Noted before the request leaves: whoever comes after a death looks first."""
    return await _mine(session, result, "send", sent_at=now())


async def seen(session: Writer, result: Result, detail: str, made: str = "") -> bool:
    """The place shows it, or has said yes where nothing can be read back."""
    kept = {"made": made} if made else {}
    done = {"seen_at": now(), "detail": detail, "act_at": None}
    if not await _mine(session, result, "see", **done, **kept):
        return False
    await _note(session, result, _told(result)[0])
    return True


async def refuse(session: Writer, result: Result, detail: str) -> bool:
    """The place said no: a hand may do it, or somebody signs in again and retries."""
    return await _bad(session, result, "refuse", detail, act_at=None)


async def by_hand(session: Writer, result: Result, detail: str) -> bool:
    """It turned out that no program can do this there."""
    if not await _mine(session, result, "offer", detail=detail, act_at=None):
        return False
    await _note(session, result, "hand")
    return True


async def not_yet(session: Writer, result: Result, detail: str, *, absent: bool) -> bool:
    """It does not show. What is `absent` for longer than a request lives may be sent again."""
    if result.give_up_at is None or result.give_up_at <= now():
        return await _lose(session, result, detail)
    if absent and result.state == "looking" and _may_be_sent_again(result):
        return bool(await _mine(session, result, "again", detail=detail, act_at=now()))
    return await _later(session, result, detail, now() + _LOOK_AGAIN)


def _may_be_sent_again(result: Result) -> bool:
    """A person’s second wish, or what sets a state and can no longer be on its way."""
    if result.sent_at is None:
        return True
    return result.verb_now in REPEATABLE and result.sent_at + settings.act_in_flight <= now()


async def _lose(session: Writer, result: Result, detail: str) -> bool:
    """Nobody knows, or it does not show: a hand is asked, and it is looked at for a while."""
    sent = result.sent_at is not None
    if result.state != "lost":
        soon = now() + _LOOK_AGAIN if sent else None
        return await _bad(session, result, "lose", detail, act_at=soon)
    goes_on = sent and (result.give_up_at or now()) + _LATE_LOOKS > now()
    return await _later(session, result, detail, now() + _LATE_EVERY if goes_on else None)


async def _bad(session: Writer, result: Result, verb: str, detail: str, **more: Any) -> bool:
    if not await _mine(session, result, verb, detail=detail, **more):
        return False
    await _note(session, result, _told(result)[1], detail=detail)
    return True


async def _later(session: Writer, result: Result, detail: str, at: datetime | None) -> bool:
    noted = await session.exec(
        update(Result)
        .where(col(Result.id) == result.id, col(Result.claim) == result.claim)
        .values(act_at=at, detail=detail)
    )
    return bool(noted.rowcount == 1)


async def _mine(session: Writer, result: Result, verb: str, **columns: Any) -> Result | None:
    """Move it if the claim is still ours: whoever lost it says nothing."""
    held = await session.exec(
        update(Result)
        .where(col(Result.id) == result.id, col(Result.claim) == result.claim)
        .values(claim=result.claim)
    )
    if held.rowcount != 1:
        return None
    if not await try_to_move(session, Result, MOVES, result.id, verb, **columns):
        return None
    return await session.get_one(Result, result.id, populate_existing=True)


async def _go(session: Writer, result: Result, verb: str, **columns: Any) -> None:
    """A person’s move: whoever had it in hand has lost it."""
    await move(session, Result, MOVES, result.id, verb, claim=None, **columns)
    await session.refresh(result)


def _told(result: Result) -> tuple[str, str]:
    if result.way == "back":
        return "back", "not_back"
    return _TOLD.get(result.verb, ("down", "not_down"))


async def _note(
    session: Writer, result: Result, kind: str, *, by: Actor = SYSTEM, **facts: Any
) -> None:
    action = await session.get_one(Action, result.action_id)
    await timeline.write(session, action.incident_id, kind, by=by, place=result.name, **facts)
