"""Now: the one answer to “can I sleep?”, with its proofs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, func, select

from api import pulse, words
from api.clock import now
from api.database import Reader
from api.lifecycle import device as devices
from api.lifecycle import escalation as escalations
from api.lifecycle import plan
from api.models import Client, Heartbeat, Incident, Source
from api.models.incidents import OPEN_STATES
from api.pulse import clock_time
from api.routes.asking import Asker, Reading, may
from api.routes.clients import ClientId
from api.routes.health import BEAT_IS_OLD, PARTS
from api.routes.incident_shapes import IncidentId, UserId
from api.routes.oncall import Rung, rungs
from api.routes.once import LedgerRoute
from api.routes.reachable import is_set_up
from api.routes.session import me
from api.routes.shapes import Out
from api.routes.source_shapes import SourceId

router = APIRouter(prefix="/v1", tags=["now"], route_class=LedgerRoute)

Me = Annotated[Asker, may("me")]
MayRead = Annotated[Asker, may("oncall:read")]


class BlindSource(Out):
    """A source that cannot be read."""

    source_id: SourceId
    client_id: ClientId
    client_name: str
    name: str
    health: str
    detail: str
    since: datetime


class SourcesNow(Out):
    """How many sources are seen."""

    total: int
    read: int
    blind: list[BlindSource]


class OnCallNow(Out):
    """Who is on call."""

    user_id: UserId
    name: str
    until: datetime | None = None


class MyPhone(Out):
    """Whether the phone of the person who asks was proved."""

    state: str
    proved_at: datetime | None
    detail: str


class IncidentCard(Out):
    """An open incident in a few words."""

    id: IncidentId
    client_id: ClientId
    client_name: str
    state: str
    state_word: str
    title: str
    low_count: int
    total_count: int
    since: datetime
    acknowledged_by: str | None
    practice: bool


class NowOut(Out):
    """The home screen."""

    as_of: datetime
    word: str
    sentence: str
    details: list[str]
    sources: SourcesNow
    newest_read_at: datetime | None
    oldest_read_at: datetime | None
    on_call: OnCallNow | None
    backup: OnCallNow | None
    my_phone: MyPhone
    incidents: list[IncidentCard]
    clients: int


class Reason(Out):
    """One thing that was checked."""

    ok: bool
    sentence: str


class SelfCheck(Out):
    """Whether the person on call would be woken right now."""

    would_wake: bool
    reasons: list[Reason]


@router.get("/now")
async def get_now(asker: Me, session: Reading) -> NowOut:
    """The one answer to “can I sleep?”, with its reasons."""
    user, ladder = me(asker), await rungs(session)
    sources, newest, oldest = await _sources(session, asker)
    incidents = await _incidents(session, asker)
    wake = await _checks(session, ladder)
    word = _word(incidents, wake, sources)
    return NowOut(
        as_of=now(),
        word=word,
        sentence=_sentence(word, ladder, user.id, incidents),
        details=_details(wake, sources),
        sources=sources,
        newest_read_at=newest,
        oldest_read_at=oldest,
        on_call=_on_call(ladder[:1]),
        backup=_on_call(ladder[1:2]),
        my_phone=await _my_phone(session, user.id, user.zone),
        incidents=incidents,
        clients=await _client_count(session, asker),
    )


@router.get("/self-check")
async def get_self_check(asker: MayRead, session: Reading) -> SelfCheck:
    """Would I be woken right now, yes or no, with reasons."""
    checks = await _checks(session, await rungs(session))
    return SelfCheck(would_wake=all(check.ok for check in checks), reasons=checks)


async def _checks(session: Reader, ladder: list[Rung]) -> list[Reason]:
    first = ladder[0] if ladder else None
    name = first.name if first else None
    awake = await _awake(session)
    return [
        Reason(ok=bool(first), sentence=words.on_call(name)),
        *(_of_person(first) if first else _of_nobody()),
        *([] if await plan.rings_somebody(session) else [_PLAN_RINGS_NOBODY]),
        Reason(ok=awake, sentence=words.AWAKE if awake else words.ASLEEP),
    ]


_PLAN_RINGS_NOBODY = Reason(ok=False, sentence=words.PLAN_RINGS_NOBODY)


def _of_nobody() -> list[Reason]:
    return [Reason(ok=False, sentence=words.has_device(None, has=False))]


def _of_person(first: Rung) -> list[Reason]:
    """What has to be true of whoever is rung first; only what is set up here can be missing."""
    name, has = first.name, bool(first.devices_live)
    proved = bool(first.last_confirmed_at)
    found = [
        Reason(ok=has, sentence=words.has_device(name, has=has)),
        Reason(ok=proved, sentence=words.proved(name, proved=proved)),
    ]
    if is_set_up("voice"):
        called = "voice" in first.channels
        said = words.CALLED if called else words.NOT_CALLED
        found.append(Reason(ok=called, sentence=words.say(said, name=name)))
    if first.broken:
        labels = ", ".join(first.broken)
        found.append(Reason(ok=False, sentence=words.say(words.BROKEN, labels=labels)))
    if not first.hours_readable:
        found.append(Reason(ok=False, sentence=words.say(words.BAD_HOURS, name=name)))
    return found


async def _awake(session: Reader) -> bool:
    beats = [await session.get(Heartbeat, name) for name in PARTS]
    return all(beat and now() - beat.at < BEAT_IS_OLD for beat in beats)


def _details(checks: list[Reason], sources: SourcesNow) -> list[str]:
    unread = [] if sources.total else [words.NOTHING_READ]
    return [*unread, *(check.sentence for check in checks if not check.ok)]


def _word(incidents: list[IncidentCard], checks: list[Reason], sources: SourcesNow) -> str:
    if any(not card.practice for card in incidents):
        return "live"
    if not all(check.ok for check in checks) or sources.blind or not sources.total:
        return "not_safe"
    return "quiet"


def _sentence(word: str, ladder: list[Rung], user_id: UUID, incidents: list[IncidentCard]) -> str:
    if word == "live":
        real = [card for card in incidents if not card.practice]
        return words.live([card.client_name for card in real])
    if word == "not_safe":
        return words.NOT_SAFE
    first = ladder[0]
    return words.quiet("You are" if first.user_id == user_id else f"{first.name} is")


def _on_call(ladder: list[Rung]) -> OnCallNow | None:
    return OnCallNow(user_id=ladder[0].user_id, name=ladder[0].name) if ladder else None


async def _sources(
    session: Reader, asker: Asker
) -> tuple[SourcesNow, datetime | None, datetime | None]:
    found = list(
        await session.exec(
            select(Source, Client)
            .join(Client, col(Client.id) == col(Source.client_id))
            .where(
                asker.sees(Client.id),
                col(Source.removed_at).is_(None),
                col(Client.archived_at).is_(None),
                col(Client.practice).is_(False),
                col(Source.kind) != "file",
            )
        )
    )
    blind = [_blind(source, client) for source, client in found if source.failing_since]
    reads = [source.last_ok_at for source, _ in found if source.last_ok_at]
    counts = SourcesNow(total=len(found), read=len(found) - len(blind), blind=blind)
    return counts, max(reads, default=None), min(reads, default=None)


def _blind(source: Source, client: Client) -> BlindSource:
    return BlindSource(
        source_id=source.id, client_id=client.id, client_name=client.name, name=source.name,
        health=source.health, detail=source.health_detail, since=source.failing_since or now(),
    )  # fmt: skip


async def _incidents(session: Reader, asker: Asker) -> list[IncidentCard]:
    found = await session.exec(
        select(Incident, Client)
        .join(Client, col(Client.id) == col(Incident.client_id))
        .where(asker.sees(Client.id), col(Incident.state).in_(OPEN_STATES))
        .order_by(col(Incident.practice), col(Incident.low_count).desc())
    )
    return [await _card(session, incident, client) for incident, client in found]


async def _card(session: Reader, incident: Incident, client: Client) -> IncidentCard:
    seen = await pulse.of_incident(session, incident)
    escalation = await escalations.newest(session, incident.id)
    return IncidentCard(
        id=incident.id, client_id=client.id, client_name=client.name, state=incident.state,
        state_word=words.STATE[incident.state], title=incident.title, low_count=seen.low,
        total_count=seen.new, since=incident.since, practice=incident.practice,
        acknowledged_by=escalations.who_has_it(escalation),
    )  # fmt: skip


async def _my_phone(session: Reader, user_id: UUID, zone: str) -> MyPhone:
    live = [one for one in await devices.live_of(session, user_id) if one.channel == "webpush"]
    if not live:
        return MyPhone(state="no_device", proved_at=None, detail=words.NO_DEVICE)
    proved_at = live[0].last_confirmed_at
    if live[0].broken_at:
        said = words.say(words.BROKEN, labels=live[0].label or words.A_PHONE)
        return MyPhone(state="broken", proved_at=proved_at, detail=said)
    if proved_at is None:
        return MyPhone(state="never_proved", proved_at=None, detail=words.NEVER_PROVED)
    detail = f"Push shown {clock_time(proved_at, zone)}."
    return MyPhone(state="proved", proved_at=proved_at, detail=detail)


async def _client_count(session: Reader, asker: Asker) -> int:
    count = await session.exec(
        select(func.count())
        .select_from(Client)
        .where(
            asker.sees(Client.id), col(Client.archived_at).is_(None),
            col(Client.practice).is_(False),
        )
    )  # fmt: skip
    return count.one()
