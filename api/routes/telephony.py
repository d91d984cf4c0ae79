"""Where the provider of calls and text messages tells what people pressed, wrote and heard."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import col, select

from api import words
from api.database import Reader, Writer
from api.errors import BadSignature, NotThere
from api.ids import Prefixed
from api.lifecycle import device as devices
from api.lifecycle import message as messages
from api.lifecycle import notification as notices
from api.lifecycle import reach, timeline
from api.models import Client, Device, Incident, Message, Notification
from api.routes.asking import Writing, by_signature
from api.routes.incident_shapes import owner_of
from api.routes.notifications import NotificationId
from api.routes.once import LedgerRoute
from api.settings import settings
from api.telephony import answer_xml, message_xml, signature_fits

router = APIRouter(
    prefix="/v1/telephony", tags=["telephony"], route_class=LedgerRoute,
    dependencies=[by_signature], default_response_class=Response,
)  # fmt: skip

MessageId = Annotated[UUID, Prefixed("msg")]
_NOT_ANSWERED = {"busy", "no-answer", "failed", "canceled"}
_NOT_TAKEN = {"failed", "undelivered"}
_LOOKED_AT = 20
_ALARMS = ("alarm", "still_with_us")

Form = list[tuple[str, str]]
Key = Callable[[Writer, Notification], Awaitable[str]]


async def _signed(request: Request) -> dict[str, str]:
    """The form that the provider signed for this address; BadSignature for anybody else."""
    fields: Form = [(name, str(value)) for name, value in (await request.form()).multi_items()]
    token = settings.twilio_token.get_secret_value() if settings.twilio_token else ""
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings.origin}{request.url.path}{query}"
    given = request.headers.get("x-twilio-signature", "")
    if not signature_fits(token, url, fields, given):
        raise BadSignature("This was not signed by the provider of calls.")
    return dict(fields)


@router.post("/calls/{notification_id}/keys")
async def press_key(
    notification_id: NotificationId, request: Request, session: Writing
) -> Response:
    """Somebody pressed a key during the call."""
    form = await _signed(request)
    notice = await _attempt(session, notification_id, ("voice",))
    act = _KEYS.get(form.get("Digits", ""))
    return _xml(await act(session, notice) if act else answer_xml(words.NO_SUCH_KEY))


async def _takes_it(session: Writer, notice: Notification) -> str:
    return answer_xml(await _taken(session, notice))


async def _taken(session: Writer, notice: Notification) -> str:
    """“I’m on it”; what is true then, and of which client."""
    row = await reach.ringing_of(session, notice)
    await reach.answered(session, notice, acknowledges=True)
    if row is None:
        return words.HEARD if notice.kind == "test" else words.NOTHING_RINGS
    await session.refresh(row)
    you = row.acknowledged_by == notice.user_id
    return words.has_it(row.acknowledged_name, await _client_name(session, notice), you=you)


async def _client_name(session: Reader, notice: Notification) -> str:
    name = await session.exec(
        select(Client.name)
        .join(Incident, col(Incident.client_id) == col(Client.id))
        .where(Incident.id == notice.incident_id)
    )
    return name.one()


async def _to_owner(session: Writer, notice: Notification) -> str:
    """“Put me through”: whoever talks to the owner has it, and nobody else has."""
    said = await _taken(session, notice)
    row = await reach.ringing_of(session, notice)
    if row is None or row.acknowledged_by != notice.user_id:
        return answer_xml(said)
    incident = await session.get_one(Incident, row.incident_id)
    owner = await owner_of(session, incident.client_id)
    number = devices.dialable(owner.phone or "") if owner else ""
    if owner is None or not number:
        return answer_xml(words.NO_OWNER)
    by = await reach.actor_of(session, notice)
    await timeline.write(session, incident.id, "put_through", by=by, name=owner.name)
    return answer_xml(words.putting_through(owner.name), dial=number)


async def _wakes_backup(session: Writer, notice: Notification) -> str:
    row = await reach.ringing_of(session, notice)
    if row is None:
        return answer_xml(words.NOTHING_RINGS)
    if row.state == "acknowledged" and row.acknowledged_by != notice.user_id:
        name = await _client_name(session, notice)
        return answer_xml(words.has_it(row.acknowledged_name, name, you=False))
    to = await reach.wakes_next(session, notice)
    return answer_xml(words.waking(to.name) if to else words.NOBODY_ELSE)


_KEYS: dict[str, Key] = {"1": _takes_it, "2": _to_owner, "3": _wakes_backup}


@router.post("/calls/{notification_id}/status")
async def report_call(
    notification_id: NotificationId, request: Request, session: Writing
) -> Response:
    """How a call went. One that nobody answered is somebody who was not reached."""
    status = (await _signed(request)).get("CallStatus", "")
    notice = await _attempt(session, notification_id, ("voice",))
    await _not_reached(session, notice, status in _NOT_ANSWERED, words.CALL_WENT.get(status, ""))
    return _xml(message_xml())


@router.post("/texts/{notification_id}/status")
async def report_text(
    notification_id: NotificationId, request: Request, session: Writing
) -> Response:
    """How a text message went. “Delivered” is the receipt of the phone itself."""
    status = (await _signed(request)).get("MessageStatus", "")
    notice = await _attempt(session, notification_id, ("sms",))
    if status == "delivered":
        await notices.confirm(session, notice)
    await _not_reached(session, notice, status in _NOT_TAKEN, words.TEXT_LOST)
    return _xml(message_xml())


@router.post("/messages/{message_id}/status")
async def report_message(message_id: MessageId, request: Request, session: Writing) -> Response:
    """How a text message to somebody at a client went; what was lost is said to the manager."""
    status = (await _signed(request)).get("MessageStatus", "")
    message = await session.get(Message, message_id)
    if message is None or message.channel != "sms":
        raise NotThere
    await timeline.hold(session, message.incident_id)
    if status in _NOT_TAKEN:
        await messages.fail(session, message, words.TEXT_LOST)
    return _xml(message_xml())


@router.post("/texts")
async def receive_text(request: Request, session: Writing) -> Response:
    """Somebody answers a text message: 1 takes up what this number was last asked about."""
    form = await _signed(request)
    asked = await _asked(session, form.get("From", ""))
    if not asked:
        return _xml(message_xml())
    if form.get("Body", "").strip() != "1":
        return _xml(message_xml(words.ANSWER_1))
    lately = [*asked, *await _rung_otherwise(session, asked[0].user_id)]
    ringing = [one for one in lately if await _still_rings(session, one)]
    return _xml(message_xml(await _taken(session, (ringing or asked)[0])))


async def _attempt(session: Reader, notification_id: UUID, channels: Iterable[str]) -> Notification:
    notice = await session.get(Notification, notification_id)
    if notice is None or notice.channel not in channels:
        raise NotThere
    return notice


async def _not_reached(session: Writer, notice: Notification, failed: bool, why: str) -> None:  # noqa: FBT001  a condition, read as one
    if failed and await notices.failed_there(session, notice, why):
        await session.flush()
        await reach.not_reached(session, notice.id)


async def _asked(session: Reader, number: str) -> list[Notification]:
    """What this number was asked by text, newest first; what still rings is answered first.

    Numbers are sealed, so the devices are opened one by one.
    """
    live = await session.exec(select(Device).where(Device.channel == "sms"))
    mine = [one.id for one in live if devices.dialable(devices.address_of(one)) == number]
    found = await session.exec(
        select(Notification)
        .where(col(Notification.device_id).in_(mine), col(Notification.sent_at).is_not(None))
        .where(col(Notification.kind).in_((*_ALARMS, "test")))
        .order_by(col(Notification.id).desc())
        .limit(_LOOKED_AT)
    )
    return list(found)


async def _rung_otherwise(session: Reader, user_id: UUID) -> list[Notification]:
    """The newest alarms to this person on any channel."""
    found = await session.exec(
        select(Notification)
        .where(Notification.user_id == user_id, col(Notification.kind).in_(_ALARMS))
        .order_by(col(Notification.id).desc())
        .limit(_LOOKED_AT)
    )
    return list(found)


async def _still_rings(session: Reader, notice: Notification) -> bool:
    row = await reach.ringing_of(session, notice)
    return row is not None and row.state != "acknowledged"


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")
