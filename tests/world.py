"""The people and places of every story: a manager, a backup, a stranger, an owner, a phone, a feed.

Real database, real routes, real jobs, a real push service over HTTP; only the clock is moved.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlmodel import col, select

from api import clock, crypto, database, queue
from api.app import create_app
from api.database import reading, transaction
from api.ids import decode
from api.lifecycle import people, setup
from api.models import User
from api.settings import settings
from tests.feed_server import FeedServer, feed_server
from tests.push_service import PushService
from workers import push_rest
from workers.main import TIMETABLE
from workers.practice_feed import PracticeReview
from workers.practice_phone import Phone

START = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def configure(**values: Any) -> None:
    """Change settings for one test; they are frozen for everything else."""
    settings.__dict__.update(values)


@dataclass
class Person:
    """Somebody of the agency with a browser and, when it is given one, a phone."""

    world: "World"
    user: User
    web: httpx.AsyncClient
    phone: Phone | None = None

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.web.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, *, key: str = "", expect: int = 0) -> Any:
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = await self.web.post(path, json=body or {}, headers=headers)
        assert answer.status_code == expect if expect else answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def gets_a_phone(self, service: PushService | None = None) -> Phone:
        """Registers a phone the way the app does."""
        self.phone = await (service or self.world.push).phone(home="http://nightdesk.test")
        self.phone.send_receipt = self.world.receipt_sender
        key = await self.get("/v1/push-key")
        subscription = self.phone.subscription
        device = {"subscription": subscription, "push_key_id": key["id"], "label": "Phone"}
        await self.post("/v1/me/devices", device)
        return self.phone

    def shows(self, *words: str) -> None:
        """The newest thing that this phone buzzed for says this."""
        assert self.phone is not None
        assert self.phone.shown, f"{self.user.name}'s phone stayed silent"
        shown = self.phone.shown[-1].notification
        text = f"{shown['title']} {shown['body']}"
        assert all(word in text for word in words), text

    def reads(self, *words: str) -> None:
        """The newest message on this phone says this, whether it buzzed or only took a place."""
        assert self.phone is not None
        newest = self.phone.received[-1].notification
        text = f"{newest['title']} {newest['body']}"
        assert all(word in text for word in words), text

    def buzzed(self, times: int) -> None:
        assert self.phone is not None
        assert len(self.phone.shown) == times, [m.notification["title"] for m in self.phone.shown]

    def stays_silent(self) -> None:
        self.buzzed(0)


@dataclass
class World:
    """One Nightdesk with its people; `at` is the only clock."""

    push: PushService
    site: FeedServer
    app: Any
    at: datetime = START
    people: dict[str, Person] = field(default_factory=dict)

    def web(self) -> httpx.AsyncClient:
        """A browser of somebody who is not signed in."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://nightdesk.test",
            headers={"Origin": "http://nightdesk.test"},
        )

    async def receipt_sender(self, url: str, body: dict[str, Any]) -> int:
        """The phone's way back into the application."""
        async with self.web() as web:
            return (await web.post(url, json=body)).status_code

    async def hires(self, name: str, *, role: str = "manager", on_call: bool = True) -> Person:
        """A person of the agency, signed in on a browser."""
        email = f"{name.lower()}@agency.test"
        async with transaction() as session:
            user = await people.add(session, name=name, email=email, password=PASSWORD, role=role)
            user.phone, user.zone = "+43 660 000 00 00", "Europe/Vienna"
            user.quiet_from = user.quiet_until
            if not on_call:
                user.ring_order = None
            session.add(user)
        web = self.web()
        signed_in = await web.post("/v1/session", json={"email": email, "password": PASSWORD})
        assert signed_in.status_code == 201, signed_in.text
        self.people[name] = Person(self, user, web)
        return self.people[name]

    async def looks_after(self, name: str, *, by: Person) -> str:
        """A client with an owner and a feed; gives its id."""
        owner = {"name": "Rosa", "phone": "+43 660 111 11 11"}
        body = {"name": name, "town": "Graz", "zone": "Europe/Vienna", "owner": owner}
        client = await by.post("/v1/clients", body)
        address = {"kind": "feed", "name": "The feed", "url": f"{self.site.origin}/atom"}
        await by.post(f"/v1/clients/{client['id']}/sources", address)
        await self.works()
        return str(client["id"])

    def writes(self, stars: int | None, *, ago: timedelta = timedelta(), text: str = "") -> None:
        """Somebody writes a review."""
        number = len(self.site.reviews)
        words = text or f"Review {number}"
        at, name = self.at - ago, f"Guest {number}"
        self.site.feed.add(PracticeReview(f"r{number}", words, at, stars, name))

    def has_history(self, weeks: int = 26) -> None:
        """Two reviews a week, all of them kind but one in eight."""
        for number in range(weeks * 2):
            self.writes(2 if number % 8 == 5 else 5, ago=timedelta(days=3 + 3.5 * number))

    async def waits(self, time: timedelta = timedelta(), *, step: timedelta | None = None) -> None:
        """Lets time pass in small steps, with everything that is due in between."""
        end, small = self.at + time, timedelta(seconds=30)
        step = step or (small if time < timedelta(minutes=30) else timedelta(minutes=5))
        while self.at < end:
            self.at = min(self.at + step, end)
            await self.works()
        await self.works()

    async def waits_until_it_rings(self, person: Person, within: timedelta) -> None:
        """Lets time pass until a phone buzzes once more; fails when it does not in that time."""
        assert person.phone is not None
        before, end = len(person.phone.shown), self.at + within
        while len(person.phone.shown) == before:
            assert self.at < end, f"{person.user.name}'s phone did not ring within {within}"
            await self.waits(timedelta(seconds=15))

    async def restarts(self) -> None:
        """Everything that a process only remembered is gone."""
        await queue.bell().close()
        await database.close()
        self.app = create_app()

    async def works(self) -> None:
        """Does what the sweeps of both processes find, until nothing is due."""
        for _ in range(50):
            if not await self._one_sweep():
                break
        else:
            raise AssertionError("there is always something due: a duty does not finish")
        for phone in self.push.phones:
            await phone.receipts_settled()

    async def _one_sweep(self) -> int:
        """Looks once for everything; like a sweep, a duty may find that another was faster."""
        duties = (*TIMETABLE["read"], *TIMETABLE["ring"])
        async with reading() as session:
            found = [(duty, await duty.due(session)) for duty in duties]
        for duty, row_ids in found:
            for row_id in row_ids:
                await duty.act(row_id)
        return sum(len(row_ids) for _, row_ids in found)

    async def row(self, table: Any, public_id: str) -> Any:
        """A row behind a public id, for looking at."""
        prefix = public_id.split("_", maxsplit=1)[0]
        async with reading() as session:
            return await session.get_one(table, decode(prefix, public_id))

    async def rows(self, table: Any, **where: Any) -> list[Any]:
        """All rows of a table, for looking at."""
        async with reading() as session:
            query = select(table)
            for name, value in where.items():
                query = query.where(col(getattr(table, name)) == value)
            return list(await session.exec(query))


@asynccontextmanager
async def opened(**values: Any) -> AsyncIterator[World]:
    """A fresh world on the database of these settings; gone afterwards."""
    before = dict(settings.__dict__)
    configure(**values)
    crypto._master.cache_clear()
    crypto._derived.cache_clear()
    people._tries.clear()
    push_rest.forget()
    await setup.prepare()
    try:
        async with PushService(lambda: datetime.now(UTC)) as push, feed_server() as site:
            world = World(push, site, create_app())
            clock.run_on(lambda: world.at)
            hosts = frozenset({push.origin.removeprefix("http://")})
            configure(allowed_addresses=frozenset({site.host}), push_hosts=hosts)
            yield world
            for person in world.people.values():
                await person.web.aclose()
    finally:
        clock.run_on(None)
        await queue.bell().close()
        await database.close()
        settings.__dict__.clear()
        settings.__dict__.update(before)
