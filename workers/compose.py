"""What one notification says to one person, from what is true at the moment of sending."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from api import pulse
from api.database import Reader
from api.ids import encode
from api.lifecycle import device as devices
from api.lifecycle import escalation as escalations
from api.models import Client, Contact, Escalation, Incident, Notification, Source
from workers import words
from workers.words import Words

RINGS = ("alarm", "still_with_us")


@dataclass(frozen=True, slots=True)
class About:
    """What a message speaks of, where a tap leads, and what each key of a call does."""

    words: Words
    tag: str
    path: str
    badge: int = 0
    choices: tuple[tuple[str, str], ...] = ()


async def about(session: Reader, notice: Notification) -> About:
    """The words of one notification, and where they lead."""
    if notice.incident_id:
        return await _about_incident(session, notice, notice.incident_id)
    if notice.source_id:
        return await _about_source(session, notice.source_id)
    said, path = words.of_kind(notice.kind, notice.facts or {})
    tag = encode("ntf", notice.id) if notice.kind == "test" else _key(notice)
    return About(said, tag, path, choices=words.TEST_CHOICES if notice.kind == "test" else ())


async def _about_source(session: Reader, source_id: UUID) -> About:
    source = await session.get_one(Source, source_id)
    client = await session.get_one(Client, source.client_id)
    tag = f"{encode('src', source.id)}-blind"
    return About(words.source_blind(client, source), tag, f"/clients/{encode('cli', client.id)}")


async def _about_incident(session: Reader, notice: Notification, incident_id: UUID) -> About:
    incident = await session.get_one(Incident, incident_id)
    client = await session.get_one(Client, incident.client_id)
    seen = await pulse.of_incident(session, incident)
    owner = await _owner(session, client.id)
    return About(
        await _words(session, notice, client, owner, seen),
        _tag(notice),
        f"/incidents/{encode('inc', incident_id)}",
        badge=1,
        choices=await _choices(session, notice, owner),
    )


async def _owner(session: Reader, client_id: UUID) -> Contact | None:
    found = await session.exec(
        select(Contact)
        .where(Contact.client_id == client_id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    return found.first()


async def _choices(
    session: Reader, notice: Notification, owner: Contact | None
) -> tuple[tuple[str, str], ...]:
    """What the keys of a call do; what nobody stands behind is not offered."""
    if notice.kind not in RINGS or notice.escalation_id is None:
        return ()
    escalation = await session.get_one(Escalation, notice.escalation_id)
    backup = await escalations.next_after(session, escalation, notice.user_id)
    reachable = owner and devices.dialable(owner.phone or "")
    return words.choices(
        owner.name if owner and reachable else None, backup.name if backup else None
    )


def _tag(notice: Notification) -> str:
    """The same for a repeat of one sending and for its “I’m on it”, another for the next step.

    A later escalation of the same incident is another one: it has to buzz again.
    """
    if notice.escalation_id is None:
        return _key(notice)
    return f"{encode('esc', notice.escalation_id)}-{notice.round}-{notice.step}"


def _key(notice: Notification) -> str:
    return notice.step_key.rsplit(":", 1)[0].replace(":", "-")


async def _words(
    session: Reader, notice: Notification, client: Client, owner: Contact | None, seen: pulse.Pulse
) -> Words:
    if notice.kind == "someone_has_it":
        escalation = await session.get_one(Escalation, notice.escalation_id)
        return words.someone_has_it(escalation.acknowledged_name or "Somebody")
    if notice.kind == "growing":
        return words.growing(client, seen)
    if notice.kind == "still_with_us":
        return words.still_with_us(client, seen)
    return words.alarm(client, seen, owner)
