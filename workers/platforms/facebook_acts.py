"""What can be done on a Facebook Page: hide, delete, answer, block, say something, hide the Page.

Each request is sent once. After a lost answer `observe` reads what is there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms import facebook_down
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place
from workers.platforms.facebook_items import is_by, is_story
from workers.platforms.meta_http import Graph, graph_of, is_id, own_id
from workers.platforms.meta_steps import unless_gone

_DIGEST = 64
_LOOKED_AT = 3
_BY_HAND: Mapping[ActVerb, str] = {
    "report": "Reporting takes a hand, on Facebook itself.",
    "close_comments": "Facebook lets no program close the comments of a post. Hide them.",
    "open_comments": "Facebook lets no program close or open the comments of a post.",
}
_NO_WAY = "Facebook offers no way to do this."
_RECOMMENDATION = "Nobody can hide or delete a recommendation. Report it on Facebook."
_GONE = "It is not there any more."
_NOT_OURS = "Facebook does not let this Page do that here."
_OF_OTHERS = "These are not the Page’s own words."


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do one thing, once; what is gone already is done."""
    return await _one_of(_ACTS, calls, place, action)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back whether what the action wants is so."""
    return await _one_of(_OBSERVED, calls, place, action)


async def before(calls: Calls, place: Place, action: Action) -> Mapping[str, Any]:
    """What restoring will need, without changing anything: to be kept before the Page is hidden."""
    if action.verb != "take_down":
        return {}
    return await facebook_down.standing(graph_of(calls, place), own_id(place, "page_id"))


_How = Callable[[Graph, Place, Action], Awaitable[Outcome]]


async def _one_of(
    ways: Mapping[ActVerb, _How], calls: Calls, place: Place, action: Action
) -> Outcome:
    way = ways.get(action.verb)
    if way is None:
        return Outcome("by_hand", _BY_HAND.get(action.verb, _NO_WAY))
    if action.verb == "unreply":
        action = replace(action, target=str(action.params.get("made") or action.target))
    if action.verb in _AIMED and not is_id(action.target):
        return Outcome("rejected", "This is nothing that Facebook knows.")
    if action.verb in ("hide", "unhide", "delete") and is_story(action.target):
        return Outcome("by_hand", _RECOMMENDATION)
    if action.verb == "reply" and len(action.target) == _DIGEST:
        return Outcome("by_hand", "Facebook lets nobody answer a rating this old.")
    return await way(graph_of(calls, place), place, action)


async def _hide(graph: Graph, place: Place, action: Action) -> Outcome:
    sent = graph.write("POST", action.target, is_hidden=_hidden(action))
    return await unless_gone(sent, lambda: _see_hidden(graph, place, action), _NOT_OURS)


async def _delete(graph: Graph, place: Place, action: Action) -> Outcome:
    sent = graph.write("DELETE", action.target)
    return await unless_gone(sent, lambda: _see_deleted(graph, place, action), _NOT_OURS)


async def _unreply(graph: Graph, place: Place, action: Action) -> Outcome:
    """Delete the Page's own words, by their id, and nobody else's."""
    try:
        shown = await graph.get(action.target, fields="id,from{id}")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("done", _GONE)
    if not is_by(shown, own_id(place, "page_id")):
        return Outcome("rejected", _OF_OTHERS)
    return await _delete(graph, place, action)


async def _see_hidden(graph: Graph, _: Place, action: Action) -> Outcome:
    try:
        shown = await graph.get(action.target, fields="is_hidden")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("done" if action.verb == "hide" else "rejected", _GONE)
    if str(shown.get("is_hidden")).lower() == _hidden(action):
        return Outcome("done")
    return Outcome("rejected", "It is as it was.")


async def _see_deleted(graph: Graph, _: Place, action: Action) -> Outcome:
    try:
        await graph.get(action.target, fields="id")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("done", _GONE)
    return Outcome("rejected", "It is still there.")


async def _reply(graph: Graph, _: Place, action: Action) -> Outcome:
    path = f"{action.target}/comments"
    told = await graph.write("POST", path, message=action.params["text"])
    return Outcome("done", made=str(told.get("id", "")))


async def _see_reply(graph: Graph, place: Place, action: Action) -> Outcome:
    path = f"{action.target}/comments"
    return await _see_words(graph, place, action, path, "order", "reverse_chronological")


async def _publish(graph: Graph, place: Place, action: Action) -> Outcome:
    path = f"{own_id(place, 'page_id')}/feed"
    told = await graph.write("POST", path, message=action.params["text"])
    return Outcome("done", made=str(told.get("id", "")))


async def _see_post(graph: Graph, place: Place, action: Action) -> Outcome:
    path = f"{own_id(place, 'page_id')}/published_posts"
    return await _see_words(graph, place, action, path, "limit", 50)


async def _see_words(
    graph: Graph, place: Place, action: Action, path: str, name: str, value: object
) -> Outcome:
    """The Page's own words among the newest; Facebook may have changed the spaces in them."""
    wanted, pages = _plain(action.params["text"]), 0
    asked: dict[str, Any] = {"fields": "id,message,from{id}", "limit": 100} | {name: value}
    async for page in graph.pages(path, **asked):
        for one in page.get("data", []):
            own = is_by(one, own_id(place, "page_id"))
            if own and _plain(one.get("message") or "") == wanted:
                return Outcome("done", made=str(one["id"]))
        pages += 1
        if pages >= _LOOKED_AT:
            break
    return Outcome("rejected", "These words are not there.")


async def _block(graph: Graph, place: Place, action: Action) -> Outcome:
    path = f"{own_id(place, 'page_id')}/blocked"
    if action.verb == "unblock":
        sent = graph.write("DELETE", path, user=action.target)
        return await unless_gone(sent, lambda: _see_blocked(graph, place, action), _NOT_OURS)
    told = await graph.write("POST", path, user=action.target)
    if told.get(action.target) is False:
        return Outcome("rejected", "Facebook did not block this person.")
    return Outcome("done")


async def _see_blocked(graph: Graph, place: Place, action: Action) -> Outcome:
    path = f"{own_id(place, 'page_id')}/blocked"
    listed = (await graph.get(path, user=action.target)).get("data") or []
    blocked = any(str(one["id"]) == action.target for one in listed)
    if blocked == (action.verb == "block"):
        return Outcome("done")
    return Outcome("rejected", "It is as it was.")


def _hidden(action: Action) -> str:
    return "true" if action.verb == "hide" else "false"


def _plain(words: str) -> str:
    return " ".join(words.split())


_AIMED = ("reply", "unreply", "hide", "unhide", "delete", "block", "unblock")
_ACTS: Mapping[ActVerb, _How] = {
    "reply": _reply, "unreply": _unreply, "hide": _hide, "unhide": _hide, "delete": _delete,
    "block": _block, "unblock": _block, "publish": _publish,
    "take_down": facebook_down.bring_about, "restore": facebook_down.bring_about,
}  # fmt: skip
VERBS = frozenset(_ACTS)
_OBSERVED: Mapping[ActVerb, _How] = {
    "reply": _see_reply, "unreply": _see_deleted,
    "hide": _see_hidden, "unhide": _see_hidden, "delete": _see_deleted,
    "block": _see_blocked, "unblock": _see_blocked, "publish": _see_post,
    "take_down": facebook_down.observe, "restore": facebook_down.observe,
}  # fmt: skip
