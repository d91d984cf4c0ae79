"""What really happened at the Pages, held against what people were allowed and told."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from api.database import reading
from api.models import Action, Approval, Event
from tests.platforms.graph_state import WALL, GraphState

UNDER_WAY = ("executing", "reverting")
SETTLED = ("succeeded", "partially_succeeded", "failed", "reverted")
_SHOWN = {"unpublish": False, "publish": True}


@dataclass
class Try:
    """One wish to take a Page down: from `start` in the log of deeds on, and how often it may."""

    page: str
    start: int
    allowed: int = 0


@dataclass
class Leg:
    """One way of an action, there or back: how long it took until the app called it settled."""

    action: str
    way: str
    began: datetime
    ended: datetime | None = None
    end: str = ""

    @property
    def seconds(self) -> float:
        assert self.ended
        return (self.ended - self.began).total_seconds()


def doubled(state: GraphState) -> int:
    """Changes that took effect although it was so already: one wish was carried out twice."""
    stands: dict[tuple[str, str], Any] = {}
    count = 0
    for verb, page, how in state.log:
        thing, value = ("shown", _SHOWN[verb]) if verb in _SHOWN else (verb, how["value"])
        count += stands.get((page, thing), {"shown": True, **WALL}[thing]) == value
        stands[page, thing] = value
    return count


def uncalled_for(state: GraphState, tries: Sequence[Try]) -> int:
    """How often a Page went down beyond what was allowed since the last wish about it."""
    excess = 0
    for one, end in _spans(tries, len(state.log)):
        downs = sum(deed[:2] == ("unpublish", one.page) for deed in state.log[one.start : end])
        excess += max(0, downs - one.allowed)
    return excess


def _spans(tries: Sequence[Try], last: int) -> Iterator[tuple[Try, int]]:
    """Each try, and where the next about the same Page begins."""
    of_page: dict[str, list[Try]] = defaultdict(list)
    for one in tries:
        of_page[one.page].append(one)
    for some in of_page.values():
        yield from zip(some, [*(one.start for one in some[1:]), last], strict=True)


def as_it_was(state: GraphState, page: str) -> dict[str, Any]:
    """How a Page stands now, to be compared with later."""
    node = state.nodes[page]
    return {"shown": node["is_published"], **node["settings"]}


@dataclass
class Book:
    """What the database says of all actions when everything is over."""

    started: int = 0
    without_a_yes: int = 0
    legs: list[Leg] = field(default_factory=list)

    @property
    def without_an_end(self) -> int:
        return sum(leg.ended is None for leg in self.legs)

    def seconds(self, way: str) -> list[float]:
        return [leg.seconds for leg in self.legs if leg.way == way and leg.ended]


async def book() -> Book:
    """Read the ledger: every action that was started, its yes, and how long each way took."""
    found = Book()
    async with reading() as session:
        actions = list(
            await session.exec(select(Action).where(col(Action.started_at).is_not(None)))
        )
        used = list(await session.exec(select(Approval).where(Approval.state == "consumed")))
        query = select(Event).where(col(Event.type).startswith("action.")).order_by(col(Event.seq))
        events = list(await session.exec(query))
    yeses = sorted((one.subject_id, one.digest) for one in used)
    found.started = len(actions)
    found.without_a_yes = sum(yeses.count((one.id, one.digest)) != 1 for one in actions)
    found.legs = _legs(events)
    return found


def _legs(events: Sequence[Event]) -> list[Leg]:
    legs: list[Leg] = []
    open_ones: dict[str, Leg] = {}
    for event in events:
        action, state = event.data["object"]["id"], event.data["object"]["state"]
        if state in UNDER_WAY:
            open_ones[action] = Leg(action, state, event.at)
            legs.append(open_ones[action])
        elif state in SETTLED and action in open_ones:
            leg = open_ones.pop(action)
            leg.ended, leg.end = event.at, state
    return legs
