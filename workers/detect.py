"""New reviews of one client → what the watch finds → an incident, or a bigger one, or nothing."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import UUID

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer, emit, reading, transaction
from api.ids import encode
from api.lifecycle import escalation as escalations
from api.lifecycle import incident as incidents
from api.lifecycle import ringing, warning
from api.lifecycle import source as sources
from api.lifecycle.plan import AT_ONCE, ladder
from api.models import Baseline, Client, Incident
from workers import together
from workers.facts import began_at, facts, growth, low_since, met_since
from workers.follow import Followed, keep, look_at, measure, row_of
from workers.rules.findings import Finding

_SAME_MATTER = timedelta(days=7)
_MINUTE = timedelta(minutes=1)
_NO_DOUBT_FROM = 3
# Milliseconds are enough, a second in a flood; one that died over it is waited for no longer.
_JUDGING = timedelta(seconds=3)
# Seconds. A judgement takes milliseconds; one that reads thousands of reviews takes longer.
_QUICK, _LONGEST_REST = 0.05, 2.0
_rests_until: dict[UUID, float] = {}


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A judgement that is ours until a moment; should we die, it is due again then."""

    client: Client
    row: Baseline
    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class _News:
    """What came of one judgement: the watch, and the findings that nobody has acted on yet."""

    client: Client
    followed: Followed
    wake: Finding | None
    notice: Finding | None

    @property
    def look_at(self) -> datetime | None:
        return look_at(self.client, self.followed.watch)


async def due(session: Reader) -> list[UUID]:
    """The clients whose newest reviews wait for a judgement."""
    found = await session.exec(
        select(Client.id).where(col(Client.detect_at) <= now(), col(Client.archived_at).is_(None))
    )
    return list(found)


async def detect(client_id: UUID) -> None:
    """Judge what is new at one client: claim, measure while nobody waits for it, act.

    A review that arrives meanwhile asks for another judgement.
    """
    await _breathe(client_id)
    async with transaction() as session:
        claimed = await _claim(session, client_id)
    if claimed is None:
        return
    begun = monotonic()
    async with reading() as session:
        followed = await measure(session, claimed.client, claimed.row)
    took = monotonic() - begun
    async with transaction() as session:
        await _judge(session, claimed, followed)
    if took > _QUICK:
        _rests_until[client_id] = monotonic() + min(3 * took, _LONGEST_REST)


async def _breathe(client_id: UUID) -> None:
    """A flood at one client leaves three quarters of the time to everybody else.

    What arrives in the pause is judged with the next; a client whose judgement is quick has none.
    """
    await asyncio.sleep(max(0.0, _rests_until.pop(client_id, 0.0) - monotonic()))


async def _judge(session: Writer, claimed: _Claimed, measured: Followed) -> None:
    """Act on what was found, unless somebody has judged this client later than we have.

    Who claimed it meanwhile, because we were slow, meets what we did: a finding counts once.
    """
    client = await _hold(session, claimed.client.id)
    if client is None or client.detect_at is None:
        return
    followed = await keep(session, measured)
    news = _news(client, followed, claimed.asked_at)
    if client.detect_at == claimed.until:
        client.detect_at = None
    session.add(client)
    incident = await incidents.of_client(session, client.id)
    if incident:
        await _follow(session, incident, news)
    else:
        await _look(session, news)


async def _claim(session: Writer, client_id: UUID) -> _Claimed | None:
    """Take the judgement for a few seconds; None when nothing waits for one."""
    client = await _hold(session, client_id)
    if client is None or client.detect_at is None or client.detect_at > now():
        return None
    asked_at, until = client.detect_at, now() + _JUDGING
    row = await row_of(session, client)
    client.detect_at = until
    session.add(client)
    return _Claimed(client, row, asked_at, until)


