"""What an incident looks like from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from api import pulse, words, words_timeline
from api.database import Reader
from api.ids import Prefixed
from api.lifecycle import escalation as escalations
from api.lifecycle import incident as lifecycle
from api.models import Client, Contact, Entry, Escalation, Incident, Notification, User
from api.pulse import Pulse, clock_time
from api.routes.clients import ClientId
from api.routes.shapes import Out

IncidentId = Annotated[UUID, Prefixed("inc")]
EscalationId = Annotated[UUID, Prefixed("esc")]
UserId = Annotated[UUID, Prefixed("usr")]
ContactId = Annotated[UUID, Prefixed("ctc")]


class Numbers(Out):
    """The burst in numbers, all true at `as_of`."""

    new: int
    low: int
    noticed_at_low: int
    since: datetime
    expected_low: int
    expected_high: int
    last_bucket: int
    last_ten_minutes: int
    stars: dict[str, int]
    as_of: datetime
    stale_sources: list[str]
    growing: str | None
    doubling_minutes: int | None
    doubling_range: list[int] | None
    growth_words: str


class Attempt(Out):
    """One attempt to reach a person."""

    name: str
    channel: str
    kind: str
    state: str
    at: datetime


class EscalationOut(Out):
    """Who is being rung, or who has it."""

    id: EscalationId
    object: str = "escalation"
    incident_id: IncidentId
    state: str
    by_user_id: UserId | None
    by_name: str | None
    at: datetime | None
    ack_expires_at: datetime | None
    attempts: list[Attempt]


class OwnerOut(Out):
    """Whom to ring at the client."""

    contact_id: ContactId
    name: str
    phone: str | None
    verified_at: datetime | None
    may_approve: bool


class IncidentOut(Out):
    """One incident with everything that the night screen shows."""

    id: IncidentId
    object: str = "incident"
    client_id: ClientId
    client_name: str
    client_zone: str
    state: str
    state_word: str
    allowed: list[str]
    severity: str
    title: str
    sentence: str
    practice: bool
    opened_at: datetime
    numbers: Numbers
    escalation: EscalationOut | None
    owner: OwnerOut | None
    slowing_at: datetime | None
    quiet_since: datetime | None
    ask_at: datetime | None = Field(description="When somebody is asked to look again.")
    version: int


class EntryOut(Out):
    """One line of the timeline."""

    seq: int
    at: datetime
    kind: str
    sentence: str
    actor: dict[str, str]


async def incident_out(session: Reader, incident: Incident) -> IncidentOut:
    """Everything about one incident."""
    client = await session.get_one(Client, incident.client_id)
    owner = await owner_of(session, client.id)
    escalation = await escalations.newest(session, incident.id)
    return IncidentOut.model_validate(
        incident.model_dump()
        | {
            "client_name": client.name,
            "client_zone": client.zone,
            "state_word": words.STATE[incident.state],
            "allowed": lifecycle.verbs(incident.state),
            "numbers": _numbers(incident, await pulse.of_incident(session, incident)),
            "escalation": escalation and await escalation_out(session, escalation),
            "owner": owner and _owner(owner),
        }
    )


def _numbers(incident: Incident, seen: Pulse) -> Numbers:
    return Numbers(
        new=seen.new, low=seen.low, noticed_at_low=incident.finding["low_count"], since=seen.since,
        expected_low=seen.expected_low, expected_high=seen.expected_high,
        last_bucket=seen.buckets[-1].count,
        last_ten_minutes=seen.last_ten_minutes, stars=seen.stars, as_of=seen.as_of,
        stale_sources=seen.stale_sources, growing=words.growing(seen),
        **_growth(incident.finding.get("growth") or {}),
    )  # fmt: skip


def _growth(found: Mapping[str, Any]) -> dict[str, Any]:
    """The doubling time in minutes with its range; an old incident has none."""
    return {
        "doubling_minutes": found.get("minutes"),
        "doubling_range": found.get("range"),
        "growth_words": found.get("words") or words.TOO_EARLY,
    }


async def owner_of(session: Reader, client_id: UUID) -> Contact | None:
    """The first person to ring at a client."""
    return (
        await session.exec(
            select(Contact)
            .where(Contact.client_id == client_id)
            .order_by(col(Contact.ring_order), col(Contact.id))
        )
    ).first()


def _owner(contact: Contact) -> OwnerOut:
    return OwnerOut.model_validate(contact.model_dump() | {"contact_id": contact.id})


async def escalation_out(session: Reader, escalation: Escalation) -> EscalationOut:
    """With every attempt."""
    found = await session.exec(
        select(Notification, User.name)
        .join(User, col(User.id) == col(Notification.user_id))
        .where(Notification.escalation_id == escalation.id)
        .order_by(col(Notification.id))
    )
    return EscalationOut.model_validate(
        escalation.model_dump()
        | {
            "by_user_id": escalation.acknowledged_by,
            "by_name": escalation.acknowledged_name,
            "at": escalation.acknowledged_at,
            "attempts": [_attempt(notice, name) for notice, name in found],
        }
    )


def _attempt(notice: Notification, name: str) -> Attempt:
    at = notice.confirmed_at or notice.sent_at or notice.created_at
    return Attempt(name=name, channel=notice.channel, kind=notice.kind, state=notice.state, at=at)


def entry_out(entry: Entry, zone: str) -> EntryOut:
    """One line in words."""
    return EntryOut(
        seq=entry.seq,
        at=entry.created_at,
        kind=entry.kind,
        sentence=sentence_of(entry, zone, words_timeline.ENTRY),
        actor={"type": entry.actor_type, "name": entry.actor_name},
    )


def sentence_of(entry: Entry, zone: str, sentences: dict[str, str]) -> str:
    """What happened, in the words of one reader; empty when it is not for them."""
    facts: dict[str, Any] = {"actor": entry.actor_name} | dict(entry.facts)
    if since := facts.get("since"):
        facts["since_time"] = clock_time(datetime.fromisoformat(since), zone)
    if at := facts.get("at"):
        facts["at_time"] = clock_time(datetime.fromisoformat(at), zone)
    facts["reason_words"] = words.DISMISSED.get(facts.get("reason") or "", "no reason given")
    return words.say(sentences.get(entry.kind, ""), **facts).rstrip()
