"""The timetable: which duties exist, which process does them, and the sweep that finds them.

Redis is the doorbell: arq makes a duty prompt. The sweep is the engine: it asks SQL every second
and does what is due itself, so that an emptied, hung or missing Redis costs a second and no alarm.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from arq.worker import Function, func
from sqlalchemy.exc import SQLAlchemyError

from api import database, logs, queue
from api.clock import now
from api.database import Reader, reading
from api.settings import settings
from workers import (
    arm,
    ask_back,
    beats,
    carry_out,
    check,
    connect,
    cool_down,
    count_down,
    deliver,
    detect,
    doorbell,
    escalate,
    follow_up,
    grow_old,
    look_again,
    poll,
    pull,
    release,
    renew,
    take_in,
    tell_blind,
    tell_expiry,
    tell_gaps,
    tell_owner,
    tidy,
)

_log = logging.getLogger("nightdesk.workers")

# So many rows of one duty at a time: one hung source never delays the others.
_AT_ONCE = 20
_LONGEST_JOB = 60
_LET_MORE_FINISH = 0.05
_FINISH_WITHIN = 1.0
_FIRST_REST, _LONGEST_REST = 5.0, 300.0


@dataclass(frozen=True, slots=True)
class Duty:
    """What is due (a WHERE clause), and what to do about one row of it."""

    name: str
    due: Callable[[Reader], Awaitable[list[UUID]]]
    act: Callable[[UUID], Awaitable[None]]


TIMETABLE: dict[str, tuple[Duty, ...]] = {
    "read": (
        Duty("poll", poll.due, poll.poll),
        Duty("take_in", take_in.due, take_in.take_in),
        Duty("detect", detect.due, detect.detect),
        Duty("connect", connect.due, connect.connect),
        Duty("renew", renew.due, renew.do),
        Duty("check", check.due, check.check),
        Duty("pull", pull.due, pull.pull),
        Duty("tidy", tidy.due, tidy.tidy),
    ),
    "ring": (
        Duty("escalate", escalate.due, escalate.escalate),
        Duty("deliver", deliver.due, deliver.deliver),
        Duty("give_up_waiting", escalate.unconfirmed_due, escalate.give_up_waiting),
        Duty("ask", follow_up.to_ask, follow_up.ask),
        Duty("take_back", follow_up.to_take_back, follow_up.take_back),
        Duty("arm", arm.due, arm.arm),
        Duty("tell_gaps", tell_gaps.due, tell_gaps.tell_gaps),
        Duty("tell_blind", tell_blind.due, tell_blind.tell_blind),
        Duty("tell_expiry", tell_expiry.due, tell_expiry.tell_expiry),
        Duty("cool_down", cool_down.due, cool_down.cool_down),
        Duty("carry_out", carry_out.due, carry_out.carry_out),
        Duty("count_down", count_down.due, count_down.count_down),
        Duty("grow_old", grow_old.due, grow_old.grow_old),
        Duty("tell_owner", tell_owner.due, tell_owner.tell_owner),
        Duty("ask_back", ask_back.due, ask_back.ask_back),
        Duty("release", release.due, release.release),
        Duty("look_again", look_again.due, look_again.look_again),
    ),
}


class Process:
    """One worker process: sweeps its duties, and listens for the doorbell beside that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._duties = TIMETABLE[name]
        self._under_way: dict[tuple[str, UUID], float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: dict[tuple[str, UUID], tuple[float, float]] = {}
        self._found: set[tuple[str, UUID]] = set()
        self._fresh = False
        self._beaten: datetime | None = None

    async def run(self) -> None:
        """Until SIGTERM."""
        stop = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
        listening = doorbell.listen_on(self.name, self._jobs())
        parts = [asyncio.create_task(self._sweep_on()), asyncio.create_task(listening)]
        await stop.wait()
        await _end(parts)
        await self.finish()
        await queue.bell().close()
        await database.close()

    async def finish(self) -> None:
        """Let what is under way come to its end, for a second at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_FINISH_WITHIN)
        await _end(self._tasks)

    async def _sweep_on(self) -> None:
        while True:
            await self._rest(crowded=await self.sweep())

    async def sweep(self) -> bool:
        """One round over all duties; whether more was due than had room."""
        before, self._found = self._found, set()
        left = {duty.name: await self._sweep(duty) for duty in self._duties}
        self._fresh = not self._found <= before
        await self._beat([name for name, more in left.items() if more is not None])
        return any(left.values())

    async def _rest(self, *, crowded: bool) -> None:
        """Until the next sweep; when more was due than had room, only until there is room.

        What a sweep found no doorbell has told of, so nobody tells of what follows from it either:
        it is looked for as soon as all of it is done, unless it was only found once more.
        """
        every = settings.sweep_every.total_seconds()
        if not crowded and not self._fresh:
            await asyncio.sleep(every)
        elif self._tasks:
            enough = asyncio.FIRST_COMPLETED if crowded else asyncio.ALL_COMPLETED
            await asyncio.wait(self._tasks, timeout=every, return_when=enough)
            await asyncio.sleep(_LET_MORE_FINISH)

    async def _sweep(self, duty: Duty) -> bool | None:
        """Starts what is due, and says whether some had no room; None when SQL cannot be asked.

        A broken duty stops no other.
        """
        try:
            async with reading() as session:
                found = await duty.due(session)
        except (SQLAlchemyError, OSError):
            _log.exception("the sweep could not ask for %s", duty.name)
            return None
        self._found |= {(duty.name, row) for row in found}
        return self.start(duty, found)

    def start(self, duty: Duty, found: Collection[UUID]) -> bool:
        """Start one task per row, each row once; whether some had no room."""
        room = max(0, _AT_ONCE - sum(name == duty.name for name, _ in self._under_way))
        waiting = [row for row in found if self._may_be_done((duty.name, row))]
        for row_id in waiting[:room]:
            task = asyncio.create_task(self.do(duty, row_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(waiting) > room

    def _may_be_done(self, place: tuple[str, UUID]) -> bool:
        """Not under way, and not resting after a failure: broken rows leave room for the others."""
        rests_until, _ = self._failed.get(place, (0.0, 0.0))
        moment = asyncio.get_running_loop().time()
        return place not in self._under_way and moment >= rests_until

    def _note_failure(self, place: tuple[str, UUID]) -> None:
        _, pause = self._failed.get(place, (0.0, _FIRST_REST / 2))
        pause = min(pause * 2, _LONGEST_REST)
        self._failed[place] = (asyncio.get_running_loop().time() + pause, pause)

    async def do(self, duty: Duty, row_id: UUID) -> None:
        """One row of one duty. It asks the row again, so doing it twice does no harm."""
        place = (duty.name, row_id)
        if place in self._under_way:
            return
        self._under_way[place] = asyncio.get_running_loop().time()
        try:
            await duty.act(row_id)
            self._failed.pop(place, None)
        except Exception:  # noqa: BLE001  one poisoned row must not stop the others
            self._note_failure(place)
            _log.exception("%s failed for one row and will be found again", duty.name)
        finally:
            del self._under_way[place]

    async def _beat(self, asked: Collection[str]) -> None:
        """Fed by work done: a hung sweep leaves old beats, and so does a duty that hangs.

        Where there is much to do, one sweep follows the other; beats are written once per pause.
        """
        at = now()
        if self._beaten is not None and abs(at - self._beaten) < settings.sweep_every:
            return
        hung = self._hung()
        names = [beats.of_duty(self.name, name) for name in asked if name not in hung]
        try:
            await beats.leave(self.name, *names)
        except (SQLAlchemyError, OSError):
            _log.exception("no heartbeat could be left")
        else:
            self._beaten = at

    def _hung(self) -> set[str]:
        """The duties that have had one row in hand for so long that the watchdog would help."""
        patience = settings.late_after.total_seconds()
        moment = asyncio.get_running_loop().time()
        return {name for (name, _), since in self._under_way.items() if moment - since > patience}

    def _jobs(self) -> list[Function]:
        """What can be rung for here."""
        return [
            func(self._job(duty), name=duty.name, timeout=_LONGEST_JOB, keep_result=0)
            for duty in self._duties
            if duty.name in queue.PROCESS_OF
        ]

    def _job(self, duty: Duty) -> Any:
        async def job(_: dict[Any, Any], row_id: str) -> None:
            await self.do(duty, UUID(row_id))

        return job


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    found = list(tasks)
    for task in found:
        task.cancel()
    await asyncio.gather(*found, return_exceptions=True)


def main() -> None:
    """`python -m workers.main read` or `… ring`."""
    logs.begin()
    asyncio.run(Process(sys.argv[1]).run())


if __name__ == "__main__":
    main()
