"""The one clock: every moment in Nightdesk is asked here, so that a test can move it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta


def _wall() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall
_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _source() + _shift.get()


def run_on(source: Callable[[], datetime] | None) -> None:
    """Use another source of time from here on; None goes back to the wall clock."""
    global _source  # noqa: PLW0603  one clock per process is the point of this module
    _source = source or _wall


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """In this block, and in nothing that runs beside it, `now()` differs from the clock by that."""
    token = _shift.set(_shift.get() + by)
    try:
        yield
    finally:
        _shift.reset(token)
