"""Every sentence about the rota and about gaps in the cover."""

from api.words import say

# Every kind of gap in the cover, as the manager reads it.
GAP = {
    "nobody_on_shift": "Nobody is on shift from {start} until {until}.",
    "unreadable_rota": "The rota “{rota}” counts as nobody. {detail}",
    "no_device": "{name} has no phone that can be rung.",
    "dead_subscription": "{name}’s phone takes no alarms any more. Open Nightdesk on it once.",
    "broken_push": "{name}’s phone did not show the evening test. Open Nightdesk on it once.",
    "never_proved": "{name}’s phone has never shown an alarm. Send it a test.",
    "stale_source": "“{source}” of {client} cannot be read. That began {since}.",
    "worker_not_polling": "{what} This part of Nightdesk last worked {since}.",
}
STOPPED = {"read": "Reviews are not read.", "ring": "Nobody can be rung."}
NEVER_STARTED = "{what} This part of Nightdesk has not started."


def gap(kind: str, part: str | None, **facts: str) -> str:
    """What is in the way of the next alarm."""
    sentence = NEVER_STARTED if part and "since" not in facts else GAP[kind]
    return say(sentence, what=STOPPED.get(part or "", ""), **facts)


def in_calendar(rota: str, name: str | None) -> str:
    """A shift in somebody’s own calendar, or in one for all."""
    return f"{name}: {rota}" if name else f"On call: {rota}"
