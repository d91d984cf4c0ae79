"""Practises the whole road on a running Nightdesk: a feed, an attack, a phone, calm.

Nothing here is pretended but the feed, the phone and the person: the reading, the judging, the
ringing and the push are the ones that work at night.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import typer

from api import database
from api.clock import now
from api.database import reading, transaction
from api.ids import encode
from api.lifecycle import device, practice, setup
from api.settings import settings
from workers.practice_stage import Stage

# Seconds between two low reviews: the first three slowly, then ever faster, as attacks do.
GAPS = (0, 3, 3, 2.5, 2, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25)
HISTORY_WEEKS = 26
_BEGINS = {
    True: "A practice place with {weeks} quiet weeks is read.",
    False: "A practice place that nobody has ever reviewed is read.",
}
_PATIENCE = 60.0
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
class Drill:
    """One run; `ok` when every step came and the alarm left at the third or fourth low review."""

    web: httpx.AsyncClient
    stage: Stage
    say: Callable[[str], None]
    client_id: str
    history_weeks: int = HISTORY_WEEKS
    timeline: Timeline = field(default_factory=Timeline)
    alarm_at_low_review: int = 0
    buzzes: int = 0

    async def run(self) -> None:
        """The story from quiet to quiet."""
        await self._history()
        attack = asyncio.create_task(self._attack())
        try:
            await self._alarm()
            await self._acknowledge()
            await attack
            await self._calm()
        finally:
            attack.cancel()

    async def _history(self) -> None:
        self.say(_BEGINS[bool(self.history_weeks)].format(weeks=self.history_weeks))
        self.stage.publish_history(weeks=self.history_weeks, until=now())
        await self.post(
            f"/v1/clients/{self.client_id}/sources",
            {"kind": "feed", "name": "Practice feed", "url": self.stage.feed_url},
        )
        await self.until("the history to be read", self._history_is_read)

    async def _history_is_read(self) -> bool:
        [source] = (await self.get(f"/v1/clients/{self.client_id}/sources"))["data"]
        return bool(source["last_ok_at"] and source["review_count"] >= self.stage.published)

    async def _attack(self) -> None:
        for number, gap in enumerate(GAPS, start=1):
            await asyncio.sleep(gap)
            self.stage.publish_low(number, now())
            if number == 3:
                self.timeline.note("third low review published")
            if number == 1:
                self.timeline.note("first low review published")
                self.say("The attack begins.")

    async def _alarm(self) -> None:
        shown = await asyncio.wait_for(self.stage.phone.next_message(_PATIENCE), _PATIENCE)
        self.say(f"The phone shows: {shown.notification['title']}")
        incident = await self.until("the incident", self._incident)
        self.alarm_at_low_review = incident["numbers"]["noticed_at_low"]
        self.timeline.note("taken in", await self._when("review.received"))
        self.timeline.note("judged", _moment(incident["opened_at"]))
        self.timeline.note("incident opened", await self._when("incident.created"))
        attempt = await self.until("the receipt", self._receipt)
        self.timeline.note("push accepted", shown.at)
        self.timeline.note("receipt", _moment(attempt["at"]))

    async def _incident(self) -> dict[str, Any] | None:
        found = await self.get(f"/v1/incidents?client_id={self.client_id}")
        return found["data"][0] if found["data"] else None

    async def _receipt(self) -> dict[str, Any] | None:
        incident = await self._incident() or {}
        attempts = (incident.get("escalation") or {}).get("attempts", [])
        return next((one for one in attempts if one["state"] in _SHOWN), None)

    async def _acknowledge(self) -> None:
        incident = await self.until("the incident", self._incident)
        await self.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge", {})
        self.timeline.note("acknowledged")

    async def _calm(self) -> None:
        self.say("The attack is over. Waiting for measured calm.")
        await self.until("calm", self._is_calm)
        incident = await self.until("the incident", self._incident)
        self.timeline.note("calm", await self._when("incident.calm"))
        self.buzzes = self.stage.buzzes("alarm")
        await self.post(f"/v1/incidents/{incident['id']}/confirm", {})
        await self.post(f"/v1/incidents/{incident['id']}/resolve", {})

    async def _is_calm(self) -> bool:
        incident = await self._incident()
        return bool(incident and incident["quiet_since"])

    async def _when(self, kind: str) -> datetime:
        """When the newest event of a kind up to the alarm was written."""
        events = await self._events()
        wanted = [one for one in events if one["type"] == kind]
        created = [one for one in events if one["type"] == "incident.created"]
        if kind == "review.received" and created:
            wanted = [one for one in wanted if one["seq"] < created[0]["seq"]]
        if not wanted:
            message = f"There is no event {kind}."
            raise DrillFailed(message)
        return _moment(wanted[-1]["timestamp"])

    async def _events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = self.stage.first_seq
        while page := (await self.get(f"/v1/events?after_seq={after}"))["data"]:
            found += page
            after = page[-1]["seq"]
        return found

    async def until(self, what: str, look: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until there is an answer; DrillFailed after a minute. Outages are waited out."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            try:
                if found := await look():
                    return found
            except httpx.TransportError:
                pass
            await asyncio.sleep(_LOOK)
        message = f"Waited {_PATIENCE:.0f} s for {what}. It did not come."
        raise DrillFailed(message)

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.web.get(path)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.web.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


_SHOWN = {"confirmed", "superseded"}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def run(*, as_json: bool, own: bool, url: str) -> int:
    """Run a drill here, on an instance of its own or on the one at `url`; 0 when all of it held."""
    if own:
        from workers.drill_instance import run_own  # noqa: PLC0415  starts programs

        return run_own(as_json=as_json)
    return asyncio.run(_run(url or f"http://127.0.0.1:{settings.port}", as_json=as_json))


def sweep() -> None:
    """Delete what is marked practice."""
    asyncio.run(_sweep())


async def _sweep() -> None:
    async with transaction() as session:
        await practice.sweep(session)
    await database.close()


async def _run(url: str, *, as_json: bool) -> int:
    say = (lambda _: None) if as_json else typer.echo
    found: dict[str, Any] = {"ok": False, "alarm_at_low_review": 0, "steps": []}
    try:
        known = _result(await _drill(url, say, HISTORY_WEEKS))
        new = _result(await _drill(url, say, 0))
        found = known | {"ok": known["ok"] and new["ok"], "without_history": new}
    except (DrillFailed, TimeoutError, httpx.HTTPError, OSError) as error:
        found["error"] = str(error) or type(error).__name__
    finally:
        await database.close()
    typer.echo(json.dumps(found) if as_json else _told(found))
    return 0 if found["ok"] else 1


async def _drill(url: str, say: Callable[[str], None], history_weeks: int) -> Drill:
    async with Stage(settings.practice_port, url) as stage:
        client_id, secret = await _prepare(stage)
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as web:
            drill = Drill(web, stage, say, client_id, history_weeks)
            await drill.run()
        async with transaction() as session:
            await practice.end(session)
    return drill


async def _prepare(stage: Stage) -> tuple[str, str]:
    """The operator's part, done in the ledger: practice people cannot be made from outside."""
    await setup.prepare()
    async with transaction() as session:
        user, client, secret = await practice.prepare(
            session, client_name="Practice Bistro", zone="UTC"
        )
        key = await setup.push_key(session)
        await device.register(
            session, user, endpoint=stage.phone.endpoint, p256dh=stage.phone.p256dh,
            auth=stage.phone.auth, push_key_id=key.id, label="Practice phone",
            platform="practice", installed=True,
        )  # fmt: skip
    async with reading() as session:
        stage.first_seq = await database.last_seq(session)
    return encode("cli", client.id), secret


def _result(drill: Drill) -> dict[str, Any]:
    return {
        "ok": drill.alarm_at_low_review in {3, 4} and drill.buzzes == 1,
        "alarm_at_low_review": drill.alarm_at_low_review,
        "buzzes": drill.buzzes,
        "steps": [{"name": name, "seconds": at} for name, at in drill.timeline.steps.items()],
    }


def _told(found: dict[str, Any]) -> str:
    lines = [f"{step['seconds']:8.2f} s  {step['name']}" for step in found["steps"]]
    if "error" in found:
        return "\n".join([*lines, f"The drill failed: {found['error']}"])
    new = found["without_history"]
    verdict = "All of it held." if found["ok"] else "That is not good enough."
    alarms = f"{found['alarm_at_low_review']}, without any history {new['alarm_at_low_review']}"
    lines.append(f"The alarm left at low review {alarms}.")
    lines.append(f"The phone buzzed {found['buzzes']} and {new['buzzes']} time. {verdict}")
    return "\n".join(lines)
