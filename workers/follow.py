"""Keeps each client's watch up to date: stored as of the last whole minute, then up to now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from api.clock import now
from api.database import Reader, Writer
from api.models import Baseline, Client
from api.settings import settings
from workers.history import History, Learned, history, tell
from workers.rules.baseline import Baseline as Usual
from workers.rules.baseline import Prior
from workers.rules.findings import Finding
from workers.rules.prior import shared_prior
from workers.rules.reviews import Seen
from workers.rules.stored import pack, unpack
from workers.rules.watch import Watch, Wish

_MINUTE = 60
_SETTLING = 2
_BLIND = timedelta(minutes=1)
_FACTOR = {"calm": 1 / 3, "normal": 1.0, "sharp": 3.0}
# After a burst: a second wave is likelier than any first one.
_SHARPER = 3.0


class Settled(NamedTuple):
    """The packed state, and the whole minute up to which it holds everything."""

    state: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """A client's watch as of now, its row, and what was found since it was stored."""

    row: Baseline
    watch: Watch
    found: list[Finding]
    settled: Settled


@dataclass(frozen=True, slots=True)
class _How:
    """What a fold needs besides the state: the same for every minute."""

    wish: Wish
    zone: ZoneInfo
    hurry: float


async def follow(session: Writer, client: Client) -> Followed:
    """Fold what was met since and keep it, in one go; hold the client's row meanwhile."""
    row = await row_of(session, client)
    return await keep(session, await measure(session, client, row))


async def measure(session: Reader, client: Client, row: Baseline) -> Followed:
    """Fold what was met since; nothing is written, so that nobody waits for a long burst.

    The stored state ends with a whole minute: reviews of one minute are taken together, whatever
    their order. It ends two minutes ago, as a verdict or a review may be committed a little later
    than its moment. What came since is folded into a copy, and again next time.
    """
    watch = unpack(row.state) if row.state else None
    since = row.settled_until if watch else None
    watch = watch or _new(row)
    met = await history(session, client.id, since)
    minute = (now().timestamp() // _MINUTE - _SETTLING) * _MINUTE
    how = _how(client)
    found = _fold(watch, _before(met, minute), how)
    settled = Settled(pack(watch), datetime.fromtimestamp(minute, UTC))
    found += _fold(watch, _from(met, minute), how)
    found += watch.until(now().timestamp(), hurry=how.hurry)
    return Followed(row, watch, found, settled)


async def keep(session: Writer, followed: Followed) -> Followed:
    """Write down what is settled, and say the same with the row as it is now."""
    of_client = select(Baseline).where(Baseline.client_id == followed.row.client_id)
    row = (await session.exec(of_client.execution_options(populate_existing=True))).one()
    row.state, row.settled_until = followed.settled
    session.add(row)
    return replace(followed, row=row)


def wish_of(client: Client) -> Wish:
    """How many false notices and wake-ups a year this client may cost; for a week more of them."""
    factor = _FACTOR[client.sensitivity]
    if client.sharper_until is not None and client.sharper_until > now():
        factor *= _SHARPER
    return Wish(settings.false_notices_per_year * factor, settings.false_wakes_per_year * factor)


def look_at(client: Client, watch: Watch) -> datetime | None:
    """When the end of its burst is to be measured again."""
    if not watch.episode.opened:
        return None
    if watch.usual.sight < 1:
        return now() + _BLIND
    at = watch.episode.next_at(_how(client).hurry)
    return max(now(), datetime.fromtimestamp(at, UTC)) + timedelta(milliseconds=1)


def _how(client: Client) -> _How:
    hurry = settings.practice_hurries if client.practice else 1.0
    return _How(wish_of(client), ZoneInfo(client.zone), hurry)


async def row_of(session: Writer, client: Client) -> Baseline:
    """The client's row, made with what is usual elsewhere when there is none yet."""
    found = await session.exec(select(Baseline).where(Baseline.client_id == client.id))
    row = found.first()
    if row is None:
        prior = await _prior(session, client)
        row = Baseline(
            client_id=client.id, prior_per_day=prior.per_day, prior_share=prior.low_share
        )
        session.add(row)
        await session.flush()
    return row


async def _prior(session: Reader, client: Client) -> Prior:
    states = await session.exec(
        select(Baseline.state)
        .join(Client, col(Client.id) == Baseline.client_id)
        .where(col(Client.practice).is_(False), Client.id != client.id)
    )
    watches = [unpack(state) for state in states if state]
    return Prior() if client.practice else shared_prior(one.usual for one in watches if one)


def _new(row: Baseline) -> Watch:
    return Watch(usual=Usual(prior_per_day=row.prior_per_day, prior_share=row.prior_share))


def _before(met: History, minute: float) -> History:
    reviews = [review for review in met.reviews if review.seen_at < minute]
    return replace(met, reviews=reviews, told=[told for told in met.told if told.at < minute])


def _from(met: History, minute: float) -> History:
    reviews = [review for review in met.reviews if review.seen_at >= minute]
    return replace(met, reviews=reviews, told=[told for told in met.told if told.at >= minute])


def _fold(watch: Watch, met: History, how: _How) -> list[Finding]:
    found: list[Finding] = []
    for turn in _turns(met):
        if isinstance(turn, Learned):
            found += watch.until(turn.at, hurry=how.hurry)
            tell(watch, turn)
        else:
            found += watch.until(turn[0].seen_at // _MINUTE * _MINUTE, hurry=how.hurry)
            found += watch.take(turn, how.wish, how.zone, hurry=how.hurry)
    return found


def _turns(met: History) -> Iterator[list[Seen] | Learned]:
    """Batches of a minute's reviews, parted by what was told in between."""
    told = iter(met.told)
    waiting = next(told, None)
    ordered = sorted(met.reviews, key=lambda review: review.seen_at)
    for _, group in groupby(ordered, key=lambda review: review.seen_at // _MINUTE):
        batch: list[Seen] = []
        for review in group:
            while waiting and waiting.at < review.seen_at:
                if batch:
                    yield batch
                    batch = []
                yield waiting
                waiting = next(told, None)
            batch.append(review)
        yield batch
    if waiting:
        yield waiting
    yield from told
