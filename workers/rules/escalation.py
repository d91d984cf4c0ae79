"""Says what is due on a ladder: ring a step, give up for now, ring again, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring these people over these channels, then wait; or only wait, if a phone has shown it."""

    step: int
    people: tuple[str, ...]
    channels: tuple[str, ...]
    wait: timedelta
    unless_shown: bool = False


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Every step was rung and nobody answered."""


@dataclass(frozen=True, slots=True)
class AcknowledgementOver:
    """Whoever had it gave no sign for too long."""


@dataclass(frozen=True, slots=True)
class RingAllAgain:
    """The pause after an exhausted ladder is over."""


@dataclass(frozen=True, slots=True)
class DoubtOver:
    """Nobody has said that the burst is a fault of its source: ring."""


Due = Ring | Exhausted | AcknowledgementOver | RingAllAgain | DoubtOver


def what_is_due(state: str, plan: Mapping[str, Any], step: int) -> Due | None:
    """The one thing that is due when an escalation's deadline has passed; None when it has ended.

    `step` counts from zero and is the next to be rung: the first alarm is step zero.
    """
    if state == "deferred":
        return DoubtOver()
    if state == "acknowledged":
        return AcknowledgementOver()
    if state == "exhausted":
        return RingAllAgain()
    if state != "ringing":
        return None
    steps = plan.get("steps", [])
    return _ring(step, steps[step]) if step < len(steps) else Exhausted()


def _ring(step: int, of: Mapping[str, Any]) -> Ring:
    return Ring(
        step=step,
        people=tuple(of["people"]),
        channels=tuple(of["channels"]),
        wait=timedelta(seconds=of["wait_seconds"]),
        unless_shown=bool(of.get("unless_shown")),
    )


def pause_before(
    attempt: int, *, waited: timedelta, patience: timedelta, asked: timedelta | None = None
) -> timedelta | None:
    """Time to wait before another try at one delivery; None: another way is due.

    The pauses double from one second to a minute, or are as long as the service asked for. No
    pause may end later than `patience` after the delivery was asked for.
    """
    own = timedelta(seconds=min(2 ** min(attempt - 1, 6), 60))
    pause = max(own, asked or timedelta())
    return pause if waited + pause < patience else None
