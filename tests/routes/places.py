"""Clients with everything that a client can have, programs with keys, and the rows behind."""

from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlmodel import SQLModel

from api.crypto import new_token
from api.database import reading, transaction
from api.ids import decode, encode
from api.lifecycle import connection
from api.models import Device, OwnerPhone
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
    await boss.post(f"/v1/incidents/{incident['id']}/evidence")
    link = await boss.post(f"/v1/clients/{client}/links")
    decided = await a_decision(boss, client, incident)
    return decided | {
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


async def a_decision(boss: Person, client: str, incident: dict[str, Any]) -> dict[str, str]:
    """The ids of a take-down by hand that was asked about, of words, and of a standing yes."""
    here, contact = f"/v1/incidents/{incident['id']}", incident["owner"]["contact_id"]
    action = await boss.post(f"{here}/actions", {"kind": "take_down", "chosen": ["website"]})
    asked = await boss.post("/v1/approvals", {"action_id": action["id"]})
    words = {"incident_id": incident["id"], "text": "We are looking into it."}
    sources = (await boss.get(f"/v1/clients/{client}/sources"))["data"]
    agreed = {"contact_id": contact, "source_ids": [sources[0]["id"]], "until": "2027-01-01T00:00Z"}
    standing = await boss.post(f"/v1/clients/{client}/standing-approvals", agreed)
    return {
        "action_id": action["id"],
        "approval_id": asked["id"],
        "statement_id": (await boss.post("/v1/statements", words))["id"],
        "standing_id": standing["id"],
        "phone_id": await an_owner_phone(boss, client, contact),
    }


async def an_owner_phone(boss: Person, client: str, contact: str) -> str:
    """The id of a phone of somebody at a client that has asked for a code."""
    link = await boss.post(f"/v1/clients/{client}/links", {"capability": "approve"})
    async with transaction() as session:
        phone = OwnerPhone(
            client_id=decode("cli", client), link_id=decode("lnk", link["id"]),
            contact_id=decode("ctc", contact), token_hash=new_token(),
        )  # fmt: skip
        session.add(phone)
    return encode("phn", phone.id)


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
