"""A Page goes down once, with a yes, and never in between, however often everything is killed."""

import os
import secrets
import sys
from pathlib import Path

import pytest

from tests import servers
from tests.faults.ill_graph import SHOWERS, STORM, Weather
from tests.faults.promises import settle
from tests.faults.take_down_campaign import Size, campaign

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a killed parent has to take all")

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
KILLS = int(os.environ.get("KILLS") or 1000)
SHORT = Size(8, 20, 3, rest=(0.5, 2.0), patience=61.0)
LONG = Size(40, KILLS, 12, rest=(3.0, 12.0), patience=150.0)
# As at night, only sooner: what waits for many seconds waits for few, in the same order.
HASTE = {
    "NIGHTDESK_SWEEP_EVERY": "PT0.3S",
    "NIGHTDESK_ACT_TIMEOUT": "PT2S",
    "NIGHTDESK_ACT_LEASE": "PT3S",
    "NIGHTDESK_ACT_IN_FLIGHT": "PT4S",
}


async def test_a_few_kills_harm_no_take_down(tmp_path, capsys):
    await _kept("SQLite", tmp_path, SHORT, SHOWERS, capsys, **HASTE)


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
