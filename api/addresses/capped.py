"""An answer that cannot grow beyond its bytes nor drip beyond its deadline, even when packed."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

import httpx

from api.addresses.rules import AnswerTooLarge, AnswerTooSlow, Unreachable

PIECE = 65_536
GZIP_WINDOW = 31
GZIP = ("gzip", "x-gzip")
UNPACKED = ("", "identity")


def too_slow() -> str:
    return "The address did not answer in time."


def too_large(max_bytes: int) -> str:
    return f"The answer is larger than {max_bytes / 1_000_000:g} MB."


def capped(answer: httpx.Response, max_bytes: int, deadline: float) -> httpx.Response:
    """Wrap an answer so that reading it unpacks gzip here and raises beyond either cap.

    `deadline` is a reading of the event loop's clock, in seconds.
    """
    packing = answer.headers.get("content-encoding", "").strip().lower()
    dropped = (b"content-encoding", b"content-length") if packing in GZIP else ()
    kept = [(name, value) for name, value in answer.headers.raw if name.lower() not in dropped]
    return httpx.Response(
        answer.status_code,
        headers=kept,
        stream=_Capped(answer, packing, max_bytes, deadline),
        extensions=answer.extensions,
    )


class _Capped(httpx.AsyncByteStream):
    def __init__(
        self, answer: httpx.Response, packing: str, max_bytes: int, deadline: float
    ) -> None:
        self._answer, self._packing = answer, packing
        self._max_bytes, self._deadline = max_bytes, deadline
        self._unpacker = zlib.decompressobj(GZIP_WINDOW) if packing in GZIP else None

    async def aclose(self) -> None:
        await self._answer.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._packing not in (*GZIP, *UNPACKED):
            raise Unreachable("The answer is packed in a way nobody asked for.")
        taken = given = 0
        async for packed in self._in_time():
            taken += len(packed)
            for plain in self._unpacked(packed):
                given += len(plain)
                if max(taken, given) > self._max_bytes:
                    raise AnswerTooLarge(too_large(self._max_bytes))
                yield plain
        if self._unpacker and taken and not self._unpacker.eof:
            raise Unreachable("The answer broke off.")

    async def _in_time(self) -> AsyncIterator[bytes]:
        pieces = aiter(self._answer.aiter_raw())
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    piece = await anext(pieces, None)
            except TimeoutError as error:
                raise AnswerTooSlow(too_slow()) from error
            if piece is None:
                return
            yield piece

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield packed
            return
        while packed:
            try:
                yield self._unpacker.decompress(packed, PIECE)
            except zlib.error as error:
                raise Unreachable("The answer is damaged.") from error
            packed = self._unpacker.unconsumed_tail
