"""The catalogue for people: what can be connected, how, and what can be done there."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Query

from api import words
from api.apps import set_up
from api.errors import NotThere
from api.platforms import CATALOGUE, Entry, How, Retention, Verb, Way, recognise
from api.platforms import Capability as Known
from api.routes.asking import Asker, may
from api.routes.lists import Page, page
from api.routes.shapes import Out

router = APIRouter(prefix="/v1", tags=["platforms"])

MayRead = Annotated[Asker, may("sources:read")]


class Capability(Out):
    """One thing that can be done there: really, by a link for a hand, or not at all, and why."""

    verb: Verb
    how: How
    reason: str
    link: str


class AskedOut(Out):
    """One thing to enter; a secret one is never shown again."""

    name: str
    label: str
    secret: bool
    optional: bool


class PlatformOut(Out):
    """One platform of the catalogue.

    `way` is how a client is connected: account (signing in), key, mailbox, nothing (its link is
    enough), or own. `set_up` is whether the operator has what signing in there needs. `retention`
    is what may be kept: full, the words for a day, or ids alone.
    """

    kind: str
    object: str = "platform"
    name: str
    way: Way
    set_up: bool
    asked: list[AskedOut]
    capabilities: list[Capability]
    note: str
    retention: Retention


class RecognisedOut(PlatformOut):
    """The platform of a link, and the ids that stand in it."""

    place: dict[str, str]
    url: str


@router.get("/platforms")
async def list_platforms(asker: MayRead) -> Page[PlatformOut]:
    """Every kind of source that there is."""
    return page([PlatformOut.model_validate(_facts(entry)) for entry in CATALOGUE.values()])


@router.get("/platforms/recognise")
async def recognise_platform(
    asker: MayRead, url: Annotated[str, Query(max_length=2000)] = ""
) -> RecognisedOut:
    """Which platform a pasted link belongs to; not found says what to do instead."""
    address = _whole(url)
    if not address:
        raise NotThere(words.NO_LINK, hint=words.NOT_KNOWN_HINT)
    found = recognise(address)
    if found is None:
        raise NotThere(words.NOT_KNOWN, hint=words.NOT_KNOWN_HINT)
    entry, ids = found
    return RecognisedOut.model_validate(_facts(entry) | {"place": dict(ids), "url": address})


def _whole(url: str) -> str:
    """As it is pasted: around it spaces, in front of it often nothing; empty when it is no link."""
    bare = url.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in bare):
        return ""
    scheme, found, rest = bare.partition("://")
    if found:
        return bare if scheme.lower() in ("http", "https") and rest else ""
    return f"https://{bare}" if "." in bare.partition("/")[0] else ""


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "way": entry.way,
        "set_up": set_up(entry),
        "asked": entry.asked,
        "capabilities": shown(entry.capabilities),
        "note": entry.note,
        "retention": entry.retention,
    }


def shown(known: Iterable[Known], probed: Mapping[str, str] | None = None) -> list[Capability]:
    """What can be done, where `probed` says what turned out otherwise at one place.

    What was probed and is no verb is a part of reading that is missing there.
    """
    missing = dict(probed or {})
    found = {one.verb: Capability.model_validate(one) for one in known}
    for verb in found.keys() & missing.keys():
        found[verb] = found[verb].model_copy(update={"how": "none", "reason": missing.pop(verb)})
    if missing and "read" in found:
        said = " ".join([found["read"].reason, *missing.values()])
        found["read"] = found["read"].model_copy(update={"reason": said})
    return list(found.values())
