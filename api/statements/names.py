"""Finds people in a text: those we know by name, forms of address, and what looks like a name.

It is humble: it knows no list of names, and what only looks like one is said as a guess.
"""

import re
from collections.abc import Iterable, Iterator

_ADDRESSED = re.compile(
    r"(?<!\w)(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Chef|Kellner(?:in)?|"
    r"(?:our|the) (?:waiter|waitress|server|chef|cook|barista|manager))"
    r"\.?,? [A-ZÄÖÜ][\w’'-]+(?: [A-ZÄÖÜ][\w’'-]+)?"
)
_TWO = re.compile(r"(?<=[a-zäöüß,;:] )[A-ZÄÖÜ][a-zäöüß’'-]+ [A-ZÄÖÜ][a-zäöüß’'-]+(?!\w)")
# Every noun is written large there, so that two in a row mean nothing.
_GERMAN = re.compile(r"(?<!\w)(?:und|der|die|das|wir|nicht|ist|uns)(?!\w)", re.IGNORECASE)
_CALENDAR = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
)
_SHORTEST_PART = 3


def known(text: str, people: Iterable[str]) -> Iterator[str]:
    """Names of these people as they stand in the text: whole, or a part of a longer name."""
    for person in people:
        parts = person.split()
        longer = [part for part in parts if len(part) >= _SHORTEST_PART and part[0].isupper()]
        for name in dict.fromkeys([person, *longer] if len(parts) > 1 else [person]):
            yield from _found(text, name, whole=name == person and len(parts) > 1)


def whole(text: str, people: Iterable[str]) -> Iterator[str]:
    """The same by whole names alone: people give themselves words for names."""
    for person in people:
        yield from _found(text, person, whole=len(person.split()) > 1)


def _found(text: str, name: str, *, whole: bool) -> Iterator[str]:
    """One word has to be written like the name; several may be written as one likes."""
    if not name.strip():
        return
    flags = re.IGNORECASE if whole else re.NOFLAG
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?:[’']s)?(?!\w)", text, flags):
        yield match[0]


def addressed(text: str) -> Iterator[str]:
    """“Mr Huber”, “our waiter Tom”."""
    yield from (match[0] for match in _ADDRESSED.finditer(text))


def maybe(text: str, not_names: Iterable[str]) -> Iterator[str]:
    """Two capitalised words in the middle of a sentence that are nothing that we know."""
    if _GERMAN.search(text):
        return
    ours = {word.strip(".,’'") for name in not_names for word in name.split()} | _CALENDAR
    for match in _TWO.finditer(text):
        if not set(match[0].split()) & ours:
            yield match[0]
