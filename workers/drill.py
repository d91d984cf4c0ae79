"""Practises the whole road on a running Nightdesk: a feed, an attack, a phone, a page, calm.

Nothing here is pretended but the feed, the phone, the page and the people: the reading, the
judging, the ringing, the push, the acting and the reading back are the ones that work at night.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import typer

from api import database
from api.clock import now
from api.database import reading, transaction
from api.ids import encode
from api.lifecycle import device, practice, setup
from api.settings import settings
from workers import drill_deeds
from workers.drill_desk import PATIENCE, Desk, DrillFailed, moment
from workers.practice_stage import Stage

# Seconds between two low reviews: the first three slowly, then ever faster, as attacks do.
GAPS = (0, 3, 3, 2.5, 2, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25)
HISTORY_WEEKS = 26
_BEGINS = {
    True: "A practice place with {weeks} quiet weeks is read.",
    False: "A practice place that nobody has ever reviewed is read.",
}


@dataclass
class Drill(Desk):
    """One run; `takes_down` is whether the owner is called and says yes."""

    history_weeks: int = HISTORY_WEEKS
    takes_down: bool = True
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
            self.say("The attack is over.")
            if self.takes_down:
                await drill_deeds.act(self)
            await self._calm()
            if self.takes_down:
                await drill_deeds.report(self)
        finally:
            attack.cancel()

    async def _history(self) -> None:
        self.say(_BEGINS[bool(self.history_weeks)].format(weeks=self.history_weeks))
        self.stage.publish_history(weeks=self.history_weeks, until=now())
        await self.post(
            f"/v1/clients/{self.client_id}/sources",
            {"kind": "feed", "name": "Practice page", "url": self.stage.feed_url},
        )
        await self.until("the history to be read", self.everything_is_read)

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
        shown = await asyncio.wait_for(self.stage.phone.next_message(PATIENCE), PATIENCE)
        self.say(f"The phone shows: {shown.notification['title']}")
        incident = await self.the_incident()
        self.alarm_at_low_review = incident["numbers"]["noticed_at_low"]
        self.timeline.note("taken in", await self._when("review.received"))
        self.timeline.note("judged", moment(incident["opened_at"]))
        self.timeline.note("incident opened", await self._when("incident.created"))
        attempt = await self.until("the receipt", self._receipt)
        self.timeline.note("push accepted", shown.at)
        self.timeline.note("receipt", moment(attempt["at"]))

    async def _receipt(self) -> dict[str, Any] | None:
        incident = await self.incident() or {}
        attempts = (incident.get("escalation") or {}).get("attempts", [])
        return next((one for one in attempts if one["state"] in _SHOWN), None)

    async def _acknowledge(self) -> None:
        incident = await self.the_incident()
        await self.post(f"/v1/escalations/{incident['escalation']['id']}/acknowledge", {})
        self.timeline.note("acknowledged")

    async def _calm(self) -> None:
        self.say("Waiting for measured calm.")
        await self.until("calm", self._is_calm)
        incident = await self.the_incident()
        self.timeline.note("calm", await self._when("incident.calm"))
        self.buzzes = self.stage.buzzes("alarm")
        if "confirm" in incident["allowed"]:
            await self.post(f"/v1/incidents/{incident['id']}/confirm", {})
        await self.post(f"/v1/incidents/{incident['id']}/resolve", {})

    async def _is_calm(self) -> bool:
        incident = await self.incident()
        return bool(incident and incident["quiet_since"])

    async def _when(self, kind: str) -> datetime:
        """When the newest event of a kind up to the alarm was written."""
        events = await self.events()
        wanted = [one for one in events if one["type"] == kind]
        created = [one for one in events if one["type"] == "incident.created"]
        if kind == "review.received" and created:
            wanted = [one for one in wanted if one["seq"] < created[0]["seq"]]
        if not wanted:
            message = f"There is no event {kind}."
            raise DrillFailed(message)
        return moment(wanted[-1]["timestamp"])


_SHOWN = {"confirmed", "superseded"}


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
        known = _result(await _drill(url, say, HISTORY_WEEKS, takes_down=True))
        new = _result(await _drill(url, say, 0, takes_down=False))
        found = known | {"ok": known["ok"] and new["ok"], "without_history": new}
    except (DrillFailed, TimeoutError, httpx.HTTPError, OSError) as error:
        found["error"] = str(error) or type(error).__name__
    finally:
        await database.close()
    typer.echo(json.dumps(found) if as_json else _told(found))
    return 0 if found["ok"] else 1


async def _drill(
    url: str, say: Callable[[str], None], history_weeks: int, *, takes_down: bool
) -> Drill:
    async with Stage(settings.practice_port, url) as stage:
        client_id, secret = await _prepare(stage)
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as web:
            drill = Drill(
                web, stage, say, client_id, history_weeks=history_weeks, takes_down=takes_down
            )
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
