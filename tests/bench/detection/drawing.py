"""Draws the parts of a picture as SVG: text, lines, a curve of steps, labels that keep apart."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NamedTuple

INK: Final = "#1d1d1f"
PALE: Final = "#8a8a8f"
OURS: Final = "#b3261e"
FAINT: Final = "#dcdce0"


class Point(NamedTuple):
    """In pixels, from the upper left corner."""

    x: float
    y: float


class Scale(NamedTuple):
    """Straight from values to pixels: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def round_values(self) -> list[float]:
        """Four to nine of them, at 1, 2 or 5 times a power of ten, noughts included."""
        step = 10.0 ** (len(str(int(self.high - self.low))) - 2)
        for times in (1, 2, 5, 10):
            if (self.high - self.low) / (step * times) <= 9:
                step *= times
                break
        first = -int(-self.low // step)
        return [each * step for each in range(first, int(self.high // step) + 1)]


def text(
    at: Point,
    words: str,
    *,
    size: int = 12,
    colour: str = INK,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{at.x:.1f}" y="{at.y:.1f}" font-size="{size}" fill="{colour}"'
        f' text-anchor="{anchor}"{weight}>{escape(words)}</text>'
    )


def line(points: Iterable[Point], *, colour: str = INK, width: float = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'
    )


def dot(at: Point, *, colour: str = INK, radius: float = 3.5) -> str:
    return f'<circle cx="{at.x:.1f}" cy="{at.y:.1f}" r="{radius}" fill="{colour}" stroke="#fff"/>'


def steps(points: Sequence[Point]) -> list[Point]:
    """Across, then up: the corners of a count that jumps at each point."""
    corners = list(points[:1])
    for point in points[1:]:
        corners += [Point(point.x, corners[-1].y), point]
    return corners


def apart(wanted: Sequence[float], *, distance: float, most: float) -> list[float]:
    """Heights near the wanted ones, given from the lowest on the page (greatest) up, none below
    `most` and each at least that distance above the one before."""
    placed: list[float] = []
    for height in wanted:
        placed.append(min([height, most, *(below - distance for below in placed[-1:])]))
    return placed


def page(width: int, height: int, title: str, about: str, parts: Iterable[str]) -> str:
    """A whole file; `title` and `about` are read out to those who do not see it."""
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="title about" font-family="system-ui, sans-serif">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="about">{escape(about)}</desc>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{inside}\n</svg>\n'
    )