async def _hold(session: Writer, client_id: UUID) -> Client | None:
    found = await session.exec(
        select(Client)
        .where(Client.id == client_id, col(Client.archived_at).is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.first()


def _news(client: Client, followed: Followed, asked_at: datetime) -> _News:
    """The last wake and the last notice that are newer than what was acted on before."""
    row, by_kind = followed.row, {found.kind: found for found in followed.found}
    since = asked_at - _MINUTE
    wake, notice = by_kind.get("wake"), by_kind.get("notice")
    return _News(
        client, followed,
        wake if wake and _is_new(wake, since, row.woke_at) else None,
        notice if notice and _is_new(notice, since, row.noticed_at) else None,
    )  # fmt: skip


def _is_new(found: Finding, since: datetime, acted_at: datetime | None) -> bool:
    """Whether it is about what was asked, and not the same minute's finding told again."""
    at = datetime.fromtimestamp(found.at, UTC)
    return at >= since and (acted_at is None or found.at // 60 > acted_at.timestamp() // 60)


def _forgotten(followed: Followed) -> Finding | None:
    """A burst that goes on although nobody was woken: while a dismissed one was watched, say."""
    standing, woke_at = followed.watch.standing(), followed.row.woke_at
    if standing is None or (woke_at and standing.at // 60 <= woke_at.timestamp() // 60):
        return None
    return standing


async def _look(session: Writer, news: _News) -> None:
    before = await _newest(session, news.client.id)
    if before and _dismissed_lately(before):
        await _watch_for_doubling(session, before, news)
    elif wake := news.wake or _forgotten(news.followed):
        await _wake(session, news, wake, before)
    elif news.notice:
        await _notice(session, news, news.notice)


async def _wake(session: Writer, news: _News, wake: Finding, before: Incident | None) -> None:
    row, client = news.followed.row, news.client
    row.woke_at = datetime.fromtimestamp(wake.at, UTC)
    reviews = await met_since(session, client.id, began_at(wake))
    row.woke_by = await together.host_of(session, [one.source_id for one in reviews])
    session.add(row)
    if before and before.state == "resolved" and _lately(before, _SAME_MATTER):
        await incidents.reopen(session, before)
    else:
        doubt = await together.doubt(session, client, row)
        found = facts(wake, reviews)
        await incidents.begin(session, client, found, look_at=news.look_at or now(), doubt=doubt)
    await sources.hurry(session, client.id)


async def _notice(session: Writer, news: _News, notice: Finding) -> None:
    """Too little to wake anybody: kept for who looks and for the morning, told to programs."""
    row, client_id = news.followed.row, news.client.id
    row.noticed_at = datetime.fromtimestamp(notice.at, UTC)
    row.notice = facts(notice, await met_since(session, client_id, began_at(notice)))
    session.add(row)
    about = {"id": encode("cli", client_id), "object": "client"}
    emit(session, "client.noticed", client_id=client_id, object=about)
    for user in (await ladder(session, practice=news.client.practice))[:1]:
        line = f"{news.client.name}: {row.notice['sentence']}"
        await warning.keep_for_morning(session, user, line)


async def _newest(session: Reader, client_id: UUID) -> Incident | None:
    return (
        await session.exec(
            select(Incident)
            .where(Incident.client_id == client_id)
            .order_by(col(Incident.id).desc())
        )
    ).first()


def _lately(incident: Incident, within: timedelta) -> bool:
    return incident.ended_at is not None and incident.ended_at > now() - within


def _dismissed_lately(incident: Incident) -> bool:
    return incident.state == "dismissed" and _lately(incident, incidents.DOUBLING_WATCH)


async def _watch_for_doubling(session: Writer, incident: Incident, news: _News) -> None:
    """Ring again when what was dismissed has doubled since."""
    low = await low_since(session, incident.client_id, incident.since)
    if low >= 2 * incident.low_count:
        news.followed.row.woke_at = now()
        session.add(news.followed.row)
        await incidents.reopen(session, incident)
        await incidents.grow(session, incident, low, look_at=news.look_at or now())


async def _follow(session: Writer, incident: Incident, news: _News) -> None:
    low = await low_since(session, incident.client_id, incident.since)
    if low <= incident.low_count and not news.wake:
        return
    low = max(low, incident.low_count)
    came = low - incident.finding["low_count"]
    incident.finding = incident.finding | {"growth": growth(news.followed.watch.episode.doubling())}
    await incidents.grow(session, incident, low, look_at=news.look_at or now())
    if came >= _NO_DOUBT_FROM:
        await escalations.stop_doubting(session, incident.id)
    if news.wake:
        await _again(session, incident, news, news.wake)
    elif low >= 2 * incident.told_low_count:
        await incidents.tell_growth(session, incident, low)
        await _tell_whoever_has_it(session, incident, low)


async def _again(session: Writer, incident: Incident, news: _News, wake: Finding) -> None:
    """A wave after people said "slowing", or after it was measured to be over."""
    row = news.followed.row
    row.woke_at = datetime.fromtimestamp(wake.at, UTC)
    session.add(row)
    if incident.state == "monitoring":
        await incidents.relapse(session, incident)
        return
    await incidents.second_wave(session, incident)
    await _tell_whoever_has_it(session, incident, incident.low_count)


async def _tell_whoever_has_it(session: Writer, incident: Incident, low: int) -> None:
    """One push at each doubling to the person who has it; the others sleep.

    Where it was decided what to do, and everybody sleeps, it rings again as at the first time.
    Where a program said “I’m on it”, the first of the ladder is the nearest person.
    """
    escalation = await escalations.live(session, incident.id)
    if escalation is None:
        await escalations.start(session, incident)
        return
    if escalation.state != "acknowledged":
        return
    first = [user.id for user in await ladder(session, practice=incident.practice)][:1]
    for user_id in [escalation.acknowledged_by] if escalation.acknowledged_by else first:
        await ringing.ring_devices(
            session, user_id, "growing",
            key=f"{encode('inc', incident.id)}:growing:{low}", channels=AT_ONCE,
            incident_id=incident.id,
        )  # fmt: skip
