"""Acting and reading back where nothing may raise: whatever a vendor says becomes an Outcome."""

from dataclasses import replace
from datetime import timedelta

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls, agreed_shape
from workers.platforms.connector import Action, Actor, Outcome, Place

# What is gone needs none of these any more.
UNDOING = frozenset({"delete", "hide", "unreply", "unblock"})
# What is gone cannot show these.
_SHOWN_THERE = frozenset({"reply", "unhide"})
# Nothing was done and nothing speaks against it: it may be asked for again.
_LATER = ("rate_limited", "transient")
_SOON = timedelta(minutes=1)


async def acted(actor: Actor, calls: Calls, place: Place, action: Action) -> Outcome:
    """Act once; raises no trouble of a vendor's.

    `unknown` is a lost answer, in either form. `pending` with `check_after` also says that nothing
    was sent or taken yet: the vendor is slow or asks for a pause. Any other refusal is `rejected`,
    but for undoing what is gone. What `params` say of `before` is never lost.
    """
    try:
        with agreed_shape():
            outcome = await _told(actor, calls, place, action)
    except SourceTrouble as strange:
        # An answer that nobody can read says nothing about what was done.
        outcome = Outcome("unknown", strange.detail)
    kept = action.params.get("before") or {}
    return outcome if outcome.before or not kept else replace(outcome, before=kept)


async def observed(actor: Actor, calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back; whatever keeps us from seeing it is `unknown`, with its words.

    Where it is gone, what undoes it is done, and what would show there is `rejected`.
    """
    try:
        with agreed_shape():
            return await actor.observe(calls, place, action)
    except SourceTrouble as trouble:
        if _undone(action, trouble):
            return Outcome("done", trouble.detail)
        missing = trouble.health == "gone" and action.verb in _SHOWN_THERE
        return Outcome("rejected" if missing else "unknown", trouble.detail)


async def _told(actor: Actor, calls: Calls, place: Place, action: Action) -> Outcome:
    try:
        return await actor.act(calls, place, action)
    except SourceTrouble as trouble:
        if trouble.health == "outcome_unknown":
            return Outcome("unknown", trouble.detail)
        if _undone(action, trouble):
            return Outcome("done", trouble.detail)
        if trouble.health in _LATER:
            pause = trouble.retry_at - calls.now if trouble.retry_at else _SOON
            return Outcome("pending", trouble.detail, check_after=max(pause, _SOON))
        return Outcome("rejected", trouble.detail)


def _undone(action: Action, trouble: SourceTrouble) -> bool:
    return trouble.health == "gone" and action.verb in UNDOING
