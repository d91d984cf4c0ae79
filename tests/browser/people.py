"""What a person does on the real pages of a real instance, by any browser or program."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Page

from api.lifecycle.setup import open_setup_link
from tests.faults.instance import Instance, inside

PASSWORD = "correct horse battery"
OWNER = {
    "name": "Mia",
    "email": "mia@agency.example.com",
    "phone": "+43 660 000 00 00",
    "password": PASSWORD,
}


def lists(*values: str) -> str:
    """A list as a setting is written."""
    return json.dumps(values)


async def setup_link(instance: Instance) -> str:
    """The one-time link that the instance has printed."""
    async with inside(instance.environment):
        link = await open_setup_link()
    assert link is not None
    return link


def token_of(instance: Instance) -> str:
    """The token in that link, asked from a program of its own: a browser's loop may be running."""
    code = "import asyncio, api.lifecycle.setup as s; print(asyncio.run(s.open_setup_link()))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=instance.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().partition("#")[2]


@dataclass
class Manager:
    """Mia, by program: what the pages do, where a story does not watch the pages."""

    instance: Instance
    web: httpx.Client

    @classmethod
    async def sets_up(cls, instance: Instance) -> "Manager":
        """The first person, by the one-time link."""
        return cls._with(instance, (await setup_link(instance)).partition("#")[2])

    @classmethod
    def signs_up(cls, instance: Instance) -> "Manager":
        """The same, where no loop runs."""
        return cls._with(instance, token_of(instance))

    @classmethod
    def _with(cls, instance: Instance, token: str) -> "Manager":
        web = httpx.Client(base_url=instance.url, headers={"Origin": instance.url}, trust_env=False)
        made = web.post("/v1/setup", json={**OWNER, "token": token, "zone": "Europe/Vienna"})
        assert made.status_code == 201, made.text
        return cls(instance, web)

    def signs_in_on(self, page: Page) -> None:
        """By the sign-in screen, as a person."""
        page.goto(self.instance.url)
        page.get_by_label("E-mail").fill(OWNER["email"])
        page.get_by_label("Password").fill(OWNER["password"])
        page.get_by_role("button", name="Sign in").click()

    def posts(self, path: str, body: Any = None) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        answer = self.web.post(path, json=body or {}, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def gets(self, path: str) -> Any:
        answer = self.web.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def looks_after(self, name: str) -> tuple[str, str]:
        """A client with an owner and half a year of pushed history; its id and its source's."""
        owner = {"name": "Rosa", "phone": "+43 660 111 11 11"}
        about = {"name": name, "town": "Graz", "zone": "Europe/Vienna", "owner": owner}
        client = self.posts("/v1/clients", about)
        path = f"/v1/clients/{client['id']}/sources"
        source = self.posts(path, {"kind": "push", "name": "Our own site"})
        history = [_review(f"h{n}", 5, timedelta(days=3 + 3.5 * n)) for n in range(52)]
        self.posts(f"/v1/sources/{source['id']}/reviews", history)
        return client["id"], source["id"]

    def is_attacked(self, source: str, count: int = 3, *, spread: timedelta = timedelta()) -> None:
        """So many one-star reviews at once, or spread evenly over a time that ends now."""
        batch = [_review(str(uuid4()), 1, spread * n / count) for n in range(count)]
        self.posts(f"/v1/sources/{source}/reviews", batch)

    def waits_for_the_incident(self, client: str) -> None:
        """Until the reviews are judged; the pages themselves may be asked after that."""
        deadline = time.monotonic() + 20
        while not self.gets(f"/v1/incidents?client_id={client}")["data"]:
            assert time.monotonic() < deadline, "no incident was opened"
            time.sleep(0.1)


def _review(name: str, stars: int, ago: timedelta) -> dict[str, Any]:
    at = datetime.now(UTC) - ago
    words = "Rude waiter, cold food." if stars < 3 else "Lovely."
    return {
        "external_id": name, "stars": stars, "text": words, "author": "A guest",
        "created_at": at.isoformat(),
    }  # fmt: skip


def is_agreed(mia: Manager, incident: str, *also: str) -> None:
    """The owner has said yes to what the call sheet suggests, and to what else is named."""
    sheet = mia.gets(f"/v1/incidents/{incident}/call-sheet")
    chosen = [one["key"] for one in sheet["options"]["goes"] if one["suggested"]]
    said = {"contact_id": sheet["contact"]["contact_id"], "outcome": "said_yes"}
    mia.posts(f"/v1/incidents/{incident}/calls", said | {"chosen": [*chosen, *also]})
