"""How Graph is asked for fields, read strictly: `id,from{id},comments.limit(0){id}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-z_]+")
_TURN = re.compile(r"\.([a-z_]+)\(([^()]*)\)")


class GraphRefusal(Exception):
    """An error in Meta's own shape."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": refusal(code, message, **more)}


def refusal(code: int, message: str, **more: object) -> dict[str, object]:
    return {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1b2"} | more


def missing(name: str) -> GraphRefusal:
    words = (
        f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation."
    )
    return GraphRefusal(400, 100, words, error_subcode=33)


@dataclass
class Wanted:
    """One field, how its list is turned, and what is wanted of what is inside."""

    name: str
    turns: dict[str, str] = field(default_factory=dict)
    inside: list[Wanted] = field(default_factory=list)


def parse(text: str) -> list[Wanted]:
    wanted, rest = _fields(text)
    if rest:
        raise _broken(text)
    return wanted


def _fields(text: str) -> tuple[list[Wanted], str]:
    found: list[Wanted] = []
    while True:
        one, text = _field(text)
        found.append(one)
        if not text.startswith(","):
            return found, text
        text = text[1:]


def _field(text: str) -> tuple[Wanted, str]:
    name = _NAME.match(text)
    if name is None:
        raise _broken(text)
    one, text = Wanted(name[0]), text[name.end() :]
    while turn := _TURN.match(text):
        one.turns[turn[1]] = turn[2]
        text = text[turn.end() :]
    if text.startswith("{"):
        one.inside, text = _fields(text[1:])
        if not text.startswith("}"):
            raise _broken(text)
        text = text[1:]
    return one, text


def _broken(text: str) -> GraphRefusal:
    return GraphRefusal(400, 2500, f"Syntax error near: {text[:20]}")
