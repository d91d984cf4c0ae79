"""The devices of the person who asks, and the proof that they ring."""

from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from fastapi import APIRouter, Response
from pydantic import Field, field_validator
from sqlmodel import col, func, select

from api import words
from api.addresses import push_host_allowed
from api.clock import now
from api.database import Reader
from api.errors import Invalid, NotThere, RateLimited
from api.ids import Prefixed, new_id
from api.lifecycle import device as lifecycle
from api.lifecycle import notification as notices
from api.lifecycle import setup, warning
from api.models import Device, Notification, PushKey
from api.routes.asking import Asker, Reading, Writing, may
from api.routes.lists import Page, page
from api.routes.notifications import NotificationOut, notification_out
from api.routes.once import LedgerRoute, Once
from api.routes.session import me
from api.routes.shapes import In, Out
from api.routes.versions import IfMatch, expect, hold, tag
from api.settings import settings

router = APIRouter(prefix="/v1", tags=["devices"], route_class=LedgerRoute)

_PAID = ("voice", "sms")
_TESTS_AN_HOUR = 6

Me = Annotated[Asker, may("me")]
DeviceId = Annotated[UUID, Prefixed("dev")]
PushKeyId = Annotated[UUID, Prefixed("vap")]


class PushKeyOut(Out):
    """The VAPID public key that a browser subscribes with, base64url."""

    id: PushKeyId
    key: str


class TestOut(Out):
    """How the last test alarm of a device went."""

    sent_at: datetime | None
    confirmed_at: datetime | None
    seconds: float | None


class DeviceOut(Out):
    """One phone or browser that can be rung."""

    id: DeviceId
    object: str = "device"
    channel: str
    push_key_id: PushKeyId | None
    hint: str
    label: str
    platform: str
    installed: bool
    state: str
    retired_reason: str | None
    endpoint_tail: str
    last_confirmed_at: datetime | None
    broken_at: datetime | None
    last_test: TestOut | None
    created_at: datetime
    version: int


class SubscriptionKeys(In):
    """The two keys of a push subscription, base64url (RFC 8291)."""

    p256dh: str = Field(min_length=80, max_length=120)
    auth: str = Field(min_length=20, max_length=40)

    @field_validator("p256dh")
    @classmethod
    def _on_the_curve(cls, value: str) -> str:
        try:
            point = urlsafe_b64decode(f"{value}==")
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        except ValueError as error:
            message = "this is no key that a message could be encrypted for"
            raise ValueError(message) from error
        return value


class Subscription(In):
    """PushSubscription.toJSON()."""

    endpoint: str = Field(max_length=2000)
    keys: SubscriptionKeys

    @field_validator("endpoint")
    @classmethod
    def _known_host(cls, value: str) -> str:
        if not push_host_allowed(value, settings.push_hosts):
            message = "this push service is not on the list of known ones"
            raise ValueError(message)
        return value


class DeviceIn(In):
    """This phone, sent again at every opening of the app."""

    subscription: Subscription
    push_key_id: PushKeyId
    label: str = Field("", max_length=120)
    platform: str = Field("", max_length=40)
    installed: bool = False


@router.get("/push-key")
async def get_push_key(asker: Me, session: Reading) -> PushKeyOut:
    """The key to subscribe with."""
    row = await setup.push_key(session)
    return PushKeyOut(id=row.id, key=row.public)


@router.get("/me/devices")
async def list_devices(asker: Me, session: Reading) -> Page[DeviceOut]:
    """My phones, newest first."""
    found = await session.exec(
        select(Device).where(Device.user_id == me(asker).id).order_by(col(Device.id).desc())
    )
    return page([await device_out(session, device) for device in found])


@router.post("/me/devices", status_code=201)
async def register_device(
    body: DeviceIn, asker: Me, session: Writing, response: Response, _: Once
) -> DeviceOut:
    """Register this phone, or refresh what is known of it."""
    if await session.get(PushKey, body.push_key_id) is None:
        raise Invalid("This push key is not ours.", hint="Read the push key and subscribe again.")
    before = await lifecycle.owner_of_endpoint(session, body.subscription.endpoint)
    device, is_new = await lifecycle.register(
        session, me(asker), endpoint=body.subscription.endpoint,
        p256dh=body.subscription.keys.p256dh, auth=body.subscription.keys.auth,
        push_key_id=body.push_key_id, label=body.label, platform=body.platform,
        installed=body.installed,
    )  # fmt: skip
    if before and before != device.user_id:
        said = words.device_moved(device.label, me(asker).name)
        await warning.changed(session, [before], said)
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = tag(device.version)
    return await device_out(session, device)


@router.delete("/me/devices/{device_id}", status_code=204)
async def delete_device(
    device_id: DeviceId, asker: Me, session: Writing, if_match: IfMatch
) -> None:
    """Take a phone off."""
    device = await _mine(session, asker, device_id)
    await hold(session, device)
    expect(device.version, if_match)
    await lifecycle.remove(session, device)
    said = words.device_off(device.label or device.hint, me(asker).name)
    await warning.changed(session, [device.user_id], said)


@router.post("/me/devices/{device_id}/test", status_code=202)
async def test_device(device_id: DeviceId, asker: Me, session: Writing, _: Once) -> NotificationOut:
    """Send a test alarm the real way; read the notification to learn when it was shown."""
    device = await _mine(session, asker, device_id)
    await _not_too_often(session, device)
    notice = Notification(
        id=new_id(), user_id=device.user_id, device_id=device.id, channel=device.channel,
        kind="test", step_key="",
    )  # fmt: skip
    notice.step_key = f"test:{notice.id}"
    await notices.queue(session, notice)
    return notification_out(notice)


async def _not_too_often(session: Reader, device: Device) -> None:
    """Calls and texts cost money, and a number may belong to somebody else."""
    if device.channel not in _PAID:
        return
    lately = await session.exec(
        select(func.count())
        .select_from(Notification)
        .where(
            Notification.user_id == device.user_id,
            Notification.kind == "test",
            col(Notification.channel).in_(_PAID),
            col(Notification.created_at) > now() - timedelta(hours=1),
        )
    )
    if lately.one() >= _TESTS_AN_HOUR:
        raise RateLimited(
            "Your numbers were tested often enough for now.", hint="Try again in an hour.",
            retry_after=3600,
        )  # fmt: skip


async def _mine(session: Reader, asker: Asker, device_id: UUID) -> Device:
    device = await session.get(Device, device_id)
    if device is None or device.user_id != me(asker).id:
        raise NotThere
    return device


async def device_out(session: Reader, device: Device) -> DeviceOut:
    last = (
        await session.exec(
            select(Notification)
            .where(Notification.device_id == device.id, Notification.kind == "test")
            .order_by(col(Notification.id).desc())
        )
    ).first()
    facts = device.model_dump(exclude={"auth_sealed", "address_sealed"})
    facts["endpoint_tail"] = (device.endpoint or "")[-8:]
    facts["last_test"] = last and TestOut.model_validate(notification_out(last))
    return DeviceOut.model_validate(facts)
