"""Waits at a mailbox until something comes (IMAP IDLE, RFC 2177)."""

import asyncio
from dataclasses import dataclass

from api.items.item import SourceTrouble
from workers.platforms.calls import Calls
from workers.platforms.connector import Place
from workers.platforms.mail_box import Line, Login, visit
from workers.platforms.mail_login import login_of

# RFC 2177: servers may hang up after half an hour, so it is asked anew before.
LONGEST = 29 * 60.0
_ENDS_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Heard:
    """Whether mail came, and the number that the next one will have: hand it in next time."""

    came: bool
    next_uid: int


async def idle(
    calls: Calls, place: Place, stop: asyncio.Event, *, next_uid: int = 0, longest: float = LONGEST
) -> Heard:
    """Return when something came, when `stop` is set, or after `longest` seconds (29 minutes).

    With the `next_uid` of the last time, what came in between is told at once. Raises
    SourceTrouble: unavailable_capability where the server has no IDLE, else try again later.
    """
    login, line = await login_of(calls, place), Line()
    waiting = asyncio.create_task(asyncio.to_thread(_wait, login, line, next_uid, longest))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return await waiting if waiting.done() else Heard(came=False, next_uid=next_uid)
    finally:
        line.cut()
        stopping.cancel()
        await _ended(waiting)


async def _ended(waiting: asyncio.Task[Heard]) -> None:
    """A thread cannot be cancelled; its line is cut, so it closes its socket and ends at once."""
    await asyncio.wait({waiting}, timeout=_ENDS_WITHIN)
    if waiting.done() and not waiting.cancelled():
        waiting.exception()


def _wait(login: Login, line: Line, next_uid: int, longest: float) -> Heard:
    with visit(login, line) as box:
        if not box.can_idle:
            raise SourceTrouble("unavailable_capability", f"{login.host} tells of no new e-mail.")
        came = 0 < next_uid < box.next_uid or box.wait(min(longest, LONGEST))
        if came:
            box.look()
        return Heard(came=came, next_uid=box.next_uid)
