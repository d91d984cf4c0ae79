"""Our own times in an incident, from its timeline alone: how soon each thing was done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.models import Entry, Incident

# The first entry of one of these kinds is when it was done.
_KINDS = {
    "alarm": ("rang",),
    "acknowledged": ("acknowledged",),
    "owner": ("called", "said_yes", "said_no", "wants_to_think"),
    "yes": ("said_yes", "approved"),
    "down": ("down",),
}
_BEGUN_AGAIN = ("second_wave", "relapse", "reopen")


@dataclass(frozen=True, slots=True)
class Step:
    """One of our times: `took` is None for what did not happen.

    Noticing counts from the first review of the burst, all others from when it was noticed.
    """

    name: str
    at: datetime | None
    took: timedelta | None


def steps(incident: Incident, entries: Sequence[Entry]) -> list[Step]:
    """Noticed, alarm, acknowledged, owner, yes, down, calm: in this order, each once."""
    noticed = incident.opened_at
    done = {name: _first(entries, kinds) for name, kinds in _KINDS.items()}
    done["calm"] = _calm(entries)
    return [
        Step("noticed", noticed, _never_less(noticed - incident.since)),
        *(
            Step(name, at, None if at is None else _never_less(at - noticed))
            for name, at in done.items()
        ),
    ]


def _first(entries: Sequence[Entry], kinds: Collection[str]) -> datetime | None:
    return next((entry.created_at for entry in entries if entry.kind in kinds), None)


def _calm(entries: Sequence[Entry]) -> datetime | None:
    """The last calm that nothing broke, from when on it was quiet."""
    calm = None
    for entry in entries:
        if entry.kind == "calm":
            calm = datetime.fromisoformat(entry.facts["since"])
        elif entry.kind in _BEGUN_AGAIN:
            calm = None
    return calm


def _never_less(took: timedelta) -> timedelta:
    return max(took, timedelta())
