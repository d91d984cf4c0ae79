"""An act of several requests at Meta: each is sent once, and what stood before is never lost."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.connector import Outcome
from workers.platforms.meta_http import Graph

# One refusal is no reason to leave out the others; after any other trouble nothing more is sent.
_GO_ON = ("permission", "bad_content", "unavailable_capability", "gone", "outcome_unknown")
_PAUSES = ("rate_limited", "quota_exhausted", "transient")
SHOWN_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One request that changes something."""

    path: str
    fields: Mapping[str, Any]


@dataclass
class Walk:
    """What became of the steps: `sent` may have taken effect, `troubles` are those that did not."""

    sent: int = 0
    troubles: list[SourceTrouble] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        return any(one.health == "outcome_unknown" for one in self.troubles)

    @property
    def refused(self) -> bool:
        """Whether any of it was a no that stays one; a pause that Meta asks for is none."""
        return any(one.health not in _PAUSES for one in self.troubles)


async def walk(graph: Graph, steps: Sequence[Step], *, must: int = 0) -> Walk:
    """Take every step once, as far as Meta lets us; raises the trouble when nothing was changed.

    After a no to one of the first `must` steps the others are left out: alone they are no use.
    """
    walked = Walk()
    for number, step in enumerate(steps):
        try:
            await graph.write("POST", step.path, **step.fields)
            walked.sent += 1
        except SourceTrouble as trouble:
            walked.troubles.append(trouble)
            lost = trouble.health == "outcome_unknown"
            walked.sent += lost
            if trouble.health not in _GO_ON or (number < must and not lost):
                break
    if walked.troubles and not walked.sent:
        raise walked.troubles[-1]
    return walked


async def unless_gone(
    sent: Awaitable[Any], look: Callable[[], Awaitable[Outcome]], not_ours: str
) -> Outcome:
    """Send one request. What is gone already is done, as far as `look` says so.

    Meta says the same of what is gone and of what we may not touch.
    """
    try:
        await sent
    except SourceTrouble as trouble:
        if trouble.health != "gone":
            raise
        seen = await look()
        return seen if seen.state == "done" else Outcome("rejected", not_ours)
    return Outcome("done")


async def settle(
    walked: Walk, look: Callable[[], Awaitable[Outcome]], before: Mapping[str, Any]
) -> Outcome:
    """What the reading back says of it, with what stood before, whatever it says."""
    why = walked.troubles[-1].detail if walked.troubles else ""
    try:
        seen = await look()
    except SourceTrouble as trouble:
        return Outcome("unknown", why or trouble.detail, before)
    if seen.state == "done":
        return Outcome("done", seen.detail, before)
    if walked.lost:
        return Outcome("unknown", why, before)
    if walked.refused:
        return Outcome("rejected", f"{why} {seen.detail}", before)
    return Outcome("pending", f"{why} {seen.detail}".strip(), before, check_after=SHOWN_WITHIN)
