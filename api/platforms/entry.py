"""What is known of a platform before anything is asked of it: what can be done there, and how."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Verb = Literal[
    "read", "hear", "reply", "hide", "delete", "block", "report", "close_comments", "take_down"
]
How = Literal["real", "link", "none"]
Retention = Literal["full", "day", "ids"]
Way = Literal["account", "key", "mailbox", "nothing", "own"]
Unit = Literal["signs", "bytes"]

VERBS: tuple[Verb, ...] = (
    "read", "hear", "reply", "hide", "delete", "block", "report", "close_comments", "take_down",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that can be done there: really, by a link for a hand, or not at all, and why."""

    verb: Verb
    how: How
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a person enters to connect: an id of the place, or a secret."""

    name: str
    label: str
    secret: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Longest:
    """How long words of the client's own may be there: signs as people count them, or bytes.

    `link` is for how many signs a web address counts, however long it is; 0 where it is counted.
    """

    most: int
    unit: Unit = "signs"
    link: int = 0


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Where a person says yes (OAuth 2.0 code flow, RFC 6749 and 7636)."""

    authorise_url: str
    scopes: tuple[str, ...]
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One platform of the catalogue.

    `family` names the operator's app that serves it, `way` how a client is connected: by signing
    in (account), by entering a key, by a mailbox, by nothing but the link, or not by us (own).
    `every` and `every_in_incident` hold back the two rhythms of the settings where a vendor gives
    little; `daily_calls` is a budget of requests a day that it sets. `retention` is what may be
    stored: all of it, the words for a day, or ids alone. `addresses` are patterns of links, whose
    named groups are ids. `publishes` is whether Nightdesk can publish a post of the client's there;
    where it cannot, a hand does. `longest` is how long their own words may be, where that is known.
    """

    kind: str
    name: str
    family: str
    way: Way
    capabilities: tuple[Capability, ...]
    asked: tuple[Asked, ...] = ()
    authorisation: Authorisation | None = None
    retention: Retention = "full"
    every: timedelta = timedelta()
    every_in_incident: timedelta = timedelta()
    daily_calls: int | None = None
    addresses: tuple[str, ...] = ()
    note: str = ""
    publishes: bool = False
    longest: Longest | None = None

    def found_in(self, url: str) -> Mapping[str, str] | None:
        """The ids that a link of this platform holds; None when it is of another."""
        for pattern in self.addresses:
            match = re.fullmatch(pattern, url, re.IGNORECASE)
            if match:
                return {name: text for name, text in match.groupdict().items() if text}
        return None


def real(verb: Verb, reason: str) -> Capability:
    """Done by Nightdesk over the platform's own interface."""
    return Capability(verb, "real", reason)


def by_link(verb: Verb, reason: str, link: str) -> Capability:
    """Done by a hand, at this address."""
    return Capability(verb, "link", reason, link)


def never(verb: Verb, reason: str, link: str = "") -> Capability:
    """Not possible there; the reason says what to do instead."""
    return Capability(verb, "none", reason, link)
