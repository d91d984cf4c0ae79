"""The actor of practice: the page of a drill goes down and comes back, nothing else is touched."""

from collections.abc import Mapping
from typing import Any

from api.settings import settings
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place
from workers.practice_page import PATH

VERBS: frozenset[ActVerb] = frozenset(
    {"take_down", "restore", "close_comments", "open_comments", "hide", "unhide", "publish"}
)
_SAID = "Practice. Nothing was touched."
_SAID_OF_PAGE = "Practice. No real page was touched."
_NOT_YET = "The practice page is not as it was wished."
_SHOWN: Mapping[ActVerb, bool] = {"take_down": False, "restore": True}


async def before(_: Calls, __: Place, ___: Action) -> Mapping[str, Any]:
    """There is nothing that stood before."""
    return {}


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Ask the practice page over HTTP; of anything else it is only said to be done."""
    if page := _page(place, action):
        await calls.write("PUT", page, json={"shown": _SHOWN[action.verb]})
        return Outcome("done", _SAID_OF_PAGE)
    return Outcome("done", _SAID)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """As the practice page shows it; of anything else as it was wished."""
    if page := _page(place, action):
        as_wished = (await calls.get(page)).object["shown"] is _SHOWN[action.verb]
        return Outcome("done", _SAID_OF_PAGE) if as_wished else Outcome("rejected", _NOT_YET)
    return Outcome("done", _SAID)


def _page(place: Place, action: Action) -> str:
    """Where the page of a drill stands, beside its feed; empty for any other place or act."""
    origin = f"http://{settings.practice_address}"
    is_page = place.url.startswith(f"{origin}/") and action.verb in _SHOWN
    return f"{origin}{PATH}" if is_page else ""
