"""Watches the watchers: does what is late itself, and tells the outside only while all is well.

A process of its own, with a database pool of its own, as it has to see when the others hang.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from api import clock, database, logs, queue
from api.database import emit, reading, transaction
from api.settings import settings
from workers import beats
from workers.dead_man import DeadMan
from workers.main import TIMETABLE, Duty, Process

NAME = "watchdog"

_log = logging.getLogger("nightdesk.watchdog")

_LOOK_EVERY = timedelta(seconds=2)
_LOOKS_PER_PING = 15
_SWEEPS_TO_BEAT = 3
_BEATS = (
    *TIMETABLE,
    *(beats.of_duty(name, one.name) for name, duties in TIMETABLE.items() for one in duties),
)


class _Late(NamedTuple):
    """Rows of one duty that nobody has done in time."""

    stand_in: Process
    duty: Duty
    rows: list[UUID]


class Watchdog:
    """Looks at every duty and every heartbeat, acts on what is late, and pings while it may."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._began = steady()
        self._dead_man = DeadMan(steady)
        self._stand_ins = [Process(name) for name in TIMETABLE]
        self._late_before: set[str] = set()
        self._helped: set[str] = set()
        self._said = ""

    async def run(self) -> None:
        """Until SIGTERM."""
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        looking = asyncio.create_task(self._look_on())
        await stop.wait()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await self.finish()
        await queue.bell().close()
        await database.close()

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        for stand_in in self._stand_ins:
            await stand_in.finish()
        await self._dead_man.finish()

    async def _look_on(self) -> None:
        pause = min(_LOOK_EVERY, settings.dead_man_every / _LOOKS_PER_PING).total_seconds()
        while True:
            await self.look()
            await asyncio.sleep(pause)

    async def look(self) -> bool:
        """One round: act on what is late, and ping if all is well; whether it is.

        Well means: nothing is late, every beat is fresh, and our own was written. A round that
        hangs ends after `late_after` and was not well.
        """
        try:
            async with asyncio.timeout(settings.late_after.total_seconds()):
                trouble = await self._trouble()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            trouble = f"the database does not answer: {type(error).__name__}"
        if trouble != self._said and (self._is_settled() or not trouble):
            self._said = trouble
            _log.warning(trouble or "all is well again")
        if not trouble:
            self._dead_man.go_on()
        return not trouble

    def _is_settled(self) -> bool:
        """Whoever started together with us had the time to begin."""
        return self._steady() - self._began >= settings.late_after.total_seconds()

    async def _trouble(self) -> str:
        """What is wrong, for the log; empty when all is well."""
        silent = await beats.old(_BEATS, _silent_after())
        late = await self._late(silent)
        await self._help(late)
        await beats.leave(NAME)
        told = {"silent": _shortly(silent), "late": [*late]}
        return "; ".join(f"{what}: {', '.join(names)}" for what, names in told.items() if names)

    async def _late(self, silent: Collection[str]) -> dict[str, _Late]:
        """What has been due for longer than `late_after`; of a silent process, what is due."""
        found = {}
        for stand_in in self._stand_ins:
            wait = timedelta() if stand_in.name in silent else settings.late_after
            for duty in TIMETABLE[stand_in.name]:
                with clock.shifted(-wait):
                    async with reading() as session:
                        rows = await duty.due(session)
                if rows:
                    found[beats.of_duty(stand_in.name, duty.name)] = _Late(stand_in, duty, rows)
        return found

    async def _help(self, late: dict[str, _Late]) -> None:
        """Do what was late at two looks in a row, once we have run for `late_after` ourselves.

        So whoever starts together with us, or is just at it, has the time to do it. Each row is
        asked again by the duty: if both do it, it is done once.
        """
        before, self._late_before = self._late_before, set(late)
        if not self._is_settled():
            return
        again = {name: one for name, one in late.items() if name in before}
        for one in again.values():
            one.stand_in.start(one.duty, one.rows)
        helped, self._helped = self._helped, set(again)
        for name in self._helped - helped:
            count = len(again[name].rows)
            _log.warning("%s was late with %d; the watchdog does it", name, count)
            await _say(name, count)


def _silent_after() -> timedelta:
    """Half a ping: so the outside, which allows for one missing ping, knows within three."""
    return max(settings.dead_man_every / 2, _SWEEPS_TO_BEAT * settings.sweep_every)


def _shortly(silent: Collection[str]) -> list[str]:
    """Without the duties of processes that are silent as a whole."""
    return [name for name in silent if name in TIMETABLE or name.partition(":")[0] not in silent]


async def _say(duty: str, count: int) -> None:
    async with transaction() as session:
        emit(session, "watchdog.acted", object={"id": duty, "object": "duty"}, count=count)


def main() -> None:
    """`python -m workers.watchdog`."""
    logs.begin()
    asyncio.run(Watchdog().run())


if __name__ == "__main__":
    main()
