"""What is worth knowing and worth no sleep: told at once by day, kept for the morning by night."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.clock import now
from api.database import Reader, Writer
from api.ids import new_id
from api.lifecycle import device, notification, ringing
from api.lifecycle.plan import ladder
from api.models import Notification, User
from api.wall import BadHours, next_time, quiet_until

_PUSH = ("webpush",)
_MOST_LINES = 20


async def warn(
    session: Writer, user: User, kind: str, *, key: str, line: str, **about: Any
) -> int:  # fmt: skip
    """Tell one person now, or in the morning where it is quiet; how many devices that is."""
    morning = quiet_end(user)
    if morning is None:
        return await ringing.ring_devices(session, user.id, kind, key=key, **about)
    return await keep_for_morning(session, user, line, at=morning)


def quiet_end(user: User) -> datetime | None:
    """When this person's quiet hours end; None outside of them, and where they cannot be read.

    Hours that make no sense hold nothing back: the self-check says so.
    """
    try:
        return quiet_until(now(), begins=user.quiet_from, ends=user.quiet_until, zone=user.zone)
    except BadHours:
        return None


def hours_readable(user: User) -> bool:
    """Whether the quiet hours and the zone of this person make sense."""
    try:
        quiet_until(now(), begins=user.quiet_from, ends=user.quiet_until, zone=user.zone)
    except BadHours:
        return False
    return True


async def keep_for_morning(
    session: Writer, user: User, line: str, *, at: datetime | None = None
) -> int:
    """One more line of the one message that waits for the end of the quiet hours."""
    at = at or _next_morning(user)
    live = [
        one
        for one in await device.live_of(session, user.id)
        if one.channel in ringing.QUIET_CHANNELS
    ]
    live = [one for one in live if one.channel in _PUSH] or live
    for one in live:
        key = f"morning:{user.id}:{at.isoformat()}:{one.id}"
        waiting = await _waiting(session, key)
        if waiting:
            waiting.facts = _with(waiting.facts or {}, line)
            session.add(waiting)
        else:
            notice = Notification(
                user_id=user.id, device_id=one.id, channel=one.channel, kind="morning",
                step_key=key, facts=_with({"at": at.isoformat()}, line),
            )  # fmt: skip
            await notification.queue(session, notice, at=at)
    return len(live)


def _with(facts: dict[str, Any], line: str) -> dict[str, Any]:
    """One more line; of very many only the first are kept, and how many there were."""
    lines = [*facts.get("lines", []), line]
    return facts | {"lines": lines[:_MOST_LINES], "count": facts.get("count", 0) + 1}


def _next_morning(user: User) -> datetime:
    try:
        return next_time(now(), user.quiet_until, user.zone)
    except BadHours:
        return now()


async def _waiting(session: Reader, key: str) -> Notification | None:
    found = await session.exec(
        select(Notification)
        .where(Notification.step_key == key, Notification.state == "queued")
        .with_for_update(key_share=True)
    )
    return found.first()


async def changed(
    session: Writer, people: Iterable[UUID], sentence: str, *, besides: UUID | None = None
) -> None:
    """Tell a change that silences over every channel of these people: it may be nobody's wish."""
    key = f"changed:{new_id()}"
    for user_id in dict.fromkeys(people):
        await ringing.ring_devices(
            session, user_id, "changed", key=f"{key}:{user_id}", besides=besides,
            facts={"sentence": sentence},
        )  # fmt: skip


async def changed_for_all(
    session: Writer, sentence: str, *, also: Collection[UUID] = (), practice: bool = False
) -> None:
    """The same to everybody on the ladder, and to whoever is there no more."""
    people = [user.id for user in await ladder(session, practice=practice)]
    await changed(session, [*people, *also], sentence)
