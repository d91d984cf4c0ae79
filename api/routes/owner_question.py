"""A question as the owner sees it: exactly what is shown for the yes, and whether it is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api import words_owner as words
from api.clock import now
from api.ids import encode
from api.models import Approval
from api.pulse import clock_time, day_and_time
from api.routes.owner_door import Visit

_TODAY = timedelta(hours=20)
# What ended is shown, and “not right?” is open, for as long as words may wait on a yes.
_FRESH = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `places` are names with what would happen, `text` the words in full."""

    code: str
    digest: str
    kind: str
    says: str
    title: str
    places: list[tuple[str, str]]
    stays: str
    text: str
    undo: str
    yes: str
    no: str
    changes: str


def question(visit: Visit, asked: Approval) -> Question:
    """The question with the addresses of its answers."""
    kind, names = kind_of(asked), [name for name, _ in places_of(asked)]
    changes = visit.at("other-words", named(asked)) if kind == "words" else ""
    return Question(
        code=asked.code, digest=asked.digest, kind=kind, places=places_of(asked),
        says=words.deed(kind, names), title=words.begins(words.deed(kind, names)),
        stays=words.stays(asked.shown.get("stays", [])),
        text=asked.shown.get("text") or asked.shown.get("words", ""),
        undo=words.UNDO if kind == "take_down" else words.NOTHING_BY_ITSELF,
        yes=visit.at("answer", named(asked)), no=visit.at("not-now", named(asked)), changes=changes,
    )  # fmt: skip


def kind_of(asked: Approval) -> str:
    """Which words fit: `take_down`, `words`, `take_back` or `other`."""
    if asked.subject == "statement":
        return "take_back" if asked.shown.get("take_back") else "words"
    return "take_down" if asked.shown.get("kind") == "take_down" else "other"


def places_of(asked: Approval) -> list[tuple[str, str]]:
    """Each place once, with what would happen there."""
    shown: list[dict[str, Any]] = asked.shown.get("places", [])
    pairs = [(one["name"], one.get("what") or one.get("platform", "")) for one in shown]
    return list(dict.fromkeys(pairs))


def is_open(asked: Approval) -> bool:
    """Whether it can still be answered; a question whose time is over is, whoever noted it."""
    return asked.state == "requested" and (asked.expires_at is None or asked.expires_at > now())


def is_fresh(at: datetime | None) -> bool:
    """Whether that was lately enough to be shown still."""
    return at is not None and at > now() - _FRESH


def named(asked: Approval) -> str:
    """Its public id."""
    return encode("apr", asked.id)


def when(at: datetime, zone: str) -> str:
    """“03:16”, with the day once that is long ago."""
    return clock_time(at, zone) if now() - at < _TODAY else day_and_time(at, zone)
