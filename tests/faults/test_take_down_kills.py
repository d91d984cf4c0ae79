"""A Page goes down once, with a yes, and never in between, however often everything is killed."""

import os
import secrets
import sys
from pathlib import Path

import pytest

from tests import servers
from tests.faults.deeds import Try, doubled, uncalled_for
from tests.faults.ill_graph import SHOWERS, STORM, Weather
from tests.faults.promises import settle
from tests.faults.take_down_campaign import Size, campaign
from tests.platforms.graph_state import PAGE, GraphState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a killed parent has to take all")

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
KILLS = int(os.environ.get("KILLS") or 1000)
SHORT = Size(8, 20, 3, rest=(0.3, 1.5), patience=61.0)
LONG = Size(40, KILLS, 12, rest=(3.0, 12.0), patience=150.0)
# As at night, only sooner: what waits for many seconds waits for few, in the same order.
HASTE = {
    "NIGHTDESK_SWEEP_EVERY": "PT0.3S",
    "NIGHTDESK_ACT_TIMEOUT": "PT1.5S",
    "NIGHTDESK_ACT_LEASE": "PT2S",
    "NIGHTDESK_ACT_IN_FLIGHT": "PT3S",
}


async def test_a_few_kills_harm_no_take_down(tmp_path, capsys):
    await _kept("SQLite", tmp_path, SHORT, SHOWERS, capsys, **HASTE)


def test_who_counts_the_deeds_sees_one_too_many():
    state = GraphState()
    for shown in ("unpublish", "publish", "unpublish", "unpublish"):
        state.did(shown, PAGE)
    state.did("USERS_CAN_POST", PAGE, value=False)
    assert doubled(state) == 1
    assert uncalled_for(state, [Try(PAGE, 0, allowed=1), Try(PAGE, 2, allowed=2)]) == 0
    assert uncalled_for(state, [Try(PAGE, 0, allowed=1), Try(PAGE, 1), Try(PAGE, 2)]) == 2
    state.did("USERS_CAN_POST", PAGE, value=False)
    assert doubled(state) == 2


@pytest.mark.faults
@pytest.mark.timeout(6 * 3600)
async def test_many_kills_harm_no_take_down_on_sqlite(tmp_path, capsys):
    await _kept("SQLite", tmp_path, LONG, STORM, capsys)


@pytest.mark.faults
@pytest.mark.timeout(6 * 3600)
async def test_many_kills_harm_no_take_down_on_postgres(tmp_path, capsys):
    with servers.postgres() as server:
        more = {"NIGHTDESK_DATABASE_URL": server.fresh_database()}
        await _kept("PostgreSQL", tmp_path, LONG, STORM, capsys, **more)


async def _kept(
    name: str, folder: Path, size: Size, weather: Weather,
    capsys: pytest.CaptureFixture[str], **more: str,
) -> None:  # fmt: skip
    async with campaign(folder, size, weather, SEED, **more) as run:
        await run.run()
    settle(capsys, f"{name}, SEED={SEED}: {run.about()}", run.promises())
    assert run.desk.untrue == []
