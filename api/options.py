"""What can be done for a client tonight, place by place: what goes, what stays, how sure we are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from api import words_acting as words
from api.database import Reader
from api.ids import encode
from api.lifecycle.action import Plan
from api.lifecycle.down import in_the_way
from api.models import Incident, Result, Review, Source
from api.platforms import CATALOGUE
from api.platforms.doors import door
from api.platforms.entry import Capability, Verb, real

# The verb of the catalogue, what is asked of the platform, and what undoes it.
_BACK: dict[Verb, str] = {
    "take_down": "restore", "close_comments": "open_comments", "hide": "unhide",
}  # fmt: skip
_MOST_HIDDEN = 200
_VIDEO = re.compile(r"[?&]v=([\w-]{6,20})")
# Marking an open place as closed is untrue and costs rank: possible, and never suggested.
_NOT_SUGGESTED = ("google",)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be done: `plans` are its single acts, `suggested` whether it is ticked."""

    key: str
    source_id: UUID | None
    name: str
    verb: str
    what: str
    certainty: str
    why: str
    link: str
    suggested: bool
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """One place that stays, and why; `link` leads to what a hand can do there."""

    source_id: UUID
    name: str
    why: str
    link: str


@dataclass(frozen=True, slots=True)
class Options:
    """What can go, and what stays whatever anybody wants."""

    goes: tuple[Option, ...]
    stays: tuple[Stay, ...]


async def of(session: Reader, incident: Incident) -> Options:
    """Everything that can be done for the client of an incident, surest and loudest first."""
    client_id = incident.client_id
    sources = await _sources(session, client_id)
    proven = await _proven(session, [one.id for one in sources])
    comments = await _comments(session, incident)
    down = {(one.source_id, one.verb, one.target) for one in await in_the_way(session, client_id)}
    goes, stays = [], []
    for source in sources:
        can = _can(source, practice=incident.practice)
        possible = _of_source(source, can, proven, comments.get(source.id, []))
        found = [one for one in possible if not _is_down(one, down)]
        goes += found
        if not any(one.verb != "hide" for one in found):
            stays.append(_stay(source))
    goes.append(_website())
    order = ("proven", "expected", "by_hand")
    goes.sort(key=lambda one: (not one.suggested, order.index(one.certainty)))
    return Options(tuple(goes), tuple(stays))


def _is_down(option: Option, down: set[tuple[UUID | None, str, str]]) -> bool:
    """Down already, or on its way: it is put back before it is taken down again."""
    return all((option.source_id, one.verb, one.target) in down for one in option.plans)


def _can(source: Source, *, practice: bool) -> list[Capability]:
    """What the catalogue says; in practice a page stands beside the feed, and can be taken down."""
    found = list(CATALOGUE[source.kind].capabilities)
    if not practice or source.kind != "feed":
        return found
    return [real(one.verb, words.PRACTICE) if one.verb == "take_down" else one for one in found]


def _of_source(
    source: Source,
    capabilities: Iterable[Capability],
    proven: set[tuple[UUID | None, str]],
    comments: list[Review],
) -> Iterator[Option]:
    for can in capabilities:
        if can.how == "link" and can.verb == "take_down":
            yield _by_hand(source, can)
        elif can.how == "real" and can.verb in _BACK:
            targets = list(_targets(source, can.verb, comments))
            if targets:
                worked = (source.id, can.verb) in proven
                yield _real(source, can, targets, worked=worked)


def _targets(source: Source, verb: Verb, comments: list[Review]) -> Iterable[str]:
    """Ids at the platform: the place as a whole, the videos talked about, or single comments."""
    if verb == "hide":
        return [one.external_id for one in comments[:_MOST_HIDDEN] if not one.hidden]
    if source.kind == "youtube":
        found = (_VIDEO.search(one.url or "") for one in comments)
        return dict.fromkeys(one[1] for one in found if one)
    return [""]


