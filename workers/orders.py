"""Makes of one notification what its channel takes: the words, whom to reach, and the account."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from api.addresses import push_host_allowed
from api.crypto import unseal
from api.database import Reader, reading
from api.ids import encode
from api.lifecycle import device as devices
from api.lifecycle.setup import push_key_row
from api.models import Device, Notification, PushKey, User
from api.settings import settings
from workers.channels.apprise_targets import Note
from workers.channels.mail import Letter
from workers.channels.ntfy import LOUDEST, Notice
from workers.channels.pushover import Emergency
from workers.channels.sms import Text
from workers.channels.trouble import ChannelTrouble
from workers.channels.twilio import Account
from workers.channels.voice import Call, spoken
from workers.channels.webpush import Push
from workers.compose import RINGS, About, about
from workers.words import asked_by_text, read_out

# Seconds that a push service keeps a message for a phone that is away. An alarm that comes later
# than five minutes is a lie: the ladder sends a fresh one.
_KEPT_ALARM, _KEPT_ELSE = 300, 3600
_WAKES = {*RINGS, "growing", "test"}
_EVERYDAY = 3
_LONGEST_TITLE, _LONGEST_BODY = 240, 900

Order = Any


async def order(notice: Notification) -> Order:
    """What the channel of this notification is given; ChannelTrouble when nobody is there."""
    async with reading() as session:
        device = await session.get(Device, notice.device_id)
        if device is None or device.state != "live":
            raise ChannelTrouble("This device was taken off.", permanent=True)
        found = await about(session, notice)
        return await _ORDERS[notice.channel](session, notice, device, found)


async def _push(session: Reader, notice: Notification, device: Device, found: About) -> Push:
    endpoint = device.endpoint or ""
    if not _reachable(endpoint, await session.get_one(User, device.user_id)):
        raise ChannelTrouble("This push service is not on the list of known ones.", permanent=True)
    key = await session.get_one(PushKey, device.push_key_id)
    return Push(
        endpoint=endpoint,
        p256dh=device.p256dh,
        auth=devices.auth_secret(device),
        private_key=_base64url(unseal(key.private_sealed, row=push_key_row(key))),
        contact=await _contact(session),
        payload=_payload(notice, found),
        topic=_base64url(hashlib.sha256(found.tag.encode()).digest())[:32],
        ttl=_KEPT_ALARM if notice.kind in _WAKES else _KEPT_ELSE,
        urgency="high" if notice.kind in _WAKES | {"arming"} else "normal",
        timeout=_limit(),
    )


def _reachable(endpoint: str, user: User) -> bool:
    """Checked again at sending; the drill's own phone is reached by practice people alone."""
    practice = {settings.practice_address} if user.practice else set()
    return push_host_allowed(endpoint, settings.push_hosts | practice)


async def _contact(session: Reader) -> str:
    """Push services want to know whom to write to; Apple refuses made-up addresses."""
    if settings.push_contact:
        return settings.push_contact
    first = await session.exec(
        select(User.email)
        .where(User.role == "owner", col(User.practice).is_(False))
        .order_by(col(User.id))
    )
    return f"mailto:{first.first() or 'nobody@nightdesk.invalid'}"


def _payload(notice: Notification, found: About) -> dict[str, Any]:
    """One shape for all: declarative, so that Safari shows it even if the worker fails.

    `mutable` lets the worker run and return the receipt, which travels encrypted to this phone
    alone.
    """
    name = encode("ntf", notice.id)
    return {
        "web_push": 8030,
        "notification": {
            "title": _at_most(found.words.title, _LONGEST_TITLE),
            "body": _at_most(found.words.body, _LONGEST_BODY),
            "navigate": _link(found),
            "tag": found.tag,
            "lang": "en",
            "requireInteraction": notice.kind in _WAKES,
            "data": {
                "notification_id": name,
                "kind": notice.kind,
                "incident_id": encode("inc", notice.incident_id) if notice.incident_id else None,
                "receipt_url": f"/v1/notifications/{name}/seen",
                "receipt": devices.receipt_of(notice),
            },
        },
        "app_badge": found.badge,
        "mutable": True,
    }


def _at_most(text: str, octets: int) -> str:
    """Cut, so that no name is too long for an alarm: a push has 3,000 octets in all."""
    raw = text.encode()
    return text if len(raw) <= octets else f"{raw[: octets - 3].decode(errors='ignore')}…"


