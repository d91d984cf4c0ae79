"""The one clock: every moment in Nightdesk is asked here, so that a test can move it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _wall() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _source()


def run_on(source: Callable[[], datetime] | None) -> None:
    """Use another source of time from here on; None goes back to the wall clock."""
    global _source  # noqa: PLW0603  one clock per process is the point of this module
    _source = source or _wall
