"""A source of alarms: a fresh client each time, four bad reviews by the API, a phone that buzzes.

The oracle is simple: every client whose reviews the API acknowledged buzzes the phone once.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import func
from sqlmodel import SQLModel, select

from api.clock import now
from api.database import reading, transaction
from api.ids import decode, encode, new_id
from api.lifecycle import setup
from api.models import Baseline, Client, Incident, Review, Source
from tests.bench.town import _people
from tests.faults.instance import inside
from tests.push_service import PushService
from workers.practice_phone import Message, Phone
from workers.rules.baseline import Prior

LOWS = 4
_CHUNK = 2000
_REST = 0.03
_NEVER = 1e9


@dataclass
class Alarm:
    """One client's bad night: when its reviews were sent and acknowledged, and when it rang."""

    client_id: UUID
    source_id: UUID
    sent: datetime | None = None
    acknowledged: bool = False
    rang: datetime | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seconds(self) -> float:
        assert self.sent
        assert self.rang
        return (self.rang - self.sent).total_seconds()


@dataclass
class Alarms:
    """Everybody who takes part: the API at `web`, one phone, and clients that nobody knows yet."""

    web: httpx.AsyncClient
    phone: Phone
    seen_to_after: float
    fresh: list[Alarm] = field(default_factory=list)
    begun: list[Alarm] = field(default_factory=list)
    of: dict[UUID, Alarm] = field(default_factory=dict)
    answered: dict[str, list[float]] = field(default_factory=dict)
    """Seconds until each request was answered, by who asked; `cut_off` counts those never were."""
    cut_off: int = 0
    _people: list[asyncio.Task[None]] = field(default_factory=list)

    async def make_clients(self, count: int) -> None:
        """Each has a source that programs send to, and a watch that has seen nothing."""
        made = [Alarm(new_id(), new_id()) for _ in range(count)]
        for start in range(0, count, _CHUNK):
            await _write(made[start : start + _CHUNK], len(self.begun) + len(self.fresh) + start)
        self.fresh += made
        self.of |= {alarm.client_id: alarm for alarm in made}

    async def one(self, patience: float) -> Alarm:
        """Send a client's reviews until they are acknowledged, then wait until it rings."""
        alarm = self.fresh.pop()
        self.begun.append(alarm)
        alarm.sent = await self.send(alarm, LOWS)
        alarm.acknowledged = True
        with suppress(TimeoutError):
            await asyncio.wait_for(alarm.arrived.wait(), patience)
            self._people.append(asyncio.create_task(self._see_to(alarm)))
        return alarm

    async def all_seen_to(self) -> None:
        """Return when a person has come to everything that rang so far."""
        await asyncio.gather(*self._people)

    async def send(self, alarm: Alarm, count: int, who: str = "others") -> datetime:
        """So many bad reviews of one client in one request."""
        body = [
            {"external_id": str(uuid4()), "stars": 1, "text": "Never again."} for _ in range(count)
        ]
        return await self.ask(f"/v1/sources/{encode('src', alarm.source_id)}/reviews", body, who)

    async def ask(self, path: str, body: Any, who: str = "others") -> datetime:
        """POST until it is acknowledged, as a careful sender does; when the last try began."""
        headers = {"Idempotency-Key": str(uuid4())}
        while True:
            sent = now()
            try:
                with self.timing(who):
                    answer = await self.web.post(path, json=body, headers=headers)
            except httpx.TransportError:
                answer = httpx.Response(503)
            if answer.status_code < 500:
                assert answer.is_success, answer.text
                return sent
            self.cut_off += 1
            await asyncio.sleep(_REST)

    @contextmanager
    def timing(self, who: str) -> Iterator[None]:
        """Note how long this request takes, if it is answered at all."""
        begun = time.perf_counter()
        yield
        self.answered.setdefault(who, []).append(time.perf_counter() - begun)

    async def listen(self) -> None:
        """Note whose alarm each new message is."""
        while True:
            message = await self.phone.next_message(_NEVER)
            if is_alarm(message):
                alarm = self.of[await _client_of(message)]
                alarm.rang = alarm.rang or message.at
                alarm.arrived.set()

    async def _see_to(self, alarm: Alarm) -> None:
        """A person comes after a while, and it was nothing."""
        await asyncio.sleep(self.seen_to_after)
        async with reading() as session:
            query = select(Incident.id).where(Incident.client_id == alarm.client_id)
            incident_id = (await session.exec(query)).one()
        path = f"/v1/incidents/{encode('inc', incident_id)}/dismiss"
        await self.ask(path, {"reason": "good_press"})

    def lost(self) -> int:
        """Acknowledged, and the phone stayed silent."""
        return sum(alarm.acknowledged and alarm.rang is None for alarm in self.begun)

    def second_buzzes(self) -> int:
        """Buzzes for one incident beyond its first: nobody is rung a second time in a campaign."""
        buzzes = Counter(_incident_of(one) for one in self.phone.shown if is_alarm(one))
        return sum(buzzes.values()) - len(buzzes)

    def repeats(self) -> int:
        """How often the same alarm travelled again; the phone shows it once."""
        tags = Counter(one.notification["tag"] for one in self.phone.received if is_alarm(one))
        return sum(tags.values()) - len(tags)

    async def kept_twice(self) -> int:
        """Reviews and incidents beyond those that there were."""
        async with reading() as session:
            reviews = (await session.exec(select(func.count()).select_from(Review))).one()
            incidents = (await session.exec(select(func.count()).select_from(Incident))).one()
        return max(0, reviews - LOWS * len(self.begun)) + max(0, incidents - len(self.begun))

    def seconds(self) -> list[float]:
        return [alarm.seconds for alarm in self.begun if alarm.rang]