async def _call(session: Reader, notice: Notification, device: Device, found: About) -> Call:
    return Call(
        account=twilio_account(),
        to=devices.address_of(device),
        twiml=spoken(read_out(found.words), _door(notice, "calls", "keys"), dict(found.choices)),
        status_url=_door(notice, "calls", "status"),
        since=notice.created_at,
        in_doubt=notice.attempts > 1,
        besides=await _noted(session, notice),
        timeout=_limit(),
    )


async def _noted(session: Reader, notice: Notification) -> frozenset[str]:
    """What the provider has since made for other attempts: not to be taken for this one."""
    found = await session.exec(
        select(Notification.reference).where(
            Notification.channel == notice.channel,
            col(Notification.reference).is_not(None),
            col(Notification.sent_at) >= notice.created_at,
        )
    )
    return frozenset(one for one in found if one)


async def _text(session: Reader, notice: Notification, device: Device, found: About) -> Text:
    return Text(
        account=twilio_account(),
        to=devices.address_of(device),
        body=asked_by_text(found.words, _link(found), asks=bool(found.choices)),
        status_url=_door(notice, "texts", "status"),
        since=notice.created_at,
        in_doubt=notice.attempts > 1,
        besides=await _noted(session, notice),
        timeout=_limit(),
    )


async def _emergency(_: Reader, notice: Notification, device: Device, found: About) -> Emergency:
    return Emergency(
        token=needed(settings.pushover_token),
        user=devices.address_of(device),
        title=found.words.title,
        message=found.words.body,
        link=_link(found),
        urgent=notice.kind in {*RINGS, "test"},
        tag=encode("ntf", notice.id),
        in_doubt=notice.attempts > 1,
        url=settings.pushover_url,
        timeout=_limit(),
    )


async def _notice(_: Reader, notice: Notification, device: Device, found: About) -> Notice:
    asks = bool(found.choices)
    answer = json.dumps({"receipt": devices.receipt_of(notice)}) if asks else ""
    return Notice(
        server=settings.ntfy_url,
        topic=devices.address_of(device),
        title=found.words.title,
        body=found.words.body,
        link=_link(found),
        answer_url=_door(notice, "notifications", "answer") if asks else "",
        answer=answer,
        token=settings.ntfy_token.get_secret_value() if settings.ntfy_token else "",
        priority=LOUDEST if notice.kind in _WAKES else _EVERYDAY,
        tag=found.tag[:64],
        timeout=_limit(),
    )


async def _letter(_: Reader, notice: Notification, device: Device, found: About) -> Letter:
    host = settings.mail_from.rpartition("@")[2].rstrip(">") or "nightdesk.invalid"
    return Letter(
        smtp_url=needed(settings.smtp_url),
        sender=settings.mail_from,
        to=devices.address_of(device),
        subject=found.words.title,
        body=f"{found.words.body}\n\n{_link(found)}",
        message_id=f"{encode('ntf', notice.id)}@{host}",
        written_at=notice.created_at,
        timeout=_limit(),
    )


async def _note(_: Reader, notice: Notification, device: Device, found: About) -> Note:
    del notice
    target = settings.apprise_targets.get(devices.address_of(device))
    return Note(
        url=needed(target),
        title=found.words.title,
        body=f"{found.words.body}\n{_link(found)}",
        timeout=_limit(),
    )


_Make = Callable[[Reader, Notification, Device, About], Awaitable[Order]]
_ORDERS: dict[str, _Make] = {
    "webpush": _push,
    "voice": _call,
    "sms": _text,
    "pushover": _emergency,
    "ntfy": _notice,
    "email": _letter,
    "apprise": _note,
}


def twilio_account() -> Account:
    """The operator’s account for calls and text messages."""
    return Account(
        sid=settings.twilio_account,
        token=needed(settings.twilio_token),
        sender=settings.twilio_number,
        url=settings.twilio_url,
    )


def needed(secret: SecretStr | None) -> str:
    """What the operator has to set for this channel; without it nobody is reached this way."""
    if secret is None:
        raise ChannelTrouble("This channel is not set up any more.", permanent=True)
    return secret.get_secret_value()


def _link(found: About) -> str:
    return f"{settings.origin}{found.path}"


def _door(notice: Notification, *place: str) -> str:
    kind, what = place
    before = "/v1" if kind == "notifications" else "/v1/telephony"
    return f"{settings.origin}{before}/{kind}/{encode('ntf', notice.id)}/{what}"


def _limit() -> float:
    return settings.send_timeout.total_seconds()


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
