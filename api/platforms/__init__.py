"""The catalogue: every kind of source, what can be done there, and which link belongs to it."""

from collections.abc import Mapping

from api.platforms import app_stores, google, mail, meta, own, review_sites, social
from api.platforms.entry import (
    VERBS,
    Asked,
    Authorisation,
    Capability,
    Entry,
    How,
    Longest,
    Retention,
    Verb,
    Way,
)

__all__ = [
    "CATALOGUE", "VERBS", "Asked", "Authorisation", "Capability", "Entry", "How", "Longest",
    "Retention", "Verb", "Way", "recognise",
]  # fmt: skip

CATALOGUE: dict[str, Entry] = {
    entry.kind: entry
    for family in (own, google, app_stores, social, meta, mail, review_sites)
    for entry in family.ENTRIES
}


def recognise(url: str) -> tuple[Entry, Mapping[str, str]] | None:
    """The platform that a pasted link belongs to, with the ids that stand in it."""
    for entry in CATALOGUE.values():
        ids = entry.found_in(url.strip())
        if ids is not None:
            return entry, ids
    return None
