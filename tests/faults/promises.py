"""What a campaign found, one line a promise; a broken one fails the test that asks."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Promise:
    """So many were found, and so many are allowed."""

    words: str
    found: float
    most: float

    @property
    def kept(self) -> bool:
        return self.found <= self.most

    def line(self) -> str:
        word = "kept  " if self.kept else "BROKEN"
        return f"  {word} {self.words}: {self.found:g} (at most {self.most:g})"


def settle(capsys: pytest.CaptureFixture[str], about: str, promises: Sequence[Promise]) -> None:
    """Print all of them, then fail if one is broken."""
    with capsys.disabled():
        print("\n" + "\n".join([about, *(promise.line() for promise in promises)]), flush=True)
    assert [promise.line() for promise in promises if not promise.kept] == []


def at(percent: float, found: Sequence[float]) -> float:
    """A percentile, in the unit of what was found."""
    assert found
    return sorted(found)[min(len(found) - 1, int(len(found) * percent / 100))]
