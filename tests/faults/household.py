"""The programs of `nightdesk up`, imported once and forked: up again at once, however often killed.

`python -m tests.faults.household` is told what to do line by line: the name of a program is killed
and started again, and its name comes back. It ends with its input.
"""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api.app import app
from api.settings import settings
from workers import main, watchdog
from workers.children import dies_with_parent

NAMES = ("web door", "reader", "ringer", "watchdog")
_LOOK_AROUND = 0.02


@dataclass
class Household:
    """The other end of the line."""

    process: asyncio.subprocess.Process

    async def kill(self, name: str) -> None:
        """SIGKILL; returns when its successor has been started."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{name}\n".encode())
        answer = await self.process.stdout.readline()
        assert answer.decode().strip() == name


@asynccontextmanager
async def household(environment: Mapping[str, str], said: Path) -> AsyncIterator[Household]:
    """All programs with these settings; what they say to their operator is in `said`."""
    with said.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.household",
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )  # fmt: skip
    try:
        yield Household(process)
    finally:
        process.kill()
        await process.wait()


def _serve() -> None:
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_level=settings.log_level,
        access_log=False, server_header=False, timeout_graceful_shutdown=5,
    )  # fmt: skip


def _work(name: str) -> Callable[[], None]:
    def work() -> None:
        sys.argv = ["workers.main", name]
        main.main()

    return work


_PROGRAMS: dict[str, Callable[[], None]] = dict(
    zip(NAMES, (_serve, _work("read"), _work("ring"), watchdog.main), strict=True)
)


def _start(name: str, pids: dict[str, int]) -> None:
    """Nothing that a program needs for itself was made before this fork: no loop, no connection."""
    tie = dies_with_parent(signal.SIGKILL)
    pid = os.fork()
    if pid:
        pids[name] = pid
        return
    try:
        if tie is not None:
            tie()
        os.dup2(2, 1)
        os.close(0)
        _PROGRAMS[name]()
    finally:
        os._exit(1)


def _kill(name: str, pids: dict[str, int]) -> None:
    os.kill(pids[name], signal.SIGKILL)
    os.waitpid(pids[name], 0)
    _start(name, pids)


def _start_whoever_died(pids: dict[str, int]) -> None:
    for name, pid in list(pids.items()):
        if os.waitpid(pid, os.WNOHANG)[0]:
            print(f"The {name} ended by itself.", file=sys.stderr, flush=True)
            _start(name, pids)


def _keep() -> None:
    pids: dict[str, int] = {}
    for name in NAMES:
        _start(name, pids)
    while True:
        if select.select([sys.stdin], [], [], _LOOK_AROUND)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            _kill(line.strip(), pids)
            print(line.strip(), flush=True)
        _start_whoever_died(pids)


if __name__ == "__main__":
    _keep()
