"""What can be done on Instagram: hide, delete and answer comments, and close them for a while.

Each request is sent once. After a lost answer `observe` reads what is there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Action, ActVerb, Outcome, Place
from workers.platforms.meta_http import Graph, graph_of, is_id, own_id
from workers.platforms.meta_steps import SHOWN_WITHIN, Step, settle, unless_gone, walk

NEWEST = 10
MOST = 50
_BY_HAND: Mapping[ActVerb, str] = {
    "take_down": "No program can hide an Instagram account. Close the comments instead.",
    "block": "Blocking takes a hand, in the Instagram app.",
    "unblock": "Unblocking takes a hand, in the Instagram app.",
    "report": "Reporting takes a hand, in the Instagram app.",
    "publish": "A post on Instagram needs a picture. Publish it by hand.",
}
_NO_WAY = "Instagram offers no way to do this."
_GONE = "It is not there any more."
_NOT_OURS = "Instagram does not let this account do that here."
_OF_OTHERS = "These are not the account’s own words."


async def act(calls: Calls, place: Place, action: Action) -> Outcome:
    """Do one thing, once; what is gone already is done."""
    return await _one_of(_ACTS, calls, place, action)


async def observe(calls: Calls, place: Place, action: Action) -> Outcome:
    """Read back whether what the action wants is so."""
    return await _one_of(_OBSERVED, calls, place, action)


async def before(calls: Calls, place: Place, action: Action) -> Mapping[str, Any]:
    """What opening again will need, without changing anything: to be kept before closing."""
    if action.verb != "close_comments":
        return {}
    return {"media": await _named(graph_of(calls, place), place, action)}


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
        return Outcome("rejected", "This is nothing that Instagram knows.")
    return await way(graph_of(calls, place), place, action)


async def _hide(graph: Graph, place: Place, action: Action) -> Outcome:
    sent = graph.write("POST", action.target, hide=_hidden(action))
    return await unless_gone(sent, lambda: _see(graph, place, action), _NOT_OURS)


async def _delete(graph: Graph, place: Place, action: Action) -> Outcome:
    sent = graph.write("DELETE", action.target)
    return await unless_gone(sent, lambda: _see(graph, place, action), _NOT_OURS)


async def _unreply(graph: Graph, place: Place, action: Action) -> Outcome:
    """Delete the account's own words, by their id, and nobody else's."""
    account = await graph.get(own_id(place, "ig_user_id"), fields="username")
    try:
        shown = await graph.get(action.target, fields="id,username")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("done", _GONE)
    if shown.get("username") != account["username"]:
        return Outcome("rejected", _OF_OTHERS)
    return await _delete(graph, place, action)


async def _see(graph: Graph, _: Place, action: Action) -> Outcome:
    try:
        shown = await graph.get(action.target, fields="id,hidden")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return Outcome("rejected" if action.verb == "unhide" else "done", _GONE)
    if action.verb in ("delete", "unreply"):
        return Outcome("rejected", "It is still there.")
    as_wanted = str(shown.get("hidden")).lower() == _hidden(action)
    return Outcome("done") if as_wanted else Outcome("rejected", "It is as it was.")


async def _reply(graph: Graph, _: Place, action: Action) -> Outcome:
    told = await graph.write("POST", f"{action.target}/replies", message=action.params["text"])
    return Outcome("done", made=str(told.get("id", "")))


async def _see_reply(graph: Graph, place: Place, action: Action) -> Outcome:
    account = await graph.get(own_id(place, "ig_user_id"), fields="username")
    listed = await graph.get(f"{action.target}/replies", fields="id,text,username", limit=MOST)
    wanted = " ".join(action.params["text"].split())
    for one in listed.get("data", []):
        own = one.get("username") == account.get("username")
        if own and " ".join(str(one.get("text", "")).split()) == wanted:
            return Outcome("done", made=str(one["id"]))
    return Outcome("rejected", "These words are not there.")


async def _close(graph: Graph, place: Place, action: Action) -> Outcome:
    """The newest media, each with what it was before; what is closed already is not sent."""
    now = await _named(graph, place, action)
    kept = action.params.get("before") or {"media": now}
    steps = [Step(name, {"comment_enabled": "false"}) for name, is_open in now.items() if is_open]
    walked = await walk(graph, steps)
    return await settle(walked, lambda: _see_closed(graph, place, _on(action, now)), kept)


async def _open(graph: Graph, place: Place, action: Action) -> Outcome:
    """Those that were open before, and no other."""
    now = await _named(graph, place, action)
    were_open = [name for name in now if (action.params.get("media") or {}).get(name) is True]
    steps = [Step(name, {"comment_enabled": "true"}) for name in were_open if not now[name]]
    walked = await walk(graph, steps)
    return await settle(walked, lambda: _see_open(graph, place, action), {"media": now})


async def _see_closed(graph: Graph, place: Place, action: Action) -> Outcome:
    now = await _named(graph, place, action)
    return _counted(sum(now.values()), len(now), "open")


async def _see_open(graph: Graph, place: Place, action: Action) -> Outcome:
    now = await _named(graph, place, action)
    wanted = [name for name in now if (action.params.get("media") or {}).get(name) is True]
    return _counted(sum(not now[name] for name in wanted), len(wanted), "closed")


def _counted(left: int, among: int, how: str) -> Outcome:
    if not left:
        return Outcome("done")
    return Outcome("pending", f"{left} of {among} are still {how}.", check_after=SHOWN_WITHIN)


async def _named(graph: Graph, place: Place, action: Action) -> dict[str, bool]:
    """Whether comments are open: on the media that the action names, else on the newest ones.

    A medium that is gone has nothing to be opened or closed.
    """
    account, earlier = own_id(place, "ig_user_id"), action.params.get("before") or {}
    wanted = action.params.get("media") or earlier.get("media")
    if not wanted:
        return await _media(graph, account, int(action.params.get("newest", NEWEST)))
    listed = await _media(graph, account, MOST)
    for name in wanted:
        if name not in listed and is_id(name):
            listed |= await _single(graph, name)
    return {name: listed[name] for name in wanted if name in listed}


async def _media(graph: Graph, account: str, newest: int) -> dict[str, bool]:
    asked: dict[str, Any] = {"fields": "id,is_comment_enabled", "limit": min(newest, MOST)}
    found: dict[str, bool] = {}
    async for page in graph.pages(f"{account}/media", **asked):
        for one in page.get("data", []):
            found[str(one["id"])] = one.get("is_comment_enabled") is not False
        if len(found) >= newest:
            break
    return dict(list(found.items())[:newest])


async def _single(graph: Graph, name: str) -> dict[str, bool]:
    try:
        shown = await graph.get(name, fields="is_comment_enabled")
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        return {}
    return {name: shown.get("is_comment_enabled") is not False}


def _on(action: Action, media: Mapping[str, bool]) -> Action:
    """The same, on exactly these media: a new one may have come meanwhile."""
    return Action(action.verb, action.target, dict(action.params) | {"media": media}, action.key)


def _hidden(action: Action) -> str:
    return "true" if action.verb == "hide" else "false"


_AIMED = ("reply", "unreply", "hide", "unhide", "delete")
_ACTS: Mapping[ActVerb, _How] = {
    "reply": _reply, "unreply": _unreply, "hide": _hide, "unhide": _hide, "delete": _delete,
    "close_comments": _close, "open_comments": _open,
}  # fmt: skip
VERBS = frozenset(_ACTS)
_OBSERVED: Mapping[ActVerb, _How] = {
    "reply": _see_reply, "unreply": _see, "hide": _see, "unhide": _see, "delete": _see,
    "close_comments": _see_closed, "open_comments": _see_open,
}  # fmt: skip
