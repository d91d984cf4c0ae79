"""The alarm arrives, once, whatever is stopped or killed on its way."""

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlmodel import select

from api.database import reading
from api.models import Incident
from tests.faults.instance import (
    HASTE,
    Instance,
    before_the_phone_takes,
    drilling,
    running,
    until,
)
from workers import drill, drill_desk
from workers.drill_desk import DrillFailed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

WORKERS = ("reader", "ringer")
# Whoever carries out, and whoever would do it instead.
HANDS = ("ringer", "watchdog")
DEEDS = ("owner said yes", "taken down, read back", "owner told", "put back, read back", "report")
SOON = (0, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2)
Moment = Callable[[drill.Drill], Awaitable[asyncio.Event | None]]
"""Returns when it has come; an event is told when the deed is done."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("house"), **HASTE) as instance:
        yield instance


@pytest.fixture
def whole_house(house):
    assert until(house.is_whole, 30)
    return house


@pytest.fixture
def _hasty(monkeypatch):
    monkeypatch.setattr(drill, "GAPS", SOON)


def test_a_drill_on_a_healthy_instance_holds(whole_house):
    command = [sys.executable, "-m", "nightdesk", "drill", "--json"]
    done = subprocess.run(
        command, env=whole_house.environment, capture_output=True, text=True, timeout=200
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, found
    assert found["ok"]
    assert found["buzzes"] == 1
    assert found["alarm_at_low_review"] in {3, 4}
    assert found["without_history"]["alarm_at_low_review"] in {3, 4}
    assert found["without_history"]["buzzes"] == 1
    took = {step["name"]: step["seconds"] for step in found["steps"]}
    deeds = [took[name] for name in ("acknowledged", *DEEDS)]
    assert deeds == sorted(deeds)
    assert took["put back, read back"] < took["calm"] < took["report"]


@pytest.mark.usefixtures("_hasty")
async def test_a_page_that_cannot_be_taken_down_fails_the_drill_with_its_reason(whole_house):
    async with drilling(whole_house) as story:
        story.stage.page.closed = True
        with pytest.raises(DrillFailed, match=r"did not go down\..* does not allow this"):
            await story.run()
    assert _deeds_of(story) == ["owner said yes"]


@pytest.mark.usefixtures("_hasty")
async def test_a_drill_fails_where_nobody_carries_out_what_was_agreed(whole_house, monkeypatch):
    monkeypatch.setattr(drill_desk, "PATIENCE", 15.0)
    waited = "Waited 15 s for the page to be read back as down"
    async with (
        drilling(whole_house) as story,
        _kept_dead(whole_house, HANDS, story, the_alarm_is_acknowledged) as deaths,
    ):
        with pytest.raises(DrillFailed, match=waited):
            await story.run()
    assert deaths, "nobody was ever killed"
    assert story.stage.page.shown
    assert _deeds_of(story) == ["owner said yes"]


@pytest.mark.usefixtures("_hasty")
async def test_a_redis_that_hangs_costs_no_alarm(whole_house):
    async with drilling(whole_house) as story:
        attack = asyncio.create_task(
            _once(the_attack_has_begun, story, whole_house, ["Redis"], signal.SIGSTOP)
        )
        try:
            await story.run()
            assert await attack
        finally:
            whole_house.signal("Redis", signal.SIGCONT)
    _alarm_came_once(story)


@pytest.mark.usefixtures("_hasty")
async def test_a_redis_that_dies_and_stays_dead_costs_no_alarm(whole_house):
    async with (
        drilling(whole_house) as story,
        _kept_dead(whole_house, ["Redis"], story, the_attack_has_begun) as deaths,
    ):
        await story.run()
    assert deaths, "Redis was never killed"
    _alarm_came_once(story)


async def the_attack_has_begun(story: drill.Drill) -> None:
    while story.timeline.started is None:
        await asyncio.sleep(0.005)


async def the_incident_is_opened(_: drill.Drill) -> None:
    while not await _open_incident():
        await asyncio.sleep(0.005)


async def the_push_is_accepted_and_not_noted(story: drill.Drill) -> asyncio.Event:
    """The most dangerous moment: it has left, and whoever sent it has not heard so."""
    arrived, killed = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        story.stage.phone.sends_receipts = arrived.is_set()
        arrived.set()
        await killed.wait()

    before_the_phone_takes(story.stage, hold)
    await arrived.wait()
    return killed


async def the_alarm_is_acknowledged(story: drill.Drill) -> None:
    while "acknowledged" not in story.timeline.steps:
        await asyncio.sleep(0.005)


async def the_receipt_is_back(story: drill.Drill) -> None:
    while not story.stage.phone.receipts:
        await asyncio.sleep(0.005)


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize(
    ("moment", "killed"),
    [
        (the_attack_has_begun, WORKERS),
        (the_incident_is_opened, WORKERS),
        (the_push_is_accepted_and_not_noted, ("ringer",)),
        (the_receipt_is_back, WORKERS),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_a_worker_killed_at_any_moment_costs_no_alarm(whole_house, moment, killed):
    async with drilling(whole_house) as story:
        killing = asyncio.create_task(_once(moment, story, whole_house, killed))
        await story.run()
        assert await killing, f"{killed} did not run when it was to be killed"
    _alarm_came_once(story)
    repeats = _repeats(story)
    assert repeats <= 1
    if moment is the_push_is_accepted_and_not_noted:
        assert repeats == 1, "the kill came too late to matter"


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("_hasty")
async def test_a_hundred_kills_at_random_moments_cost_no_alarm(whole_house, capsys):
    dice, kills, repeats, drills = random.Random(11), 0, 0, 0
    while kills < 100:
        async with drilling(whole_house) as story, _kills_at_random(whole_house, dice) as done:
            story.takes_down = False  # Deaths in a deed are counted in test_take_down_kills.py.
            await story.run()
        _alarm_came_once(story)
        kills, repeats, drills = kills + len(done), repeats + _repeats(story), drills + 1
    with capsys.disabled():
        print(f"\n{drills} drills, {kills} kills, 0 lost, 0 second buzzes, {repeats} repeats")
    assert repeats <= kills


@asynccontextmanager
async def _kills_at_random(house: Instance, dice: random.Random) -> AsyncIterator[list[str]]:
    done: list[str] = []

    async def kill_on() -> None:
        while True:
            await asyncio.sleep(dice.uniform(0.06, 6))
            name = dice.choice(WORKERS)
            if house.signal(name):
                done.append(name)

    async with _beside(kill_on):
        yield done


async def _once(
    moment: Moment,
    story: drill.Drill,
    house: Instance,
    names: Sequence[str],
    sign: signal.Signals = signal.SIGKILL,
) -> bool:
    """Signal these parts at that moment; whether all of them were there."""
    done = await moment(story)
    hit = [house.signal(name, sign) for name in names]
    if done:
        done.set()
    return all(hit)


@asynccontextmanager
async def _kept_dead(
    house: Instance, names: Sequence[str], story: drill.Drill, since: Moment
) -> AsyncIterator[list[str]]:
    """Kill these parts as often as they come back, from that moment on."""
    deaths: list[str] = []

    async def keep_dead() -> None:
        await since(story)
        while True:
            deaths.extend(name for name in names if house.signal(name))
            await asyncio.sleep(0.01)

    async with _beside(keep_dead):
        yield deaths


@asynccontextmanager
async def _beside(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _open_incident() -> bool:
    async with reading() as session:
        return (await session.exec(select(Incident.id))).first() is not None


def _alarms(story: drill.Drill) -> list[str]:
    received = story.stage.phone.received
    return [
        message.notification["tag"]
        for message in received
        if message.notification["data"]["kind"] == "alarm"
    ]


def _alarm_came_once(story: drill.Drill) -> None:
    assert story.buzzes == 1
    assert len(set(_alarms(story))) == 1, _alarms(story)


def _deeds_of(story: drill.Drill) -> list[str]:
    """Which of the deeds came, in their order."""
    return [name for name in story.timeline.steps if name in DEEDS]


def _repeats(story: drill.Drill) -> int:
    """How often the same alarm travelled again; the phone shows it once."""
    return len(_alarms(story)) - 1
