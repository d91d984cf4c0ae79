"""The embedded servers keep what they promise when they are asked, stopped and killed."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis as redis_client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import servers
from workers import redis_server
from workers.redis_server import RedisServer, RedisUnavailable

PARENT = """
import sys, time
from pathlib import Path
from workers import redis_server
print(redis_server.start(Path(sys.argv[1])).process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def start(tmp_path):
    started = []

    def start_in(folder: Path = tmp_path) -> RedisServer:
        started.append(redis_server.start(folder, patience=20))
        return started[-1]

    yield start_in
    for server in started:
        server.stop()


def until(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


def is_gone(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def connected(server: RedisServer) -> redis_client.Redis:
    return redis_client.Redis.from_url(server.url)


def test_only_this_user_can_open_the_socket_and_no_port_is_open(start):
    server = start()
    path = Path(server.url.removeprefix("unix://").partition("?")[0])
    with connected(server) as client:
        assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_queued_survives_a_stop_and_a_new_start(start):
    first = start()
    with connected(first) as client:
        client.set("page", "Lena")
    first.stop()
    with connected(start()) as client:
        assert client.get("page") == b"Lena"


def test_what_was_queued_survives_a_kill(start):
    first = start()
    with connected(first) as client:
        client.set("page", "Lena")
        assert until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    first.process.kill()
    first.process.wait()
    first.stop()
    with connected(start()) as client:
        assert client.get("page") == b"Lena"


def test_a_full_queue_refuses_instead_of_forgetting(start):
    with connected(start()) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendfsync") == {"appendfsync": "everysec"}


def test_a_queue_that_cannot_be_read_is_set_aside(start, tmp_path):
    start().stop()
    for part in (tmp_path / "redis" / "appendonlydir").glob("*.manifest"):
        part.write_text("this is no manifest\n")
    with connected(start()) as client:
        assert client.ping()
    assert (tmp_path / "redis" / "unreadable").is_dir()


def test_a_folder_has_one_server_at_a_time(start, tmp_path):
    start()
    with pytest.raises(RedisUnavailable, match="Another Redis server"):
        redis_server.start(tmp_path, patience=0.2)


def test_a_folder_with_a_long_or_odd_name_works(start, tmp_path):
    folder = tmp_path / ("Café Blau " * 9) / ("x" * 90)
    with connected(start(folder)) as client:
        assert client.ping()


def test_a_configured_redis_wins_and_nothing_is_started(tmp_path):
    server = redis_server.start(tmp_path, "redis://elsewhere:6379/0")
    assert (server.url, server.process) == ("redis://elsewhere:6379/0", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends orphans")
def test_the_server_dies_with_its_parent_and_leaves_the_folder_usable(start, tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        os.kill(parent.pid, signal.SIGKILL)
    assert until(lambda: is_gone(pid))
    with connected(start()) as client:
        assert client.ping()


async def test_a_postgres_of_ones_own_starts_as_any_user_and_is_gone_afterwards():
    with servers.postgres() as server:
        assert server.fresh_database() != server.fresh_database()
        engine = create_async_engine(server.fresh_database())
        async with engine.connect() as connection:
            version = (await connection.execute(text("show server_version_num"))).scalar_one()
        await engine.dispose()
        assert int(version) >= 150000
    assert not server.folder.exists()
