"""Every sentence that a phone shows: short, numbers first, no name of a reviewer, no number."""

from dataclasses import dataclass

from api.models import Client, Contact, Source
from api.pulse import Pulse, clock_time
from workers.rules.words import counted


@dataclass(frozen=True, slots=True)
class Words:
    """A title and a body."""

    title: str
    body: str


TEST = Words("Test alarm", "Tap so we know that it reached you.")


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
