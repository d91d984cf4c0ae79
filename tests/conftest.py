"""Fresh worlds for tests: the same stories run on SQLite and on PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

# Settings are read once, when the first module of Nightdesk is imported: no test may meet the
# data of a person who runs the tests beside their own Nightdesk.
_SCRATCH = tempfile.mkdtemp(prefix="nightdesk-tests-")
for name in [name for name in os.environ if name.startswith("NIGHTDESK_")]:
    del os.environ[name]
os.environ |= {
    "NIGHTDESK_DATA_DIR": _SCRATCH,
    "NIGHTDESK_PUBLIC_URL": "http://nightdesk.test",
    "NIGHTDESK_SECRET_KEY": "a key for tests that nobody else uses",
}

import pytest  # noqa: E402

from tests import servers  # noqa: E402
from tests.telltale import telltale  # noqa: E402
from tests.world import Person, World, opened  # noqa: E402

_HOME = Path(__file__).parent.parent


def pytest_unconfigure() -> None:
    shutil.rmtree(_SCRATCH, ignore_errors=True)


@pytest.fixture(autouse=True)
def nothing_secret_is_logged() -> Iterator[None]:
    """In no test at all: tokens, queries and people's words stay out of every log."""
    telltale.heard.clear()
    yield
    assert telltale.heard == []


def migrate(**environment: str) -> None:
    """Bring a database up to date, the way a start does."""
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(command, cwd=_HOME, env={**os.environ, **environment}, check=True)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(NIGHTDESK_DATA_DIR=str(folder))
    return folder / "nightdesk.sqlite3"


@pytest.fixture(scope="session")
def postgres() -> Iterator[tuple[servers.Postgres, str]]:
    """A PostgreSQL of our own, and the name of a migrated database in it."""
    with servers.postgres() as server:
        url = server.fresh_database()
        migrate(NIGHTDESK_DATABASE_URL=url)
        yield server, url.split("?", maxsplit=1)[0].rsplit("/", maxsplit=1)[1]


@pytest.fixture(params=["sqlite", "postgres"])
def database_of(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Settings of a fresh database of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_file"), tmp_path / "nightdesk.sqlite3")
        return {"data_dir": tmp_path, "database_url": ""}
    server, template = request.getfixturevalue("postgres")
    return {"data_dir": tmp_path, "database_url": server.fresh_database(template)}


@pytest.fixture
async def world(database_of: dict[str, Any]) -> AsyncIterator[World]:
    """A fresh Nightdesk on each database."""
    async with opened(**database_of) as world:
        yield world


@pytest.fixture
async def small_world(sqlite_file: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh Nightdesk on SQLite alone, for what no database can change."""
    shutil.copy(sqlite_file, tmp_path / "nightdesk.sqlite3")
    async with opened(data_dir=tmp_path, database_url="") as world:
        yield world


@pytest.fixture
async def mia(world: World) -> Person:
    """The manager, with a phone, first on the ladder."""
    mia = await world.hires("Mia", role="owner")
    await mia.gets_a_phone()
    return mia


@pytest.fixture
async def ben(world: World, mia: Person) -> Person:
    """The backup, with a phone, second on the ladder."""
    ben = await world.hires("Ben")
    await ben.gets_a_phone()
    return ben
