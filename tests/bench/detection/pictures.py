"""Draws each documented attack: its low reviews as they came, and where each detector woke."""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench.detection import figures, ours, series
from tests.bench.detection.drawing import (
    FAINT,
    INK,
    OURS,
    PALE,
    Point,
    Scale,
    apart,
    dot,
    line,
    page,
    steps,
    text,
)
from tests.bench.detection.figures import REAL, Results
from tests.bench.detection.streams import HOUR, MINUTE, is_low

WIDTH: Final = 920
HEIGHT: Final = 500
LEFT: Final = 60
RIGHT: Final = 540
TOP: Final = 70
BOTTOM: Final = 440
LABELS: Final = 590
ROW: Final = 18

BEFORE: Final = 0.12
"""Of the time shown, what lies before the attack."""
LEAST_SHOWN: Final = 12.0
"""Hours."""


class Told(NamedTuple):
    """Of a documented attack: the name of its picture, its short name, and what happened."""

    file: str
    short: str
    happened: str


TOLD: Final = {
    "steam_towns": Told("towns", "Towns", "Towns is abandoned by its developer, May 2014"),
    "gp_mpaspor 1": Told("m-paspor-2022", "M-Paspor 2022", "M-Paspor is hard to reach, April 2022"),
    "gp_mpaspor 2": Told("m-paspor-2023", "M-Paspor 2023", "M-Paspor is down, January 2023"),
}


class Woke(NamedTuple):
    """A detector, and the low review and hour of the attack at which it woke: infinite if never."""

    detector: str
    low: float
    hours: float

    def said(self) -> str:
        if not isfinite(self.low):
            return f"{self.detector}: never"
        return f"{self.detector}: {self.low:.0f} low, {figures.plain(self.hours, 1)} h"


class Course(NamedTuple):
    """An attack: hours from its start to its end, and of each low review around it."""

    name: str
    end: float
    low: list[float]


