"""A Facebook Page is hidden with its visitors' posts switched off, and put back as it was.

Done is only what the Page itself shows: nobody has written down that hiding works on every Page.
"""

from collections.abc import Mapping
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.connector import Action, Outcome, Place
from workers.platforms.meta_http import Graph, own_id
from workers.platforms.meta_steps import SHOWN_WITHIN, Step, settle, walk

# What visitors write on the wall. Only the names that a Page lists itself are ever touched.
WALL = ("USERS_CAN_POST", "USERS_CAN_POST_PHOTOS", "USERS_CAN_POST_VIDEOS")
_NO_SETTINGS = ("permission", "bad_content", "unavailable_capability", "gone")


async def standing(graph: Graph, page: str) -> dict[str, Any]:
    """How the Page stands now: `is_published`, and `settings` by name as true or false in words."""
    shown = (await graph.get(page, fields="is_published")).get("is_published")
    if not isinstance(shown, bool):
        words = "Facebook does not say whether the Page is visible."
        raise SourceTrouble("permission", words, permanent=True)
    return {"is_published": shown, "settings": await _settings(graph, page)}


async def bring_about(graph: Graph, place: Place, action: Action) -> Outcome:
    """Hide the Page, or put back what `params` says; what is so already is not sent again.

    `before` is what stood when the act began, or what `params["before"]` says of an earlier try.
    The Page comes first: where it may not be hidden, its visitors’ posts are left as they were.
    """
    page = own_id(place, "page_id")
    now = await standing(graph, page)
    before = action.params.get("before") or now
    wanted = _wanted(action, now)
    turns = now["is_published"] != wanted["is_published"]
    steps = [Step(page, {"is_published": _word(wanted["is_published"])})] if turns else []
    steps += [
        Step(f"{page}/settings", {"option": {name: word}})
        for name, word in wanted["settings"].items()
        if now["settings"].get(name) not in (None, word)
    ]
    walked = await walk(graph, steps, must=int(turns))
    return await settle(walked, lambda: observe(graph, place, action), before)


async def observe(graph: Graph, place: Place, action: Action) -> Outcome:
    """Read back: hidden is done; put back is done when the visitors' posts are as they were too."""
    now = await standing(graph, own_id(place, "page_id"))
    wanted = _wanted(action, now)
    if now["is_published"] != wanted["is_published"]:
        how = "visible" if now["is_published"] else "hidden"
        return Outcome("pending", f"The Page is still {how}.", check_after=SHOWN_WITHIN)
    if now["settings"] == now["settings"] | wanted["settings"]:
        return Outcome("done")
    if action.verb == "take_down":
        return Outcome("done", "The Page is hidden. Visitors’ posts are still switched on.")
    return Outcome("pending", "Visitors’ posts are not as they were.", check_after=SHOWN_WITHIN)


def _wanted(action: Action, now: Mapping[str, Any]) -> dict[str, Any]:
    if action.verb == "take_down":
        return {"is_published": False, "settings": dict.fromkeys(now["settings"], "false")}
    kept = action.params.get("settings") or {}
    settings = {name: _word(kept[name]) for name in now["settings"] if name in kept}
    return {"is_published": action.params.get("is_published") is not False, "settings": settings}


async def _settings(graph: Graph, page: str) -> dict[str, str]:
    """Those of the wall; none where Facebook does not list them, as hiding needs none."""
    try:
        listed = (await graph.get(f"{page}/settings")).get("data") or []
    except SourceTrouble as trouble:
        if trouble.health not in _NO_SETTINGS:
            raise
        return {}
    return {one["setting"]: _word(one["value"]) for one in listed if one.get("setting") in WALL}


def _word(value: object) -> str:
    """Facebook reads and writes these as words, as JSON's true, or as text."""
    return str(value).lower()