def _real(source: Source, can: Capability, targets: list[str], *, worked: bool) -> Option:
    name, many = _name(source, can.verb, len(targets)), can.verb == "hide"
    sure = "proven" if worked else "expected"
    what = words.WHATS[can.verb]
    why = words.WORKED_HERE if worked else words.NEVER_TRIED
    if source.ready is False and can.verb == "take_down":
        why = words.NOT_READY.format(detail=source.ready_detail)
    plans = tuple(
        Plan(
            name=name, verb=can.verb, what=what, certainty=sure, source_id=source.id,
            back_verb=_BACK[can.verb], target=target, link=_door(source, target),
        )
        for target in targets
    )  # fmt: skip
    suggested = not many and source.ready is not False and source.kind not in _NOT_SUGGESTED
    return Option(
        _key(source.id, can.verb), source.id, name, can.verb, what, sure, why,
        _door(source, targets[0]), suggested, plans,
    )  # fmt: skip


def _door(source: Source, target: str) -> str:
    return door(source.kind, {**source.place, "target": target}) or source.url or ""


def _by_hand(source: Source, can: Capability) -> Option:
    name, what = _name(source, can.verb, 1), words.WHATS["by_hand"]
    plan = Plan(
        name=name, verb=can.verb, what=what, certainty="by_hand", source_id=source.id,
        back_verb=_BACK[can.verb], link=can.link,
    )  # fmt: skip
    return Option(
        _key(source.id, can.verb), source.id, name, can.verb, what, "by_hand", can.reason,
        can.link, suggested=False, plans=(plan,),
    )  # fmt: skip


def _website() -> Option:
    """Every business has one somewhere; ours to take down is none of them."""
    plan = Plan(
        name=words.WEBSITE, verb="take_down", what=words.WEBSITE_WHAT, certainty="by_hand",
        back_verb="restore", params={"note": words.WEBSITE_NOTE},
    )  # fmt: skip
    return Option(
        "website", None, words.WEBSITE, "take_down", words.WEBSITE_WHAT, "by_hand",
        words.WEBSITE_NOTE, "", suggested=False, plans=(plan,),
    )  # fmt: skip


def _stay(source: Source) -> Stay:
    can = {one.verb: one for one in CATALOGUE[source.kind].capabilities}
    down, report = can.get("take_down"), can.get("report")
    link = report.link if report else ""
    return Stay(source.id, source.name, down.reason if down else "", link)


def _name(source: Source, verb: Verb, count: int) -> str:
    if verb == "hide":
        return words.comments_of(count, source.name)
    return words.comments_under(source.name) if verb == "close_comments" else source.name


def _key(source_id: UUID, verb: str) -> str:
    return f"{encode('src', source_id)}:{verb}"


async def _sources(session: Reader, client_id: UUID) -> list[Source]:
    found = await session.exec(
        select(Source)
        .where(Source.client_id == client_id, col(Source.removed_at).is_(None))
        .order_by(col(Source.id))
    )
    return list(found)


async def _proven(session: Reader, sources: list[UUID]) -> set[tuple[UUID | None, str]]:
    """What was done at a place and read back there before."""
    found = await session.exec(
        select(Result.source_id, Result.verb)
        .where(
            col(Result.source_id).in_(sources),
            col(Result.seen_at).is_not(None),
            Result.done_by == "",
        )
        .distinct()
    )
    return set(found)


async def _comments(session: Reader, incident: Incident) -> dict[UUID, list[Review]]:
    """The comments of the burst by source, newest first."""
    found = await session.exec(
        select(Review)
        .where(
            Review.client_id == incident.client_id,
            col(Review.counts_at) >= incident.since,
            Review.kind == "comment",
            col(Review.gone_at).is_(None),
        )
        .order_by(col(Review.counts_at).desc())
        .limit(1000)
    )
    by_source: dict[UUID, list[Review]] = {}
    for one in found:
        by_source.setdefault(one.source_id, []).append(one)
    return by_source
