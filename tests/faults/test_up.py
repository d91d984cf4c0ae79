"""`nightdesk up` keeps everything running, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults.instance import PARTS, is_gone, parts_of, until
from workers.drill_instance import own_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

READY_WITHIN = 60


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    def is_ready(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/readyz"
            return httpx.get(url, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def is_whole(self) -> bool:
        parts = self.parts()
        return set(parts) == set(PARTS) and self.is_ready()

    def is_whole_without(self, gone: dict[str, int]) -> bool:
        return self.is_whole() and not set(self.parts().values()) & set(gone.values())

    def parts(self) -> dict[str, int]:
        return parts_of(self.process.pid)

    def said(self) -> str:
        return (self.folder / "said.txt").read_text()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def launch(folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "nightdesk", "up"],
            env={**own_environment(folder / "data"), "NIGHTDESK_PORT": str(port)},
            stdout=said,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def running(tmp_path):
    port = free_port()
    house = Running(launch(tmp_path, port), tmp_path, port)
    try:
        assert until(house.is_whole, READY_WITHIN), house.said()
        yield house
    finally:
        house.process.terminate()
        house.process.wait(15)


def test_whatever_is_killed_is_started_again(running):
    first = running.parts()
    for pid in first.values():
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: running.is_whole_without(first), READY_WITHIN), running.said()
    for name in ("web door", "reader", "ringer", "watchdog", "listener"):
        assert f"The {name} stopped (code -9)." in running.said()
    assert "Redis stopped." in running.said()


def test_it_says_where_it_is_and_how_to_set_it_up(running):
    assert until(lambda: "Set it up here, once: http" in running.said(), 20), running.said()
    assert f"Nightdesk is ready: http://localhost:{running.port}" in running.said()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_and_leaves_nothing_behind(running, sign):
    parts = running.parts()
    running.process.send_signal(sign)
    assert running.process.wait(10) == 0, running.said()
    assert [name for name, pid in parts.items() if not is_gone(pid)] == []
    assert "Nightdesk has stopped." in running.said()


def test_even_a_killed_supervisor_leaves_nothing_behind(running):
    parts = running.parts()
    running.process.kill()
    running.process.wait()
    assert until(lambda: all(is_gone(pid) for pid in parts.values()), 5)


def test_a_second_instance_in_the_same_folder_is_told_so(running):
    second = launch(running.folder, free_port())
    assert second.wait(20) == 1
    assert f"Nightdesk already runs in {running.folder / 'data'}." in running.said()
    assert running.is_whole()
