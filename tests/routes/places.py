"""Clients with everything that a client can have, programs with keys, and the rows behind."""

from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlmodel import SQLModel

from api.database import reading, transaction
from api.ids import decode, encode
from api.lifecycle import connection
from api.models import Device
from tests.world import Person, World

TEXT = "The soup was cold and the waiter laughed."
NOTES = b"date,stars,text\n2024-05-01,2,Cold\n"


def pressed(**headers: str) -> dict[str, str]:
    """What a change brings along when nothing is to be said about it."""
    return {"Idempotency-Key": str(uuid4()), "If-Match": "*", **headers}


def review(number: int, **facts: Any) -> dict[str, Any]:
    """A review as a program pushes it."""
    item = {"external_id": f"r{number}", "stars": 1, "text": TEXT, "author": f"Guest {number}"}
    return item | facts


async def push_source(boss: Person, client: str, kind: str = "push") -> dict[str, Any]:
    """A source of a client."""
    body = {"kind": kind, "name": f"The {kind}"}
    return dict(await boss.post(f"/v1/clients/{client}/sources", body))


async def a_source(boss: Person, name: str = "Corner") -> tuple[str, str]:
    """A new client and its push source."""
    client = str((await boss.post("/v1/clients", {"name": name}))["id"])
    return client, str((await push_source(boss, client))["id"])


async def pushes(boss: Person, source: str, *reviews: dict[str, Any]) -> dict[str, Any]:
    """Send reviews; the answer says what became of each."""
    return dict(await boss.post(f"/v1/sources/{source}/reviews", list(reviews)))


async def furnished(world: World, boss: Person, name: str) -> dict[str, str]:
    """The ids of a client with everything: a contact, a link, a source, an account, an incident."""
    owner = {"name": f"{name} owner", "phone": "+43 660 111 11 11"}
    client = (await boss.post("/v1/clients", {"name": name, "owner": owner}))["id"]
    source = (await push_source(boss, client))["id"]
    intake = await boss.web.post(f"/v1/sources/{source}/import", content=NOTES, headers=pressed())
    await pushes(boss, source, *[review(number) for number in range(4)])
    await world.works()
    incident = (await boss.get("/v1/incidents", client_id=client))["data"][0]
    link = await boss.post(f"/v1/clients/{client}/links")
    return {
        "client_id": client,
        "source_id": source,
        "intake_id": intake.json()["id"],
        "incident_id": incident["id"],
        "escalation_id": incident["escalation"]["id"],
        "contact_id": incident["owner"]["contact_id"],
        "link_id": link["id"],
        "token": link["url"].rsplit("/", maxsplit=1)[1],
        "review_id": (await boss.get("/v1/reviews", client_id=client))["data"][0]["id"],
        "account_id": await an_account(boss, client),
        "connection_id": await a_connection(boss, client),
    }


async def an_account(boss: Person, client: str) -> str:
    """The id of an account whose key was entered."""
    secrets = {"place_id": "ChIJ1", "key": "a key"}
    body = {"platform": "places", "name": "The counter", "secrets": secrets}
    return str((await boss.post(f"/v1/clients/{client}/accounts", body))["id"])


async def a_connection(boss: Person, client: str) -> str:
    """The id of a sign-in that somebody has begun."""
    async with transaction() as session:
        begun, _ = await connection.start(
            session, decode("cli", client), boss.user.id, "google", {"verifier": "v"}
        )
    return encode("con", begun.id)


async def a_rota(boss: Person, *people: Person, **facts: Any) -> dict[str, Any]:
    """A rota of nights in Vienna, in which these people take turns by the week."""
    nights = {
        "days": list(range(7)), "from": "20:00", "until": "07:00", "starts_on": "2026-05-11",
        "people": [encode("usr", one.user.id) for one in people or (boss,)],
    }  # fmt: skip
    body = {"name": "Nights", "zone": "Europe/Vienna", "shifts": [nights], **facts}
    return dict(await boss.post("/v1/schedules", body))


async def phone_ids(world: World, person: Person) -> dict[str, str]:
    """The ids of a phone and of an alarm on it."""
    await person.gets_a_phone()
    device = (await world.rows(Device, user_id=person.user.id))[0]
    test = await person.post(f"/v1/me/devices/{encode('dev', device.id)}/test")
    return {"device_id": encode("dev", device.id), "notification_id": test["id"]}


async def program(world: World, boss: Person, *scopes: str, **limits: Any) -> httpx.AsyncClient:
    """A program with a key of its own."""
    key = await boss.post("/v1/api-keys", {"name": "Program", "scopes": scopes, **limits})
    web = httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url=boss.web.base_url)
    web.headers["Authorization"] = f"Bearer {key['secret']}"
    return web


async def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to compare before and after."""
    found = {}
    async with reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = await session.exec(text(f"SELECT * FROM {table.name}"))  # type: ignore[call-overload]
            found[table.name] = sorted(map(tuple, rows), key=repr)
    return found


async def changed(before: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """The tables that are not as they were."""
    after = await everything()
    return [name for name in after if after[name] != before[name]]
