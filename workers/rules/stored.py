"""Turns a watch into bytes and back, to the last bit; what cannot be read is to be rebuilt."""

import struct
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final
from zlib import crc32

from workers.rules.watch import KEPT, Watch
from workers.rules.window import Low

VERSION: Final = 2
"""To be raised when the numbers mean something else: every stored watch is then rebuilt."""

_HEAD: Final = struct.Struct("<BBI")


def pack(watch: Watch) -> bytes:
    """At most two kilobytes: a version, how many low reviews are kept, little-endian doubles."""
    numbers = [*_numbers(watch), *(number for low in watch.lows for number in low)]
    body = struct.pack(f"<{len(numbers)}d", *numbers)
    return _HEAD.pack(VERSION, len(watch.lows), crc32(body)) + body


def unpack(packed: bytes) -> Watch | None:
    """The same watch again, or None when it was stored by another version or is damaged."""
    watch = Watch()
    own = sum(1 for _ in _numbers(watch))
    if len(packed) < _HEAD.size:
        return None
    version, kept, sum_of_body = _HEAD.unpack_from(packed)
    expected = own + kept * len(Low._fields)
    if version != VERSION or kept > KEPT or len(packed) != _HEAD.size + 8 * expected:
        return None
    if crc32(packed[_HEAD.size :]) != sum_of_body:
        return None
    numbers = iter(struct.unpack_from(f"<{expected}d", packed, _HEAD.size))
    _fill(watch, numbers)
    watch.lows = [Low._make(next(numbers) for _ in Low._fields) for _ in range(kept)]
    return watch


def _numbers(part: Any) -> Iterator[float]:
    for one in fields(part):
        value = getattr(part, one.name)
        if is_dataclass(value):
            yield from _numbers(value)
        elif isinstance(value, float):
            yield value
        elif one.name != "lows":
            yield from value


def _fill(part: Any, numbers: Iterator[float]) -> None:
    for one in fields(part):
        value = getattr(part, one.name)
        if is_dataclass(value):
            _fill(value, numbers)
        elif isinstance(value, float):
            setattr(part, one.name, next(numbers))
        elif one.name != "lows":
            setattr(part, one.name, [next(numbers) for _ in value])
