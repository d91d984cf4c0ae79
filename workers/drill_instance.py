"""Starts a whole Nightdesk in a temporary folder for one drill, and leaves nothing behind."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import typer

from workers.children import Child

_PATIENCE = 60.0
_HOME = Path(__file__).resolve().parent.parent


def run_own(*, as_json: bool) -> int:
    """A drill on an instance of its own: started, drilled, stopped, forgotten."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-drill-") as folder:
        environment = own_environment(Path(folder))
        command = [sys.executable, "-m", "nightdesk"]
        instance = Child("drill instance", [*command, "up"], environment, silent=True)
        instance.start(time.monotonic())
        try:
            if not wait_until_ready(environment["NIGHTDESK_PORT"], instance):
                typer.echo("The instance for the drill did not start.", err=True)
                return 1
            flags = ["--json"] if as_json else []
            drill = subprocess.run([*command, "drill", *flags], env=environment, check=False)
        finally:
            instance.ask_to_stop()
            instance.make_stop(15)
    return drill.returncode


def own_environment(folder: Path) -> dict[str, str]:
    """Settings of a Nightdesk that meets no other: own folder, own ports, own servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTDESK_")}
    port, practice_port = free_ports(2)
    return {
        **kept,
        "PYTHONPATH": str(_HOME),
        "NIGHTDESK_DATA_DIR": str(folder),
        "NIGHTDESK_PORT": str(port),
        "NIGHTDESK_PRACTICE_PORT": str(practice_port),
    }


def free_ports(count: int) -> list[int]:
    """Ports on 127.0.0.1 that nobody listens on at this moment."""
    doors = [socket.socket() for _ in range(count)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    found: list[int] = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return found


def wait_until_ready(port: str, instance: Child) -> bool:
    """Whether it became ready in a minute; False at once when it has ended."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and instance.ended() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).is_success:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    return False
