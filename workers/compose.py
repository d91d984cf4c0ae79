"""What one notification says to one phone, from what is true at the moment of sending."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api import pulse
from api.addresses import push_host_allowed
from api.crypto import unseal
from api.database import Reader, reading
from api.ids import encode
from api.lifecycle import device as devices
from api.lifecycle.setup import push_key_row
from api.models import (
    Client,
    Contact,
    Device,
    Escalation,
    Incident,
    Notification,
    PushKey,
    Source,
    User,
)
from api.settings import settings
from workers import words
from workers.channels.trouble import ChannelTrouble
from workers.channels.webpush import Push
from workers.words import Words

# Seconds that a push service keeps a message for a phone that is away. An alarm that comes later
# than five minutes is a lie: the ladder sends a fresh one.
_KEPT = {"source_blind": 3600}
_KEPT_ELSE = 300
_CALM_KINDS = {"source_blind", "someone_has_it"}


@dataclass(frozen=True, slots=True)
class _About:
    """What a message speaks of."""

    words: Words
    tag: str
    path: str
    badge: int


async def compose(notice: Notification) -> Push:
    async with reading() as session:
        device = await session.get(Device, notice.device_id)
        if device is None or device.state != "live":
            raise ChannelTrouble("This phone was taken off.", permanent=True)
        if not _reachable(device, await session.get_one(User, device.user_id)):
            raise ChannelTrouble(
                "This push service is not on the list of known ones.", permanent=True
            )
        key = await session.get_one(PushKey, device.push_key_id)
        about = await _about(session, notice)
        contact = await _contact(session)
    return Push(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=devices.auth_secret(device),
        private_key=_base64url(unseal(key.private_sealed, row=push_key_row(key))),
        contact=contact,
        payload=_payload(notice, about),
        topic=_base64url(hashlib.sha256(about.tag.encode()).digest())[:32],
        ttl=_KEPT.get(notice.kind, _KEPT_ELSE),
        urgency="normal" if notice.kind in _CALM_KINDS else "high",
        timeout=settings.send_timeout.total_seconds(),
    )


def _reachable(device: Device, user: User) -> bool:
    """Checked again at sending; the drill's own phone is reached by practice people alone."""
    practice = {settings.practice_address} if user.practice else set()
    return push_host_allowed(device.endpoint, settings.push_hosts | practice)


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


async def _about(session: Reader, notice: Notification) -> _About:
    if notice.incident_id:
        return await _about_incident(session, notice, notice.incident_id)
    if notice.source_id:
        source = await session.get_one(Source, notice.source_id)
        client = await session.get_one(Client, source.client_id)
        tag = f"{encode('src', source.id)}-blind"
        return _About(
            words.source_blind(client, source), tag, f"/clients/{encode('cli', client.id)}", 0
        )
    return _About(words.TEST, encode("ntf", notice.id), "/test", 0)


async def _about_incident(session: Reader, notice: Notification, incident_id: UUID) -> _About:
    incident = await session.get_one(Incident, incident_id)
    client = await session.get_one(Client, incident.client_id)
    seen = await pulse.of_incident(session, incident)
    name = encode("inc", incident_id)
    about = await _words(session, notice, client, seen)
    return _About(about, _tag(notice), f"/incidents/{name}", 1)


def _tag(notice: Notification) -> str:
    """The same for a repeat of one sending and for its “I’m on it”, another for the next step.

    A later escalation of the same incident is another one: it has to buzz again.
    """
    if notice.escalation_id is None:
        return notice.step_key.rsplit(":", 1)[0].replace(":", "-")
    return f"{encode('esc', notice.escalation_id)}-{notice.round}-{notice.step}"


async def _words(session: Reader, notice: Notification, client: Client, seen: pulse.Pulse) -> Words:
    if notice.kind == "someone_has_it":
        escalation = await session.get_one(Escalation, notice.escalation_id)
        return words.someone_has_it(escalation.acknowledged_name or "Somebody")
    if notice.kind == "growing":
        return words.growing(client, seen)
    if notice.kind == "still_with_us":
        return words.still_with_us(client, seen)
    owner = await session.exec(
        select(Contact)
        .where(Contact.client_id == client.id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    return words.alarm(client, seen, owner.first())


def _payload(notice: Notification, about: _About) -> dict[str, Any]:
    """One shape for all: declarative, so that Safari shows it even if the worker fails.

    `mutable` lets the worker run and return the receipt, which travels encrypted to this phone
    alone.
    """
    name = encode("ntf", notice.id)
    assert notice.device_id is not None, "a push goes to a device"  # noqa: S101
    return {
        "web_push": 8030,
        "notification": {
            "title": about.words.title,
            "body": about.words.body,
            "navigate": f"{settings.origin}{about.path}",
            "tag": about.tag,
            "lang": "en",
            "requireInteraction": notice.kind not in _CALM_KINDS,
            "data": {
                "notification_id": name,
                "kind": notice.kind,
                "incident_id": encode("inc", notice.incident_id) if notice.incident_id else None,
                "receipt_url": f"/v1/notifications/{name}/seen",
                "receipt": devices.receipt(notice.device_id, notice.id),
            },
        },
        "app_badge": about.badge,
        "mutable": True,
    }


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
