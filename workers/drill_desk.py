"""The manager’s desk in a drill: the doors that the app uses, patience, and when each step came."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from api.clock import now
from workers.practice_stage import Stage

# Seconds that any step is waited for.
PATIENCE = 60.0
_LOOK = 0.1


class DrillFailed(Exception):
    """A step did not come; the message says which."""


@dataclass
class Timeline:
    """The moments of one drill, told in seconds after the first low review was published."""

    started: datetime | None = None
    steps: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, at: datetime | None = None) -> None:
        at = at or now()
        if self.started is None:
            self.started = at
        self.steps[name] = max(round((at - self.started).total_seconds(), 2), 0.0)


@dataclass
class Desk:
    """Whoever plays the manager: sees and presses what the app would, for one practice client."""

    web: httpx.AsyncClient
    stage: Stage
    say: Callable[[str], None]
    client_id: str
    timeline: Timeline = field(default_factory=Timeline)

    async def incident(self) -> dict[str, Any] | None:
        """The newest incident; None before there is one."""
        found = await self.get(f"/v1/incidents?client_id={self.client_id}")
        return found["data"][0] if found["data"] else None

    async def the_incident(self) -> dict[str, Any]:
        """The same, waited for."""
        found: dict[str, Any] = await self.until("the incident", self.incident)
        return found

    async def everything_is_read(self) -> bool:
        """Whether all that the feed holds was taken in."""
        [source] = (await self.get(f"/v1/clients/{self.client_id}/sources"))["data"]
        return bool(source["last_ok_at"] and source["review_count"] >= self.stage.published)

    async def events(self) -> list[dict[str, Any]]:
        """All events of this drill, oldest first."""
        found: list[dict[str, Any]] = []
        after = self.stage.first_seq
        while page := (await self.get(f"/v1/events?after_seq={after}"))["data"]:
            found += page
            after = page[-1]["seq"]
        return found

    async def until(self, what: str, look: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until there is an answer; DrillFailed after a minute. Outages are waited out."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            try:
                if found := await look():
                    return found
            except httpx.TransportError:
                pass
            await asyncio.sleep(_LOOK)
        message = f"Waited {PATIENCE:.0f} s for {what}. It did not come."
        raise DrillFailed(message)

    async def get(self, path: str) -> dict[str, Any]:
        """What a screen would read; DrillFailed with the words of a refusal."""
        return _told(await self.web.get(path))

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a tap would send; DrillFailed with the words of a refusal."""
        headers = {"Idempotency-Key": str(uuid4())}
        return _told(await self.web.post(path, json=body, headers=headers))


def moment(text: str) -> datetime:
    """A time of the API."""
    return datetime.fromisoformat(text)


def _told(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        asked = f"{answer.request.method} {answer.request.url.path}"
        message = f"{asked} was answered with {answer.status_code}: {answer.text[:500]}"
        raise DrillFailed(message)
    found: dict[str, Any] = answer.json()
    return found
