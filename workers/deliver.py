"""One notification over one channel, remembered either way: claim, send, note."""

from datetime import datetime, timedelta
from uuid import UUID

import aiohttp

from api.clock import now
from api.database import Reader, Writer, transaction
from api.lifecycle import device as devices
from api.lifecycle import escalation as escalations
from api.lifecycle import notification as lifecycle
from api.lifecycle import ringing, timeline, warning
from api.lifecycle.reach import not_reached
from api.models import Device, Escalation, Incident, Notification
from api.models.incidents import OPEN_STATES
from api.settings import settings
from workers import words
from workers.channels import CHANNELS
from workers.channels.sent import Sent
from workers.channels.trouble import ChannelTrouble
from workers.orders import Order, order
from workers.push_rest import respecting
from workers.rules.escalation import pause_before

_WORTH_WAITING = timedelta(minutes=10)
_ON_THE_LADDER, _ELSE = timedelta(seconds=15), timedelta(hours=1)


async def due(session: Reader) -> list[UUID]:
    """What waits to be sent."""
    return await lifecycle.due(session)


async def deliver(notification_id: UUID) -> None:
    """Send one notification.

    A worker that dies between sending and noting sends it twice: the second has the same topic
    and tag, so the phone does not buzz again.
    """
    async with transaction() as session:
        notice = await lifecycle.claim(session, notification_id)
        if notice is None:
            return
        if await _pointless(session, notice):
            await lifecycle.withdraw(session, notice)
            return
    await _send(notice)


async def _send(notice: Notification) -> None:
    try:
        sent = await _hand_over(notice)
    except ChannelTrouble as trouble:
        await _note_trouble(notice, trouble)
    else:
        async with transaction() as session:
            known = await lifecycle.sent(
                session, notice, reference=sent.reference, ask_after=sent.ask_after
            )
            if not known and notice.kind in ringing.RINGING_KINDS and notice.channel != "voice":
                await ringing.tell_who_has_it(session, notice, again=":late")


async def _hand_over(notice: Notification) -> Sent:
    asked = await order(notice)
    with respecting(asked):
        async with aiohttp.ClientSession() as outside:
            return await _taken(notice.channel, asked, outside)


async def _taken(channel: str, asked: Order, outside: aiohttp.ClientSession) -> Sent:
    """What cannot even be written down for its channel is trouble for good, and not a riddle."""
    try:
        sent: Sent = await CHANNELS[channel].send(asked, outside)
    except ValueError as error:
        raise ChannelTrouble("This cannot be sent as it is set up.", permanent=True) from error
    return sent


async def _note_trouble(notice: Notification, trouble: ChannelTrouble) -> None:
    """Give it back for another try, or say that this way is closed and hurry to the next."""
    pause = None if trouble.permanent else _pause(notice, trouble)
    async with transaction() as session:
        await timeline.hold(session, notice.incident_id)
        if trouble.gone and notice.device_id:
            await _retire(session, notice, trouble.detail)
        if pause:
            await lifecycle.try_again(session, notice, trouble.detail, now() + pause)
        elif _comes_back(notice, trouble):
            await _put_off(session, notice, trouble)
        else:
            await lifecycle.fail(session, notice, trouble.detail)
            await session.flush()
            await not_reached(session, notice.id)


def _comes_back(notice: Notification, trouble: ChannelTrouble) -> bool:
    """Too late for this step and early enough for the night."""
    wait = trouble.retry_after
    return bool(notice.escalation_id and wait and wait < _WORTH_WAITING and not trouble.permanent)


async def _put_off(session: Writer, notice: Notification, trouble: ChannelTrouble) -> None:
    """It is tried when its service said; meanwhile the next step is rung."""
    if notice.escalation_id and trouble.retry_after:
        await lifecycle.put_off(session, notice, trouble.detail, trouble.retry_after)
        await escalations.hurry(session, notice.escalation_id, notice.round, notice.step)


async def _retire(session: Writer, notice: Notification, why: str) -> None:
    """The device is gone for good; its person hears so by every other way."""
    device = await session.get_one(Device, notice.device_id)
    await devices.retire(session, device.id, why)
    await warning.changed(session, [device.user_id], words.device_gone(device), besides=device.id)


def _pause(notice: Notification, trouble: ChannelTrouble) -> timedelta | None:
    """After 15 s somebody else is better asked; where nobody else is, an hour is tried."""
    patience = _ON_THE_LADDER if notice.escalation_id else _ELSE
    if notice.kind == "arming":
        patience = settings.arming_receipt_within
    planned = (notice.facts or {}).get("at")
    since = datetime.fromisoformat(planned) if planned else notice.created_at
    return pause_before(
        notice.attempts, waited=now() - since, patience=patience, asked=trouble.retry_after
    )


async def _pointless(session: Reader, notice: Notification) -> bool:
    """After an outage one current alarm goes out, never a replay of stale ones."""
    if notice.incident_id is None:
        return False
    if notice.kind == "someone_has_it":
        row = await session.get(Escalation, notice.escalation_id)
        return row is None or row.state not in {"acknowledged", "ended"}
    incident = await session.get(Incident, notice.incident_id)
    if incident is None or incident.state not in OPEN_STATES:
        return True
    if notice.kind == "growing" or notice.escalation_id is None:
        return False
    escalation = await session.get(Escalation, notice.escalation_id)
    return escalation is None or escalation.state in {"acknowledged", "ended", "cancelled"}
