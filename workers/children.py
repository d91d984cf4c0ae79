"""Starts programs that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

_SET_PARENT_DEATH_SIGNAL = 1
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_STEADY_AFTER = 10.0


def dies_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before its program, so that the kernel ends it with its parent.

    See prctl(2), PR_SET_PDEATHSIG. The kernel watches the thread that starts the child: start
    children from the main thread. Elsewhere than on Linux there is no such signal, and None.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, int(sign))
        if os.getppid() != parent:
            os._exit(1)

    return tie


@dataclass
class Child:
    """One program that is kept running: started again when it ends, ever more patiently.

    A `silent` one is heard only when something is wrong: its standard output is dropped.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    silent: bool = False
    pause: float = _FIRST_PAUSE
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)

    def start(self, moment: float) -> None:
        """Start it in a process group of its own. `moment` is in seconds of any steady clock.

        A killed parent kills it outright: everything it does is safe to cut off, and a polite
        signal could leave a stuck one behind.
        """
        self._started = moment
        self._process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.silent else None,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509  from the main thread
        )

    def ended(self) -> int | None:
        """Its exit code once it has ended; None while it runs."""
        return None if self._process is None else self._process.poll()

    def next_pause(self, moment: float) -> float:
        """Seconds to wait before the next start: 0.2, 0.4, … 5; short again after a steady run."""
        if moment - self._started > _STEADY_AFTER:
            self.pause = _FIRST_PAUSE
        pause = self.pause
        self.pause = min(_LONGEST_PAUSE, pause * 2)
        return pause

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def make_stop(self, patience: float) -> None:
        """Wait up to `patience` seconds, then end it and everything that it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, patience))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None
