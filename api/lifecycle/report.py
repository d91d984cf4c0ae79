"""What people do with the report of an incident: add their words, and send it to the owner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, emit
from api.errors import InvalidTransition
from api.ids import encode
from api.lifecycle import incident as incidents
from api.lifecycle import link, message, timeline
from api.lifecycle.timeline import Actor
from api.models import Contact, Incident, Report
from api.models.incidents import OPEN_STATES
from api.settings import settings


@dataclass(frozen=True, slots=True)
class Words:
    """What people add: what helped, what did not, what changes, words to the staff."""

    helped: str = ""
    hindered: str = ""
    staff: str = ""
    changes: Sequence[dict[str, Any]] = field(default_factory=list)


async def of_incident(session: Reader, incident: Incident) -> Report:
    """What people wrote into it; version 0 while nobody has."""
    found = await session.exec(select(Report).where(Report.incident_id == incident.id))
    return found.first() or Report(incident_id=incident.id, version=0)


async def held(session: Writer, incident: Incident) -> Report:
    """The same, while nobody else can change it."""
    await timeline.hold(session, incident.id)
    return await of_incident(session, incident)


async def save(session: Writer, report: Report, words: Words) -> None:
    """Replace what people wrote in what `held` gave."""
    report.helped, report.hindered = words.helped, words.hindered
    report.staff, report.changes = words.staff, list(words.changes)
    await _next_version(session, report)


async def send(
    session: Writer, incident: Incident, say: Callable[[str], str], *, by: Actor
) -> None:
    """Let the owner read it on their private page, and write to them where: `say` words a link.

    InvalidTransition while the incident is open. Sent again, it is told again.
    """
    if incident.state in OPEN_STATES:
        raise InvalidTransition(
            "This is not over yet.", hint="Say that it is over, then send the report.",
            current_state=incident.state, allowed=incidents.verbs(incident.state),
        )  # fmt: skip
    report = await held(session, incident)
    report.sent_at = now()
    await _next_version(session, report)
    await timeline.write(session, incident.id, "report_sent", by=by)
    await _tell_owner(session, incident, report, say)
    about = {
        "id": encode("inc", incident.id), "object": "incident", "state": incident.state,
        "client_id": encode("cli", incident.client_id),
    }  # fmt: skip
    emit(session, "report.sent", client_id=incident.client_id, object=about, actor=by.type)


async def newest_sent(session: Reader, client_id: UUID) -> Incident | None:
    """The last incident of a client whose report the owner may read."""
    found = await session.exec(
        select(Incident)
        .join(Report, col(Report.incident_id) == col(Incident.id))
        .where(Incident.client_id == client_id, col(Report.sent_at).is_not(None))
        .order_by(col(Incident.id).desc())
    )
    return found.first()


async def _next_version(session: Writer, report: Report) -> None:
    report.version += 1
    session.add(report)
    await session.flush()


async def _tell_owner(
    session: Writer, incident: Incident, report: Report, say: Callable[[str], str]
) -> None:
    """A link of its own goes along: the secret of an earlier one is known to nobody."""
    found = await session.exec(
        select(Contact)
        .where(Contact.client_id == incident.client_id)
        .order_by(col(Contact.ring_order), col(Contact.id))
    )
    owner = found.first()
    if owner is None:
        return
    about = message.About("report", f"report:{incident.id}:{report.version}", incident.id)
    text = ""
    if await message.way_to(session, owner):
        _, token = await link.create(session, incident.client_id, "view")
        text = say(f"{settings.origin}/p/{token}/report")
    await message.tell(session, owner, text, about)
