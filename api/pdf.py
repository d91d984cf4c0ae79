"""Writes plain A4 pages in one font that knows most alphabets; same words, same bytes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.fonts import TTFFont

_FONT = Path(__file__).parent / "data" / "fonts" / "DejaVuSans.ttf"
_MISSING = "□"
_FAMILY = "page"
_MM_OF_A_POINT = 25.4 / 72
# Millimetres of an A4 page.
LEFT, WIDTH = 20.0, 170.0
_TOP, _BOTTOM, _FOOT = 20.0, 274.0, 285.0
_LINE = 1.38

Shade = tuple[int, int, int]
INK: Shade = (15, 17, 21)
QUIET: Shade = (84, 89, 95)
ALARM: Shade = (179, 50, 26)
_HAIR: Shade = (217, 220, 222)

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_SELECTORS = range(0xFE00, 0xFE10)


class _Signs(dict[int, str]):
    """What each sign of a text becomes: itself, nothing, or a box where the font has no letter."""

    def __init__(self, known: set[int]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        unseen = unicodedata.category(sign) in {"Cc", "Cf"} or code in _SELECTORS
        self[code] = "" if unseen else sign if code in self._known else _MISSING
        return self[code]


class _Sheets(FPDF):
    """FPDF with a line at the foot of every page, and a stamp at its head."""

    def __init__(self, title: str, stamp: str) -> None:
        super().__init__(format="A4")
        self.line_below, self.stamp = title, stamp

    def header(self) -> None:
        if self.stamp:
            self._small(ALARM, 11)
            self.text(LEFT, _TOP - 6, self.stamp)

    def footer(self) -> None:
        self._small(QUIET, 8)
        self.text(LEFT, _FOOT, f"{self.line_below} · {self.page_no()}")

    def _small(self, shade: Shade, size: float) -> None:
        self.set_font(_FAMILY, size=size)
        self.set_text_color(*shade)


class Paper:
    """A growing document; `at` is written into it as its date, so give a moment of the data."""

    def __init__(self, title: str, at: datetime, *, stamp: str = "") -> None:
        self._sheets = _Sheets(title, stamp)
        self._sheets.set_auto_page_break(auto=False)
        self._sheets.add_font(_FAMILY, fname=_FONT)
        self._sheets.set_font(_FAMILY, size=10)
        font = cast("TTFFont", self._sheets.fonts[_FAMILY])
        self._widths = font.cw
        self._signs = _Signs(set(font.cmap))
        self._sheets.line_below = self._drawn(title)
        self._sheets.set_title(self._drawn(title))
        self._sheets.set_creation_date(at)
        self._next_page()

    def heading(self, words: str) -> None:
        """A line that begins a part and never stands alone at the foot of a page."""
        self.needs(22)
        self.gap(3)
        self.text(words, size=13)
        self.gap(1)

    def text(
        self, words: str, *, size: float = 10, shade: Shade = INK, indent: float = 0.0
    ) -> None:
        """Words over as many lines as they need, broken at spaces, or within what has none."""
        sheets, tall = self._sheets, size * _MM_OF_A_POINT * _LINE
        for line in self._lines(words, size, WIDTH - indent):
            if sheets.y + tall > _BOTTOM:
                self._next_page()
            sheets.set_font(_FAMILY, size=size)
            sheets.set_text_color(*shade)
            sheets.text(LEFT + indent, sheets.y + tall * 0.75, line)
            sheets.y += tall

    def pair(self, name: str, value: str, *, indent: float = 34.0) -> None:
        """A short word at the left, in the same line as the words at its right."""
        self.needs(8)
        top = self._sheets.y
        self.text(name, shade=QUIET)
        self._sheets.y = top
        self.text(value, indent=indent)

    def gap(self, millimetres: float) -> None:
        """Leave some room."""
        self._sheets.y += millimetres

    def needs(self, millimetres: float) -> None:
        """Begin a new page unless so much is left of this one."""
        if self._sheets.y + millimetres > _BOTTOM:
            self._next_page()

    def rule(self) -> None:
        """A hairline between two things."""
        self.gap(2)
        self._sheets.set_draw_color(*_HAIR)
        self._sheets.line(LEFT, self._sheets.y, LEFT + WIDTH, self._sheets.y)
        self.gap(2)

    def columns(self, heights: list[float], *, shades: list[Shade], tall: float = 34.0) -> None:
        """Columns from a common ground, each a share (0 to 1) of the height."""
        self.needs(tall + 4)
        sheets, pitch = self._sheets, WIDTH / max(len(heights), 1)
        ground = sheets.y + tall
        for place, (share, shade) in enumerate(zip(heights, shades, strict=True)):
            if not share:
                continue
            sheets.set_fill_color(*shade)
            size = (pitch * 0.82, share * tall)
            sheets.rect(LEFT + place * pitch, ground - size[1], *size, style="F")
        sheets.y = ground
        self.rule()

    def done(self) -> bytes:
        """The document."""
        return bytes(self._sheets.output())

    def _next_page(self) -> None:
        self._sheets.add_page()
        self._sheets.y = _TOP

    def _drawn(self, words: str) -> str:
        return words.translate(self._signs)

    def _lines(self, words: str, size: float, width: float) -> Iterator[str]:
        room = width / (size * _MM_OF_A_POINT) * 1000
        for paragraph in words.splitlines() or [""]:
            for line in self._filled(self._drawn(" ".join(paragraph.split())), room):
                yield _in_order(line)

    def _filled(self, words: str, room: float) -> Iterator[str]:
        line, used = "", 0.0
        for word in words.split(" "):
            for part, wide in self._parts(word, room):
                if line and used + self._widths[32] + wide > room:
                    yield line
                    line, used = "", 0.0
                line, used = (f"{line} {part}", used + wide) if line else (part, wide)
                used += self._widths[32]
        yield line

    def _parts(self, word: str, room: float) -> Iterable[tuple[str, float]]:
        """A word with its width; one that is wider than the page is cut where the page ends."""
        wide = sum(self._widths[ord(sign)] for sign in word)
        return ((word, wide),) if wide <= room else self._cut(word, room)

    def _cut(self, word: str, room: float) -> Iterator[tuple[str, float]]:
        begun, used = 0, 0.0
        for place, sign in enumerate(word):
            wide = self._widths[ord(sign)]
            if used + wide > room and place > begun:
                yield word[begun:place], used
                begun, used = place, 0.0
            used += wide
        yield word[begun:], used


def _in_order(line: str) -> str:
    """Hebrew and Arabic in the order in which they are drawn, from the left."""
    return BidiParagraph(line).get_reordered_string() if _RIGHT_TO_LEFT.search(line) else line
