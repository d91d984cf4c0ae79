"""The ways to reach a person: registered, proved, and retired only when they are truly gone."""

import re
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update

from api.crypto import seal, sign, signature_fits, unseal
from api.database import Reader, Writer, emit
from api.ids import encode, new_id
from api.lifecycle.moves import Moves, try_to_move
from api.models import Device, Notification, User

MOVES: Moves = (
    ("live", "retire", "retired"),
    ("retired", "return", "live"),
)


def _row(device_id: UUID) -> str:
    return f"device:{device_id}"


def auth_secret(device: Device) -> str:
    """The subscription's auth secret, as the browser gave it."""
    return unseal(device.auth_sealed, row=_row(device.id)).decode()


async def owner_of_endpoint(session: Reader, endpoint: str) -> UUID | None:
    """Whose browser this endpoint is known as."""
    return (await session.exec(select(Device.user_id).where(Device.endpoint == endpoint))).first()


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
    return await _returned(session, device), is_new


def address_of(device: Device) -> str:
    """Its number, key, topic or e-mail address; empty for a browser."""
    return (
        unseal(device.address_sealed, row=_row(device.id)).decode() if device.address_sealed else ""
    )


async def add(
    session: Writer, user: User, *, channel: str, address: str, label: str
) -> tuple[Device, bool]:
    """The device of a person behind this address, and whether it is new."""
    for known in await of(session, user.id):
        if known.channel == channel and address_of(known) == address:
            return await _returned(session, known), False
    device = Device(
        id=new_id(), user_id=user.id, channel=channel, label=label, hint=_hint(channel, address)
    )
    device.address_sealed = seal(address.encode(), row=_row(device.id))
    session.add(device)
    await session.flush()
    return device, True


def dialable(number: str) -> str:
    """The number in the form +43…, without what stands between digits; empty for no number."""
    digits = re.sub(r"[\s()./\u2010-\u2015-]", "", number)
    digits = f"+{digits[2:]}" if digits.startswith("00") else digits
    return digits if re.fullmatch(r"\+[1-9][0-9]{6,14}", digits) else ""


def _hint(channel: str, address: str) -> str:
    """What a screen may show of it: the end of a number or key, the host of an e-mail address."""
    if channel == "apprise":
        return address
    if channel == "email":
        return f"{address[:1]}…@{address.rpartition('@')[2]}"
    return f"… {address[-4:]}"


async def _returned(session: Writer, device: Device) -> Device:
    if device.state == "retired":
        await try_to_move(session, Device, MOVES, device.id, "return", retired_reason=None)
        await session.refresh(device)
    return device


async def proved(session: Writer, device_id: UUID | None, at: datetime) -> None:
    """It rang, and said so: whatever a test found broken works again."""
    await session.exec(
        update(Device)
        .where(col(Device.id) == device_id)
        .values(last_confirmed_at=at, broken_at=None)
    )


async def broke(session: Writer, device_id: UUID | None, at: datetime) -> bool:
    """A test went the real way and no receipt came back; False when it was known."""
    noted = await session.exec(
        update(Device)
        .where(col(Device.id) == device_id, col(Device.broken_at).is_(None))
        .values(broken_at=at)
    )
    return bool(noted.rowcount)


async def of(session: Reader, user_id: UUID) -> list[Device]:
    """Every device of a person, live or not."""
    return list(await session.exec(select(Device).where(Device.user_id == user_id)))


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


def receipt_of(notice: Notification) -> str:
    """The receipt of an attempt; every attempt goes to one device."""
    return receipt(notice.device_id or notice.id, notice.id)


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
