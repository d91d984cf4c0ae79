"""One visit to a place of Meta's as it grows: what is kept, what is known next time, was it all.

Posts are listed with how much was said under each; only where that moved are the words asked for.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.items.item import SourceTrouble
from workers.platforms.connector import Fetched, Place
from workers.platforms.kept import CONTENT_TYPE, as_body
from workers.platforms.meta_http import Graph, is_id
from workers.platforms.newest import read_newest

# A visit has twenty seconds; where more was said the next one goes on.
ENOUGH_REQUESTS = 20

Named = Sequence[tuple[str, Any]]
Pages = AsyncIterator[tuple[Any, Named]]


@dataclass
class Visit:
    """`kept` are the pages for `read`, each with the name of its `stream`."""

    graph: Graph
    place: Place
    kept: list[dict[str, Any]] = field(default_factory=list)
    cursor: dict[str, Any] = field(default_factory=dict)
    news: bool = False
    whole: bool = True

    async def listen(self, stream: str, pages: Pages, **about: Any) -> None:
        """Read one list, newest first, until it is known; keep what `pages` yields of it."""
        raw, newest = await read_newest(pages, self.known(stream), self.place.mode)
        data = [one for page in raw for one in page]
        self.kept.append({"stream": stream, "data": data, **about})
        self.cursor[stream] = newest.remembered()
        self.news = self.news or newest.news
        self.whole = self.whole and newest.whole

    def known(self, stream: str) -> Mapping[str, str]:
        """What is known of a list by now."""
        found: Mapping[str, str] = self.cursor.get(stream) or self.place.cursor.get(stream) or {}
        return found

    def enough(self, threads: "Threads", name: str, *, some_known: bool, found: int) -> bool:
        """Whether all that was added under a post was found, so that no further page is asked for.

        A count that lies costs an edit or two until the next whole reading.
        """
        added = threads.growth(name) if name in threads.said else None
        over = added is not None and some_known and found >= added
        if not over or self.place.mode == "reconcile":
            return False
        self.whole = False
        return True

    def counted(self, shown: Mapping[str, float]) -> None:
        """What the platform counts; a change of it is news."""
        self.cursor["shown"] = dict(shown)
        self.news = self.news or self.place.cursor.get("shown") != dict(shown)

    def fetched(self, probed: Mapping[str, str] | None = None) -> Fetched:
        """The visit as an answer; all of it is covered only where every list was read to its end.

        Where there is no news, there is no body.
        """
        at = self.graph.not_before
        if not self.news:
            return Fetched(None, "", self.cursor, not_before=at, probed=probed)
        covers = datetime.min.replace(tzinfo=UTC) if self.whole else None
        body = as_body(self.kept, counters=self.cursor.get("shown") or None, covers=covers)
        return Fetched(body, CONTENT_TYPE, self.cursor, not_before=at, probed=probed)


@dataclass
class Threads:
    """Posts with how much was said under each: `said` now, `before` when they were last read.

    Each is [count, anything else that moves with it]; what was read this time is in `read`.
    """

    before: Mapping[str, Any]
    said: dict[str, list[Any]] = field(default_factory=dict)
    read: dict[str, list[Any]] = field(default_factory=dict)

    def moved(self, hinted: Iterable[str], *, every: bool) -> list[str]:
        """Whose words to ask for: where a hint points, where most was added, then the others."""
        grown = [name for name in self.said if self._is_news(name)]
        wanted = [*hinted, *sorted(grown, key=self.growth, reverse=True)]
        rest = [name for name, said in self.said.items() if every and said[0]]
        return list(dict.fromkeys([*wanted, *rest]))

    def growth(self, name: str) -> int:
        """How many were added since it was read, by the count."""
        return int(self.said.get(name, [0])[0]) - int(self.before.get(name, [0])[0])

    def note_read(self, name: str) -> None:
        """Its words were asked for; a post that a hint alone knows is not remembered."""
        if name in self.said:
            self.read[name] = self.said[name]

    def all_read(self) -> bool:
        """Whether every word under every post was asked for this time."""
        return all(name in self.read for name, said in self.said.items() if said[0])

    def known(self) -> dict[str, list[Any]]:
        """To be remembered: what was read as it is now, what still waits as it was then."""
        waiting = {name: self.before[name] for name in self.said if name in self.before}
        quiet = {name: said for name, said in self.said.items() if not self._is_news(name)}
        return waiting | quiet | self.read

    def _is_news(self, name: str) -> bool:
        said = self.said[name]
        return bool(said != self.before.get(name, [0, *said[1:]]))


async def hear_out(
    visit: Visit, threads: Threads, under: Callable[[str], Pages], named: Iterable[str], page: str
) -> None:
    """Ask for the words under the posts that moved, as long as the visit has time.

    A post that is gone by then, or that only a hint knows and nobody may read, is left out.
    """
    for name in threads.moved(named, every=visit.place.mode == "reconcile"):
        if visit.graph.calls.spent >= ENOUGH_REQUESTS:
            break
        passed_over = ("gone",) if name in threads.said else ("gone", "permission")
        try:
            await visit.listen("comments", under(name), under=name, page=page)
        except SourceTrouble as trouble:
            if trouble.health not in passed_over:
                raise
        else:
            threads.note_read(name)
    visit.cursor["posts"] = threads.known()
    visit.whole = visit.whole and threads.all_read()


def named(data: Iterable[Mapping[str, Any]]) -> Named:
    """Each with its id as text: Meta writes some of them as numbers."""
    return [(str(one["id"]), one) for one in data]


def hinted(place: Place, fields: Collection[str], *ids: str) -> list[str]:
    """What the hints of these fields point at, each once: the first of `ids` that they name."""
    told = [hint for hint in place.hints if hint.get("field") in fields]
    found = [next((hint[name] for name in ids if is_id(hint.get(name))), "") for hint in told]
    return [name for name in dict.fromkeys(found) if name]
