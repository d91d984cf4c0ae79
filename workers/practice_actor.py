"""The actor of practice: it says yes to everything and touches nothing."""

from collections.abc import Mapping
from typing import Any

from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place

VERBS: frozenset[ActVerb] = frozenset(
    {"take_down", "restore", "close_comments", "open_comments", "hide", "unhide", "publish"}
)
_SAID = "Practice. Nothing was touched."


async def before(_: Calls, __: Place, ___: Action) -> Mapping[str, Any]:
    """There is nothing that stood before."""
    return {}


async def act(_: Calls, __: Place, ___: Action) -> Outcome:
    """Done, in practice."""
    return Outcome("done", _SAID)


async def observe(_: Calls, __: Place, ___: Action) -> Outcome:
    """As it was wished."""
    return Outcome("done", _SAID)
