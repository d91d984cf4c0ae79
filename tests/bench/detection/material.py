"""Reads client streams from the material folder's simulator, or makes them with our own."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from math import isnan
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from tests.bench.detection import simulator
from tests.bench.detection.streams import Attack, Benign, Review, Stream, warm_up

FOLDER: Final = "NIGHTDESK_MATERIAL"
COPIES_FROM: Final = 10**9
"""From here on a key of the simulator is a copy or an import, not what somebody wrote."""


class Group(NamedTuple):
    """One class of clients: where its open seeds begin and how the simulator makes it."""

    quiet_seed: int
    attacked_seed: int
    size: str
    kind: str
    rate: float | None = None


GROUPS: Final = {
    "tiny": Group(1000, 6000, "tiny", "review"),
    "mention": Group(11000, 16000, "tiny", "mention"),
    "mid": Group(21000, 26000, "mid", "review"),
    "large": Group(31000, 36000, "large", "review"),
    "bare": Group(41000, 46000, "tiny", "bare"),
    "0.3 a day": Group(1000, 6000, "tiny", "review", 0.3),
}


def folder() -> Path | None:
    """The folder with `sim.py` and `open/real`, where the environment names one that exists."""
    named = os.environ.get(FOLDER)
    return Path(named) if named and Path(named).is_dir() else None


def simulated(
    group: str, count: int, *, attacked: bool, days: int, stress: bool = False, first: int = 0
) -> list[Stream]:
    """So many clients of a group, each the same in every run; the kinds of attack take turns.

    A client is one seed: `first` skips that many of the group's open seeds. They come from the
    material folder's simulator where there is one, else from our own, which differs in its draws.
    """
    numbers = range(first, first + count)
    found = folder()
    worlds = _worlds(found / "sim.py") if found else None
    if worlds is None:
        return [_own(group, number, attacked, days, stress) for number in numbers]
    kinds = islice(cycle(worlds.ATTACKS), first, None)
    return [
        _client(worlds, group, number, (kind,) if attacked else (), days, stress)
        for number, kind in zip(numbers, kinds, strict=False)
    ]


@cache
def _worlds(file: Path) -> ModuleType | None:
    """The simulator in that file, where there is one; nothing is written beside it."""
    spec = importlib.util.spec_from_file_location("material_simulator", file)
    if not file.exists() or spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = wrote
    return module


def _own(group: str, number: int, attacked: bool, days: int, stress: bool) -> Stream:
    wanted = GROUPS[group]
    kinds = simulator.ATTACKS
    return simulator.client(
        (wanted.attacked_seed if attacked else wanted.quiet_seed) + number,
        size=wanted.size,
        kind=wanted.kind,
        days=days,
        attack=kinds[number % len(kinds)] if attacked else None,
        world=simulator.STRESS if stress else simulator.WORLD,
        rate=wanted.rate,
    )


def _client(
    worlds: ModuleType, group: str, number: int, attacks: tuple[str, ...], days: int, stress: bool
) -> Stream:
    wanted = GROUPS[group]
    seed = (wanted.attacked_seed if attacks else wanted.quiet_seed) + number
    rows, truth = worlds.make_client(
        seed,
        size_class=wanted.size,
        kind=wanted.kind,
        days=days,
        attacks=attacks,
        world=worlds.STRESS if stress else worlds.WORLD,
        rate=wanted.rate,
    )
    return _stream(f"{group} {seed}", rows, truth)


def _stream(name: str, rows: Any, truth: dict[str, Any]) -> Stream:
    return Stream(
        name=name,
        zone_hours=truth["tz"],
        reviews=list(_reviews(rows)),
        attacks=tuple(
            Attack(one["kind"], float(one["start"]), float(one["end"]), one["n_neg"])
            for one in truth["attacks"]
        ),
        benign=tuple(
            Benign(one["kind"], float(one["start"]), float(one["end"])) for one in truth["benign"]
        ),
        start=truth["t0"],
        end=truth["t1"],
        warm=warm_up(truth["t1"] - truth["t0"]),
    )


def _reviews(rows: Any) -> Iterator[Review]:
    """A copy under a new key is no review of the attack: it adds nothing to what was written."""
    columns = ("seen", "created", "rating", "neg", "uid", "atk")
    for seen, at, rating, negative, key, attack in zip(
        *(rows[column].tolist() for column in columns), strict=True
    ):
        yield Review(
            seen=seen,
            at=at,
            stars=rating or None,
            negative=None if isnan(negative) else negative,
            key=key,
            attack=attack and key < COPIES_FROM,
        )
