"""The tables: one noun a file; importing this package registers all of them."""

from api.models.accounts import Account, Connection, Hint
from api.models.actions import Action, Evidence, Result
from api.models.approvals import Approval, Call, OwnerPhone, StandingApproval
from api.models.baselines import Baseline, Sight
from api.models.clients import Client, Contact, Link
from api.models.devices import Device, PushKey
from api.models.escalations import Escalation, EscalationPlan, Notification
from api.models.incidents import Entry, Incident
from api.models.integrations import Answer, ApiKey, Counter, Event, Heartbeat
from api.models.messages import Message
from api.models.people import SignIn, User
from api.models.reviews import Review
from api.models.schedules import CalendarFeed, Override, Schedule
from api.models.sources import Intake, Source
from api.models.statements import Report, Statement, StatementVersion

__all__ = [
    "Account", "Action", "Answer", "ApiKey", "Approval", "Baseline", "CalendarFeed", "Call",
    "Client", "Connection", "Contact", "Counter", "Device", "Entry", "Escalation", "EscalationPlan",
    "Event", "Evidence", "Heartbeat", "Hint", "Incident", "Intake", "Link", "Message",
    "Notification", "Override", "OwnerPhone", "PushKey", "Report", "Result", "Review", "Schedule",
    "Sight", "SignIn", "Source", "StandingApproval", "Statement", "StatementVersion", "User",
]  # fmt: skip
