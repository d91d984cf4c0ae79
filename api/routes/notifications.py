"""One attempt to reach a person: what became of it, and its receipts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.errors import BadSignature, NotThere
from api.ids import Prefixed
from api.lifecycle import device as devices
from api.lifecycle import notification as lifecycle
from api.lifecycle import reach
from api.models import Notification
from api.routes.asking import Asker, Reading, Writing, by_receipt, may
from api.routes.once import LedgerRoute, Once
from api.routes.session import me
from api.routes.shapes import In, Out

router = APIRouter(prefix="/v1", tags=["devices"], route_class=LedgerRoute)

Me = Annotated[Asker, may("me")]
NotificationId = Annotated[UUID, Prefixed("ntf")]


class NotificationOut(Out):
    """One attempt to reach a person."""

    id: NotificationId
    object: str = "notification"
    kind: str
    channel: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    seconds: float | None = None
    error: str | None


class Receipt(In):
    """What the service worker sends back after it has shown something."""

    receipt: str = Field(max_length=200)


@router.get("/notifications/{notification_id}")
async def get_notification(
    notification_id: NotificationId, asker: Me, session: Reading
) -> NotificationOut:
    """What became of one attempt."""
    notice = await session.get(Notification, notification_id)
    if notice is None or notice.user_id != me(asker).id:
        raise NotThere
    return notification_out(notice)


@router.post("/notifications/{notification_id}/seen", status_code=204, dependencies=[by_receipt])
async def confirm_notification(
    notification_id: NotificationId, body: Receipt, session: Writing
) -> None:
    """The phone says that it was shown. Only that phone can know the receipt."""
    notice = await session.get(Notification, notification_id)
    if notice is None or not devices.receipt_fits(body.receipt, notice.device_id, notice.id):
        raise BadSignature("This receipt does not fit.")
    await lifecycle.confirm(session, notice)


@router.post("/notifications/{notification_id}/answer", status_code=204, dependencies=[by_receipt])
async def answer_notification(
    notification_id: NotificationId, body: Receipt, session: Writing
) -> None:
    """“I’m on it”, pressed on the notice itself. Only whoever was sent it can know the receipt."""
    notice = await session.get(Notification, notification_id)
    if notice is None or not devices.receipt_fits(body.receipt, notice.device_id, notice.id):
        raise BadSignature("This receipt does not fit.")
    if notice.channel != "ntfy":
        raise BadSignature("This attempt cannot be answered like that.")
    await reach.answered(session, notice, acknowledges=True)


@router.post("/notifications/{notification_id}/heard")
async def hear_notification(
    notification_id: NotificationId, asker: Me, session: Writing, _: Once
) -> NotificationOut:
    """“I heard it”: the receipt of a channel that has none of its own, given by its person."""
    notice = await session.get(Notification, notification_id)
    if notice is None or notice.user_id != me(asker).id or notice.kind != "test":
        raise NotThere
    await lifecycle.confirm(session, notice)
    await session.refresh(notice)
    return notification_out(notice)


def notification_out(notice: Notification) -> NotificationOut:
    """With the seconds from leaving to being shown."""
    out = NotificationOut.model_validate(notice)
    if notice.sent_at and notice.confirmed_at:
        out.seconds = max(round((notice.confirmed_at - notice.sent_at).total_seconds(), 1), 0.0)
    return out
