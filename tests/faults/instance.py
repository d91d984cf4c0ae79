"""A whole Nightdesk of a test's own: its processes by name, and drills that are watched."""

import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import httpx

from api import crypto, database, queue
from api.settings import Settings, settings
from tests.world import configure
from workers import drill
from workers.children import Child
from workers.drill_instance import own_environment, wait_until_ready
from workers.practice_phone import Envelope, Mailbox
from workers.practice_stage import Stage

PARTS = {
    "web door": "api.app:app",
    "reader": "workers.main read",
    "ringer": "workers.main ring",
    "watchdog": "workers.watchdog",
    "listener": "workers.listen",
    "Redis": "unixsocket",
}

# As at night, only sooner: what waits for minutes waits for seconds, in the same order.
HASTE = {
    "NIGHTDESK_POLL_EVERY_IN_PRACTICE": "PT0.4S",
    "NIGHTDESK_SEND_TIMEOUT": "PT2S",
    "NIGHTDESK_SEND_LEASE": "PT3S",
    "NIGHTDESK_SWEEP_EVERY": "PT0.5S",
}


@dataclass
class Instance:
    """`nightdesk up` in a folder and on ports of its own."""

    child: Child
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['NIGHTDESK_PORT']}"

    @property
    def folder(self) -> Path:
        return Path(self.environment["NIGHTDESK_DATA_DIR"])

    def parts(self) -> dict[str, int]:
        """The process id of each part that runs."""
        process = self.child._process
        assert process is not None
        return parts_of(process.pid)

    def signal(self, name: str, sign: signal.Signals = signal.SIGKILL) -> bool:
        """Send a part a signal; whether it was there."""
        pid = self.parts().get(name)
        if pid is None:
            return False
        os.kill(pid, sign)
        return True

    def is_whole(self) -> bool:
        try:
            ready = httpx.get(f"{self.url}/readyz", trust_env=False)
        except httpx.HTTPError:
            return False
        return ready.is_success and set(self.parts()) == set(PARTS)


@contextmanager
def running(folder: Path, **more: str) -> Iterator[Instance]:
    """A ready instance; everything of it is gone afterwards."""
    environment = {**own_environment(folder), **more}
    child = Child("instance", [sys.executable, "-m", "nightdesk", "up"], environment, silent=True)
    child.start(time.monotonic())
    try:
        assert wait_until_ready(environment["NIGHTDESK_PORT"], child), "it did not start"
        yield Instance(child, environment)
    finally:
        child.ask_to_stop()
        child.make_stop(15)


@asynccontextmanager
async def inside(environment: Mapping[str, str]) -> AsyncIterator[None]:
    """This process uses the data of these settings, as the operator's commands do."""
    before = dict(settings.__dict__)
    with patch.dict(os.environ, environment, clear=True):
        configure(**dict(Settings()))
    await _forget_connections()
    try:
        yield
    finally:
        settings.__dict__.clear()
        settings.__dict__.update(before)
        await _forget_connections()


@asynccontextmanager
async def drilling(instance: Instance) -> AsyncIterator[drill.Drill]:
    """A drill that is prepared and not begun: `run()` it while something goes wrong."""
    async with inside(instance.environment), Stage(settings.practice_port, instance.url) as stage:
        client_id, secret = await drill._prepare(stage)
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(
            base_url=instance.url, headers=headers, timeout=10, trust_env=False
        ) as web:
            yield drill.Drill(web, stage, lambda _: None, client_id)


def before_the_phone_takes(stage: Stage, do: Callable[[], Awaitable[None]]) -> None:
    """Do something when a push is at its service and its sender has not been answered."""
    take = stage.phone.take

    async def take_later(mailbox: Mailbox, envelope: Envelope) -> None:
        await do()
        await take(mailbox, envelope)

    stage.phone.take = take_later  # type: ignore[method-assign]


def parts_of(supervisor: int) -> dict[str, int]:
    found = children_of(supervisor)
    return {
        name: pid for name, mark in PARTS.items() for pid, words in found.items() if mark in words
    }


def children_of(parent: int) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if int(status[1]) == parent and status[0] != "Z":
            found[int(folder.name)] = words
    return found


def is_gone(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def until(is_so: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


async def _forget_connections() -> None:
    """Whatever was opened belongs to other settings than those that are in force now."""
    await queue.bell().close()
    await database.close()
    crypto._master.cache_clear()
    crypto._derived.cache_clear()
