"""A flood at one client is one incident and one alarm, and delays nobody else."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from api.database import reading
from api.ids import encode
from api.models import Incident, Review
from tests import servers
from tests.faults.alarms import Alarm, Alarms, alarms_at, flowing, is_alarm
from tests.faults.instance import running
from tests.faults.promises import Promise, at, settle
from tests.push_service import PushService

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

BATCH = 20
PATIENCE = 60.0
LOOKS_PER_SECOND = 2


@dataclass(frozen=True)
class Flood:
    reviews: int
    seconds: float
    probe_every: float


SHORT, LONG = Flood(1000, 6, 0.5), Flood(10_000, 60, 1.0)


BOUNDS = (
    ("another client, acknowledged to buzzed, p99 in seconds", 5.0),
    ("the API answers, p99 in seconds", 0.5),
    ("memory of the largest part, MB", 600.0),
)


async def test_a_thousand_reviews_are_one_incident_and_one_alarm(tmp_path, capsys):
    await _flooded("SQLite", tmp_path, SHORT, capsys)


@pytest.mark.faults
@pytest.mark.timeout(1200)
async def test_ten_thousand_reviews_in_a_minute_delay_nobody_else_on_sqlite(tmp_path, capsys):
    await _flooded("SQLite", tmp_path, LONG, capsys, BOUNDS)


@pytest.mark.faults
@pytest.mark.timeout(1200)
async def test_ten_thousand_reviews_in_a_minute_delay_nobody_else_on_postgres(tmp_path, capsys):
    with servers.postgres() as server:
        more = {"NIGHTDESK_DATABASE_URL": server.fresh_database()}
        await _flooded("PostgreSQL", tmp_path, LONG, capsys, BOUNDS, **more)


async def _flooded(
    name: str, folder: Path, flood: Flood, capsys: pytest.CaptureFixture[str],
    bounds: Sequence[tuple[str, float]] = (), **more: str,
) -> None:  # fmt: skip
    async with PushService() as push:
        hosts = f'["{push.origin.removeprefix("http://")}"]'
        with running(folder, NIGHTDESK_PUSH_HOSTS=hosts, **more) as house:
            async with alarms_at(house.environment, push, seen_to_after=1) as alarms:
                await alarms.make_clients(int(4 * (flood.seconds + PATIENCE)))
                flooded = alarms.fresh.pop()
                took = await _run(alarms, flooded, flood)
                promises = await _promises(alarms, flooded, flood)
                memory = max(_most_memory(pid) for pid in house.parts().values())
    answers = [seconds for group in alarms.answered.values() for seconds in group]
    found = [at(99, alarms.seconds()), at(99, answers), memory]
    promises += [
        Promise(words, round(value, 2), most)
        for (words, most), value in zip(bounds, found, strict=False)
    ]
    settle(capsys, f"{name}: {_told(flood, took, alarms)}", promises)


async def _run(alarms: Alarms, flooded: Alarm, flood: Flood) -> float:
    """Seconds that the flood took, with the alarms of others and looks at the screens beside it."""
    async with flowing(alarms, flood.probe_every, PATIENCE):
        looking = asyncio.create_task(_look_on(alarms, flooded))
        begun = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(flood.reviews // BATCH):
                due = begun + flood.seconds * number * BATCH / flood.reviews
                await asyncio.sleep(due - time.monotonic())
                group.create_task(alarms.send(flooded, BATCH, "flood"))
        took = time.monotonic() - begun
        await asyncio.wait_for(flooded.arrived.wait(), PATIENCE)
        looking.cancel()
    return took


async def _look_on(alarms: Alarms, flooded: Alarm) -> None:
    """As the screens of two people do who have opened what goes on at this client."""
    about = {"client_id": encode("cli", flooded.client_id)}
    while True:
        with alarms.timing("screens"):
            answer = await alarms.web.get("/v1/incidents", params=about)
        assert answer.status_code == 200, answer.text
        await asyncio.sleep(1 / LOOKS_PER_SECOND)


async def _promises(alarms: Alarms, flooded: Alarm, flood: Flood) -> list[Promise]:
    async with reading() as session:
        count = select(func.count()).select_from(Review)
        kept = (await session.exec(count.where(Review.client_id == flooded.client_id))).one()
        of_client = select(Incident).where(Incident.client_id == flooded.client_id)
        incidents = len(list(await session.exec(of_client)))
    shown = sum(is_alarm(one) for one in alarms.phone.shown)
    return [
        Promise("reviews acknowledged and not kept", flood.reviews - kept, 0),
        Promise("incidents of the flooded client beyond one", incidents - 1, 0),
        Promise("buzzes for it beyond one", shown - len(alarms.seconds()) - 1, 0),
        Promise("alarms of others lost", alarms.lost(), 0),
        Promise("second buzzes for others", alarms.second_buzzes(), 0),
    ]


def _most_memory(pid: int) -> float:
    """In megabytes, the most that it has ever had at once."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def _told(flood: Flood, took: float, alarms: Alarms) -> str:
    groups = ", ".join(
        f"{who} {len(seconds)} with p50 {1000 * at(50, seconds):.0f} ms, "
        f"p99 {1000 * at(99, seconds):.0f} ms"
        for who, seconds in alarms.answered.items()
    )
    rang = alarms.seconds()
    return (
        f"{flood.reviews} reviews of one client in {took:.0f} s; "
        f"{len(rang)} alarms of others rang after p50 {at(50, rang):.2f} s, "
        f"p99 {at(99, rang):.2f} s; answers: {groups}"
    )
