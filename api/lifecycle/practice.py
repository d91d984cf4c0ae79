"""A practice person, a practice client and their key; made by the operator, swept away whole."""

from typing import Any

from sqlmodel import col, delete, select, update

from api.clock import now
from api.crypto import digest, new_token
from api.database import Reader, Writer
from api.ids import encode
from api.lifecycle import people
from api.models import (
    Action,
    ApiKey,
    Approval,
    Baseline,
    Call,
    Client,
    Contact,
    Device,
    Entry,
    Escalation,
    EscalationPlan,
    Event,
    Evidence,
    Incident,
    Intake,
    Link,
    Message,
    Notification,
    OwnerPhone,
    Report,
    Result,
    Review,
    Sight,
    SignIn,
    Source,
    StandingApproval,
    Statement,
    StatementVersion,
    User,
)

SCOPES = (
    "clients:read", "clients:write", "links:write", "sources:read", "sources:write",
    "reviews:read", "reviews:write", "incidents:read", "incidents:write", "oncall:read",
    "oncall:write", "events:read", "actions:execute", "approvals:record",
)  # fmt: skip


async def prepare(session: Writer, *, client_name: str, zone: str) -> tuple[User, Client, str]:
    """A fresh practice world: the person who is rung, the client, and a key's secret."""
    await sweep(session)
    user = await people.add(
        session, name="Practice", email=f"practice-{new_token()[:8]}@nightdesk.invalid",
        password=new_token(), role="helper", practice=True,
    )  # fmt: skip
    client = Client(name=client_name, town="Practice", zone=zone, practice=True)
    session.add(client)
    await session.flush()
    session.add(Contact(client_id=client.id, name="the owner", phone="+43 660 000 00 00"))
    secret = people.new_api_key(practice=True)
    session.add(
        ApiKey(
            name="Practice", token_hash=digest(secret), tail=secret[-4:], scopes=list(SCOPES),
            client_ids=[encode("cli", client.id)], practice=True,
        )
    )  # fmt: skip
    await session.flush()
    return user, client, secret


async def end(session: Writer) -> None:
    """The drill is over: its key opens nothing any more."""
    await session.exec(
        update(ApiKey).where(col(ApiKey.practice).is_(True)).values(revoked_at=now())
    )


async def sweep(session: Writer) -> None:
    """Delete everything that is marked practice, and nothing else."""
    clients = await _ids(session, Client, col(Client.practice).is_(True))
    users = await _ids(session, User, col(User.practice).is_(True))
    incidents = await _ids(session, Incident, col(Incident.client_id).in_(clients))
    sources = await _ids(session, Source, col(Source.client_id).in_(clients))
    actions = await _ids(session, Action, col(Action.client_id).in_(clients))
    statements = await _ids(session, Statement, col(Statement.client_id).in_(clients))
    for table, column, ids in (
        (Notification, Notification.user_id, users),
        (Notification, Notification.incident_id, incidents),
        (Escalation, Escalation.incident_id, incidents),
        (Entry, Entry.incident_id, incidents),
        (Call, Call.incident_id, incidents),
        (Evidence, Evidence.incident_id, incidents),
        (Report, Report.incident_id, incidents),
        (Message, Message.client_id, clients),
        (Approval, Approval.client_id, clients),
        (StandingApproval, StandingApproval.client_id, clients),
        (OwnerPhone, OwnerPhone.client_id, clients),
        (Result, Result.action_id, actions),
        (Action, Action.id, actions),
        (StatementVersion, StatementVersion.statement_id, statements),
        (Statement, Statement.id, statements),
        (Incident, Incident.id, incidents),
        (Review, Review.source_id, sources),
        (Intake, Intake.source_id, sources),
        (Source, Source.id, sources),
        (Baseline, Baseline.client_id, clients),
        (Sight, Sight.client_id, clients),
        (Contact, Contact.client_id, clients),
        (Link, Link.client_id, clients),
        (EscalationPlan, EscalationPlan.client_id, clients),
        (Event, Event.client_id, clients),
        (Client, Client.id, clients),
        (Device, Device.user_id, users),
        (SignIn, SignIn.user_id, users),
        (User, User.id, users),
    ):
        await session.exec(delete(table).where(col(column).in_(ids)))
    await session.exec(delete(ApiKey).where(col(ApiKey.practice).is_(True)))


async def _ids(session: Reader, table: Any, which: Any) -> list[Any]:
    return list(await session.exec(select(table.id).where(which)))
