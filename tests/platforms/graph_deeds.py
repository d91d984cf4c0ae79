"""What Graph does when it is written to: one function for each kind of change."""

from __future__ import annotations

from typing import Any

from tests.platforms.graph_fields import GraphRefusal
from tests.platforms.graph_state import GraphState, Node

DONE = {"success": True}


def write(state: GraphState, method: str, path: str, said: dict[str, Any]) -> dict[str, Any]:
    """Carry out one request; refuses in Graph's own words what it does not know."""
    name, _, edge = path.partition("/")
    if method == "DELETE" and edge == "blocked":
        return _unblock(state, name, said)
    if method == "DELETE":
        return _delete(state, name)
    if edge:
        return _ADDED[edge](state, name, said) if edge in _ADDED else _unknown(edge)
    node = state.touch(name)
    return _CHANGED[node["kind"]](state, node, said)


def _page(state: GraphState, page: Node, said: dict[str, Any]) -> dict[str, Any]:
    shown = _yes(said, "is_published")
    state.did("publish" if shown else "unpublish", page["id"])
    if page["id"] not in state.stubborn:
        page["is_published"] = shown
    return DONE


def _settings(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    page = state.touch(name)
    for setting in said["option"]:
        if setting not in page["settings"]:
            raise GraphRefusal(400, 100, f"(#100) Invalid setting {setting}")
        page["settings"][setting] = _yes(said["option"], setting)
        state.did(setting, name, value=page["settings"][setting])
    return DONE


def _post(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    state.touch(name)
    _only_once(state, said["message"], [*state.of("post", name)])
    made = f"{name}_{700000 + len(state.nodes)}"
    state.post(made, name, said["message"])
    state.did("post", name)
    return {"id": made}


def _comment(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    under = state.touch(name)
    page = under["of"] if under["kind"] != "comment" else state.find(under["of"])["of"]
    answers = [one for one in state.nodes.values() if one.get("under") == name]
    _only_once(state, said["message"], answers)
    made = f"{name.partition('_')[2] or name}_{800000 + len(state.nodes)}"
    state.comment(made, name, said["message"], by=page)
    state.did("reply", name)
    return {"id": made}


def _reply(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    under = state.touch(name)
    account = state.find(state.find(under["of"])["of"])
    made = str(900000 + len(state.nodes))
    state.said(made, name, said["message"], by=account["username"])
    state.did("reply", name)
    return {"id": made}


def _block(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    state.blocked.setdefault(name, set()).add(str(said["user"]))
    state.did("block", str(said["user"]))
    return {str(said["user"]): True}


def _unblock(state: GraphState, name: str, said: dict[str, Any]) -> dict[str, Any]:
    state.blocked.setdefault(name, set()).discard(str(said["user"]))
    state.did("unblock", str(said["user"]))
    return DONE


def _hide(state: GraphState, node: Node, said: dict[str, Any]) -> dict[str, Any]:
    node["is_hidden"] = _yes(said, "is_hidden")
    state.did("hide" if node["is_hidden"] else "unhide", node["id"])
    return DONE


def _hide_there(state: GraphState, node: Node, said: dict[str, Any]) -> dict[str, Any]:
    node["hidden"] = _yes(said, "hide")
    state.did("hide" if node["hidden"] else "unhide", node["id"])
    return DONE


def _close(state: GraphState, node: Node, said: dict[str, Any]) -> dict[str, Any]:
    node["is_comment_enabled"] = _yes(said, "comment_enabled")
    state.did("open" if node["is_comment_enabled"] else "close", node["id"])
    return DONE


def _delete(state: GraphState, name: str) -> dict[str, Any]:
    state.touch(name)
    del state.nodes[name]
    state.did("delete", name)
    return DONE


def _only_once(state: GraphState, message: str, others: list[Node]) -> None:
    if any(one["message"] == message for one in others):
        raise GraphRefusal(400, 506, "Duplicate status message")


def _yes(said: dict[str, Any], name: str) -> bool:
    if str(said.get(name)).lower() not in ("true", "false"):
        raise GraphRefusal(400, 100, f"(#100) Param {name} must be a boolean")
    return str(said[name]).lower() == "true"


def _unknown(edge: str) -> dict[str, Any]:
    raise GraphRefusal(400, 100, f"(#100) Unsupported post request to {edge}")


_ADDED = {
    "settings": _settings,
    "feed": _post,
    "comments": _comment,
    "replies": _reply,
    "blocked": _block,
}
_CHANGED = {
    "page": _page,
    "post": _hide,
    "comment": _hide,
    "ig_comment": _hide_there,
    "medium": _close,
}
