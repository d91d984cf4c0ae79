"""What follows when an attempt reached nobody, and when the person who was reached answers."""

from uuid import UUID

from sqlmodel import select

from api.database import Reader, Writer
from api.lifecycle import device, escalation, notification, ringing, source
from api.lifecycle.timeline import Actor
from api.models import Device, Escalation, Notification, User

_NO_PUSH = tuple(one for one in ringing.QUIET_CHANNELS if one != "webpush")


async def not_reached(session: Writer, notification_id: UUID) -> None:
    """Somebody was not reached: ring on at once, or tell again later; never let it be."""
    notice = await notification.get(session, notification_id)
    if notice is None:
        return
    if notice.source_id:
        await source.tell_again(session, notice.source_id)
    elif notice.kind == "arming":
        await _not_armed(session, notice)
    elif notice.kind == "morning":
        await ringing.ring_devices(
            session, notice.user_id, "morning", key=f"again:{notice.step_key}",
            channels=_NO_PUSH if notice.channel == "webpush" else (), facts=notice.facts,
        )  # fmt: skip
    elif notice.escalation_id and not await ringing.pending_in_step(session, notice):
        await escalation.hurry(session, notice.escalation_id, notice.round, notice.step)


async def _not_armed(session: Writer, notice: Notification) -> None:
    """“Tonight’s push is broken”, over every other way that this person has."""
    broken = await session.get_one(Device, notice.device_id)
    if not await device.broke(session, broken.id, notice.created_at):
        return
    await ringing.ring_devices(
        session, notice.user_id, "not_armed", key=f"not_armed:{notice.id}", besides=broken.id,
        facts={"label": broken.label},
    )  # fmt: skip


async def answered(session: Writer, notice: Notification, *, acknowledges: bool) -> None:
    """The person behind this attempt showed that it arrived, and perhaps took it up."""
    await notification.confirm(session, notice)
    row = await ringing_of(session, notice)
    if acknowledges and row is not None:
        await escalation.acknowledge(session, row, by=await actor_of(session, notice))


async def wakes_next(session: Writer, notice: Notification) -> User | None:
    """“Wake the backup”: who is rung now instead; None when nobody comes after this person."""
    await notification.confirm(session, notice)
    row = await ringing_of(session, notice)
    to = await escalation.next_after(session, row, notice.user_id) if row else None
    if row and to:
        await escalation.hand_over(session, row, to, by=await actor_of(session, notice))
    return to


async def ringing_of(session: Reader, notice: Notification) -> Escalation | None:
    """The escalation that this attempt belongs to, while it can still be answered."""
    if notice.escalation_id is None:
        return None
    row = await session.get(Escalation, notice.escalation_id, populate_existing=True)
    return row if row and row.state in {"ringing", "acknowledged", "exhausted"} else None


async def actor_of(session: Reader, notice: Notification) -> Actor:
    """The person who was rung, as the timeline names people."""
    name = (await session.exec(select(User.name).where(User.id == notice.user_id))).one()
    return Actor("user", notice.user_id, name)
