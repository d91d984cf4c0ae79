"""What can be done to a running Nightdesk and its servers, for as long as a block lasts."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.faults.instance import Instance, children_of
from tests.servers import Postgres


@contextmanager
def frozen(house: Instance, name: str) -> Iterator[None]:
    assert house.signal(name, signal.SIGSTOP)
    try:
        yield
    finally:
        house.signal(name, signal.SIGCONT)


@contextmanager
def dead(house: Instance, name: str) -> Iterator[None]:
    """Killed, and killed again as often as it is started."""
    over = Event()

    def kill_on() -> None:
        while not over.wait(0.05):
            house.signal(name)

    assert house.signal(name)
    killer = Thread(target=kill_on)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


@contextmanager
def locked(house: Instance) -> Iterator[None]:
    """Somebody else holds SQLite's one lock for writing, as a process frozen at work does."""
    with sqlite3.connect(house.folder / "nightdesk.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    other.close()


@contextmanager
def stopped(server: Postgres, sign: signal.Signals) -> Iterator[None]:
    """The whole server, with what it has started for each connection."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    everybody = [first, *children_of(first)]
    for pid in everybody:
        os.kill(pid, sign)
    try:
        yield
    finally:
        if sign == signal.SIGSTOP:
            for pid in everybody:
                os.kill(pid, signal.SIGCONT)