@asynccontextmanager
async def alarms_at(
    environment: Mapping[str, str], push: PushService, seen_to_after: float
) -> AsyncIterator[Alarms]:
    """Alarms for the instance of these settings, whose tables exist already.

    A person dismisses an incident so many seconds after it rang.
    """
    url = f"http://127.0.0.1:{environment['NIGHTDESK_PORT']}"
    async with inside(environment):
        await setup.prepare()
        phone = await push.phone(url)
        _, secret = await _people(phone)
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(
            base_url=url, headers=headers, trust_env=False, timeout=30
        ) as web:
            yield Alarms(web, phone, seen_to_after)


async def _write(made: Sequence[Alarm], first: int) -> None:
    prior = Prior()
    usual = {"prior_per_day": prior.per_day, "prior_share": prior.low_share}
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {
        Client: [
            {"id": one.client_id, "name": f"Bistro {number}"}
            for number, one in enumerate(made, start=first)
        ],
        Source: [
            {"id": one.source_id, "client_id": one.client_id, "kind": "push", "name": "Program"}
            for one in made
        ],
        Baseline: [{"id": new_id(), "client_id": one.client_id, **usual} for one in made],
    }
    async with transaction() as session:
        for table, values in rows.items():
            session.add_all([table(**one) for one in values])
            await session.flush()


@asynccontextmanager
async def flowing(alarms: Alarms, every: float, patience: float) -> AsyncIterator[None]:
    """One alarm after the other begins while the block lasts; then all have rung, or never will."""
    tasks: list[asyncio.Task[Alarm]] = []

    async def begin_on() -> None:
        while True:
            tasks.append(asyncio.create_task(alarms.one(patience)))
            await asyncio.sleep(every)

    helpers = [asyncio.create_task(alarms.listen()), asyncio.create_task(begin_on())]
    try:
        yield
        helpers[1].cancel()
        await asyncio.gather(*tasks)
        await alarms.all_seen_to()
    finally:
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)


def is_alarm(message: Message) -> bool:
    return bool(message.notification["data"]["kind"] == "alarm")


def _incident_of(message: Message) -> str:
    return str(message.notification["data"]["incident_id"])


async def _client_of(message: Message) -> UUID:
    async with reading() as session:
        incident = await session.get_one(Incident, decode("inc", _incident_of(message)))
    return incident.client_id
