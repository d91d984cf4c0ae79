"""Reads the words out of a PDF of ours again: enough of the format for what fpdf2 writes."""

import re
import zlib

_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"Td \(((?:[^\\)]|\\.)*)\) Tj", re.DOTALL)


def lines_of(pdf: bytes) -> list[str]:
    """Every line that is drawn, in the order in which it is drawn."""
    letters = _letters(pdf)
    streams = [_unpacked(match[1]) for match in _STREAM.finditer(pdf)]
    drawn = [shown for stream in streams for shown in _SHOWN.findall(stream)]
    return ["".join(letters[code] for code in _codes(one)) for one in drawn]


def words_of(pdf: bytes) -> str:
    """All of it with single spaces, so that a line's end is no difference."""
    return " ".join(" ".join(lines_of(pdf)).split())


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    found = re.search(rb"/Count (\d+)", pdf)
    assert found
    return int(found[1])


def _letters(pdf: bytes) -> dict[int, str]:
    """What each code of the embedded font stands for."""
    found = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", pdf)
    assert found, "no table of letters"
    return {int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in found}


def _codes(shown: bytes) -> list[int]:
    plain = re.sub(rb"\\([\\()r])", lambda one: {b"r": b"\r"}.get(one[1], one[1]), shown)
    return [int.from_bytes(plain[at : at + 2]) for at in range(0, len(plain), 2)]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
