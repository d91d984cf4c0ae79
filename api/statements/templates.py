"""Texts to begin with, filled with the facts that there are; what is missing stays a blank.

A blank is written in square brackets, “[when you will say more]”, and in no other way.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from api.statements.sentences import TEXTS

Readers = Literal["public", "press", "staff"]

_BLANK = re.compile(r"\[([^\[\]\n]{1,120})\]")
_FACT = re.compile(r"\{(\w+)\}")
# A bracket in a name would be read as a blank.
_NO_BRACKETS = str.maketrans("[]", "()")
_PARTS = (
    (5, "in the night to"),
    (12, "on the morning of"),
    (17, "on the afternoon of"),
    (24, "on the evening of"),
)
_MISSING = {
    "client": "the name of the business",
    "town": "the town",
    "when": "the day it began",
    "owner": "who signs this",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A text to begin with: for whom it is, when to take it, and its words with gaps."""

    id: str
    name: str
    about: str
    readers: Readers
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known; `began` is by the client's own clock, empty words are not known."""

    client: str = ""
    town: str = ""
    owner: str = ""
    began: datetime | None = None


TEMPLATES: dict[str, Template] = {
    one.id: one
    for one in (
        Template(
            "holding", "Holding statement", "Something happened, and you do not know enough yet.",
            "public", TEXTS["holding"],
        ),
        Template(
            "looking", "We are looking into it", "The shortest honest answer. It fits everywhere.",
            "public", TEXTS["looking"],
        ),
        Template(
            "apology", "Apology", "It did happen, and it was wrong. The owner has said so.",
            "public", TEXTS["apology"],
        ),
        Template(
            "correction", "Correction", "Something untrue goes round, and you can show what is so.",
            "public", TEXTS["correction"],
        ),
        Template(
            "staff", "Words to staff", "Before the doors open: what is known, and who speaks.",
            "staff", TEXTS["staff"],
        ),
        Template(
            "press", "Words for the press", "For whoever calls: the same facts, and one name.",
            "press", TEXTS["press"],
        ),
    )
}  # fmt: skip


def fill(text: str, facts: Facts) -> str:
    """The text with what is known; every missing fact is a blank that says what it needs."""
    known = {
        "client": facts.client,
        "town": facts.town,
        "owner": facts.owner,
        "when": when(facts.began) if facts.began else "",
    }

    def fact(gap: re.Match[str]) -> str:
        return known[gap[1]].translate(_NO_BRACKETS) or f"[{_MISSING[gap[1]]}]"

    return _FACT.sub(fact, text)


def blanks(text: str) -> list[str]:
    """What is still to be filled in, each once, in the order of the text."""
    return list(dict.fromkeys(blank.strip() for blank in _BLANK.findall(text)))


def when(at: datetime) -> str:
    """“on the evening of Tuesday, 12 May”, by the clock that it is given."""
    part = next(words for ends, words in _PARTS if at.hour < ends)
    return f"{part} {at:%A}, {at.day} {at:%B}"
