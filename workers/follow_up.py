"""Asks a provider what became of a message, and tells it to stop ringing."""

from datetime import datetime, timedelta
from uuid import UUID

import aiohttp
from sqlmodel import col, select

from api.clock import now
from api.database import Reader, transaction
from api.ids import encode
from api.lifecycle import notification as lifecycle
from api.lifecycle import reach
from api.models import Notification
from api.settings import settings
from workers.channels import pushover, voice
from workers.channels.pushover import Answer
from workers.channels.trouble import ChannelTrouble
from workers.orders import needed, twilio_account

# Pushover may be asked every five seconds; what it rings for an hour is asked for as long.
_ASK_EVERY, _ASK_FOR = timedelta(seconds=5), timedelta(hours=1)
_TAKE_BACK_AGAIN, _TAKE_BACK_FOR = timedelta(seconds=15), timedelta(hours=1)


async def to_ask(session: Reader) -> list[UUID]:
    """What a provider may know more about by now."""
    return await _waiting(session, Notification.ask_at)


async def ask(notification_id: UUID) -> None:
    """Learn whether it was shown, and whether somebody took it up."""
    async with transaction() as session:
        notice = await lifecycle.asked(session, notification_id, again_in=_ASK_EVERY)
    if notice is None or notice.reference is None:
        return
    try:
        answer = await _ask(notice.reference)
    except ChannelTrouble as trouble:
        if trouble.permanent:
            answer = Answer(shown=False, acknowledged=False, expired=True)
        else:
            return
    await _note(notice, answer)


async def _ask(reference: str) -> Answer:
    async with aiohttp.ClientSession() as outside:
        return await pushover.ask(
            needed(settings.pushover_token), reference, outside, _limit(), settings.pushover_url
        )


async def _note(notice: Notification, answer: Answer) -> None:
    over = answer.acknowledged or answer.expired or notice.created_at < now() - _ASK_FOR
    async with transaction() as session:
        if answer.shown or answer.acknowledged:
            await reach.answered(session, notice, acknowledges=answer.acknowledged)
        if over:
            await lifecycle.ask_no_more(session, notice.id)


async def to_take_back(session: Reader) -> list[UUID]:
    """What rings on at its provider although somebody has it."""
    return await _waiting(session, Notification.take_back_at)


async def take_back(notification_id: UUID) -> None:
    """Stop it there. A provider that does not answer is asked again for an hour."""
    async with transaction() as session:
        notice = await lifecycle.taking_back(session, notification_id, again_in=_TAKE_BACK_AGAIN)
    if notice is None:
        return
    try:
        await _take_back(notice)
    except ChannelTrouble as trouble:
        if not trouble.permanent and notice.created_at > now() - _TAKE_BACK_FOR:
            return
    async with transaction() as session:
        await lifecycle.taken_back(session, notice.id)


async def _take_back(notice: Notification) -> None:
    """An emergency whose receipt was lost is known to its provider by our own name for it."""
    async with aiohttp.ClientSession() as outside:
        if notice.channel == "pushover":
            token, tag = needed(settings.pushover_token), encode("ntf", notice.id)
            await pushover.take_back_tagged(token, tag, outside, _limit(), settings.pushover_url)
        elif notice.reference:
            await voice.take_back(twilio_account(), notice.reference, outside, _limit())


async def _waiting(session: Reader, deadline: datetime | None) -> list[UUID]:
    found = await session.exec(select(Notification.id).where(col(deadline) <= now()))
    return list(found)


def _limit() -> float:
    return settings.send_timeout.total_seconds()
