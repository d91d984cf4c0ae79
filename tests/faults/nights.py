"""One simulated night: an alarm, phones that behave badly, people who answer at any moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from api.clock import now
from api.database import reading, transaction
from api.ids import encode
from api.lifecycle import incident as incidents
from api.models import Client
from tests.stories.outside import NUMBERS, Outside
from tests.world import Person, World
from workers.main import TIMETABLE
from workers.practice_phone import Message

STEP = timedelta(seconds=5)
LASTS = timedelta(seconds=420)
ACKNOWLEDGED_FOR = timedelta(minutes=10)
RINGING = {"escalate", "deliver", "give_up_waiting", "ask", "take_back"}
RECEIPTS = ("prompt", "late", "twice", "never")
ANSWERS = ("tap", "backup taps", "key", "text", "nobody")
FINDING = {
    "title": "3 new reviews in 1 minute",
    "sentence": "3 reviews in 1 minute; 3 of 3 are one star.",
    "low_count": 3,
}


@dataclass
class Script:
    """What happens in a night, thrown before it begins."""

    receipts: str
    delay: timedelta
    forged: int
    answer: str
    answers_at: timedelta


@dataclass
class Night:
    """What was seen: the moments at which each way rang, after the alarm began."""

    script: Script
    began: datetime
    rung: list[tuple[timedelta, str]] = field(default_factory=list)
    forged: int = 0
    shown_at: timedelta | None = None
    answered_at: timedelta | None = None

    def first(self, way: str) -> timedelta | None:
        return next((at for at, name in self.rung if name == way), None)


def scripts(seed: int, count: int) -> Iterator[Script]:
    dice = Random(seed)
    for _ in range(count):
        yield Script(
            receipts=dice.choice(RECEIPTS),
            delay=timedelta(seconds=dice.uniform(1, 120)),
            forged=dice.randrange(4),
            answer=dice.choice(ANSWERS),
            answers_at=timedelta(seconds=dice.uniform(0, 400)),
        )


def clock_change(number: int) -> datetime:
    """Ten minutes before the clocks of Vienna change, in spring and autumn in turn, in UTC."""
    year, month = 2026 + (number + 1) // 2, 10 if number % 2 == 0 else 3
    last = datetime(year, month, 31, 0, 50, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@dataclass
class House:
    """Mia is on shift by the rota, Ben comes after her; all of Mia’s ways are set up."""

    world: World
    outside: Outside
    mia: Person
    ben: Person

    async def live_through(self, script: Script, begins: datetime) -> Night:
        self.world.at = begins
        for person in (self.mia, self.ben):
            assert person.phone
            person.phone.sends_receipts = False
            person.phone.received.clear()
            person.phone.shown.clear()
        self.outside.twilio.calls.clear()
        self.outside.twilio.messages.clear()
        client_id = await self._alarm()
        night = Night(script, begins)
        while self.world.at < begins + LASTS + (ACKNOWLEDGED_FOR if night.answered_at else STEP):
            await self._moment(night)
            self.world.at += STEP if night.answered_at is None else 3 * STEP
            if night.answered_at and self._since(night) > night.answered_at + timedelta(minutes=9):
                break
        await self._morning(client_id)
        return night

    async def _alarm(self) -> Any:
        async with transaction() as session:
            client = Client(name="Corner Bistro", zone="Europe/Vienna")
            session.add(client)
            await session.flush()
            facts = FINDING | {"since": now().isoformat()}
            await incidents.begin(session, client, facts, look_at=None)
        return client.id

    async def _moment(self, night: Night) -> None:
        if night.answered_at is None and self._since(night) >= night.script.answers_at:
            await self._answer(night)
        await self._receipts(night)
        await self._sweep()
        self._look(night)

    async def _sweep(self) -> None:
        for _ in range(12):
            done = 0
            for duty in [one for one in TIMETABLE["ring"] if one.name in RINGING]:
                async with reading() as session:
                    found = await duty.due(session)
                for row_id in found:
                    await duty.act(row_id)
                done += len(found)
            if not done:
                return
        raise AssertionError("there is always something due")

    def _since(self, night: Night) -> timedelta:
        return self.world.at - night.began

    def _look(self, night: Night) -> None:
        """Note what rings for the first time; “somebody has it” is no ringing."""
        since, twilio = self._since(night), self.outside.twilio
        heard = {
            "push": _alarms(self.mia),
            "backup": _alarms(self.ben),
            "text": sum("Reply 1" in one.body for one in twilio.messages),
            "call": len(twilio.calls),
        }
        for way, count in heard.items():
            known = sum(name == way for _, name in night.rung)
            night.rung += [(since, way)] * (count - known)

    async def _receipts(self, night: Night) -> None:
        """Forged ones of all sorts, and the true one as the script has it."""
        assert self.mia.phone
        shown = [one for one in self.mia.phone.received if _kind(one) in {"alarm", "still_with_us"}]
        for message in shown[night.forged : night.script.forged]:
            await self._forge(message)
            night.forged += 1
        script = night.script
        if not shown or night.shown_at is not None or script.receipts == "never":
            return
        if script.receipts == "late" and self._since(night) < script.delay:
            return
        for _ in range(2 if script.receipts == "twice" else 1):
            data = shown[0].notification["data"]
            sent = await self.world.receipt_sender(
                f"http://nightdesk.test{data['receipt_url']}", {"receipt": data["receipt"]}
            )
            assert sent == 204
        night.shown_at = self._since(night)

    async def _forge(self, message: Message) -> None:
        """A receipt of nobody, and the true receipt of another attempt."""
        data = message.notification["data"]
        url = f"http://nightdesk.test{data['receipt_url']}"
        for receipt in ("x" * 43, data["receipt"][::-1]):
            assert await self.world.receipt_sender(url, {"receipt": receipt}) == 401
        other = url.replace(data["notification_id"], "ntf_" + "0" * 26)
        assert await self.world.receipt_sender(other, {"receipt": data["receipt"]}) == 401

    async def _answer(self, night: Night) -> None:
        ways = {"tap": self._tap, "backup taps": self._backup_taps, "key": self._key,
                "text": self._text}  # fmt: skip
        way = ways.get(night.script.answer)
        if way and await way():
            night.answered_at = self._since(night)

    async def _tap(self) -> bool:
        escalation = await self._ringing()
        await self.mia.post(f"/v1/escalations/{escalation}/acknowledge")
        return True

    async def _backup_taps(self) -> bool:
        escalation = await self._ringing()
        await self.ben.post(f"/v1/escalations/{escalation}/acknowledge")
        return True

    async def _key(self) -> bool:
        if not any(call.status == "ringing" for call in self.outside.twilio.calls):
            return False
        await self.outside.presses("1")
        return True

    async def _text(self) -> bool:
        if not self.outside.twilio.messages:
            return False
        told = await self.outside.texts(NUMBERS["Mia"].replace(" ", ""), "1")
        return told == "You have Corner Bistro. The others are told."

    async def _ringing(self) -> str:
        found = (await self.mia.get("/v1/incidents", state="triage"))["data"]
        return str(found[0]["escalation"]["id"])

    async def _morning(self, client_id: Any) -> None:
        """Over: everything of this night is put away."""
        found = (await self.mia.get("/v1/incidents", client_id=encode("cli", client_id)))["data"]
        await self.mia.post(f"/v1/incidents/{found[0]['id']}/dismiss", {"reason": "not_bad"})
        await self._sweep()


def _kind(message: Message) -> str:
    return str(message.notification["data"]["kind"])


def _alarms(person: Person) -> int:
    assert person.phone
    return sum(_kind(one) in {"alarm", "still_with_us"} for one in person.phone.received)
