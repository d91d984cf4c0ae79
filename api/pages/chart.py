"""Draws the pulse as SVG: linear from zero, band with edge and word, the last column unfinished."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from api.pulse import Bucket, Pulse, clock_time, day_and_time

_WIDTH = 350.0
_TOP = 24.0
_GAP = 0.184
_LABEL_ROOM = 20.0
_ROOM_FOR_A_NUMBER = 16.0
# The widest sign of a label, and the air between two labels.
_SIGN, _AIR = 7.2, 8.0


@dataclass(frozen=True, slots=True)
class _Scale:
    ground: float
    unit: float
    pitch: float

    def top_of(self, count: float) -> float:
        return self.ground - count * self.unit

    @property
    def column(self) -> float:
        return self.pitch * (1 - _GAP)


def title(pulse: Pulse, zone: str) -> str:
    """“Reviews per ten minutes, 01:30 to 03:12”."""
    first = pulse.buckets[0].at
    start, end = _at(first, pulse, zone), _at(pulse.as_of, pulse, zone)
    return f"Reviews per {per(pulse.width)}, {start} to {end}"


def description(pulse: Pulse) -> str:
    """The picture in words, for whoever cannot see it."""
    usual = f"Normal is {pulse.expected_low} to {pulse.expected_high}."
    high = [bucket for bucket in pulse.buckets if bucket.count > pulse.expected_high]
    if not high:
        return f"Nothing above the normal band. {usual}"
    counts = ", then ".join(
        f"{bucket.count} so far" if bucket.unfinished else str(bucket.count) for bucket in high[-4:]
    )
    return f"Above the band: {counts}. {usual}"


def draw(
    pulse: Pulse, zone: str, *, height: float = 150.0, name: str = "pulse", last: str = "now"
) -> str:
    """One inline SVG, coloured by the stylesheet's classes; `last` names its last time."""
    scale = _scale(pulse, height)
    labelled = f'role="img" aria-labelledby="{name}-t {name}-d"'
    size = f'viewBox="0 0 350 {height:g}" xmlns="http://www.w3.org/2000/svg"'
    parts = [
        f'<svg class="fig" {size} {labelled}>',
        f'<title id="{name}-t">{escape(title(pulse, zone))}</title>',
        f'<desc id="{name}-d">{escape(description(pulse))}</desc>',
        _band(pulse, scale),
        *(_column(index, bucket, pulse, scale, name) for index, bucket in enumerate(pulse.buckets)),
        _edges(pulse, scale),
        _times(pulse, scale, zone, height, last),
        "</svg>",
    ]
    return "".join(parts)


def table(pulse: Pulse, zone: str) -> list[tuple[str, str]]:
    """The same numbers as rows: when, how many."""
    return [(_at(bucket.at, pulse, zone), _count(bucket)) for bucket in pulse.buckets]


def _count(bucket: Bucket) -> str:
    if bucket.stale:
        return f"{bucket.count}, not all sources read"
    return f"{bucket.count} so far" if bucket.unfinished else str(bucket.count)


def _scale(pulse: Pulse, height: float) -> _Scale:
    ground = height - 24.0
    most = max(pulse.expected_high, 1, *(bucket.count for bucket in pulse.buckets))
    pitch = (_WIDTH + _WIDTH * _GAP / len(pulse.buckets)) / len(pulse.buckets)
    return _Scale(ground, (ground - _TOP) / most, pitch)


def _band(pulse: Pulse, scale: _Scale) -> str:
    top = scale.top_of(pulse.expected_high)
    return f'<rect class="band" y="{top:.1f}" width="350" height="{scale.ground - top:.1f}"/>'


def _column(index: int, bucket: Bucket, pulse: Pulse, scale: _Scale, name: str) -> str:
    x, top = index * scale.pitch, scale.top_of(bucket.count)
    high = bucket.count > pulse.expected_high
    spoken = high and (scale.pitch >= _ROOM_FOR_A_NUMBER or _stands_out(index, pulse))
    number = _number(x + scale.column / 2, top, bucket.count) if spoken else ""
    if bucket.unfinished or bucket.stale:
        return _hatched(x, top, bucket, scale, f"{name}-{index}") + number
    if not bucket.count:
        return ""
    kind = "a" if high else "n"
    size = f'width="{scale.column:.1f}" height="{scale.ground - top:.1f}"'
    return f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" {size}/>{number}'


def _stands_out(index: int, pulse: Pulse) -> bool:
    """Where columns are narrow, only the first highest one carries its number."""
    counts = [bucket.count for bucket in pulse.buckets]
    return index == counts.index(max(counts))


def _number(middle: float, top: float, count: int) -> str:
    return f'<text class="k" x="{middle:.1f}" y="{top - 6:.1f}" text-anchor="middle">{count}</text>'


def _hatched(x: float, top: float, bucket: Bucket, scale: _Scale, name: str) -> str:
    """Not over yet, or not read: a hatched column, never a plain zero."""
    if not bucket.count and not bucket.stale:
        return ""
    top = min(top, scale.ground - _LABEL_ROOM) if bucket.stale else top
    tall, wide = scale.ground - top, scale.column
    lines = "".join(
        f"M{x - tall + step:.1f} {scale.ground:g}l{tall:.1f} {-tall:.1f}"
        for step in range(0, int(tall + wide) + 7, 7)
    )
    return (
        f'<defs><clipPath id="{name}"><rect x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" '
        f'height="{tall:.1f}"/></clipPath></defs><g clip-path="url(#{name})"><path class="hat" '
        f'd="{lines}"/></g><rect class="out" x="{x + 0.8:.1f}" y="{top + 0.8:.1f}" '
        f'width="{wide - 1.5:.1f}" height="{max(tall - 0.8, 0.1):.1f}"/>'
    )


def _edges(pulse: Pulse, scale: _Scale) -> str:
    top = scale.top_of(pulse.expected_high)
    words = f"normal {pulse.expected_low} to {pulse.expected_high}"
    return (
        f'<path class="edge" d="M0 {top:.1f}H350M0 {scale.ground + 0.5:g}H350"/>'
        f'<text x="0" y="{top - 6:.1f}">{words}</text>'
    )


def _times(pulse: Pulse, scale: _Scale, zone: str, height: float, last: str) -> str:
    """The last time, and up to two on the way where there is room for them."""
    y, now = height - 4, f"{last} {_at(pulse.as_of, pulse, zone)}"
    shown = [f'<text class="k" x="350" y="{y:g}" text-anchor="end">{now}</text>']
    free = _WIDTH - _room(now)
    first = max(2, math.ceil(_room(_at(pulse.as_of, pulse, zone)) / 2 / scale.pitch))
    for index in (round(len(pulse.buckets) * 0.55), first):
        words = _at(pulse.buckets[min(index, len(pulse.buckets) - 1)].at, pulse, zone)
        middle = index * scale.pitch + scale.column / 2
        if middle + _room(words) / 2 <= free:
            free = middle - _room(words) / 2
            shown.append(
                f'<text class="m" x="{middle:.1f}" y="{y:g}" text-anchor="middle">{words}</text>'
            )
    return "".join(reversed(shown))


def _room(words: str) -> float:
    """How wide a label is at most, with some air around it."""
    return len(words) * _SIGN + _AIR


def per(width: timedelta) -> str:
    """A bucket's width in words."""
    return {600: "ten minutes", 3600: "hour"}.get(int(width.total_seconds()), "day")


def _at(at: datetime, pulse: Pulse, zone: str) -> str:
    if pulse.width >= timedelta(days=1):
        return day_and_time(at, zone).split(",")[0]
    return clock_time(at, zone)
