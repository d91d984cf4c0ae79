"""Nothing is lost and nobody is woken twice, however often everything is killed."""

import os
import secrets
import sys
from pathlib import Path

import pytest

from tests import servers
from tests.faults.campaign import Size, campaign
from tests.faults.instance import HASTE
from tests.faults.promises import settle

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a killed parent has to take all")

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**6))
KILLS = int(os.environ.get("KILLS") or 1000)
SHORT, LONG = Size(60, 8), Size(10 * KILLS, KILLS)
# Longer than a lease in each form: whatever travels twice has done so before a person is there.
SOON, AS_AT_NIGHT = 5.0, 20.0


async def test_a_few_kills_cost_no_alarm(tmp_path, capsys):
    await _kept("SQLite", tmp_path, SHORT, capsys, SOON, **HASTE)


@pytest.mark.faults
@pytest.mark.timeout(4 * 3600)
async def test_many_kills_cost_no_alarm_on_sqlite(tmp_path, capsys):
    await _kept("SQLite", tmp_path, LONG, capsys, AS_AT_NIGHT)


@pytest.mark.faults
@pytest.mark.timeout(4 * 3600)
async def test_many_kills_cost_no_alarm_on_postgres(tmp_path, capsys):
    with servers.postgres() as server:
        more = {"NIGHTDESK_DATABASE_URL": server.fresh_database()}
        await _kept("PostgreSQL", tmp_path, LONG, capsys, AS_AT_NIGHT, **more)


async def _kept(
    name: str, folder: Path, size: Size, capsys: pytest.CaptureFixture[str],
    seen_to_after: float, **more: str,
) -> None:  # fmt: skip
    async with campaign(folder, size, SEED, seen_to_after=seen_to_after, **more) as run:
        await run.run()
        promises = await run.promises()
    settle(capsys, f"{name}, SEED={SEED}: {run.about()}", promises)
