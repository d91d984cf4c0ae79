"""A running Nightdesk with a manager, a phone, a key, and as many clients as are asked for."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from api.clock import now
from api.crypto import digest
from api.database import Writer, transaction
from api.ids import encode
from api.items import Item
from api.lifecycle import device, intake, people, setup
from api.models import ApiKey, Client, Source, User
from api.routes.asking import FOR_KEYS
from tests.faults.instance import inside, running
from tests.push_service import PushService
from workers.practice_phone import Phone


@dataclass
class Town:
    """The instance at `web`; this process sees the same data."""

    web: httpx.AsyncClient
    push: PushService
    phone: Phone
    manager: User
    folder: Path

    async def client(self, number: int) -> tuple[Client, Source]:
        """A client with half a year of kind reviews, and a source that programs push into."""
        async with transaction() as session:
            client = Client(name=f"Bistro {number}", zone="Europe/Vienna")
            session.add(client)
            await session.flush()
            source = Source(client_id=client.id, kind="push", name="Program")
            session.add(source)
            await session.flush()
            await intake.take(session, source, [_kind(day) for day in range(52)], history=True)
        return client, source

    async def sends(self, source: Source, reviews: list[dict[str, Any]]) -> None:
        path = f"/v1/sources/{encode('src', source.id)}/reviews"
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await self.web.post(path, json=reviews, headers=headers)
        answer.raise_for_status()


@asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    async with PushService() as push:
        hosts = f'["{push.origin.removeprefix("http://")}"]'
        with (
            tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder,
            running(Path(folder), NIGHTDESK_PUSH_HOSTS=hosts) as instance,
        ):
            async with inside(instance.environment):
                phone = await push.phone(instance.url)
                manager, secret = await _people(phone)
                headers = {"Authorization": f"Bearer {secret}"}
                async with httpx.AsyncClient(
                    base_url=instance.url, headers=headers, trust_env=False, timeout=30
                ) as web:
                    yield Town(web, push, phone, manager, instance.folder)


def low(number: int) -> dict[str, Any]:
    """A one-star review of this moment."""
    return {
        "external_id": f"low-{number}-{uuid4()}",
        "stars": 1,
        "text": "Never again.",
        "created_at": now().isoformat(),
    }


async def _people(phone: Phone) -> tuple[User, str]:
    secret = people.new_api_key(practice=False)
    async with transaction() as session:
        manager = await people.add(
            session, name="Mia", email="mia@agency.test", password="correct horse", role="owner"
        )
        await _register(session, manager, phone)
        session.add(
            ApiKey(name="Bench", token_hash=digest(secret), tail=secret[-4:], scopes=list(FOR_KEYS))
        )
    return manager, secret


async def _register(session: Writer, manager: User, phone: Phone) -> None:
    key = await setup.push_key(session)
    await device.register(
        session, manager, endpoint=phone.endpoint, p256dh=phone.p256dh, auth=phone.auth,
        push_key_id=key.id, label="Phone", platform="bench", installed=True,
    )  # fmt: skip


def _kind(number: int) -> Item:
    at = now() - timedelta(days=3 + 3.5 * number)
    name = f"past-{number}"
    return Item(name, 5.0, "", "As always.", "A guest", None, None, at, None, "review")
