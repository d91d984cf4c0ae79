"""Reading newest first: what of a page is known and unchanged, and when to stop.

A page of which everything is known and unchanged ends the reading; the first known item does not,
as an edit comes to the front of some orders and a late one to the middle of others.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.platforms.connector import Mode

# So many ids are remembered: more than one page of every vendor, and 20 kB of a row.
REMEMBERED = 400
DEPTH: Mapping[Mode, int] = {"calm": 4, "attack": 4, "reconcile": 10}
FIRST_DEPTH = 10


def likeness(item: Any) -> str:
    """Changes when the item does; 16 signs are enough to tell two versions apart."""
    written = json.dumps(item, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


@dataclass
class Newest:
    """What was met before and what is met now: id → likeness, oldest first."""

    known: Mapping[str, str]
    met: dict[str, str] = field(default_factory=dict)
    news: bool = False
    whole: bool = False

    def page(self, items: Sequence[tuple[str, Any]]) -> bool:
        """Take one page; whether something in it is new or changed."""
        fresh = False
        for name, item in items:
            said = likeness(item)
            fresh = fresh or self.known.get(name) != said
            self.met.setdefault(name, said)
        self.news = self.news or fresh
        return fresh

    def remembered(self) -> dict[str, str]:
        """What to know next time, the newest of it."""
        kept = self.met | {name: said for name, said in self.known.items() if name not in self.met}
        return dict(list(kept.items())[:REMEMBERED])


async def read_newest(
    pages: AsyncIterator[tuple[Any, Sequence[tuple[str, Any]]]],
    known: Mapping[str, str],
    mode: Mode,
) -> tuple[list[Any], Newest]:
    """Read raw pages with their (id, item) pairs until one is old, or the depth is reached.

    The first reading goes deeper, for the history. `whole` says that the end was reached.
    """
    depth = DEPTH[mode] if known else FIRST_DEPTH
    raw: list[Any] = []
    # A whole reading is news by what is not in it: removals show in no other way.
    newest = Newest(known, news=mode == "reconcile")
    async for page, items in pages:
        raw.append(page)
        fresh = newest.page(items)
        if len(raw) >= depth or not (fresh or mode == "reconcile"):
            return raw, newest
    newest.whole = True
    return raw, newest
