"""Every sentence that a phone shows: short, numbers first, no name of a reviewer, no number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.models import Client, Contact, Device, Source
from api.pulse import Pulse, clock_time, day_and_time
from workers.rules.words import counted

_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a body."""

    title: str
    body: str


TEST = Words("Test alarm", "Tap so we know that it reached you.")
TEST_CHOICES = (("1", "so we know that you heard it"),)
ARMING = Words("Evening test", "This phone can wake you tonight. There is nothing to do.")


def of_kind(kind: str, facts: Mapping[str, Any]) -> tuple[Words, str]:
    """What belongs to no incident and to no source, and where a tap on it leads."""
    if kind == "arming":
        return ARMING, "/on-call"
    if kind == "not_armed":
        return not_armed(facts["label"]), "/wake"
    if kind in ("gap", "expiry", "told"):
        return Words(facts["title"], facts["body"]), facts.get("path", "/on-call")
    if kind == "changed":
        return Words("Who can be woken has changed", facts["sentence"]), "/on-call"
    if kind == "morning":
        return morning(facts["lines"], facts["count"]), "/"
    return TEST, "/test"


def not_armed(label: str) -> Words:
    """The evening test of a phone had no receipt."""
    name = label or "your phone"
    return Words(
        f"Tonight’s push is broken on {name}",
        f"It did not show the evening test. Open Nightdesk on {name}, then “Let it wake me”.",
    )


def morning(lines: Sequence[str], count: int) -> Words:
    """What waited while it was quiet."""
    more = f" And {count - _MOST_LINES} more." if count > _MOST_LINES else ""
    said = " ".join(lines[:_MOST_LINES])
    return Words(f"{counted(count, 'thing')} waited for the morning", f"{said}{more}")


def gap(start: datetime, end: datetime, zone: str) -> tuple[str, str]:
    """When nobody is on shift, by the reader’s own clock."""
    until = clock_time(end, zone)
    hours = max(1, round((end - start).total_seconds() / 3600))
    title = f"Nobody is on call {day_and_time(start, zone)} to {until}"
    return title, f"{counted(hours, 'hour')}. Open On call and take it, or ask somebody."


def device_gone(device: Device) -> str:
    """Its push service or provider does not know it any more."""
    name = device.label or device.hint or "A device"
    return f"{name} cannot be rung any more. Open Nightdesk on it, then “Let it wake me”."


def choices(owner: str | None, backup: str | None) -> tuple[tuple[str, str], ...]:
    """What the keys of a call do."""
    found = [("1", "if you are on it")]
    if owner:
        found.append(("2", f"to be put through to {owner}"))
    if backup:
        found.append(("3", f"to wake {backup}"))
    return tuple(found)


def read_out(words: Words) -> str:
    """The same for a voice."""
    return f"This is your review alarm. {words.title}. {words.body}"


def asked_by_text(words: Words, link: str, *, asks: bool) -> str:
    """The same for a text message."""
    return f"{words.title}. {words.body} {'Reply 1 if you are on it. ' if asks else ''}{link}"


def alarm(client: Client, seen: Pulse, owner: Contact | None) -> Words:
    """What happened, how fast, whom to call."""
    title = f"{client.name}: {counted(seen.new, 'new review')}, normal is {seen.expected_high}"
    call = f"Tap, then call {owner.name}." if owner else "Tap to look."
    return Words(title, f"{_how(seen)} {call}")


def _how(seen: Pulse) -> str:
    one_star = seen.stars.get("1", 0)
    stars = f"{one_star} of {seen.new} are one star." if one_star else f"{seen.low} are low."
    if seen.last_ten_minutes > 1:
        return f"{seen.last_ten_minutes} in the last 10 minutes. {stars}"
    return stars


def growing(client: Client, seen: Pulse) -> Words:
    """It doubled since it was last told."""
    return Words(f"{client.name}: now {seen.new}", f"Still growing. {_how(seen)}")


def still_with_us(client: Client, seen: Pulse) -> Words:
    """The acknowledgement ran out."""
    return Words("Still with us?", f"{client.name} is at {seen.new}. Tap “Still on it”.")


def someone_has_it(name: str) -> Words:
    """Nobody else needs to get up."""
    return Words(f"{name} is on it", "You can sleep.")


def source_blind(client: Client, source: Source) -> Words:
    """A source cannot be seen, since when, why."""
    at = clock_time(source.failing_since, client.zone) if source.failing_since else "now"
    return Words(
        f"{client.name}: {source.name} cannot be read",
        f"Blind since {at}. {source.health_detail}".strip(),
    )


def new_reviews(count: int, span: str) -> str:
    """The title of an incident."""
    return f"{counted(count, 'new review')} in {span}"
