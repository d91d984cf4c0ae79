"""The tables: one noun a file; importing this package registers all of them."""

from api.models.baselines import Baseline, Sight
from api.models.clients import Client, Contact, Link
from api.models.devices import Device, PushKey
from api.models.escalations import Escalation, Notification
from api.models.incidents import Entry, Incident
from api.models.integrations import Answer, ApiKey, Counter, Event, Heartbeat
from api.models.people import SignIn, User
from api.models.reviews import Review
from api.models.sources import Intake, Source

__all__ = [
    "Answer", "ApiKey", "Baseline", "Client", "Contact", "Counter", "Device", "Entry",
    "Escalation", "Event", "Heartbeat", "Incident", "Intake", "Link", "Notification", "PushKey",
    "Review", "Sight", "SignIn", "Source", "User",
]  # fmt: skip
