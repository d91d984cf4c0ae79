"""Runs the whole application in the foreground: `nightdesk up`."""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import typer

from api.settings import settings
from workers import redis_server
from workers.children import Child
from workers.redis_server import RedisServer, RedisUnavailable

_HOME = Path(__file__).resolve().parent.parent
_TICK = 0.1
_PATIENCE_WITH_CHILDREN = 7.0
_PATIENCE_WITH_REDIS = 2.0


class CannotStart(Exception):
    """Nightdesk cannot start; the message tells a person why and what helps."""


def run() -> None:
    """Run Nightdesk until Ctrl-C or SIGTERM, then end everything within ten seconds.

    1. One instance keeps the data folder. 2. Redis starts, unless one is configured.
    3. The tables are brought up to date. 4. The web door, both workers, the watchdog
    and the listener start, and start again whenever they end.

    Raises CannotStart. Call it from the main thread.
    """
    stop = _stop_on_signals()
    folder = settings.data_dir.absolute()
    with _only_instance(folder), _redis(folder) as redis:
        _need_free_port()
        typer.echo(f"Nightdesk is starting. Its data is in {folder}.")
        environment = _environment(folder, redis)
        _update_tables(environment)
        _Household(folder, redis, _children(environment), stop).keep_running()
    typer.echo("Nightdesk has stopped.")


@dataclass
class _Household:
    """Everything that runs, and who has to be started again when."""

    folder: Path
    redis: RedisServer
    children: list[Child]
    stop: threading.Event
    _due: dict[str, float] = field(default_factory=dict)
    _announced: bool = False

    def keep_running(self) -> None:
        try:
            for child in self.children:
                child.start(time.monotonic())
            while not self.stop.wait(_TICK):
                self._look_around(time.monotonic())
        finally:
            self._end_all()

    def _look_around(self, moment: float) -> None:
        for child in self.children:
            self._keep(child, moment)
        if self.redis.ended():
            self._restart_redis()
        if not self._announced and _is_ready():
            self._announced = True
            _announce()

    def _keep(self, child: Child, moment: float) -> None:
        code = child.ended()
        if code is None:
            return
        if child.name not in self._due:
            pause = child.next_pause(moment)
            self._due[child.name] = moment + pause
            typer.echo(f"The {child.name} stopped (code {code}). It starts again in {pause:g} s.")
        elif moment >= self._due[child.name]:
            del self._due[child.name]
            child.start(moment)

    def _restart_redis(self) -> None:
        """Without Redis pages are slower, never lost: so the others run on meanwhile."""
        pause = self._due.get("redis", 0.2)
        self._due["redis"] = min(5.0, pause * 2)
        typer.echo(f"Redis stopped. It starts again in {pause:g} s.")
        self.redis.stop()
        if self.stop.wait(pause):
            return
        try:
            started = redis_server.start(self.folder, patience=5)
        except RedisUnavailable as error:
            typer.echo(str(error))
        else:
            self.redis.process, self.redis.lock = started.process, started.lock

    def _end_all(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + _PATIENCE_WITH_CHILDREN
        for child in self.children:
            child.make_stop(deadline - time.monotonic())


def _children(environment: dict[str, str]) -> list[Child]:
    listen = ["--host", settings.host, "--port", str(settings.port)]
    manners = ["--no-access-log", "--no-server-header", "--log-level", settings.log_level]
    web = ["uvicorn", "api.app:app", *listen, *manners, "--timeout-graceful-shutdown", "5"]
    modules = {
        "web door": web,
        "reader": ["workers.main", "read"],
        "ringer": ["workers.main", "ring"],
        "watchdog": ["workers.watchdog"],
        "listener": ["workers.listen"],
    }
    return [
        Child(name, [sys.executable, "-m", *module], environment)
        for name, module in modules.items()
    ]


def _environment(folder: Path, redis: RedisServer) -> dict[str, str]:
    found = {**os.environ, "PYTHONUNBUFFERED": "1", "NIGHTDESK_DATA_DIR": str(folder)}
    return {**found, "NIGHTDESK_REDIS_URL": redis.url} if redis.process else found


def _update_tables(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "alembic", "-c", str(_HOME / "alembic.ini"), "upgrade", "head"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        message = f"The tables could not be brought up to date.\n{done.stderr.strip()}"
        raise CannotStart(message)


@contextmanager
def _redis(folder: Path) -> Iterator[RedisServer]:
    try:
        server = redis_server.start(folder, settings.redis_url)
    except RedisUnavailable as error:
        raise CannotStart(str(error)) from error
    try:
        yield server
    finally:
        server.stop(_PATIENCE_WITH_REDIS)


@contextmanager
def _only_instance(folder: Path) -> Iterator[None]:
    """The lock goes with the process that holds it, however that ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "nightdesk.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Nightdesk already runs in {folder}."
            raise CannotStart(message) from None
        yield


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    return stop


def _need_free_port() -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as error:
            door_number = f"Port {settings.port} on {settings.host}"
            message = f"{door_number} is not free. Set NIGHTDESK_PORT to another."
            raise CannotStart(message) from error


def _is_ready() -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    where = f"[{host}]" if ":" in host else host
    try:
        return httpx.get(f"http://{where}:{settings.port}/readyz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _announce() -> None:
    typer.echo(f"Nightdesk is ready: {settings.origin}")
    link = asyncio.run(_setup_link())
    if link:
        typer.echo(f"Set it up here, once: {link}")


async def _setup_link() -> str | None:
    from api import database  # noqa: PLC0415  heavy, and needed only once it runs
    from api.lifecycle.setup import open_setup_link  # noqa: PLC0415  the same

    try:
        return await open_setup_link()
    finally:
        await database.close()