def write(results: Results, folder: Path) -> list[Path]:
    """One file for each documented attack there is data for."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = results.detectors(REAL)
    written = []
    for place, course in enumerate(_courses(results)):
        found = [(row.detector, figures.documented(row)[place]) for row in rows]
        woke = [
            Woke(detector, low, minutes * MINUTE / HOUR) for detector, (_, low, minutes) in found
        ]
        path = folder / f"{TOLD[course.name].file}.svg"
        path.write_text(drawn(course, woke))
        written.append(path)
    return written


def _courses(results: Results) -> Iterator[Course]:
    names = [name for name, _, _ in figures.documented(results.row(REAL, ours.OURS))]
    attacks = {
        name: [
            (attack, stream)
            for stream in series.documented()
            if stream.name == name
            for attack in stream.attacks
        ]
        for name in series.DOCUMENTED
    }
    both = [one for name in series.DOCUMENTED for one in attacks[name]]
    for name, (attack, stream) in zip(names, both, strict=True):
        low = [(one.seen - attack.start) / HOUR for one in stream.reviews if is_low(one)]
        yield Course(name, (attack.end - attack.start) / HOUR, low)


def drawn(course: Course, woke: Sequence[Woke]) -> str:
    """The picture as SVG; its figures are in its description too."""
    last = max((one.hours for one in woke if isfinite(one.hours)), default=0.0)
    shown = min(course.end, max(LEAST_SHOWN, 1.05 * last))
    across = Scale(-BEFORE * shown, shown, LEFT, RIGHT)
    low = [at for at in course.low if across.low <= at <= shown]
    up = Scale(0, max(10, 1.05 * len(low)), BOTTOM, TOP)
    title = sentence(course.name, woke)
    return page(
        WIDTH,
        HEIGHT,
        title,
        "; ".join(one.said() for one in _in_order(woke)),
        [
            text(Point(LEFT - 40, 30), title, size=16, bold=True),
            text(
                Point(LEFT - 40, 52), f"{TOLD[course.name].happened}: its low reviews", colour=PALE
            ),
            *_axes(across, up),
            line(steps(_curve(low, across, up)), width=1.8),
            *_labels(low, woke, across, up),
        ],
    )


def sentence(name: str, woke: Sequence[Woke]) -> str:
    mine = next(one for one in woke if one.detector == ours.OURS)
    rivals = [one for one in woke if one.detector not in {ours.OURS, ours.AS_DELIVERED}]
    earlier = sum(one.low < mine.low for one in rivals)
    when = f"wakes at low review {mine.low:.0f}" if isfinite(mine.low) else "never wakes"
    return f"{TOLD[name].short}: {ours.OURS} {when}, {earlier} of {len(rivals)} rivals earlier."


def _in_order(woke: Sequence[Woke]) -> list[Woke]:
    return sorted(woke, key=lambda one: one.hours)


def _axes(across: Scale, up: Scale) -> Iterator[str]:
    for value in up.round_values():
        y = up.at(value)
        yield line([Point(LEFT, y), Point(RIGHT, y)], colour=FAINT)
        yield text(Point(LEFT - 8, y + 4), f"{value:.0f}", colour=PALE, anchor="end")
    for value in across.round_values():
        at = Point(across.at(value), BOTTOM + 20)
        yield text(at, f"{value:.0f}", colour=PALE, anchor="middle")
    start = across.at(0)
    yield line([Point(start, TOP), Point(start, BOTTOM)], colour=PALE, dashes="3 3")
    yield text(
        Point((LEFT + RIGHT) / 2, BOTTOM + 42), "hours since it began", colour=PALE, anchor="middle"
    )


def _curve(low: Sequence[float], across: Scale, up: Scale) -> list[Point]:
    points = [Point(across.at(at), up.at(count)) for count, at in enumerate(low, start=1)]
    end = points[-1].y if points else up.at(0)
    return [Point(across.start, up.at(0)), *points, Point(across.end, end)]


def _labels(low: Sequence[float], woke: Sequence[Woke], across: Scale, up: Scale) -> Iterator[str]:
    """Whoever woke first is lowest, as on the curve; those that never did stand on top."""
    ordered = _in_order(woke)
    shown = [one for one in ordered if isfinite(one.hours)]
    marks = [_mark(one, low, across, up) for one in shown]
    room = BOTTOM - ROW * (len(ordered) - 1)
    wanted = [max(mark.y, room) for mark in marks] + [TOP] * (len(ordered) - len(shown))
    heights = apart(_lifted(wanted), distance=ROW, most=BOTTOM)
    for one, mark, height in _ours_on_top(zip(shown, marks, heights, strict=False)):
        colour = _colour(one)
        leader = [
            mark,
            Point(RIGHT + 12, mark.y),
            Point(LABELS - 12, height),
            Point(LABELS - 4, height),
        ]
        yield line(leader, colour=colour if colour == OURS else FAINT)
        yield dot(mark, colour=colour)
    for one, height in zip(ordered, heights, strict=True):
        at = Point(LABELS, height + 4)
        yield text(at, one.said(), colour=_colour(one), bold=_colour(one) == OURS)


def _ours_on_top(drawn: Iterable[tuple[Woke, Point, float]]) -> list[tuple[Woke, Point, float]]:
    return sorted(drawn, key=lambda each: _colour(each[0]) == OURS)


def _lifted(wanted: Sequence[float]) -> list[float]:
    """None so high that those above it would leave the picture."""
    most = len(wanted) - 1
    return [max(height, TOP + ROW * (most - place)) for place, height in enumerate(wanted)]


def _mark(one: Woke, low: Sequence[float], across: Scale, up: Scale) -> Point:
    count = sum(at <= one.hours for at in low)
    return Point(across.at(min(one.hours, across.high)), up.at(count))


def _colour(one: Woke) -> str:
    if one.detector in {ours.OURS, ours.AS_DELIVERED}:
        return OURS
    return INK if isfinite(one.hours) else PALE
