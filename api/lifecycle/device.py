"""The phones of a person: registered, moved, and retired only when they are truly gone."""

from uuid import UUID

from sqlmodel import col, select

from api.crypto import seal, sign, signature_fits, unseal
from api.database import Reader, Writer, emit
from api.ids import encode, new_id
from api.lifecycle.moves import Moves, try_to_move
from api.models import Device, User

MOVES: Moves = (
    ("live", "retire", "retired"),
    ("retired", "return", "live"),
)


def _row(device_id: UUID) -> str:
    return f"device:{device_id}"


def auth_secret(device: Device) -> str:
    """The subscription's auth secret, as the browser gave it."""
    return unseal(device.auth_sealed, row=_row(device.id)).decode()


async def register(
    session: Writer, user: User, *, endpoint: str, p256dh: str, auth: str, push_key_id: UUID,
    label: str, platform: str, installed: bool,
) -> tuple[Device, bool]:  # fmt: skip
    """The device behind this endpoint, and whether it is new.

    An endpoint belongs to one person: under another sign-in it moves, and the log says so.
    """
    device = (await session.exec(select(Device).where(Device.endpoint == endpoint))).first()
    is_new = device is None
    if device is None:
        device = Device(
            id=new_id(), user_id=user.id, push_key_id=push_key_id, endpoint=endpoint,
            p256dh=p256dh, auth_sealed=b"",
        )  # fmt: skip
    elif device.user_id != user.id:
        emit(session, "device.moved", object=_about(device), to=encode("usr", user.id))
    device.user_id, device.push_key_id, device.p256dh = user.id, push_key_id, p256dh
    device.auth_sealed = seal(auth.encode(), row=_row(device.id))
    device.label, device.platform, device.installed = label, platform, installed
    device.version += 0 if is_new else 1
    session.add(device)
    await session.flush()
    if device.state == "retired":
        await try_to_move(session, Device, MOVES, device.id, "return", retired_reason=None)
        await session.refresh(device)
    return device, is_new


async def live_of(session: Reader, user_id: UUID) -> list[Device]:
    """The phones of a person that can be rung, best proven first."""
    found = await session.exec(
        select(Device)
        .where(Device.user_id == user_id, Device.state == "live")
        .order_by(col(Device.last_confirmed_at).desc().nulls_last(), col(Device.id).desc())
    )
    return list(found)


async def retire(session: Writer, device_id: UUID, reason: str) -> None:
    """The push service says that this subscription is gone (404 or 410), or a person removed it."""
    if await try_to_move(session, Device, MOVES, device_id, "retire", retired_reason=reason):
        device = await session.get_one(Device, device_id, populate_existing=True)
        emit(session, "device.unreachable", object=_about(device), reason=reason)


async def remove(session: Writer, device: Device) -> None:
    """Taken off by its person."""
    await retire(session, device.id, "removed")


def receipt(device_id: UUID, notification_id: UUID) -> str:
    """What the phone sends back. It travels encrypted to that phone alone, so it proves it."""
    return sign("receipt", str(device_id), str(notification_id))


def receipt_fits(given: str, device_id: UUID | None, notification_id: UUID) -> bool:
    """Whether this receipt was made for this notification on this device."""
    return signature_fits(given, "receipt", str(device_id), str(notification_id))


def _about(device: Device) -> dict[str, str]:
    return {
        "id": encode("dev", device.id),
        "object": "device",
        "state": device.state,
        "user_id": encode("usr", device.user_id),
    }
