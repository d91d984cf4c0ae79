"""The tables: one noun a file; importing this package registers all of them."""

from api.models.accounts import Account, Connection, Hint
from api.models.baselines import Baseline, Sight
from api.models.clients import Client, Contact, Link
from api.models.devices import Device, PushKey
from api.models.escalations import Escalation, EscalationPlan, Notification
from api.models.incidents import Entry, Incident
from api.models.integrations import Answer, ApiKey, Counter, Event, Heartbeat
from api.models.people import SignIn, User
from api.models.reviews import Review
from api.models.schedules import CalendarFeed, Override, Schedule
from api.models.sources import Intake, Source

__all__ = [
    "Account", "Answer", "ApiKey", "Baseline", "CalendarFeed", "Client", "Connection", "Contact",
    "Counter", "Device", "Entry", "Escalation", "EscalationPlan", "Event", "Heartbeat", "Hint",
    "Incident", "Intake", "Link", "Notification", "Override", "PushKey", "Review", "Schedule",
    "Sight", "SignIn", "Source", "User",
]  # fmt: skip
