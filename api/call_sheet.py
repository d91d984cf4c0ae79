"""Words for a sleepy mouth: what to say on the phone, from facts of this moment, and to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from api import options, pulse
from api import words_call as words
from api.clock import now
from api.database import Reader
from api.lifecycle import message as messages
from api.models import Call, Client, Contact, Incident, StandingApproval
from api.options import Options
from api.pulse import Pulse, clock_time, day_and_time

# A yes about nothing that comes down would be no yes.
_MISSED = ("no_answer", "wrong_number")
SEND_LINK_AFTER = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say; `proof` names the screen part that shows the fact, empty for none."""

    text: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What to say to whom; `missed` counts calls without an answer in this incident."""

    contact: Contact | None
    contacts: tuple[Contact, ...]
    lines: tuple[Line, ...]
    questions: tuple[str, ...]
    options: Options
    standing: str
    missed: int
    may_write: bool

    @property
    def read_out(self) -> str:
        """The whole script as it was read."""
        return "\n".join(one.text for one in self.lines)


async def of(session: Reader, incident: Incident, caller: str) -> CallSheet:
    """The call sheet of an incident, for the person who rings."""
    client = await session.get_one(Client, incident.client_id)
    seen = await pulse.of_incident(session, incident)
    found = await options.of(session, incident)
    contacts = await _contacts(session, client)
    calls = await _calls(session, incident)
    contact = _next(contacts, calls)
    missed = sum(one.outcome in _MISSED for one in calls)
    name = contact.name if contact else ""
    return CallSheet(
        contact, tuple(contacts), tuple(_script(name, caller, client, seen, found)),
        words.QUESTIONS, found, await _standing(session, client), missed,
        may_write=any(messages.ways(one) for one in contacts),
    )  # fmt: skip


def _script(name: str, caller: str, client: Client, seen: Pulse, found: Options) -> Iterator[Line]:
    """One idea a line; a line without its fact drops out."""
    yield Line(words.hello(name, caller, asleep=_asleep(client)))
    since = clock_time(seen.since, client.zone)
    if now() - seen.since > timedelta(hours=20):
        since = day_and_time(seen.since, client.zone)
    yield Line(words.how_many(client.name, seen.new, since, seen.expected_high), "pulse")
    if one_star := seen.stars.get("1", 0):
        yield Line(words.one_star(one_star), "reviews")
    if seen.last_ten_minutes > 1:
        yield Line(words.faster(seen.last_ten_minutes), "pulse")
    if seen.stale_sources:
        yield Line(words.not_seen(seen.stale_sources))
    goes = [one.name for one in found.goes if one.suggested]
    if goes:
        yield Line(words.may_we(goes))
    if found.stays:
        yield Line(words.stays([one.name for one in found.stays]))
    yield Line(words.IS_THAT_OKAY if goes else words.WHAT_SHALL_WE)


def _asleep(client: Client) -> bool:
    hour = now().astimezone(ZoneInfo(client.zone)).hour
    return hour >= 22 or hour < 7


async def _contacts(session: Reader, client: Client) -> list[Contact]:
    found = await session.exec(
        select(Contact)
        .where(Contact.client_id == client.id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    return list(found)


async def _calls(session: Reader, incident: Incident) -> list[Call]:
    found = await session.exec(
        select(Call).where(Call.incident_id == incident.id).order_by(col(Call.id))
    )
    return list(found)


def _next(contacts: list[Contact], calls: list[Call]) -> Contact | None:
    """In ring order, whoever was missed least often; a wrong number is not rung again."""
    wrong = {one.contact_id for one in calls if one.outcome == "wrong_number"}
    missed = [one.contact_id for one in calls if one.outcome == "no_answer"]
    can = [one for one in contacts if one.phone and one.id not in wrong] or contacts
    return min(can, key=lambda one: missed.count(one.id), default=None)


async def _standing(session: Reader, client: Client) -> str:
    found = await session.exec(
        select(StandingApproval).where(
            StandingApproval.client_id == client.id,
            col(StandingApproval.revoked_at).is_(None),
            col(StandingApproval.until) > now(),
        )
    )
    one = found.first()
    if one is None:
        return ""
    return words.standing(one.contact_name, day_and_time(one.agreed_at or now(), client.zone))
